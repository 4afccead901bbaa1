"""One document of a file: its value at once, by its lines or by the parser; its places when they are asked for."""

from __future__ import annotations

from functools import lru_cache, partial

from hedgehog_gitops.core.reading.lines import read_lines
from hedgehog_gitops.core.reading.stream import Chunk
from hedgehog_gitops.model.document import Document, Limits, Mark
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.plain import Json


def read_document(text: str, chunk: Chunk, path: str, limits: Limits) -> tuple[Document | None, list[Finding]]:
    """The document in a chunk of a file, or None with the findings that say why there is none."""
    body = _body(text, chunk)
    value: Json = read_lines(body, limits.depth)
    findings: list[Finding] = []
    if value is None:
        from hedgehog_gitops.core.reading.building import build  # noqa: PLC0415 - most runs never need the parser

        placed, findings = build(body, chunk, path, limits)
        if placed is None:
            return None, findings
        value = placed[0]
    marks = partial(_marks, text, chunk, path, limits)  # the file's text is a small part of what all marks would take
    return Document(path=path, index=chunk.number, value=value, marks=marks, start=chunk.start, end=chunk.end), findings


def _body(text: str, chunk: Chunk) -> str:
    body = text[chunk.start : chunk.end].removeprefix("\ufeff")
    # As kubectl's splitter does: it matters to a block scalar at the end of a file.
    return body if body.endswith("\n") else body + "\n"


@lru_cache(maxsize=4096)
def _marks(text: str, chunk: Chunk, path: str, limits: Limits) -> Mark:
    """The places of everything in a document."""
    from hedgehog_gitops.core.reading.building import build  # noqa: PLC0415 - see above

    placed, _ = build(_body(text, chunk), chunk, path, limits)
    if placed is None:
        raise AssertionError("what was read once can be read again")
    return placed[1]
