"""Stage 5: the text and value that an object has in its home.

A document's own text is carried over with its comments; only where its value has to change is it edited. Nothing of
our own is added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hedgehog_gitops.core.canonical import same
from hedgehog_gitops.core.identify import SERVER_METADATA
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.model.document import Document, Limits
from hedgehog_gitops.model.finding import has_errors
from hedgehog_gitops.model.plain import Json, JsonObject, as_object
from hedgehog_gitops.model.snapshot import Manifest

DROPPED_ANNOTATIONS = (
    "hnp.githedgehog.com/ingested-at",
    "hnp.githedgehog.com/last-synced",
    "kubectl.kubernetes.io/last-applied-configuration",
)
"""Annotations that change with every run of the tool that writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One managed file as it is to be: its text and the manifest that it reads as."""

    path: str
    data: bytes
    manifest: Manifest


def is_clean(manifest: Manifest) -> bool:
    """True if the object's value needs no change to be desired state."""
    value = manifest.value
    metadata = value["metadata"]
    if "status" in value or value["apiVersion"] != manifest.kind.api_version or not isinstance(metadata, dict):
        return False
    if not metadata.keys().isdisjoint(SERVER_METADATA):
        return False
    annotations = metadata.get("annotations")
    return not isinstance(annotations, dict) or annotations.keys().isdisjoint(DROPPED_ANNOTATIONS)


def clean(manifest: Manifest) -> JsonObject:
    """The object's value without what the cluster sets, in the current version of its kind."""
    value = {key: part for key, part in manifest.value.items() if key != "status"}
    metadata = {key: part for key, part in as_object(value.get("metadata")).items() if key not in SERVER_METADATA}
    annotations = metadata.get("annotations")
    if isinstance(annotations, dict) and not annotations.keys().isdisjoint(DROPPED_ANNOTATIONS):
        kept: JsonObject = {key: part for key, part in annotations.items() if key not in DROPPED_ANNOTATIONS}
        metadata = {key: part for key, part in metadata.items() if key != "annotations"}
        metadata |= {"annotations": kept} if kept else {}
    return value | {"apiVersion": manifest.kind.api_version, "metadata": metadata}


def settle(manifest: Manifest, text: str, path: str, limits: Limits) -> Home:
    """The object's managed file; `text` is its document's own text, from `document_texts`."""
    target = clean(manifest)
    is_whole = not manifest.at
    if is_whole and is_clean(manifest):
        document = _read_back(text, target, path, limits)
        if document is not None:
            return _home(manifest, document, text)
    if is_whole:
        edited = _edited(text, target)
        document = _read_back(edited, target, path, limits) if edited else None
        if document is not None:
            return _home(manifest, document, edited)
    return _written(manifest, target, path, limits)


def document_texts(file_text: str, documents: Sequence[Document]) -> tuple[str, ...]:
    """Each document's text as a file of its own, in parallel to `documents`; "" for an empty one.

    Comments before a document go with it, comments after the last one with the last. Separators are dropped, and line
    ends are plain newlines.
    """
    texts: list[str] = []
    carried, end = "", 0
    for document in documents:
        carried += _comments(file_text[end : document.start])
        body, end = file_text[document.start : document.end], document.end
        if document.value is None:
            carried += _comments(body)
            texts.append("")
        else:
            texts.append(carried + body)
            carried = ""
    return _finished(texts, carried + _comments(file_text[end:]))


def _finished(texts: list[str], tail: str) -> tuple[str, ...]:
    """The texts with what is left at the end of the file given to the last that has any."""
    last = max((index for index, text in enumerate(texts) if text), default=-1)
    if last >= 0 and tail.strip():
        texts[last] = _ended(texts[last]) + tail
    return tuple(_ended(text.lstrip("\r\n")).replace("\r\n", "\n") if text else "" for text in texts)


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _comments(gap: str) -> str:
    """The comment lines between two documents, without separators, directives and blank lines around them."""
    lines: list[str] = []
    for line in gap.splitlines():
        is_separator = line.startswith(("---", "..."))
        rest = line[3:].strip() if is_separator else line
        if rest.lstrip().startswith("#"):
            lines.append(rest)
        elif lines and not is_separator and not rest.strip():
            lines.append("")
    return "".join(f"{line}\n" for line in lines)


def _read_back(text: str, target: JsonObject, path: str, limits: Limits) -> Document | None:
    """The one document that the text reads as, if it says exactly what it should."""
    result = read_documents(text.encode(), path, limits)
    if has_errors(result.findings) or len(result.documents) != 1:
        return None
    value: Json = result.documents[0].value
    return result.documents[0] if same(value, target) else None


def _edited(text: str, target: JsonObject) -> str:
    from hedgehog_gitops.core.writing import NotRepresentableError, edit_document  # noqa: PLC0415 (ruamel is heavy)

    try:
        return _ended(edit_document(text, target))
    except NotRepresentableError:
        return ""


def _written(manifest: Manifest, target: JsonObject, path: str, limits: Limits) -> Home:
    from hedgehog_gitops.core.writing import to_yaml  # noqa: PLC0415 (ruamel is heavy)

    text = _ended(to_yaml(target))
    document = read_documents(text.encode(), path, limits).documents[0]
    return _home(manifest, document, text)


def _home(manifest: Manifest, document: Document, text: str) -> Home:
    value = as_object(document.value)
    settled = Manifest(key=manifest.key, kind=manifest.kind, value=value, document=document)
    return Home(path=document.path, data=text.encode(), manifest=settled)
