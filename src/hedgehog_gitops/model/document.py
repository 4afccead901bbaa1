"""One YAML document: its value as Kubernetes reads it, and the place of every key and value."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from hedgehog_gitops.model.finding import Finding, Origin
from hedgehog_gitops.model.plain import FieldPath, Json

MarkChildren: TypeAlias = "dict[str, Mark] | list[Mark] | None"


class Mark(NamedTuple):
    """Where one value starts and ends, where its key starts, and the marks of what it holds.

    Lines and columns count from 1. For a mapping `children` maps each key to its mark, for a sequence it is a
    list, for a scalar None. A value without a key (root, list item) has its own start as key place. `key_width` is
    how many characters the key takes as it is written; 0 where there is none, or where it goes over several lines.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    key_line: int
    key_column: int
    children: MarkChildren
    key_width: int = 0


class Document(NamedTuple):
    """One document of a stream.

    `index` is the source index: empty documents count. `start` and `end` are character offsets of the document's
    text in the decoded file (separator lines excluded), so that the text can be carried elsewhere byte for byte.
    An empty or comment-only document has the value None. Places are needed only where there is something to say:
    `marks` finds them when it is asked.
    """

    path: str
    index: int  # type: ignore[assignment] # nobody looks a value up in a document
    value: Json
    marks: Callable[[], Mark]
    start: int
    end: int

    @property
    def mark(self) -> Mark:
        """The places of the whole document, found anew for each that has not been asked for lately."""
        return self.marks()

    def origin(self, field: FieldPath = (), *, key: bool = False) -> Origin:
        """The place of a field, or with `key` of its key; where it is absent, that of the nearest one above it."""
        mark = self.mark
        for step in field:
            below = _child(mark, step)
            if below is None:
                break
            mark = below
        return self._at(*(key_span(mark) if key else (mark.line, mark.column, mark.end_line, mark.end_column)))

    def _at(self, line: int, column: int, end_line: int, end_column: int) -> Origin:
        return Origin(
            path=self.path, document=self.index, line=line, column=column, end_line=end_line, end_column=end_column
        )


def key_span(mark: Mark) -> tuple[int, int, int, int]:
    """Where the key of a value starts and ends; the value's own place where it has none."""
    if mark.key_width > 0:
        return mark.key_line, mark.key_column, mark.key_line, mark.key_column + mark.key_width
    return mark.key_line, mark.key_column, mark.end_line, mark.end_column


class ReadResult(NamedTuple):
    """All documents of one file and what was wrong with it; with an error finding `documents` may be incomplete."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]


class Limits(NamedTuple):
    """How much a reader takes in before it refuses."""

    file_bytes: int = 16 * 1024 * 1024
    depth: int = 100
    alias_expansion: int = 100_000
    documents: int = 20_000


def _child(mark: Mark, step: str | int) -> Mark | None:
    children = mark.children
    if isinstance(children, dict) and isinstance(step, str):
        below: Mark | None = children.get(step)
        return below
    if isinstance(children, list) and isinstance(step, int) and 0 <= step < len(children):
        item: Mark = children[step]
        return item
    return None
