"""The outline of one YAML document: where its scalars are, and from which line to which each field and item goes.

Made from the parser's events alone, so that it needs no values; only documents with a suppression are looked at.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any

from hedgehog_gitops.core.reading import events as ev

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_HASH = re.compile(r"(?:^|(?<=[ \t]))#")
_TYPE = frozenset({"apiVersion", "kind"})


@dataclass(slots=True)
class Outline:
    """The outline of a document; lines count from 0 here.

    `head` is the last line before its content: above the first key that is not apiVersion or kind, with that line if it
    is metadata. `spans` are the first and last lines of fields and items, in order of their first lines, outer ones
    first; `ends` holds for each last line the first one of the innermost. `content` holds for each line the next one
    from there on that is no comment.
    """

    text: str
    starts: list[int]
    head: int
    spans: list[tuple[int, int]]
    ends: dict[int, int]
    content: list[int]
    scalars: list[tuple[int, int]]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of a character."""
        line = bisect_right(self.starts, offset) - 1
        return line, offset - self.starts[line]

    def is_comment(self, offset: int) -> bool:
        """True if the `#` at an offset begins a comment: it is in no scalar, and no comment has begun before it."""
        start = self.starts[self.place(offset)[0]]
        hashes = (start + found.start() for found in _HASH.finditer(self.text[start : offset + 1]))
        return next((found for found in hashes if not self._is_in_scalar(found)), None) == offset

    def below(self, line: int) -> tuple[int, int]:
        """The lines of the field or item that begins right below a comment; other comments may come between."""
        target = self.content[line + 1]
        at = bisect_left(self.spans, target, key=lambda span: span[0])
        is_there = at < len(self.spans) and bool(_line(self.text, self.starts, target))
        return (target, self.spans[at][1]) if is_there else (line, line)

    def on(self, line: int) -> tuple[int, int]:
        """The lines of the innermost field or item that begins, or else ends, on a line."""
        at = bisect_right(self.spans, line, key=lambda span: span[0])
        if at and self.spans[at - 1][0] == line:
            return line, min(last for first, last in self._beginning(line, at))
        return self.ends.get(line, line), line

    def _beginning(self, line: int, at: int) -> list[tuple[int, int]]:
        found = []
        while at and self.spans[at - 1][0] == line:
            at -= 1
            found.append(self.spans[at])
        return found

    def _is_in_scalar(self, offset: int) -> bool:
        at = bisect_right(self.scalars, offset, key=lambda span: span[0])
        return at > 0 and offset < self.scalars[at - 1][1]


def outline(text: str) -> Outline | None:
    """The outline of a document's text; None if it is no YAML."""
    starts = [0, *(found.end() for found in _BREAK.finditer(text))]
    maker = _Maker(text if text.endswith("\n") else text + "\n")
    try:
        maker.run()
    except ev.YAMLError:
        return None
    spans = sorted(maker.spans, key=lambda span: (span[0], -span[1]))
    return Outline(
        text=text,
        starts=starts,
        head=len(starts) if maker.head is None else maker.head,
        spans=spans,
        ends={last: first for first, last in spans},
        content=_content(text, starts),
        scalars=maker.scalars,
    )


def _content(text: str, starts: list[int]) -> list[int]:
    found = [len(starts)] * (len(starts) + 1)
    for line in range(len(starts) - 1, -1, -1):
        found[line] = found[line + 1] if _line(text, starts, line).startswith("#") else line
    return found


def _line(text: str, starts: list[int], line: int) -> str:
    if line >= len(starts):
        return ""
    return text[starts[line] : starts[line + 1] if line + 1 < len(starts) else len(text)].strip()


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that is being read: whether a key comes next, and where its current entry began."""

    is_mapping: bool
    wants_key: bool = True
    begun: int = 0


@dataclass(slots=True)
class _Maker:
    """One pass over the events of a document."""

    text: str
    spans: list[tuple[int, int]] = field(default_factory=list)
    scalars: list[tuple[int, int]] = field(default_factory=list)
    head: int | None = None
    latest: int = 0
    open: list[_Open] = field(default_factory=list)

    def run(self) -> None:
        take = ev.events(self.text).get_event
        while not isinstance(event := take(), ev.StreamEndEvent):
            if isinstance(event, ev.MappingStartEvent | ev.SequenceStartEvent):
                self.begin(event)
                self.open.append(_Open(isinstance(event, ev.MappingStartEvent)))
            elif isinstance(event, ev.MappingEndEvent | ev.SequenceEndEvent):
                self.close(event)
            elif isinstance(event, ev.ScalarEvent | ev.AliasEvent):
                self.begin(event)
                self.scalar(event)
                self.end()

    def begin(self, event: Any) -> None:
        """A key, value or item begins."""
        if not self.open:
            if self.head is None and not isinstance(event, ev.MappingStartEvent):
                self.head = event.start_mark.line - 1
            return
        parent = self.open[-1]
        if not parent.is_mapping or parent.wants_key:
            parent.begun = event.start_mark.line
        if len(self.open) == 1 and parent.is_mapping and parent.wants_key and self.head is None:
            self.first_key(event)

    def close(self, event: Any) -> None:
        """A mapping or sequence ends: with its bracket, or where it has none with its last value."""
        self.open.pop()
        if event.end_mark.index > event.start_mark.index:
            self.latest = event.end_mark.line
        self.end()

    def first_key(self, event: Any) -> None:
        """The document's content begins with the first key that does not say what kind of object it is."""
        name = getattr(event, "value", None)
        if name not in _TYPE:
            self.head = event.start_mark.line if name == "metadata" else event.start_mark.line - 1

    def scalar(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        self.latest = end.line - 1 if end.column == 0 and end.line > start.line else end.line
        if isinstance(event, ev.AliasEvent):
            return
        first = start.index
        if event.style in ("|", ">"):  # what follows the indicator on its line may be a comment
            first = min(self.text.find("\n", first), end.index)
        self.scalars.append((first, end.index))

    def end(self) -> None:
        """A key, value or item is complete."""
        if not self.open:
            return
        parent = self.open[-1]
        if not parent.is_mapping:
            self.spans.append((parent.begun, self.latest))
        elif parent.wants_key:
            parent.wants_key = False
        else:
            parent.wants_key = True
            self.spans.append((parent.begun, self.latest))
