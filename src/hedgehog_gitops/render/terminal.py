"""Findings for a person at a terminal: the lines of the plain form with the place in the source shown below each."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import combining, east_asian_width

from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.render.findings_text import head, hint, summary_line
from hedgehog_gitops.render.text import one_line

_RESET = "\x1b[0m"
_COLOURS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m", Severity.NOTICE: "\x1b[34m"}
_TAB = 4
_LEAST = 20


def validation_terminal(
    validation: Validation, line_of: Callable[[str, int], str | None], *, width: int, has_colours: bool
) -> str:
    """All findings, each with its source line; `line_of` gives a line of a file, or None where it cannot be read."""
    shown = "".join(
        _finding(each, line_of, max(width, _LEAST), has_colours=has_colours) for each in validation.findings
    )
    return f"{shown}{summary_line(validation.summary)}\n"


def _finding(finding: Finding, line_of: Callable[[str, int], str | None], width: int, *, has_colours: bool) -> str:
    origin, colour = finding.origin, _COLOURS[finding.severity] if has_colours else ""
    line = line_of(origin.path, origin.line)
    word = finding.severity.value
    first = head(finding).replace(f": {word} ", f": {_painted(word, colour)} ", 1)
    excerpt = _excerpt(origin, line, width, colour) if line is not None else ""
    return first + excerpt + hint(finding)


def _excerpt(origin: Origin, line: str, width: int, colour: str) -> str:
    """The source line with its number, and a mark below what is meant; long lines are cut around it."""
    number = str(origin.line)
    cells = _cells(line.rstrip("\r\n"))
    start = min(max(origin.column - 1, 0), len(cells))
    last = origin.end_column - 1 if origin.end_line == origin.line else len(cells)
    end = min(max(last if origin.end_line else start + 1, start + 1), max(len(cells), start + 1))
    room = max(width - len(number) - 5, _LEAST)
    shown, indent, length = _window(cells, start, end, room)
    mark = _painted("^" * max(length, 1), colour)
    return f"  {number} | {shown}\n  {' ' * len(number)} | {' ' * indent}{mark}\n"


def _cells(line: str) -> list[tuple[str, int]]:
    """Each character as it is shown, and its columns: tabs are widened, what cannot be printed is spelled out."""
    cells: list[tuple[str, int]] = []
    at = 0
    for character in line:
        text = " " * (_TAB - at % _TAB) if character == "\t" else one_line(character)
        width = _width(character) if text == character else len(text)
        cells.append((text, width))
        at += width
    return cells


def _width(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _window(cells: list[tuple[str, int]], start: int, end: int, room: int) -> tuple[str, int, int]:
    """What of a line fits into a number of columns, with the start of the mark in it; its indent and length there."""
    total = sum(width for _, width in cells)
    if total <= room:
        return "".join(text for text, _ in cells), _columns(cells, 0, start), _columns(cells, start, end)
    begin = start
    while begin > 0 and _columns(cells, begin - 1, start) <= room // 3:
        begin -= 1
    stop = begin
    while stop < len(cells) and _columns(cells, begin, stop + 1) <= room - 2:
        stop += 1
    before, after = "…" if begin else "", "…" if stop < len(cells) else ""
    text = "".join(text for text, _ in cells[begin:stop])
    return before + text + after, len(before) + _columns(cells, begin, start), _columns(cells, start, min(end, stop))


def _columns(cells: list[tuple[str, int]], start: int, end: int) -> int:
    return sum(width for _, width in cells[start:end])


def _painted(text: str, colour: str) -> str:
    return f"{colour}{text}{_RESET}" if colour else text
