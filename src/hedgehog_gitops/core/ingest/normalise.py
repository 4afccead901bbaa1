"""Stage 5: the text and value that an object has in its home.

A document's own text is carried over with its comments; only where its value has to change is it edited. Nothing of
our own is added.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hedgehog_gitops.core.canonical import same
from hedgehog_gitops.core.ingest.texts import ended
from hedgehog_gitops.core.object_faults import SERVER_METADATA
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.writing import edit_document, to_yaml
from hedgehog_gitops.model.document import Document, Limits
from hedgehog_gitops.model.errors import NotRepresentableError
from hedgehog_gitops.model.finding import has_errors
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text
from hedgehog_gitops.model.snapshot import Manifest

DROPPED_ANNOTATIONS = (
    "hnp.githedgehog.com/ingested-at",
    "hnp.githedgehog.com/last-synced",
    "kubectl.kubernetes.io/last-applied-configuration",
)
"""Annotations that change with every run of the tool that writes them."""


class Home(NamedTuple):
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
    """The object's managed file; `text` is its document's own text, from `texts.document_texts`."""
    target = clean(manifest)
    for candidate in _candidates(manifest, text, target):
        document = _read_back(candidate, target, path, limits)
        if document is not None:
            return _home(manifest, document, candidate)
    return _written(manifest, target, path, limits)


def _candidates(manifest: Manifest, text: str, target: JsonObject) -> Iterator[str]:
    """Texts that may read as the target, the one nearest to the document's own first."""
    if manifest.at:
        return
    written, current = as_text(manifest.value["apiVersion"]), manifest.kind.api_version
    if same(target, {**manifest.value, "apiVersion": current}):
        yield text.replace(written, current, 1)
    try:
        yield ended(edit_document(text, target))
    except NotRepresentableError:
        return


def _read_back(text: str, target: JsonObject, path: str, limits: Limits) -> Document | None:
    """The one document that the text reads as, if it says exactly what it should."""
    result = read_documents(text.encode(), path, limits)
    if has_errors(result.findings) or len(result.documents) != 1:
        return None
    value: Json = result.documents[0].value
    return result.documents[0] if same(value, target) else None


def _written(manifest: Manifest, target: JsonObject, path: str, limits: Limits) -> Home:
    text = ended(to_yaml(target))
    document = read_documents(text.encode(), path, limits).documents[0]
    return _home(manifest, document, text)


def _home(manifest: Manifest, document: Document, text: str) -> Home:
    value = as_object(document.value)
    settled = Manifest(key=manifest.key, kind=manifest.kind, value=value, document=document)
    return Home(path=document.path, data=text.encode(), manifest=settled)
