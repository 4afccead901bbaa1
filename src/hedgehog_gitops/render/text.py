"""Small pieces that all text output shares."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hedgehog_gitops.model.plain import JsonObject

if TYPE_CHECKING:
    from hedgehog_gitops.model.plan import FieldValue


def as_json(value: JsonObject) -> str:
    """JSON for people and programs: indented, keys in the given order, one newline at the end.

    Half a surrogate pair (a file's name can hold one) has no form in UTF-8, so it is escaped.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    return text if text.isascii() else _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def one_line(text: str) -> str:
    """Text from outside on one line, with control characters made visible, so that it cannot forge output.

    The runner of GitHub takes `##[` anywhere in a line for the start of a command, so that is spelled out too.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
    return text.replace("##[", "##\\x5b")


def cut(text: str, length: int) -> str:
    """Text of at most a number of characters."""
    return text if len(text) <= length else text[: length - 1] + "…"


def value_text(value: FieldValue, width: int = 60) -> str:
    """A field's value as compact JSON, cut to a width; `(absent)` where there is none."""
    from hedgehog_gitops.model.plan import Missing  # noqa: PLC0415 - only plans show values

    if isinstance(value, Missing):
        return "(absent)"
    text = json.dumps(value, ensure_ascii=False)
    return one_line(cut(text, width))


def joined(parts: Sequence[str], empty: str = "nothing") -> str:
    """`a, b and c`."""
    if not parts:
        return empty
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


_SURROGATE = re.compile("[\ud800-\udfff]")
