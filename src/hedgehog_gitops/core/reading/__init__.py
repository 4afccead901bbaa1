"""Bytes to documents, read the way Kubernetes reads them, with the place of every key and value.

`stream` splits a file where kubectl does. `documents` reads one document: `lines` does it for a simple one, `building`
for any other, from the parser's events. `scalars` decides what a plain scalar is. The parser is PyYAML's: tokens and
grammar are its work, the meaning is ours.
"""

from __future__ import annotations

from hedgehog_gitops.core.reading.documents import read_document
from hedgehog_gitops.core.reading.stream import decode, split
from hedgehog_gitops.core.rules import yaml_rules as rules
from hedgehog_gitops.model.document import Document, Limits, ReadResult
from hedgehog_gitops.model.finding import Finding, Origin, in_file_order

__all__ = ["read_documents"]

_KIB = 1024


def read_documents(data: bytes, path: str, limits: Limits | None = None) -> ReadResult:
    """All documents of one file and what was wrong with it. A document with an error is left out.

    Never raises for what `data` holds. Source for what is read how: sigs.k8s.io/yaml and kubectl's stream splitter.
    """
    limits = limits or Limits()
    if len(data) > limits.file_bytes:
        return _refused(rules.FILE_SIZE.at(_top(path), _too_large(len(data), limits)))
    text, fault = decode(data, path)
    if fault is not None:
        return _refused(fault)
    chunks, findings = split(text, path)
    if len(chunks) > limits.documents:
        message = f"{len(chunks)} documents, and at most {limits.documents} are read"
        return _refused(rules.DOCUMENTS.at(_top(path), message, hint="split the file"))
    documents: list[Document] = []
    for chunk in chunks:
        document, faults = read_document(text, chunk, path, limits)
        findings.extend(faults)
        if document is not None:
            documents.append(document)
    return ReadResult(documents=tuple(documents), findings=in_file_order(tuple(findings)) if findings else ())


def _refused(finding: Finding) -> ReadResult:
    return ReadResult(documents=(), findings=(finding,))


def _top(path: str) -> Origin:
    return Origin(path=path, line=1, column=1)


def _too_large(size: int, limits: Limits) -> str:
    mebibytes = size / _KIB / _KIB
    return f"the file has {mebibytes:.1f} MiB, and at most {limits.file_bytes / _KIB / _KIB:.1f} MiB are read"
