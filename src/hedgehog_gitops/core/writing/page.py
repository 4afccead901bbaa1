"""A text under edit: places to offsets, lines, and replacements that are collected and made at once."""

from __future__ import annotations

import re
from itertools import accumulate

from hedgehog_gitops.model.document import Mark

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # where the parser counts a new line


class ElsewhereError(Exception):
    """The text has a form that is not edited in place."""


class Page:
    """The text, and what is to be replaced in it. Fragments are given with plain newlines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._changes: list[tuple[int, int, str]] = []

    def start(self, mark: Mark) -> int:
        """The offset where a value starts."""
        return self._starts[mark.line - 1] + mark.column - 1

    def end(self, mark: Mark) -> int:
        """The offset where a value ends."""
        return self._starts[mark.end_line - 1] + mark.end_column - 1

    def key(self, mark: Mark) -> int:
        """The offset where a value's key starts."""
        return self._starts[mark.key_line - 1] + mark.key_column - 1

    def line_start(self, offset: int) -> int:
        """The offset where the line of an offset starts."""
        return max(start for start in self._starts if start <= offset)

    def line_after(self, mark: Mark) -> int:
        """The offset of the first line that holds nothing of a value; a block scalar ends there already."""
        end = self.end(mark)
        if mark.end_column == 1 and mark.end_line > mark.line:
            return end
        return min((start for start in self._starts if start > end), default=len(self.text))

    def is_first_on_line(self, offset: int) -> bool:
        """True if only blanks stand before an offset."""
        return not self.text[self.line_start(offset) : offset].strip(" ")

    def put(self, start: int, end: int, fragment: str) -> None:
        """Replace a part of the text."""
        self._changes.append((start, end, fragment.replace("\n", self._newline)))

    def insert_lines(self, offset: int, lines: list[str]) -> None:
        """Insert whole lines at the start of a line, or at the end of the text."""
        is_open = offset == len(self.text) and not self.text.endswith(("\n", "\r"))
        fragment = "".join(f"\n{line}" if is_open else f"{line}\n" for line in lines)
        self.put(offset, offset, fragment)

    def edited(self) -> str:
        """The text with every replacement made; `ElsewhereError` where two meet."""
        changes = sorted(self._changes, key=lambda change: change[:2])  # stable: equal places keep their order
        ends = accumulate((end for _, end, _ in changes), max, initial=0)
        if any(start < end for (start, _, _), end in zip(changes, ends, strict=False)):
            raise ElsewhereError
        parts: list[str] = []
        done = 0
        for start, end, fragment in changes:
            parts += (self.text[done:start], fragment)
            done = end
        return "".join((*parts, self.text[done:]))
