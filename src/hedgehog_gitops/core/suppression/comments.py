"""The suppressions that stand as comments in a file, each with the lines that it holds for.

Only a comment counts: the same text inside a scalar is a value. A document that cannot be parsed has none, since every
finding in it is about YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from hedgehog_gitops.core.reading.stream import Chunk, split
from hedgehog_gitops.core.rules import ignore_rules as rules
from hedgehog_gitops.model.finding import Finding, Origin
from hedgehog_gitops.model.ignore import IgnoreComment

if TYPE_CHECKING:
    from hedgehog_gitops.core.suppression.outline import Outline

MARKER = "hedgehog-gitops:"
"""A file without this text has no suppressions: one look tells."""


class Comments(NamedTuple):
    """The suppressions of a file, and what is wrong with them."""

    ignores: tuple[IgnoreComment, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_comments(text: str, path: str) -> Comments:
    """The suppressions in a file's text; it depends on nothing else, so it can be kept as long as the text."""
    if MARKER not in text:
        return Comments()
    from hedgehog_gitops.core.suppression.names import named  # noqa: PLC0415 - every rule there is, only to look one up

    ignores: list[IgnoreComment] = []
    findings: list[Finding] = []
    for chunk in split(text, path)[0]:
        for comment in _comments(text, chunk):
            origin = comment.origin(path, chunk)
            match = _FORM.match(comment.words)
            if match is None:
                findings.append(_malformed(comment.words, origin))
                continue
            known, faults = named([name.strip().rstrip(":") for name in match["rules"].split(",")], origin)
            findings += faults
            if known:
                ignores.append(
                    IgnoreComment(
                        origin=origin, rules=known, reason=match["reason"], first=comment.first, last=comment.last
                    )
                )
    return Comments(tuple(ignores), tuple(findings))


_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*hedgehog-gitops:(?P<words>.*)", re.MULTILINE)
_FORM = re.compile(
    r"ignore[ \t]+(?P<rules>[^\s,]+(?:[ \t]*,[ \t]*[^\s,]+)*)[ \t]+(?P<reason>\S.*)",
)
_SEPARATOR = re.compile(r"---[ \t]+")


class _Comment(NamedTuple):
    """One comment: its words after the marker, where it stands, and the lines that it holds for."""

    words: str
    line: int
    column: int
    end_column: int
    first: int
    last: int

    def origin(self, path: str, chunk: Chunk) -> Origin:
        return Origin(
            path=path,
            document=chunk.number,
            line=self.line,
            column=self.column,
            end_line=self.line,
            end_column=self.end_column,
        )


def _comments(text: str, chunk: Chunk) -> Iterator[_Comment]:
    """The comments of one document, that on its separator included."""
    body = text[chunk.start : chunk.end].removeprefix("\ufeff")
    whole = (1 if chunk.number == 0 else chunk.line + 1, chunk.line + 1 + body.count("\n"))
    before = text.rfind("\n", 0, max(chunk.start - 1, 0)) + 1
    separator = text[before : chunk.start]
    on_separator = _SEPARATOR.match(separator) and _COMMENT.search(separator)
    if on_separator:
        yield _placed(on_separator, chunk.line, on_separator.start() + 1, whole)
    if MARKER not in body:
        return
    from hedgehog_gitops.core.suppression.outline import outline  # noqa: PLC0415 - most runs never need the parser

    if (shape := outline(body)) is None:
        return
    for match in _COMMENT.finditer(body):
        if not shape.is_comment(match.start()):
            continue
        line, column = shape.place(match.start())
        yield _placed(match, chunk.line + line + 1, column + 1, _lines(shape, body, match.start(), line, chunk, whole))


def _lines(shape: Outline, body: str, offset: int, line: int, chunk: Chunk, whole: tuple[int, int]) -> tuple[int, int]:
    """The lines that a comment holds for: the whole document, the next field, or the field on its own line."""
    if line <= shape.head:
        return whole
    is_alone = not body[shape.starts[line] : offset].strip()
    first, last = shape.below(line) if is_alone else shape.on(line)
    return first + chunk.line + 1, last + chunk.line + 1


def _placed(match: re.Match[str], line: int, column: int, lines: tuple[int, int]) -> _Comment:
    words = match["words"].rstrip()
    end = column + len(match[0].rstrip())
    return _Comment(words.strip(), line, column, end, *lines)


def _malformed(words: str, origin: Origin) -> Finding:
    parts = words.split(None, 2)
    if not parts or parts[0] != "ignore":
        message = f"{words[:40]!r} is no instruction; `ignore` is the only one"
    elif len(parts) == 1:
        message = "the suppression names no rule and gives no reason"
    else:
        message = f"the suppression of {parts[1]} gives no reason"
    return rules.FORM.at(
        origin, message, hint="write `# hedgehog-gitops: ignore RULE reason`; it suppresses nothing now"
    )
