"""What we send of an object, and what server-side apply makes of the live one.

The server lays what is sent over what is live, and takes out what we own, leave out now, and nobody else owns. Of the
kinds that people write every mapping is merged and every list is replaced whole (a test holds their schemas to that).
Source: structured-merge-diff v6, `Updater.Apply` and its `prune`, held against a real server in tests/contract.
"""

from __future__ import annotations

from collections.abc import Sequence

from hedgehog_gitops.core.canonical import own_metadata
from hedgehog_gitops.core.defaulting.structs import MAPS, Shape, without_empty
from hedgehog_gitops.core.defaulting.vpc import with_stored_keys
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_object
from hedgehog_gitops.model.snapshot import Manifest

_STORED_AS_SENT = frozenset({"SwitchGroup", "ServerProfile"})
"""Kinds without a webhook: nobody takes out the empty fields that are sent, so none are."""

_KEYS: Shape = {"{}": {}}
_METADATA: Shape = {"labels": _KEYS, "annotations": _KEYS}


def sent(manifest: Manifest, live: JsonObject | None = None) -> JsonObject:
    """The object as it is applied: what git says, in the preferred version, with a namespace, without server fields."""
    key = manifest.key
    named: JsonObject = {"name": key.name, "namespace": key.namespace}
    metadata = named | own_metadata(manifest.kind, as_object(manifest.value.get("metadata")))
    spec = _spec(manifest.kind, as_object(manifest.value.get("spec")), as_object((live or {}).get("spec")))
    return {"apiVersion": manifest.kind.api_version, "kind": key.kind, "metadata": metadata, "spec": spec}


def _spec(kind: Kind, spec: JsonObject, live: JsonObject) -> JsonObject:
    if kind.kind in _STORED_AS_SENT:
        return without_empty(kind.kind, spec)
    return with_stored_keys(spec, live) if kind.kind == "VPC" else spec


def applied(
    kind: Kind, live: JsonObject, manifest: JsonObject, ours: JsonObject, others: Sequence[JsonObject]
) -> JsonObject:
    """The live object after an apply, before its defaults are filled in again.

    `ours` is what we own as the server writes it down (FieldsV1), `others` the same of every other writer.
    """
    shape: Shape = {"metadata": _METADATA, "spec": MAPS.get(kind.kind, {})}
    return as_object(_without_released(as_object(_laid_over(live, manifest)), manifest, ours, others, shape))


def _laid_over(live: Json, manifest: Json) -> Json:
    """An empty mapping, or null for one, says nothing about what is in it."""
    if isinstance(live, dict) and live and (isinstance(manifest, dict) or manifest is None):
        below = as_object(manifest)
        return {**live, **{name: _laid_over(live.get(name), entry) for name, entry in below.items()}}
    return manifest


def _without_released(
    merged: JsonObject, manifest: Json, ours: JsonObject, others: Sequence[JsonObject], shape: Shape
) -> Json:
    """What is left of a mapping; null where nothing is left, as the server has it."""
    kept: JsonObject = {}
    wanted = as_object(manifest)
    for name, value in merged.items():
        step, is_key = f"f:{name}", "{}" in shape
        if step not in ours:
            kept[name] = value
            continue
        mine, theirs = as_object(ours[step]), [as_object(each[step]) for each in others if step in each]
        is_held = name in wanted or any(_is_member(each, is_key=is_key) for each in theirs)
        if _is_member(mine, is_key=is_key) and not is_held:
            continue
        below = shape["{}"] if is_key else shape.get(name, {})
        if isinstance(value, dict) and value:
            kept[name] = _without_released(value, wanted.get(name), mine, theirs, below)
        else:
            kept[name] = value
    return kept or None


def _is_member(fields: JsonObject, *, is_key: bool) -> bool:
    """True if the set holds the thing itself. A struct's field is held with anything below it, a map's key is not."""
    return not is_key or not fields or "." in fields
