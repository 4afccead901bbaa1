"""`.hnp/manifest.yaml` and `.hnp/archive-log.yaml`, as values and as text.

Both dialects of the older tools are read. Nothing is dropped: the manifest is never rewritten, and the log only grows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from hedgehog_gitops.core.layout import LOG_PATH, MANAGED, RAW, UNMANAGED
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.rules import layout_rules as rules
from hedgehog_gitops.core.rules.ingest_rules import LOG_UNREADABLE
from hedgehog_gitops.core.writing import edit_document, to_yaml
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import NotRepresentableError
from hedgehog_gitops.model.finding import Finding, Origin, has_errors
from hedgehog_gitops.model.plain import Json, JsonObject, as_list
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.model.tree import SourceFile

LAYOUT_MAJOR = 1
"""The newest major version of the layout that this program understands."""


class LoggedDocument(NamedTuple):
    """What became of one document of an ingested file. `index` counts empty documents too."""

    index: int  # type: ignore[assignment] # in place of the method of tuples
    identity: str
    path: str
    digest: str
    outcome: str


class Operation(NamedTuple):
    """One ingested file. `source` is its path from the repository's root, `blob` its git blob id."""

    id: str
    source: str
    blob: str
    documents: tuple[LoggedDocument, ...]


def manifest_text(fabric: str) -> str:
    """The manifest of a new directory; the same for the same fabric, at any time and place."""
    return (
        "# What this directory is. Written once by `hedgehog-gitops init`; keys that it does not know are kept.\n"
        f'version: "{LAYOUT_MAJOR}.0"\n'
        f'structure_version: "{LAYOUT_MAJOR}.0"\n'
        f"fabric_name: {json.dumps(fabric)}\n"
        f"directories:\n  raw: {RAW}\n  managed: {MANAGED}\n  unmanaged: {UNMANAGED}\n"
        "archive_strategy: git-history\n"
    )


def judge_manifest(file: SourceFile | None, limits: Limits) -> tuple[Finding, ...]:
    """What forbids writing to the directory: a manifest that is damaged, or of a newer layout."""
    if file is None:
        return ()
    value, findings = _read(file, rules.MANIFEST_UNREADABLE, limits)
    if value is None:
        return findings
    version = str(value.get("structure_version", value.get("layout_version", value.get("version", LAYOUT_MAJOR))))
    major = version.partition(".")[0]
    if not major.isdigit():
        message = f"the layout version {version!r} is no version number"
        return (rules.MANIFEST_UNREADABLE.at(Origin(path=file.path), message, hint='write "1.0"'),)
    if int(major) <= LAYOUT_MAJOR:
        return ()
    message = f"the directory has layout {version}; this program knows {LAYOUT_MAJOR}.x"
    return (rules.LAYOUT_TOO_NEW.at(Origin(path=file.path), message, hint="use a newer hedgehog-gitops"),)


def new_log_text() -> str:
    """The archive log before anything was ingested."""
    return _LOG_HEAD + "operations: []\n"


def judge_log(file: SourceFile | None, limits: Limits) -> tuple[Finding, ...]:
    """What is wrong with a log. One in just the form that we write is known to be right by its lines alone."""
    return () if file is not None and _is_our_form(file.data, limits) else log_operations(file, limits)[1]


def log_operations(file: SourceFile | None, limits: Limits) -> tuple[list[Json], tuple[Finding, ...]]:
    """The operations of a log, as plain data, and what is wrong with the file; no file, no operations."""
    if file is None:
        return [], ()
    value, findings = _read(file, LOG_UNREADABLE, limits)
    return as_list((value or {}).get("operations")), findings


def operation_value(operation: Operation) -> JsonObject:
    """The operation as plain data, in the form that the log holds."""
    return {
        "operation": "ingestion",
        "id": operation.id,
        "source": operation.source,
        "blob": operation.blob,
        "documents": [
            {
                "index": document.index,
                "identity": document.identity,
                "path": document.path,
                "digest": document.digest,
                "outcome": document.outcome,
            }
            for document in operation.documents
        ],
    }


def append_operations(text: str, operations: Sequence[Operation], limits: Limits) -> str:
    """The log's text with operations added at its end; what was there stays byte for byte wherever it can.

    `text` is a log that was read without errors.
    """
    values = [operation_value(operation) for operation in operations]
    target = _log_value(text, limits)
    target["operations"] = [*as_list(target.get("operations")), *values]
    entries = "".join(_entry(value) for value in values)
    opened = _NO_OPERATIONS.sub("", text).rstrip("\n")
    closed = text.rstrip("\n")
    for candidate in (f"{closed}\n{entries}", f"{opened}\noperations:\n{entries}".lstrip("\n")):
        if _reads_as(candidate, target, limits):
            return candidate
    return _rewritten(text, target)


def first_log_text(operations: Sequence[Operation]) -> str:
    """A new log that holds just these operations."""
    return _LOG_HEAD + "operations:\n" + "".join(_entry(operation_value(operation)) for operation in operations)


_LOG_HEAD = '# What `hedgehog-gitops` took in from raw/, oldest first. Only ever appended to.\nversion: "1.0"\n'
_NO_OPERATIONS = re.compile(r"^operations:[ \t]*(\[[ \t]*\]|null|~)?[ \t]*$\n?", re.MULTILINE)


def _entry(value: JsonObject) -> str:
    """One operation as a block list item, each document on a line of its own; JSON scalars are YAML scalars."""
    lines = [
        f"{'- ' if key == 'operation' else '  '}{key}: {_scalar(part)}"
        for key, part in value.items()
        if key != "documents"
    ]
    documents = as_list(value["documents"])
    lines.append("  documents:" if documents else "  documents: []")
    lines += [f"    - {_flow(document)}" for document in documents if isinstance(document, dict)]
    return "\n".join(lines) + "\n"


def _is_our_form(data: bytes | None, limits: Limits) -> bool:
    """True for a log whose every line is as `_entry` writes it, in plain ASCII: years of them are read in each run."""
    is_read = data is not None and len(data) <= limits.file_bytes and limits.depth >= _LOG_DEPTH
    return is_read and _our_log().fullmatch(data or b"") is not None


_LOG_DEPTH = 5
_TEXT = r'"[ !#-\[\]-~]*+"'
_DOCUMENT = rf"    - {{index: \d{{1,9}}, identity: {_TEXT}, path: {_TEXT}, digest: {_TEXT}, outcome: {_TEXT}}}\n"
_NAMED = rf"- operation: {_TEXT}\n  id: {_TEXT}\n  source: {_TEXT}\n  blob: {_TEXT}\n"
_OPERATION = rf"{_NAMED}  documents:(?: \[\]\n|\n(?:{_DOCUMENT})++)"


@cache
def _our_log() -> re.Pattern[bytes]:
    return re.compile(rf"{re.escape(_LOG_HEAD)}operations:(?: \[\]\n|\n(?:{_OPERATION})++)".encode())


def _flow(value: JsonObject) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(part)}" for key, part in value.items()) + "}"


def _scalar(value: Json) -> str:
    return json.dumps(value)


def _log_value(text: str, limits: Limits) -> JsonObject:
    documents = [found.value for found in read_documents(text.encode(), LOG_PATH, limits).documents]
    return dict(next((value for value in documents if isinstance(value, dict)), {}))


def _reads_as(text: str, target: JsonObject, limits: Limits) -> bool:
    result = read_documents(text.encode(), LOG_PATH, limits)
    return not has_errors(result.findings) and [document.value for document in result.documents] == [target]


def _rewritten(text: str, target: JsonObject) -> str:
    try:
        return edit_document(text, target)
    except NotRepresentableError:
        return to_yaml(target)


def _read(file: SourceFile, rule: Rule, limits: Limits) -> tuple[JsonObject | None, tuple[Finding, ...]]:
    """The one mapping of a metadata file; an empty file is an empty mapping."""
    if file.data is None:
        return None, (rule.at(Origin(path=file.path), f"the file was not read: {file.problem}", hint=_REPAIR),)
    result = read_documents(file.data, file.path, limits)
    values = [document.value for document in result.documents if document.value is not None]
    if has_errors(result.findings):
        return None, (*result.findings, rule.at(Origin(path=file.path), "the file is no valid YAML", hint=_REPAIR))
    if len(values) > 1 or not all(isinstance(value, dict) for value in values):
        return None, (rule.at(Origin(path=file.path), "the file is not one mapping", hint=_REPAIR),)
    return next((value for value in values if isinstance(value, dict)), {}), ()


_REPAIR = "repair it, or take an earlier revision of it; nothing is written before that"
