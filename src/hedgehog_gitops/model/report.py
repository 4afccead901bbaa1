"""What a command found and did, ready to be rendered."""

from __future__ import annotations

from typing import NamedTuple

from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.ignore import Ignore
from hedgehog_gitops.model.snapshot import Snapshot


class Summary(NamedTuple):
    """How much was looked at, how many findings of each severity there are, and how many are suppressed."""

    files: int
    documents: int
    objects: int
    errors: int
    warnings: int
    suppressed: int = 0


class Validation(NamedTuple):
    """The verdict over one set of files, with the objects that it found.

    `used` are the suppressions that suppressed something, each with the name of the rule; `suppressed` what they did.
    `root` is the directory on disk that paths count from; empty for the files of a revision.
    """

    findings: tuple[Finding, ...]
    summary: Summary
    suppressed: tuple[Finding, ...] = ()
    used: frozenset[tuple[Ignore, str]] = frozenset()
    snapshots: tuple[Snapshot, ...] = ()
    root: str = ""

    @property
    def ok(self) -> bool:
        """True if nothing found is an error."""
        return self.summary.errors == 0


def summarize(
    findings: tuple[Finding, ...], *, files: int, documents: int, objects: int, suppressed: int = 0
) -> Summary:
    """A summary with the findings counted."""
    return Summary(
        files=files,
        documents=documents,
        objects=objects,
        errors=sum(finding.severity is Severity.ERROR for finding in findings),
        warnings=sum(finding.severity is Severity.WARNING for finding in findings),
        suppressed=suppressed,
    )
