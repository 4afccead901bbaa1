"""Findings as lines for people: `path:line:column: severity RULE message`."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.report import Summary, Validation
from hedgehog_gitops.render.text import count, joined, one_line


def validation_text(validation: Validation) -> str:
    """All findings, one line each with its hint below, and a closing line."""
    return findings_text(validation.findings) + summary_line(validation.summary) + "\n"


def without_notices(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that ask for something to be done."""
    return tuple(finding for finding in findings if finding.severity is not Severity.NOTICE)


def findings_text(findings: tuple[Finding, ...]) -> str:
    """The findings as lines; empty text for none."""
    return "".join(_lines(finding) for finding in findings)


def summary_line(summary: Summary) -> str:
    """How much was looked at and what was found."""
    found = [
        count(number, noun) for number, noun in ((summary.errors, "error"), (summary.warnings, "warning")) if number
    ]
    looked = joined([count(summary.files, "file"), count(summary.objects, "object")])
    return f"{looked}: {joined(found, 'no findings')}"


def place(finding: Finding) -> str:
    """`path:line:column` as far as it is known; terminals and editors make it a link."""
    origin = finding.origin
    parts = [one_line(origin.path), *(str(number) for number in (origin.line, origin.column) if number)]
    return ":".join(part for part in parts if part)


def _lines(finding: Finding) -> str:
    about = f"{finding.key}: " if finding.key else ""
    head = f"{place(finding)}: {finding.severity.value} {finding.rule} {one_line(about + finding.message)}\n"
    return head + (f"    → {one_line(finding.hint)}\n" if finding.hint else "")
