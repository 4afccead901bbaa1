"""Edits in place: only the characters of what differs change, everything else stays byte for byte.

A form that is not edited in place (anchors, merge keys, a document that is no mapping) is left to `editing`, and
whatever comes out is read again there before anybody gets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from hedgehog_gitops.core.writing.emitting import to_flow
from hedgehog_gitops.core.writing.fragments import Style, entry, item, styled
from hedgehog_gitops.core.writing.page import ElsewhereError, Page
from hedgehog_gitops.model.document import Document, Mark
from hedgehog_gitops.model.plain import Json, JsonObject


def spliced(text: str, document: Document, target: JsonObject) -> str:
    """The text of one document edited towards `target`; `ElsewhereError` where that is not done in place."""
    if not isinstance(document.value, dict) or not document.value or not target:
        raise ElsewhereError
    page = Page(text)
    _Splice(page, _style(document, page)).mapping(document.value, document.mark, target)
    return page.edited()


def same(one: Json, other: Json) -> bool:
    """Equal with equal types all the way down; the order of keys does not matter."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


class _Splice:
    """One edit: the page, and how new lines are indented."""

    def __init__(self, page: Page, style: Style) -> None:
        self.page = page
        self.style = style

    def mapping(self, value: JsonObject, mark: Mark, target: JsonObject) -> None:
        """Let a mapping that keeps at least one key read as the target."""
        page, column = self.page, mark.column - 1
        marks = cast("dict[str, Mark]", mark.children)
        is_flow = page.text[page.start(mark)] == "{"
        for index, name in enumerate(value):
            if name in target and same(value[name], target[name]):
                continue
            if page.text.startswith("<<", page.key(marks[name])):
                raise ElsewhereError
            if name not in target:
                self.remove(list(marks.values()), index, is_flow=is_flow)
            else:
                self.change(value[name], marks[name], target[name], _Spot(name, column, is_flow))
        new = {name: below for name, below in target.items() if name not in value}
        if is_flow:
            last = page.end(list(marks.values())[-1])
            page.put(last, last, "".join(f", {to_flow(name)}: {to_flow(below)}" for name, below in new.items()))
        elif new:
            lines = [line for name, below in new.items() for line in entry(name, below, self.style)]
            page.insert_lines(page.line_after(mark), _indented(lines, column))

    def sequence(self, value: list[Json], mark: Mark, target: list[Json]) -> None:
        """Let a list that keeps at least one place read as the target: what is equal at both ends stays."""
        is_flow, column = self.page.text[self.page.start(mark)] == "[", mark.column - 1
        marks = [each if is_flow else self.dashed(each) for each in cast("list[Mark]", mark.children)]
        head = _equal_from_the_start(value, target)
        tail = _equal_from_the_start(value[head:][::-1], target[head:][::-1])
        ended, filled = len(value) - tail, len(target) - tail
        for index in range(head, min(ended, filled)):
            if not same(value[index], target[index]):
                self.change(value[index], marks[index], target[index], _Spot(None, column, is_flow))
        for index in range(filled, ended):
            self.remove(marks, index, is_flow=is_flow)
        if filled > ended:
            self.insert(marks, ended, target[ended:filled], column, is_flow=is_flow)

    def change(self, value: Json, mark: Mark, target: Json, spot: _Spot) -> None:
        """Let a value that differs read as the target."""
        begins = self.page.text[self.page.start(mark) :][:1]
        if begins in {"&", "!"}:
            raise ElsewhereError
        if begins == "*":
            self.replace(value, mark, target, spot)
        elif isinstance(value, dict) and isinstance(target, dict) and value.keys() & target.keys():
            self.mapping(value, mark, target)
        elif isinstance(value, list) and isinstance(target, list) and value and target:
            self.sequence(value, mark, target)
        else:
            self.replace(value, mark, target, spot)

    def replace(self, value: Json, mark: Mark, target: Json, spot: _Spot) -> None:
        """Write a value anew: on its line where old and new fit there, else with its key or dash."""
        page = self.page
        start, end = page.start(mark), page.end(mark)
        found = page.text[start:end]
        is_inline = not (isinstance(value, dict | list) or found[:1] in {"|", ">"}) or found[:1] in {"{", "[", "*"}
        if spot.is_flow or (is_inline and (not isinstance(target, dict | list) or not target)):
            page.put(start, end, styled(target, found) if found else " " + to_flow(target))
            return
        lines = item(target, self.style) if spot.name is None else entry(spot.name, target, self.style)
        after = page.line_after(mark)
        comment = page.text[end:after].rstrip("\r\n") if is_inline else ""
        first, *rest = lines
        is_last = after == len(page.text) and not page.text.endswith(("\n", "\r"))
        fragment = "\n".join([first + comment, *_indented(rest, spot.column)])
        page.put(page.key(mark), after, fragment if is_last else fragment + "\n")

    def remove(self, marks: list[Mark], index: int, *, is_flow: bool) -> None:
        """Take out one entry of several: its lines, or its part of a line."""
        mark, page = marks[index], self.page
        begin = page.key(mark)
        if is_flow and index:
            page.put(page.end(marks[index - 1]), page.end(mark), "")
        elif not is_flow and page.is_first_on_line(begin):
            page.put(page.line_start(begin), page.line_after(mark), "")
        elif index + 1 < len(marks):
            page.put(begin, page.key(marks[index + 1]), "")
        else:
            raise ElsewhereError

    def insert(self, marks: list[Mark], index: int, new: list[Json], column: int, *, is_flow: bool) -> None:
        """New items at an index. In a block they go below the item before, so that comments keep their item."""
        page = self.page
        if is_flow:
            place = page.end(marks[index - 1]) if index else page.start(marks[0])
            page.put(place, place, "".join(f", {to_flow(each)}" if index else f"{to_flow(each)}, " for each in new))
            return
        lines = [line for each in new for line in item(each, self.style)]
        if index:
            page.insert_lines(page.line_after(marks[index - 1]), _indented(lines, column))
        else:
            dash = page.key(marks[0])
            first, *rest = lines
            page.put(dash, dash, "\n".join([first, *_indented([*rest, ""], column)]) + " " * column)

    def dashed(self, mark: Mark) -> Mark:
        """The mark of a block item with its dash as key."""
        start = self.page.start(mark)
        line = self.page.line_start(start)
        dash = self.page.text.rfind("-", line, start)
        if dash < 0 or self.page.text[dash + 1 : start].strip(" \t"):
            raise ElsewhereError
        return mark._replace(key_line=mark.line, key_column=dash - line + 1)


class _Spot(NamedTuple):
    """What holds a value: its key (None in a list), the column of key or dash from 0, and if brackets surround it."""

    name: str | None
    column: int
    is_flow: bool


def _style(document: Document, page: Page) -> Style:
    """How the document indents, told by its first mapping in a mapping and its first list in a mapping."""
    steps: dict[str, int] = {}
    for parent, child in _nested(document.mark):
        begins = page.text[page.start(child)]
        if begins not in "[{*&!":
            kind = "step" if isinstance(child.children, dict) else "dashes"
            steps.setdefault(kind, child.column - parent.column)
    return Style(**steps)


def _nested(mark: Mark) -> Iterator[tuple[Mark, Mark]]:
    """Each mapping with each collection directly in it, from the top down."""
    children = mark.children.values() if isinstance(mark.children, dict) else mark.children or ()
    for child in children:
        if child.children is not None and isinstance(mark.children, dict):
            yield mark, child
    for child in children:
        yield from _nested(child)


def _equal_from_the_start(one: list[Json], other: list[Json]) -> int:
    return next(
        (index for index, pair in enumerate(zip(one, other, strict=False)) if not same(*pair)),
        min(len(one), len(other)),
    )


def _indented(lines: list[str], width: int) -> list[str]:
    return [" " * width + line if line else "" for line in lines]
