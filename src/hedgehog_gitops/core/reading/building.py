"""From the parser's events to one document: plain values, a mark for each, and findings where Kubernetes refuses.

One pass, recursive to the depth limit; aliases share the value that they stand for. It reads what `lines` does not, and
finds every place that is asked for, so the usual key and scalar cost few calls, and a mark no constructor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

from hedgehog_gitops.core.reading import events as ev
from hedgehog_gitops.core.reading import scalars
from hedgehog_gitops.core.reading.expansion import Expansion
from hedgehog_gitops.core.reading.stream import Chunk
from hedgehog_gitops.core.rules import yaml_rules as rules
from hedgehog_gitops.model.document import Limits, Mark, MarkChildren, key_span
from hedgehog_gitops.model.finding import Finding, Origin
from hedgehog_gitops.model.plain import Json
from hedgehog_gitops.model.rule import Rule

Placed: TypeAlias = tuple[Json, Mark]

_new_mark: Callable[[type[Mark], tuple[object, ...]], Mark] = tuple.__new__
_Scalar, _Alias, _MappingStart = ev.ScalarEvent, ev.AliasEvent, ev.MappingStartEvent
_MappingEnd, _SequenceEnd = ev.MappingEndEvent, ev.SequenceEndEvent


class _Stop(Exception):  # noqa: N818 - control flow inside this module: the document cannot be read further
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


def build(body: str, chunk: Chunk, path: str, limits: Limits) -> tuple[Placed | None, list[Finding]]:
    """The value and marks of a document's text, or None with the findings that say why there are none."""
    builder = _Builder(path, chunk, limits)
    try:
        placed = builder.document(body)
    except _Stop as stop:
        return None, [*builder.findings, stop.finding]
    except ev.YAMLError as error:
        return None, [*builder.findings, builder.syntax(error, body)]
    return None if builder.is_refused else placed, builder.findings


class _Builder:
    """The state of one document's reading: where it stands, the anchors so far, and what was found."""

    def __init__(self, path: str, chunk: Chunk, limits: Limits) -> None:
        self.path = path
        self.index = chunk.number
        self.line = chunk.line + 1
        self.depth = limits.depth
        self.expansion = Expansion(limits.alias_expansion)
        self.anchors: dict[str, tuple[Json, Mark, int]] = {}
        self.findings: list[Finding] = []
        self.is_refused = False
        self.flow = 0

    def document(self, text: str) -> Placed:
        if "\ufeff" in text and (stray := _STRAY_BOM.search(text)):
            raise _Stop(self.at(rules.ENCODING, _place(text, stray.end()), "a byte order mark inside the text"))
        source = ev.events(text).get_event
        self.next = self.expansion.counting(source) if "*" in text else source
        self.text = text
        self.is_odd = "?" in text or "!" in text or "\\/" in text
        self.next()  # the start of the stream
        start = self.next()
        if isinstance(start, ev.StreamEndEvent):
            return None, Mark(self.line, 1, self.line, 1, self.line, 1, None)
        if start.version not in {None, (1, 1)}:
            version = ".".join(map(str, start.version))
            raise _Stop(self.at(rules.SYNTAX, start, f"YAML {version} is not what Kubernetes reads"))
        placed = self.node(self.next(), 0)
        self.nothing_follows(self.next())
        return placed

    def nothing_follows(self, end: Any) -> None:
        """What follows the first document of a chunk is never read, whether or not it is YAML: say where it begins."""
        try:
            event = self.next()
        except ev.YAMLError as error:
            mark = getattr(error, "problem_mark", None) or end.end_mark
        else:
            if isinstance(event, ev.StreamEndEvent):
                return
            mark = event.start_mark
        what = "text after `...`" if end.explicit else "the document ends before this, and what follows"
        message = f"{what} is silently dropped"
        self.findings.append(self.at(rules.DROPPED, mark, message, hint="separate documents with a line `---`"))

    def node(self, event: Any, depth: int, key: Any = None) -> Placed:
        """The value that begins with an event. `key` is the event of its key, if it has one."""
        kind = type(event)
        if kind is _Scalar:
            return self.scalar(event, key)
        if kind is _Alias:
            return self.alias(event, key)
        return self.collection(event, depth, key)

    def scalar(self, event: Any, key: Any) -> Placed:
        start, end, line = event.start_mark, event.end_mark, self.line
        place, width = start, 0
        if key is not None:
            place = key.start_mark
            width = key.end_mark.column - place.column
        mark = _new_mark(
            Mark,
            (start.line + line, start.column + 1, end.line + line, end.column + 1,
             place.line + line, place.column + 1, None, width),
        )  # fmt: skip
        if event.implicit[0] and not self.is_odd:
            try:
                value = scalars.plain(event.value)
            except scalars.NotJsonError:
                value = self.unusual(event)
        else:
            value = self.unusual(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, mark, 1)
        return value, mark

    def unusual(self, event: Any) -> Json:
        """The value of a scalar, with a finding where Kubernetes refuses it."""
        try:
            return scalars.as_json(self.meaning(event))
        except scalars.NotJsonError as error:
            self.refuse(rules.NUMBER, event, f"{error} has no form in JSON", hint="quote it if it is text")
            return str(event.value)

    def meaning(self, event: Any) -> Json:
        """What Go holds for a scalar; its text, with a finding, where it refuses it."""
        text: str = event.value
        if not text.isascii() and _SURROGATE.search(text):  # only the pure parser lets them pass
            self.refuse(rules.SYNTAX, event, "an escaped surrogate is no character")
        if event.style == '"' and _SLASH.search(self.text, event.start_mark.index, event.end_mark.index):
            self.refuse(rules.SYNTAX, event, "unknown escape `\\/`", hint="write `/` without the backslash")
        if event.tag is not None:
            return self.tagged(event, text)
        if event.implicit[0]:
            if self.flow and "?" in text:
                self.refuse(rules.SYNTAX, event, "`?` ends a plain scalar inside brackets", hint="quote it")
            return scalars.resolve(text)
        return text

    def tagged(self, event: Any, text: str) -> Json:
        after = event.end_mark.index
        if self.flow and not text and not event.style and self.text[after : after + 1] == ",":
            self.refuse(rules.SYNTAX, event, "no blank follows a tag", hint="put one before the comma")
        try:
            return scalars.tagged(event.tag, text)
        except scalars.TagMismatchError as error:
            self.refuse(rules.TAGGED, event, str(error), hint="correct the value, or take the tag away")
            return text

    def alias(self, event: Any, key: Any) -> Placed:
        if event.anchor not in self.anchors:
            raise _Stop(self.at(rules.SYNTAX, event, f"no anchor {event.anchor!r} stands before its alias"))
        value, target, size = self.anchors[event.anchor]
        if not self.expansion.add(size):
            raise _Stop(self.at(rules.ALIASES, event, self.expansion.words(), hint="write the values out"))
        return value, self.mark(event.start_mark, self.end(event.end_mark), key, target.children)

    def collection(self, event: Any, depth: int, key: Any) -> Placed:
        if depth >= self.depth:
            raise _Stop(
                self.at(rules.DEPTH, event, f"more than {self.depth} levels of nesting", hint="write it flatter")
            )
        begun, is_flow = self.expansion.decoded, bool(event.flow_style)
        self.flow += is_flow
        if event.anchor is not None:
            self.anchors.pop(event.anchor, None)  # nothing may hold itself
        value, end, last, children = (self.mapping if type(event) is _MappingStart else self.sequence)(depth + 1)
        self.flow -= is_flow
        is_open = last is not None and not is_flow  # a block ends with its last value, not where the parser saw it
        stop = (last.end_line, last.end_column) if is_open and last else self.end(end.end_mark)
        mark = self.mark(event.start_mark, stop, key, children)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, mark, self.expansion.decoded - begun + 1)
        return value, mark

    def sequence(self, depth: int) -> tuple[Json, Any, Mark | None, list[Mark]]:
        values: list[Json] = []
        marks: list[Mark] = []
        while type(event := self.next()) is not _SequenceEnd:
            value, mark = self.node(event, depth)
            values.append(value)
            marks.append(mark)
        return values, event, marks[-1] if marks else None, marks

    def mapping(self, depth: int) -> tuple[Json, Any, Mark | None, dict[str, Mark]]:
        values: dict[str, Json] = {}
        marks: dict[str, Mark] = {}
        converted: list[str] = []  # keys that were no text before they became text
        mark = None
        take = self.next
        while type(event := take()) is not _MappingEnd:
            name = self.key(event, depth, converted)
            if name is None:
                mark = self.merge(event, depth, values, marks)
                continue
            first = take()
            value, mark = self.scalar(first, event) if type(first) is _Scalar else self.node(first, depth, event)
            if name in values:
                self.repeated(name, marks[name], mark, is_certain=converted.count(name) != 1)
            values[name] = value
            marks[name] = mark
        return values, event, mark, marks

    def key(self, event: Any, depth: int, converted: list[str]) -> str | None:
        """The text of a key; None for a merge key."""
        if type(event) is _Scalar and event.anchor is None and not self.is_odd:
            text: str = event.value
            if not event.implicit[0]:
                if event.tag is None and text.isascii():
                    return text
            elif text[:1] not in scalars.MAYBE_MORE and text != "<<":
                return text
        return self.unusual_key(event, depth, converted)

    def unusual_key(self, event: Any, depth: int, converted: list[str]) -> str | None:
        if type(event) is not _Scalar:
            value, _ = self.node(event, depth)
        elif event.value == "<<" and (event.implicit[0] or event.tag == scalars.MERGE):
            return None
        else:
            value = self.meaning(event)
            if event.anchor is not None:
                self.scalar(event, None)
        try:
            name = scalars.key_text(value)
        except TypeError:
            self.refuse(
                rules.BAD_KEY, event, f"{scalars.word_for(value)} cannot be a key", hint="quote it if it is text"
            )
            return ""
        if not isinstance(value, str):
            converted.append(name)
        return name

    def merge(self, event: Any, depth: int, values: dict[str, Json], marks: dict[str, Mark]) -> Mark:
        """What `<<` brings in, put into the mapping; the mark of the value that it takes it from."""
        self.findings.append(self.at(rules.MERGE_KEY, event, "a merge key", hint="write the keys out"))
        self.expansion.decoded -= 1  # Go never decodes the `<<` itself
        start = self.next()
        value, mark = self.node(start, depth, event)
        for source, place in ((value, mark),) if type(start) is _Alias else _merged(value, mark):
            if not isinstance(source, dict) or not isinstance(place.children, dict):
                self.refuse(rules.SYNTAX, event, "a merge needs a mapping or a list of mappings")
                continue
            for name, entry in source.items():
                placed = place.children[name]._replace(
                    key_line=mark.key_line, key_column=mark.key_column, key_width=mark.key_width
                )
                if name in values:
                    self.repeated(name, marks[name], placed, is_certain=True)
                values[name] = entry
                marks[name] = placed
        return mark

    def repeated(self, name: str, first: Mark, mark: Mark, *, is_certain: bool) -> None:
        """Strict decoding refuses a repeat; of `1` and `'1'` it keeps either one, from run to run."""
        message = f"the key {name!r} stands twice, first on line {first.key_line}"
        line, column, end_line, end_column = key_span(mark)
        origin = Origin(
            path=self.path, document=self.index, line=line, column=column, end_line=end_line, end_column=end_column
        )
        self.findings.append(rules.DUPLICATE_KEY.at(origin, message, hint="keep one of the two"))
        self.is_refused |= is_certain

    def mark(self, start: Any, end: tuple[int, int], key: Any, children: MarkChildren) -> Mark:
        line, place, width = self.line, start, 0
        if key is not None:
            place = key.start_mark
            width = key.end_mark.column - place.column
        return Mark(start.line + line, start.column + 1, *end, place.line + line, place.column + 1, children, width)

    def end(self, mark: Any) -> tuple[int, int]:
        return mark.line + self.line, mark.column + 1

    def refuse(self, rule: Rule, event: Any, message: str, hint: str = "") -> None:
        self.findings.append(self.at(rule, event, message, hint))
        self.is_refused = True

    def at(self, rule: Rule, place: Any, message: str, hint: str = "") -> Finding:
        """A finding at an event, or at a place of which no end is known."""
        start, end = getattr(place, "start_mark", place), getattr(place, "end_mark", place)
        is_known = (end.line, end.column) != (start.line, start.column)
        origin = Origin(
            path=self.path,
            document=self.index,
            line=start.line + self.line,
            column=start.column + 1,
            end_line=end.line + self.line if is_known else 0,
            end_column=end.column + 1 if is_known else 0,
        )
        return rule.at(origin, message, hint=hint)

    def syntax(self, error: ev.YAMLError, body: str) -> Finding:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        context = getattr(error, "context", None)
        message = f"{problem} ({context})" if context else str(problem)
        return self.at(rules.SYNTAX, mark or _first_unreadable(body), message, hint="the cause is here or just above")


def _merged(value: Json, mark: Mark) -> Iterator[Placed]:
    """What a merge key names: one mapping, or each of a list."""
    if isinstance(value, list) and isinstance(mark.children, list):
        yield from zip(value, mark.children, strict=True)
    else:
        yield value, mark


class _Place(NamedTuple):
    line: int
    column: int


def _first_unreadable(text: str) -> _Place:
    """The place of the first character that no YAML text may hold: the parser tells only that there is one."""
    found = _UNREADABLE.search(text)
    return _place(text, found.start() if found else 0)


def _place(text: str, offset: int) -> _Place:
    return _Place(text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset) - 1)


_STRAY_BOM = re.compile("[\r\n\x85\u2028\u2029](?=\ufeff)")  # readers disagree on whether it is part of what follows
_SLASH = re.compile(r"(?<!\\)(?:\\\\)*\\/")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
