"""Documents that are nothing but plain lines, `key: value` and `- value`, read line by line without a parser.

Most documents of a fabric are like that, and most of their lines occur again and again, so that what a line means is
kept. Nothing is decided here that `building` decides otherwise: a line outside this small grammar (an anchor, a tag, an
escape, text of several lines, a letter beyond ASCII ...) sends the whole document to the parser, and so does anything
that would be a finding. A property test holds the two together.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

from hedgehog_gitops.core.reading import scalars
from hedgehog_gitops.model.plain import Json, JsonObject


class _NotSimpleError(Exception):
    """What is written here is for the parser to read."""


_Open: TypeAlias = "tuple[Any, int, bool]"
"""A list or mapping, the column where it stands, and whether it is a list. What it is does not show in its type."""
_Head: TypeAlias = "tuple[int, tuple[int, ...], int, str | None]"
"""Where a line's first token stands, the columns of its dashes, where its content stands, and its key if it has one."""
_Line: TypeAlias = "tuple[_Head, Any, str | None, bool]"
"""What a line says: its value, the key whose value may begin on the next line, and whether the value is in brackets:
then it belongs to every line with the same text, and has to be copied."""

_NOTHING: Final[_Line] = ((-1, (), 0, None), None, None, False)  # a blank line or a comment
_DASHES, _FLOW_DEPTH = 3, 8
"""How deep one line may lead: by its dashes, and by its brackets."""
_MOST_KEPT = 8192

_PLAIN = r"(?:[A-Za-z0-9_./]|-(?=[A-Za-z0-9.]))(?:[!-\"$-9;-~]|:(?=[A-Za-z0-9./])| +(?=[^ #:]))*"
_QUOTED = r"""\"[^"\\]*"|'[^']*'"""
_VALUE = re.compile(rf" *({_PLAIN}|{_QUOTED}|\[[^#]*\]|\{{[^#]*\}})?(?: +(?:#.*)?)?\Z")
_HEAD = re.compile(
    r"""( *)((?:- +)*)([A-Za-z0-9_](?:[A-Za-z0-9_./-]|:(?=[A-Za-z0-9])){0,200}|\"[^"\\]{0,200}"|'[^']{0,200}'):\Z"""
)
_ITEM = re.compile(r"( *)((?:- +)+)")


def read_lines(text: str, depth: int) -> JsonObject | None:
    """The mapping that a document is, if it is one of plain lines; None if it is for the parser to say."""
    try:
        return _mapping(text, depth - _DASHES - _FLOW_DEPTH - 1)
    except (_NotSimpleError, scalars.NotJsonError):
        return None


def _mapping(text: str, room: int) -> JsonObject | None:
    """One pass over the lines; what is open around a line lies on a stack, with its column."""
    root: JsonObject = {}
    around: list[_Open] = []
    top: Any = root
    indent, is_list, waiting = 0, False, None
    known = _KNOWN.get
    for line in text.split("\n"):
        (column, dashes, content, name), value, waits, is_shared = known(line) or _learn(line)
        if column < 0:
            continue
        if waiting is not None and (column > indent or (dashes and column == indent)):
            around.append((top, indent, is_list))
            top[waiting] = top = [] if dashes else {}
            indent, is_list = column, bool(dashes)
        elif column < indent or (is_list and not dashes):
            top, indent, is_list = _outwards(around, column, is_list=bool(dashes))
        if column != indent or is_list is not bool(dashes) or len(around) > room:
            return None
        waiting = waits
        if is_shared:
            value = _fresh(value)
        if dashes:
            top, indent, is_list = _inwards(top, dashes, content, name, around)
            if name is None:
                top.append(value)
                continue
        if name in top:
            return None
        top[name] = value
    return root or None


def _outwards(around: list[_Open], column: int, *, is_list: bool) -> _Open:
    """What is open at a column; of a list that stands in the column of its key and that mapping, the one asked for."""
    found = around.pop()
    while found[1] > column or (found[1] == column and found[2] and not is_list):
        found = around.pop()
    return found


def _inwards(top: Any, dashes: tuple[int, ...], content: int, name: str | None, around: list[_Open]) -> _Open:
    """What is open behind the dashes of a line that stands in a list."""
    indent = dashes[0]
    for deeper in dashes[1:]:
        around.append((top, indent, True))
        below: list[Json] = []
        top.append(below)
        top, indent = below, deeper
    if name is None:
        return top, indent, True
    around.append((top, indent, True))
    entry: JsonObject = {}
    top.append(entry)
    return entry, content, False


def _learn(line: str) -> _Line:
    """What a line says; kept, since the next one may say the same."""
    if not (line.isascii() and line.isprintable()):
        raise _NotSimpleError
    if len(_KNOWN) >= _MOST_KEPT:
        _KNOWN.clear()
        _HEADS.clear()
    said = _KNOWN[line] = _parse(line)
    return said


_KNOWN: dict[str, _Line] = {}
_HEADS: dict[str, _Head] = {}
"""What lines say, and what stands in front of a value: both are kept as long as there is room."""


def _parse(line: str) -> _Line:
    end = line.find(": ") + 1 or (len(line) if line.endswith(":") else 0)
    if end and (head := _HEADS.get(line[:end])) is not None:
        return _with_value(head, line, end)
    words = line.lstrip(" ")
    if not words or words[0] == "#":
        return _NOTHING
    found = (_HEAD if end else _ITEM).match(line[:end] if end else line)
    if found is None:
        raise _NotSimpleError
    at, dashes = len(found[1]), found[2]
    places = tuple(at + place for place, letter in enumerate(dashes) if letter == "-")
    if len(places) > _DASHES:
        raise _NotSimpleError
    if end:
        head = _HEADS[line[:end]] = (at, places, at + len(dashes), _key(found[3]))
        return _with_value(head, line, end)
    return _with_value((at, places, at + len(dashes), None), line, found.end())


def _with_value(head: _Head, line: str, at: int) -> _Line:
    found = _VALUE.match(line, at)
    if found is None:
        raise _NotSimpleError
    text = found[1]
    if text is not None:
        return head, _value(text), None, text[0] in "[{"
    if head[3] is None:
        raise _NotSimpleError  # a dash alone
    return head, None, head[3], False


def _key(text: str) -> str:
    if text[0] in "\"'":
        return text[1:-1]
    if scalars.plain(text) != text:
        raise _NotSimpleError
    return text


def _value(text: str) -> Json:
    if text[0] in "\"'":
        return text[1:-1]
    return _Flow(text).whole() if text[0] in "[{" else scalars.plain(text)


_TOKEN = re.compile(
    r""" *(?:([][{},])|("[^"\\]*"|'[^']*'|[A-Za-z0-9_/][A-Za-z0-9_./-]*(?: +[A-Za-z0-9_./-]+)*)(: +)?)"""
)


class _Flow:
    """A list or mapping in brackets on one line: simple words only, and no commas that nothing follows."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def whole(self) -> Json:
        value = self.value(_FLOW_DEPTH)
        if self.at != len(self.text):
            raise _NotSimpleError
        return value

    def token(self) -> re.Match[str]:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise _NotSimpleError
        self.at = found.end()
        return found

    def value(self, depth: int) -> Json:
        mark, word, colon = self.token().groups()
        if mark == "[" and depth:
            return self.entries(depth - 1)
        if mark == "{" and depth:
            return self.fields(depth - 1)
        if word is None or colon is not None:
            raise _NotSimpleError
        return _value(word)

    def is_empty(self, end: str) -> bool:
        rest = self.text[self.at :].lstrip(" ")
        if rest.startswith(end):
            self.token()
            return True
        return False

    def goes_on(self, end: str) -> bool:
        """True after a comma, False after the end."""
        mark = self.token()[1]
        if mark not in {",", end}:
            raise _NotSimpleError
        return mark == ","

    def entries(self, depth: int) -> list[Json]:
        if self.is_empty("]"):
            return []
        values = [self.value(depth)]
        while self.goes_on("]"):
            values.append(self.value(depth))
        return values

    def fields(self, depth: int) -> dict[str, Json]:
        values: dict[str, Json] = {}
        if self.is_empty("}"):
            return values
        while True:
            _, word, colon = self.token().groups()
            if word is None or colon is None or (name := _key(word)) in values:
                raise _NotSimpleError
            values[name] = self.value(depth)
            if not self.goes_on("}"):
                return values


def _fresh(value: Any) -> Any:
    """The same value, owned by nobody else."""
    if isinstance(value, dict):
        return {name: _fresh(entry) for name, entry in value.items()}
    return [_fresh(entry) for entry in value] if isinstance(value, list) else value
