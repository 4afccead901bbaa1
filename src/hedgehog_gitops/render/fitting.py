"""Text that must fit: the most important is told in full, then in one line each, then counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeAlias

Size: TypeAlias = Callable[[str], int]


class Row(NamedTuple):
    """One entry: the line that says it, and what may follow it where there is room."""

    line: str
    details: str = ""


class Draft(NamedTuple):
    """A text before it is fitted: always `head` and `tail`, `picture` and `rows` as far as there is room.

    `left_out` words how many rows are missing.
    """

    head: str
    rows: Sequence[Row]
    picture: str
    tail: str
    left_out: Callable[[int], str]


def in_bytes(text: str) -> int:
    """The size of a text in UTF-8."""
    return len(text.encode("utf-8", errors="backslashreplace"))


def in_units(text: str) -> int:
    """The size of a text as GitHub may count a comment: a character outside of the basic plane is two."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def fitted(draft: Draft, limit: int, size: Size) -> str:
    """The draft within a limit.

    First details go, from the least important on, then the picture, then rows from the end, then everything.
    """
    room = limit - size(draft.head + draft.tail)
    lines = sum(size(row.line) for row in draft.rows)
    if lines > room:
        return _cut(draft, room, limit, size)
    picture = draft.picture if lines + size(draft.picture) <= room else ""
    room -= lines + size(picture)
    rows = (row.line + detail for row, detail in zip(draft.rows, _details(draft.rows, room, size), strict=True))
    return f"{draft.head}{picture}{''.join(rows)}{draft.tail}"


def _details(rows: Sequence[Row], room: int, size: Size) -> list[str]:
    """The details of as many rows, from the first on, as there is room for."""
    totals = accumulate(size(row.details) for row in rows)
    return [row.details if total <= room else "" for row, total in zip(rows, totals, strict=True)]


def _cut(draft: Draft, room: int, limit: int, size: Size) -> str:
    """A quarter of the room each is for the picture and for details of the first rows, so that those are told whole."""
    room -= size(draft.left_out(len(draft.rows)))
    picture = draft.picture if size(draft.picture) <= room // 4 else ""
    details = _details(draft.rows, room // 4, size)
    told = [row.line + detail for row, detail in zip(draft.rows, details, strict=True)]
    left = room - size(picture)
    fitting = sum(total <= left for total in accumulate(map(size, told)))
    rows = "".join(told[:fitting])
    text = f"{draft.head}{picture}{rows}{draft.left_out(len(told) - fitting)}{draft.tail}"
    return text if size(text) <= limit else ""
