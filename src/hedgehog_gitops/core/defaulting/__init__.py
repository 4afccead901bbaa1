"""An object as the cluster stores it: what the defaulting webhook fills in, rewrites and drops.

`structs` knows how Go writes objects (empty fields vanish, map entries stay), `labels` the labels that the system
computes, `wiring`, `vpc` and `gateway` the kinds. Nothing here judges: odd values pass through unharmed.
Source: the defaulting of the fabric API v0.129 line.
"""

from __future__ import annotations

from collections.abc import Mapping

from hedgehog_gitops.core.alike import same
from hedgehog_gitops.core.defaulting.gateway import GATEWAY_DEFAULTS
from hedgehog_gitops.core.defaulting.labels import system_annotations, system_labels
from hedgehog_gitops.core.defaulting.structs import without_empty, without_nulls
from hedgehog_gitops.core.defaulting.vpc import VPC_DEFAULTS
from hedgehog_gitops.core.defaulting.wiring import WIRING_DEFAULTS
from hedgehog_gitops.model.kind import Kind, ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.snapshot import Manifest

__all__ = ["default_spec", "default_specs", "with_defaults"]

SPECS = {**WIRING_DEFAULTS, **VPC_DEFAULTS, **GATEWAY_DEFAULTS}


def with_defaults(kind: Kind, value: JsonObject, namespace: str = "default") -> JsonObject:
    """The object as stored: defaulted spec, system labels, a namespace. `value` is not changed."""
    metadata = as_object(value.get("metadata"))
    spec = default_spec(kind, value)
    named = {**metadata, "namespace": metadata.get("namespace") or namespace}
    labels = system_labels(kind, as_object(metadata.get("labels")), spec)
    annotations = system_annotations(kind, as_object(metadata.get("annotations")), spec)
    for name, entries in (("labels", labels), ("annotations", annotations)):
        named.pop(name, None)
        if entries:
            named[name] = entries
    return {**without_nulls(value), "metadata": without_nulls(named), "spec": spec}


def default_specs(manifests: Mapping[ObjectKey, Manifest]) -> dict[ObjectKey, JsonObject]:
    """The specs as stored of a whole set, each made once for all who ask for it.

    What is stored as it is written is held once: most objects need no default.
    """
    return {key: _held_once(manifest) for key, manifest in manifests.items()}


def default_spec(kind: Kind, value: JsonObject) -> JsonObject:
    """Only the spec as stored; a new object."""
    spec = without_empty(kind.kind, as_object(value.get("spec")))
    default = SPECS.get(kind.kind)
    return spec if default is None else default(spec)


def _held_once(manifest: Manifest) -> JsonObject:
    written, stored = manifest.value.get("spec"), default_spec(manifest.kind, manifest.value)
    return written if isinstance(written, dict) and same(written, stored) else stored
