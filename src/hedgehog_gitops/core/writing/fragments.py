"""New pieces of a document that is otherwise kept: one value on one line, or block lines in the style of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hedgehog_gitops.core.writing.emitting import is_hard, to_flow
from hedgehog_gitops.model.plain import Json


@dataclass(frozen=True, slots=True)
class Style:
    """How a file indents: blanks per level, and blanks before the dashes of a list below its key."""

    step: int = 2
    dashes: int = 0


def styled(value: Json, found: str) -> str:
    """A value on one line, in the quotes of the scalar that it replaces where they can hold it."""
    quote = found[:1]
    if isinstance(value, str) and value.isprintable():
        if quote == "'":
            return "'" + value.replace("'", "''") + "'"
        if quote == '"' and not {'"', "\\"}.intersection(value):
            return f'"{value}"'
    return to_flow(value)


def entry(name: str, value: Json, style: Style) -> list[str]:
    """The lines of one key and its value, not indented."""
    head = to_flow(name) + ":"
    match value:
        case dict() if value:
            return [head, *_indented(block(value, style), style.step)]
        case list() if value:
            return [head, *_indented(block(value, style), style.dashes)]
        case _:
            return _after(head, value, style)


def item(value: Json, style: Style) -> list[str]:
    """The lines of one list item with its dash, not indented."""
    if isinstance(value, dict | list) and value:
        first, *rest = block(value, style)
        return ["- " + first, *_indented(rest, 2)]
    return _after("-", value, style)


def block(value: Json, style: Style) -> list[str]:
    """The lines of a collection that is not empty, not indented."""
    return list(_block(value, style))


def _block(value: Json, style: Style) -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from entry(name, below, style)
    elif isinstance(value, list):
        for below in value:
            yield from item(below, style)


def _after(head: str, value: Json, style: Style) -> list[str]:
    """The lines of a scalar after its key or dash; text of several lines as a block."""
    if not isinstance(value, str) or not _fits_block(value):
        return [f"{head} {to_flow(value)}"]
    sign = "|" if value.endswith("\n") else "|-"
    return [f"{head} {sign}", *_indented(value.removesuffix("\n").split("\n"), style.step)]


def _fits_block(text: str) -> bool:
    return "\n" in text and not is_hard(text) and not text.startswith("\n") and not text.endswith("\n\n")


def _indented(lines: list[str], width: int) -> list[str]:
    return [" " * width + line if line else "" for line in lines]
