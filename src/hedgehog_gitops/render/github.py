"""Findings as GitHub workflow commands.

The runner shows ten annotations of a kind for a step and drops the rest silently, so the most important come first
and one of the ten says how many more there are.
Text from outside is on one line, with control characters spelled out.
Source: the escaping that the runner's toolkit applies to workflow commands.
"""

from __future__ import annotations

from itertools import groupby

from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.render.findings_text import LONGEST, by_importance, summary_line
from hedgehog_gitops.render.text import cut, one_line

SHOWN_OF_A_KIND = 10


def validation_github(validation: Validation) -> str:
    """Annotations, errors first, and the closing line."""
    return workflow_commands(validation.findings) + summary_line(validation.summary) + "\n"


def workflow_commands(findings: tuple[Finding, ...]) -> str:
    """One workflow command a finding, at most ten of a severity."""
    ordered = by_importance(findings)
    return "".join(
        _limited(severity, list(group)) for severity, group in groupby(ordered, lambda finding: finding.severity)
    )


def data(text: str) -> str:
    """Text as the message of a command: whatever it holds, it cannot end the line and start another command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def prop(text: str) -> str:
    """Text as a property of a command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")


def _limited(severity: Severity, findings: list[Finding]) -> str:
    if len(findings) <= SHOWN_OF_A_KIND:
        return "".join(_command(finding) for finding in findings)
    shown, more = findings[: SHOWN_OF_A_KIND - 1], len(findings) - SHOWN_OF_A_KIND + 1
    note = f"::{severity.value} title=hedgehog-gitops::{more} more of this kind; the job's summary lists them\n"
    return "".join(_command(finding) for finding in shown) + note


def _command(finding: Finding) -> str:
    origin = finding.origin
    place = f"file={prop(one_line(origin.path))},line={origin.line or 1}"
    if origin.end_line > origin.line:
        place += f",endLine={origin.end_line}"
    elif origin.column:
        place += f",col={origin.column}"
    title = prop(one_line(f"{finding.rule} {finding.key or ''}".strip()))
    told = [one_line(cut(text, LONGEST)) for text in (finding.message, finding.hint) if text]
    return f"::{finding.severity.value} {place},title={title}::{data(chr(10).join(told))}\n"
