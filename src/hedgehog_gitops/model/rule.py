"""A rule: the stable id of a kind of finding, with the words that explain it."""

from __future__ import annotations

from typing import NamedTuple

from hedgehog_gitops.model.finding import Finding, Origin, Related, Severity
from hedgehog_gitops.model.kind import ObjectKey


class Rule(NamedTuple):
    """One rule. `title` fits a table row, `explanation` says why it matters and what to do, `example` breaks it.

    `also` are other ids under which Hedgehog's rules are known that say the same, e.g. ("QUIRK-05",).
    """

    id: str
    severity: Severity
    title: str
    explanation: str
    example: str = ""
    also: tuple[str, ...] = ()

    def at(
        self,
        origin: Origin,
        message: str,
        *,
        hint: str = "",
        field: str = "",
        key: ObjectKey | None = None,
        related: tuple[Related, ...] = (),
    ) -> Finding:
        """A finding of this rule at a place."""
        return Finding(
            rule=self.id,
            severity=self.severity,
            origin=origin,
            message=message,
            hint=hint,
            field=field,
            key=key,
            related=related,
        )
