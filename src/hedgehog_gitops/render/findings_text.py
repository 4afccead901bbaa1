"""Findings as lines for people: `path:line:column: severity RULE message`."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.report import Summary, Validation
from hedgehog_gitops.render.text import count, cut, joined, one_line

LONGEST = 2_000
"""Characters of a message; a value from a file can be of any length."""


def validation_text(validation: Validation) -> str:
    """All findings, one line each with its hint below, and a closing line."""
    return findings_text(validation.findings) + summary_line(validation.summary) + "\n"


def without_notices(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that ask for something to be done."""
    return tuple(finding for finding in findings if finding.severity is not Severity.NOTICE)


def findings_text(findings: tuple[Finding, ...]) -> str:
    """The findings as lines; empty text for none."""
    return "".join(head(finding) + hint(finding) for finding in findings)


def summary_line(summary: Summary) -> str:
    """How much was looked at and what was found."""
    found = [
        count(number, noun) for number, noun in ((summary.errors, "error"), (summary.warnings, "warning")) if number
    ]
    looked = joined([count(summary.files, "file"), count(summary.objects, "object")])
    suppressed = f" ({summary.suppressed} suppressed)" if summary.suppressed else ""
    return f"{looked}: {joined(found, 'no findings')}{suppressed}"


def place(finding: Finding) -> str:
    """`path:line:column`; terminals and editors make it a link.

    A path that begins with colons would be a command to the runner of GitHub, at the start of a line.
    """
    origin = finding.origin
    path = one_line(origin.path)
    path = f"./{path}" if path.lstrip().startswith("::") else path
    return ":".join(part for part in (path, str(origin.line), str(origin.column)) if part)


def head(finding: Finding) -> str:
    """The line that says where, how bad, which rule, and what was found."""
    about = f"{finding.key}: " if finding.key else ""
    words = one_line(cut(about + finding.message, LONGEST))
    return f"{place(finding)}: {finding.severity.value} {finding.rule} {words}\n"


def hint(finding: Finding) -> str:
    """The line that says what to do next; empty if there is nothing to say."""
    return f"    → {one_line(cut(finding.hint, LONGEST))}\n" if finding.hint else ""


def by_importance(findings: tuple[Finding, ...]) -> list[Finding]:
    """The findings with the worst first, and by their place among those."""
    return sorted(findings, key=_importance)


def _importance(finding: Finding) -> tuple[int, str, int, int, str]:
    origin = finding.origin
    return (_RANKS[finding.severity], origin.path, origin.line, origin.column, finding.rule)


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
