"""The rules that a suppression names: which there are, and which of them can be suppressed at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hedgehog_gitops.core.rules import ignore_rules, object_rules, settings_rules, yaml_rules
from hedgehog_gitops.core.rules.catalogue import find_rules, near_ids
from hedgehog_gitops.core.rules.ingest_rules import RULES as INGEST_RULES
from hedgehog_gitops.core.rules.layout_rules import RULES as LAYOUT_RULES
from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.ignore import Named
from hedgehog_gitops.model.rule import Rule

_ALWAYS = (*yaml_rules.RULES, *settings_rules.RULES, *ignore_rules.RULES)
_ERRORS = (*LAYOUT_RULES, *INGEST_RULES, *object_rules.RULES)
_ABOUT_A_KNOWN_OBJECT = frozenset({object_rules.SHORT_NAME.id, object_rules.NAMESPACE_NOT_DEFAULT.id})
FIRM = frozenset(rule.id for rule in _ALWAYS) | frozenset(
    rule.id for rule in _ERRORS if rule.severity is Severity.ERROR and rule.id not in _ABOUT_A_KNOWN_OBJECT
)
"""Rules that cannot be suppressed: what they find decides whether an object is there at all."""


def named(names: Sequence[str], origin: Origin) -> tuple[tuple[Named, ...], tuple[Finding, ...]]:
    """The rules behind the names, and findings about those that cannot be used."""
    found = {name: find_rules(name) for name in dict.fromkeys(names)}
    usable = {name: tuple(rule.id for rule in rules if rule.id not in FIRM) for name, rules in found.items()}
    return (
        tuple(Named(name, ids) for name, ids in usable.items() if ids),
        tuple(_findings(found, usable, origin)),
    )


def _findings(
    found: dict[str, tuple[Rule, ...]], usable: dict[str, tuple[str, ...]], origin: Origin
) -> Iterator[Finding]:
    for name, rules in found.items():
        if not rules:
            yield ignore_rules.UNKNOWN_RULE.at(origin, f"there is no rule {name[:40]!r}", hint=_near(near_ids(name)))
        elif not usable[name]:
            message = f"{name} cannot be suppressed: {rules[0].title}"
            yield ignore_rules.FIRM.at(origin, message, hint="mend what it finds, and take the suppression out")


def _near(ids: Iterable[str]) -> str:
    known = ", ".join(ids)
    return f"did you mean {known}?" if known else "`hedgehog-gitops rules` lists all ids"
