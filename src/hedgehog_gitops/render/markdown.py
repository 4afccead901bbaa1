"""Findings as a Markdown table, for comments on pull requests and the summaries of jobs.

Text from outside is shown as it is: every character that could mean something to Markdown, to HTML or to GitHub (a
mention, the number of an issue, a link) is written as a character reference.
"""

from __future__ import annotations

import re
from itertools import accumulate

from hedgehog_gitops.core.rules.help import help_address
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.render.findings_text import by_importance, place, summary_line
from hedgehog_gitops.render.text import cut, one_line

LONGEST = 500


def validation_markdown(validation: Validation) -> str:
    """A heading, the counts, and one row a finding, errors first."""
    rows = [_row(finding) for finding in by_importance(validation.findings)]
    return _page(validation, rows, 0)


def markdown_within(validation: Validation, size: int) -> str:
    """The same in at most a number of bytes: what is least important is left out, and counted."""
    rows = [_row(finding) for finding in by_importance(validation.findings)]
    room = size - len(_page(validation, [""], len(rows)).encode())
    fitting = sum(total <= room for total in accumulate(len(row.encode()) for row in rows))
    page = _page(validation, rows[:fitting], len(rows) - fitting)
    return page if len(page.encode()) <= size else ""


def escaped(text: str) -> str:
    """Text from outside for a cell of a table."""
    shown = _SPECIAL.sub(_reference, cut(one_line(text), LONGEST))
    return shown.replace("www.", "www&#46;")


def _page(validation: Validation, rows: list[str], left_out: int) -> str:
    table = f"{_HEAD}{''.join(rows)}" if rows else ""
    more = f"\n{left_out} more findings are not shown here.\n" if left_out else ""
    return f"## hedgehog-gitops\n\n{summary_line(validation.summary)}\n{table}{more}"


_HEAD = "\n| severity | rule | place | object | finding |\n|---|---|---|---|---|\n"
_SPECIAL = re.compile(r"[^\w .,;?!/()='-]|_")
_BREAKS_UP = "<!-- -->"  # a mention or a reference would be seen even in character references


def _reference(found: re.Match[str]) -> str:
    character = found[0]
    return f"&#{ord(character)};" + (_BREAKS_UP if character in "@#" else "")


def _row(finding: Finding) -> str:
    rule = f"[{escaped(finding.rule)}]({help_address(finding.rule)})"
    about = escaped(str(finding.key)) if finding.key else ""
    text = escaped(finding.message) + (f"<br>→ {escaped(finding.hint)}" if finding.hint else "")
    return f"| {finding.severity.value} | {rule} | {escaped(place(finding))} | {about} | {text} |\n"
