"""Findings as GitHub workflow commands.

The runner shows ten annotations of a kind for a step and drops the rest silently, so the most important come first
and one of the ten says how many more there are.
Text from outside is on one line, with control characters spelled out.
Source: the escaping that the runner's toolkit applies to workflow commands.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    return commands(by_importance(findings))


def commands(findings: Sequence[Finding], said: Sequence[tuple[Severity, str]] = ()) -> str:
    """What is said, then the findings in their order: at most ten of a severity, one of which counts the others."""
    lines = [(severity, f"::{severity.value} title=hedgehog-gitops::{_told(text)}\n") for severity, text in said]
    lines += [(finding.severity, _command(finding)) for finding in findings]
    kinds = {severity: [line for kind, line in lines if kind is severity] for severity in Severity}
    return "".join(_limited(severity, kind) for severity, kind in kinds.items())


def masking(secrets: Sequence[str]) -> str:
    """Tells the runner to hide these values in all that follows."""
    return "".join(f"::add-mask::{data(secret)}\n" for secret in secrets)


def silenced(text: str, token: str) -> str:
    """Text for the log in which nothing is taken for a command. `token` is one that nobody can guess."""
    return f"::stop-commands::{token}\n{text}::{token}::\n" if text else ""


def data(text: str) -> str:
    """Text as the message of a command: whatever it holds, it cannot end the line and start another command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def prop(text: str) -> str:
    """Text as a property of a command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")


def _limited(severity: Severity, lines: list[str]) -> str:
    if len(lines) <= SHOWN_OF_A_KIND:
        return "".join(lines)
    more = len(lines) - SHOWN_OF_A_KIND + 1
    note = f"::{severity.value} title=hedgehog-gitops::{more} more of this kind; the job's summary lists them\n"
    return "".join([*lines[: SHOWN_OF_A_KIND - 1], note])


def _told(text: str) -> str:
    return data(one_line(cut(text, LONGEST)))


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
