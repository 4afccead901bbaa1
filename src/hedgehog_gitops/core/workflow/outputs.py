"""What later steps read: short values and paths, in the form of the runner's files."""

from __future__ import annotations

from collections.abc import Mapping

from hedgehog_gitops.model.errors import UsageError

NAMES = (
    "result",
    "failure-reason",
    "errors",
    "warnings",
    "changes",
    "creates",
    "updates",
    "prunes",
    "drift",
    "conflicts",
    "plan-id",
    "plan-file",
    "plan-artifact",
    "report-json",
    "report-html",
    "sarif-file",
    "comment-url",
    "issue-number",
    "pull-request-number",
    "revision",
    "matrix",
)
"""Every output, in the order of action.yml."""

LONGEST = 20_000
"""Characters of one value: GitHub takes a mebibyte for all outputs of a job."""


def outputs_text(values: Mapping[str, str], delimiter: str) -> str:
    """The values as $GITHUB_OUTPUT takes them. `delimiter` is one that nobody can guess."""
    if unknown := sorted(values.keys() - {*NAMES}):
        raise UsageError(f"no such output: {', '.join(unknown)}")
    return "".join(_entry(name, values.get(name, ""), delimiter) for name in NAMES)


def _entry(name: str, value: str, delimiter: str) -> str:
    """One value between two lines that it does not hold; one that is too long, or tries to, is left empty."""
    told = "" if len(value) > LONGEST or delimiter in value else value
    return f"{name}<<{delimiter}\n{told}\n{delimiter}\n"
