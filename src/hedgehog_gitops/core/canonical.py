"""The form in which objects are compared: defaulted, without what servers and controllers write, without emptiness."""

from __future__ import annotations

import hashlib
import json

from hedgehog_gitops.core.alike import same as same  # noqa: PLC0414 - whoever compares canonical forms finds it here
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.defaulting.labels import user_annotations, user_labels
from hedgehog_gitops.core.defaulting.structs import without_empty
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_object

IGNORED_PREFIXES = ("hnp.githedgehog.com/", "argocd.argoproj.io/", "kustomize.toolkit.fluxcd.io/")
IGNORED_NAMES = frozenset(("kubectl.kubernetes.io/last-applied-configuration", "app.kubernetes.io/instance"))

PASSING = {"Switch": ("portLocators",)}
"""Fields that are wanted for a moment and vanish by themselves: never drift."""


def canonical(kind: Kind, value: JsonObject, namespace: str = "default", spec: JsonObject | None = None) -> JsonObject:
    """The comparison form of an object, as written or as stored: apiVersion, kind, metadata of users, spec.

    `spec` is the spec as stored where the caller has it already.
    """
    metadata = as_object(value.get("metadata"))
    named: JsonObject = {"name": metadata.get("name"), "namespace": metadata.get("namespace") or namespace}
    stored = default_spec(kind, value) if spec is None else spec
    passing = PASSING.get(kind.kind, ())
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": named | own_metadata(kind, metadata),
        "spec": without_empty(kind.kind, {name: part for name, part in stored.items() if name not in passing}),
    }


def own_metadata(kind: Kind, metadata: JsonObject) -> JsonObject:
    """The labels and annotations that people set, where there are any; not those of the system or of other tools."""
    labels = user_labels(kind, as_object(metadata.get("labels")))
    annotations = user_annotations(kind, as_object(metadata.get("annotations")))
    parts = {"labels": _others_aside(labels), "annotations": _others_aside(annotations)}
    return {name: entries for name, entries in parts.items() if entries}


def digest(value: Json) -> str:
    """SHA-256 of a value, equal exactly when `same` says so."""
    text = json.dumps(_whole(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _others_aside(entries: JsonObject) -> JsonObject:
    return {name: text for name, text in entries.items() if not _is_ignored(name)}


def _is_ignored(name: str) -> bool:
    return name in IGNORED_NAMES or name.startswith(IGNORED_PREFIXES)


def _whole(value: Json) -> Json:
    """Whole floats as integers, which they are to `same`."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _whole(entry) for name, entry in value.items()}
    return [_whole(entry) for entry in value] if isinstance(value, list) else value
