"""Problems in the user's files, as values: collected, never raised."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from hedgehog_gitops.model.kind import ObjectKey


class Severity(StrEnum):
    """How bad: an error is what the cluster would refuse; a warning passes although it is wrong."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Origin(NamedTuple):
    """A place in a file. Lines and columns count from 1, the end column is the first one behind the place.

    What is about a whole file stands at its first character. An end of 0 is not known.
    """

    path: str
    document: int = 0
    line: int = 1
    column: int = 1
    end_line: int = 0
    end_column: int = 0


class Related(NamedTuple):
    """Another place that a finding is about: the object there and its field."""

    origin: Origin
    key: ObjectKey
    field: str = ""


class Finding(NamedTuple):
    """One problem: which rule, how bad, where, what was found and what to do next."""

    rule: str
    severity: Severity
    origin: Origin
    message: str
    hint: str = ""
    field: str = ""
    key: ObjectKey | None = None
    related: tuple[Related, ...] = ()


def has_errors(findings: tuple[Finding, ...]) -> bool:
    """True if at least one finding is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def in_file_order(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings sorted by path, line, column and rule, each once."""
    return tuple(sorted(dict.fromkeys(findings), key=_place))


def _place(finding: Finding) -> tuple[str, int, int, int, str, str, str]:
    origin = finding.origin
    return (origin.path, origin.line, origin.column, origin.document, finding.rule, finding.field, finding.message)
