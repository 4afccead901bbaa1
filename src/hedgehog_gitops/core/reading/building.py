"""From the parser's events to one document: plain values, a mark for each, and findings where Kubernetes refuses.

One pass, recursive to the depth limit. Aliases share the value that they stand for; what they would add when written
out is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from hedgehog_gitops.core.reading import events as ev
from hedgehog_gitops.core.reading import scalars
from hedgehog_gitops.core.reading.stream import Chunk
from hedgehog_gitops.core.rules import yaml_rules as rules
from hedgehog_gitops.model.document import Document, Limits, Mark
from hedgehog_gitops.model.finding import Finding, Origin
from hedgehog_gitops.model.plain import Json
from hedgehog_gitops.model.rule import Rule


class Node(NamedTuple):
    """A value, its mark, and how many values it stands for when every alias is written out."""

    value: Json
    mark: Mark
    size: int


class _Stop(Exception):  # noqa: N818 - control flow inside this module: the document cannot be read further
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


def build_document(text: str, chunk: Chunk, path: str, limits: Limits) -> tuple[Document | None, list[Finding]]:
    """The document in a chunk of a file, or None with the findings that say why there is none."""
    builder = _Builder(path, chunk, limits)
    try:
        node = builder.document(text[chunk.start : chunk.end])
    except _Stop as stop:
        return None, [*builder.findings, stop.finding]
    except ev.YAMLError as error:
        return None, [*builder.findings, builder.syntax(error)]
    if builder.is_refused:
        return None, builder.findings
    document = Document(
        path=path, index=chunk.index, value=node.value, mark=node.mark, start=chunk.start, end=chunk.end
    )
    return document, builder.findings


class _Builder:
    """The state of one document's reading: where it stands, the anchors so far, and what was found."""

    def __init__(self, path: str, chunk: Chunk, limits: Limits) -> None:
        self.path = path
        self.index = chunk.index
        self.line = chunk.line + 1
        self.limits = limits
        self.anchors: dict[str, Node] = {}
        self.added = 0
        self.findings: list[Finding] = []
        self.is_refused = False

    def document(self, text: str) -> Node:
        self.next = ev.events(text).get_event
        self.next()  # the start of the stream
        start = self.next()
        if isinstance(start, ev.StreamEndEvent):
            return Node(None, Mark(self.line, 1, self.line, 1, self.line, 1, None), 0)
        if start.version not in {None, (1, 1)}:
            version = ".".join(map(str, start.version))
            raise _Stop(self.at(rules.SYNTAX, start.start_mark, f"YAML {version} is not what Kubernetes reads"))
        node = self.node(self.next(), 0)
        self.next()  # the end of the document
        self.nothing_follows()
        return node

    def nothing_follows(self) -> None:
        """Text after `...` is never read: say where it begins, whether or not it is YAML."""
        event: Any = None
        try:
            event = self.next()
        except ev.YAMLError as error:
            mark, message = getattr(error, "problem_mark", None), "text after `...` is silently dropped"
        else:
            mark, message = event.start_mark, "the document that follows `...` is silently dropped"
        if event is None or not isinstance(event, ev.StreamEndEvent):
            self.findings.append(self.at(rules.DROPPED, mark, message, hint="separate documents with `---`"))

    def node(self, event: Any, depth: int, key: Any = None) -> Node:
        kind = type(event)
        if kind is ev.ScalarEvent:
            return self.scalar(event, key)
        if kind is ev.AliasEvent:
            return self.alias(event, key)
        if depth >= self.limits.depth:
            message = f"more than {self.limits.depth} levels of nesting"
            raise _Stop(self.at(rules.DEPTH, event.start_mark, message))
        built = self.mapping(event, depth, key) if kind is ev.MappingStartEvent else self.sequence(event, depth, key)
        if event.anchor is not None:
            self.anchors[event.anchor] = built
        return built

    def scalar(self, event: Any, key: Any) -> Node:
        start, end = event.start_mark, event.end_mark
        key_mark = start if key is None else key
        line = self.line
        mark = Mark(
            start.line + line, start.column + 1, end.line + line, end.column + 1,
            key_mark.line + line, key_mark.column + 1, None,
        )  # fmt: skip
        node = Node(self.meaning(event), mark, 1)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def meaning(self, event: Any) -> Json:
        text: str = event.value
        if event.tag is None:
            if not event.implicit[0]:
                return self.well_formed(text, event)
            try:
                return scalars.plain(text)
            except scalars.NotJsonError:
                self.refuse(
                    rules.NUMBER, event.start_mark, f"{text} has no form in JSON", hint="quote it if it is text"
                )
                return text
        try:
            return scalars.tagged(event.tag, text, quoted=bool(event.style))
        except (scalars.TagMismatchError, scalars.NotJsonError) as error:
            self.refuse(rules.TAGGED, event.start_mark, str(error))
            return text

    def well_formed(self, text: str, event: Any) -> str:
        """The pure parser lets escaped surrogates pass, which no reader of Kubernetes takes."""
        if any("\ud800" <= char <= "\udfff" for char in text):
            self.refuse(rules.SYNTAX, event.start_mark, "an escaped surrogate is no character")
        return text

    def alias(self, event: Any, key: Any) -> Node:
        target = self.anchors.get(event.anchor)
        if target is None:
            raise _Stop(self.at(rules.SYNTAX, event.start_mark, f"no anchor {event.anchor!r} stands before its alias"))
        self.added += target.size
        if self.added > self.limits.alias_expansion:
            message = f"aliases add more than {self.limits.alias_expansion} values"
            raise _Stop(self.at(rules.ALIASES, event.start_mark, message))
        if key is None:
            return target
        placed = target.mark._replace(key_line=key.line + self.line, key_column=key.column + 1)
        return target._replace(mark=placed)

    def sequence(self, event: Any, depth: int, key: Any) -> Node:
        values: list[Json] = []
        marks: list[Mark] = []
        size = 1
        while type(item := self.next()) is not ev.SequenceEndEvent:
            node = self.node(item, depth + 1)
            values.append(node.value)
            marks.append(node.mark)
            size += node.size
        return Node(values, self.around(event, item, key, marks), size)

    def mapping(self, event: Any, depth: int, key: Any) -> Node:
        values: dict[str, Json] = {}
        marks: dict[str, Mark] = {}
        texts: dict[str, bool] = {}  # which keys were text before all of them became text
        size = 1
        while type(each := self.next()) is not ev.MappingEndEvent:
            if type(each) is ev.ScalarEvent and each.value == "<<" and each.implicit[0]:
                size += self.merge(each, depth, values, marks)
                continue
            name, is_text = self.key(each, depth)
            node = self.node(self.next(), depth + 1, each.start_mark)
            size += node.size
            if name in values:
                self.repeated(name, marks[name], node.mark, is_certain=texts.get(name, is_text) == is_text)
            texts[name] = is_text
            values[name] = node.value
            marks[name] = node.mark
        return Node(values, self.around(event, each, key, list(marks.values())[-1:], marks), size)

    def key(self, event: Any, depth: int) -> tuple[str, bool]:
        value = self.node(event, depth + 1).value
        try:
            return scalars.key_text(value), isinstance(value, str)
        except TypeError:
            word = "null" if value is None else "a list or a mapping"
            self.refuse(rules.BAD_KEY, event.start_mark, f"{word} cannot be a key")
            return "", False

    def merge(self, event: Any, depth: int, values: dict[str, Json], marks: dict[str, Mark]) -> int:
        self.findings.append(self.at(rules.MERGE_KEY, event.start_mark, "a merge key", hint="write the keys out"))
        node = self.node(self.next(), depth + 1, event.start_mark)
        for value, mark in _merged(node):
            if not isinstance(value, dict) or not isinstance(mark.children, dict):
                self.refuse(rules.SYNTAX, event.start_mark, "a merge needs a mapping or a list of mappings")
                continue
            for name, entry in value.items():
                placed = mark.children[name]._replace(
                    key_line=event.start_mark.line + self.line, key_column=event.start_mark.column + 1
                )
                if name in values:
                    self.repeated(name, marks[name], placed, is_certain=True)
                values[name] = entry
                marks[name] = placed
        return node.size

    def repeated(self, name: str, first: Mark, mark: Mark, *, is_certain: bool) -> None:
        """Strict decoding refuses a repeat; of `1` and `'1'` it keeps either one, from run to run."""
        message = f"the key {name!r} stands twice, first on line {first.key_line}"
        origin = Origin(path=self.path, document=self.index, line=mark.key_line, column=mark.key_column)
        self.findings.append(rules.DUPLICATE_KEY.at(origin, message, hint="keep one of the two"))
        self.is_refused |= is_certain

    def around(self, start: Any, end: Any, key: Any, last: list[Mark], children: dict[str, Mark] | None = None) -> Mark:
        """The mark of a collection. A block collection ends where its last value does, not where the parser saw it."""
        begin, close, key_mark = start.start_mark, end.end_mark, start.start_mark if key is None else key
        line = self.line
        stop = (close.line + line, close.column + 1)
        if last and not start.flow_style:
            stop = (last[-1].end_line, last[-1].end_column)
        return Mark(
            begin.line + line, begin.column + 1, *stop, key_mark.line + line, key_mark.column + 1,
            last if children is None else children,
        )  # fmt: skip

    def refuse(self, rule: Rule, mark: Any, message: str, hint: str = "") -> None:
        self.findings.append(self.at(rule, mark, message, hint))
        self.is_refused = True

    def at(self, rule: Rule, mark: Any, message: str, hint: str = "") -> Finding:
        line, column = (mark.line, mark.column + 1) if mark is not None else (0, 1)
        origin = Origin(path=self.path, document=self.index, line=line + self.line, column=column)
        return rule.at(origin, message, hint=hint)

    def syntax(self, error: ev.YAMLError) -> Finding:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        context = getattr(error, "context", None)
        return self.at(rules.SYNTAX, mark, f"{problem} ({context})" if context else str(problem))


def _merged(node: Node) -> Iterator[tuple[Json, Mark]]:
    if isinstance(node.value, list) and isinstance(node.mark.children, list):
        yield from zip(node.value, node.mark.children, strict=True)
    else:
        yield node.value, node.mark
