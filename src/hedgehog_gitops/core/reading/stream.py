"""A file's bytes as text, split into documents exactly where kubectl splits.

Source: YAMLReader of k8s.io/apimachinery: a line that begins with `---` ends a document, whatever stands around it;
when nothing precedes it, the line itself begins the next document, so a file may start with `---`. Two things are kept
together that kubectl tears apart: comments at the head of a file stay with its first document (kubectl makes an empty
document of them), and a directive stays with the document it is for (kubectl refuses it, and so does a finding).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hedgehog_gitops.core.rules import yaml_rules as rules
from hedgehog_gitops.model.finding import Finding, Origin

_SEPARATOR = re.compile(r"^---(.*)(?:\n|\Z)", re.MULTILINE)
_COMMENT = re.compile(r"[ \t]+#")
_ONLY_DIRECTIVES = re.compile(r"(?:(?:%.*|[ \t\r]*(?:#.*)?)\n)+\Z")
_ONLY_COMMENTS = re.compile(r"(?:[ \t\r]*(?:#.*)?\n)*\Z")


class Chunk(NamedTuple):
    """One document's text: offsets into the file, the line it begins on (from 0), and its source index."""

    number: int
    start: int
    end: int
    line: int


def decode(data: bytes, path: str) -> tuple[str, Finding | None]:
    """The text of a file without a leading byte order mark, or why it is none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", rules.ENCODING.at(Origin(path=path, line=1, column=1), "the file is UTF-16", hint="save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        origin = Origin(path=path, line=data.count(b"\n", 0, error.start) + 1, column=1)
        message = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        return "", rules.ENCODING.at(origin, message, hint="save the file as UTF-8")
    if "\0" in text:
        return "", rules.ENCODING.at(_line_at(text, text.index("\0"), path), "the file is binary: it holds a zero byte")
    return text, None


def split(text: str, path: str) -> tuple[list[Chunk], list[Finding]]:
    """The documents of a text in order, empty ones included, and what is wrong with its separators."""
    spans: list[tuple[int, int]] = []
    findings: list[Finding] = []
    start, begun = 0, False
    for separator in _SEPARATOR.finditer(text):
        here = separator.start()
        if text.startswith("%", start) and _ONLY_DIRECTIVES.match(text[start:here]):
            findings.append(
                rules.DIRECTIVE.at(
                    _line_at(text, start, path), "kubectl refuses a file with directives", hint="remove the line"
                )
            )
            continue
        findings += _rest_of_line(text, separator, path)
        if here > start == 0 and _ONLY_COMMENTS.match(text, start, here):
            continue  # the head comment of a file belongs to its first document
        if begun or here > start:
            spans.append((start, here))
            begun = False
        else:
            begun = True  # nothing stands before it: the separator itself begins the next document
        start = separator.end()
        if begun and text.startswith("\ufeff", start):
            findings.append(rules.ENCODING.at(_line_at(text, start, path), "a byte order mark inside the text"))
    if begun or start < len(text):
        spans.append((start, len(text)))
    return _numbered(text, spans), findings


def _rest_of_line(text: str, separator: re.Match[str], path: str) -> list[Finding]:
    rest = separator[1].rstrip(" \t\r")
    if not rest or _COMMENT.match(rest):
        return []
    message = f"the line goes on after the separator: {rest.strip()[:40]!r}"
    return [rules.SEPARATOR.at(_line_at(text, separator.start(), path), message, hint="put it on the next line")]


def _numbered(text: str, spans: list[tuple[int, int]]) -> list[Chunk]:
    chunks: list[Chunk] = []
    line = counted = 0
    for index, (start, end) in enumerate(spans):
        line += text.count("\n", counted, start)
        counted = start
        chunks.append(Chunk(index, start, end, line))
    return chunks


def _line_at(text: str, offset: int, path: str) -> Origin:
    return Origin(path=path, line=text.count("\n", 0, offset) + 1, column=1)
