"""What one glance tells of an object, without its canonical forms: that nothing about it has changed.

Nearly all objects of nearly all runs are as they were, so the cost of a plan follows what changed. A glance that does
not tell says nothing: then the object is compared in full.
"""

from __future__ import annotations

from typing import NamedTuple

from hedgehog_gitops.core.canonical import PASSING, own_metadata, same
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import Json, JsonObject, as_object
from hedgehog_gitops.model.snapshot import Manifest
from hedgehog_gitops.model.state import BaseRecord


class Glance(NamedTuple):
    """What is sure: that a side has the object as git does, and that its canonical form is the remembered one."""

    is_equal: bool = False
    is_known: bool = False


_AS_BEFORE = Glance(is_equal=True, is_known=True)


def glance(manifest: Manifest, spec: JsonObject, found: LiveObject | None, base: BaseRecord | None) -> Glance:
    """A glance at an object on its three sides. `spec` is the desired one as stored.

    Equal is what a side has as it is stored, or as git wrote it: defaulting makes the same of both, and twice is once.
    """
    if found is not None and base is not None and _is_as_before(manifest, spec, found.value, base.value):
        return _AS_BEFORE
    return Glance(
        is_equal=found is not None and _is_equal(manifest, spec, found.value),
        is_known=base is not None and _is_known(manifest, spec, base.value),
    )


def _is_as_before(manifest: Manifest, spec: JsonObject, live: JsonObject, base: JsonObject) -> bool:
    """Both at once, in one walk over the spec."""
    found, known = live.get("spec"), base.get("spec")
    return (
        found == spec == known
        and _is_canonical(manifest.kind, spec, base)
        and _is_alike(spec, found, known)
        and _is_same_metadata(manifest, live)
        and _is_same_metadata(manifest, base)
    )


def _is_equal(manifest: Manifest, spec: JsonObject, live: JsonObject) -> bool:
    found = live.get("spec")
    return (same(spec, found) or same(manifest.value.get("spec"), found)) and _is_same_metadata(manifest, live)


def _is_known(manifest: Manifest, spec: JsonObject, base: JsonObject) -> bool:
    known = base.get("spec")
    is_form = _is_canonical(manifest.kind, spec, base) and spec == known and _is_alike(spec, known, known)
    return is_form and _is_same_metadata(manifest, base)


def _is_canonical(kind: Kind, spec: JsonObject, base: JsonObject) -> bool:
    """True if the remembered form is of this version, and none of its fields is one that passes."""
    has_passing = kind.kind in PASSING and any(name in spec for name in PASSING[kind.kind])
    return not has_passing and base.get("apiVersion") == kind.api_version


def _is_alike(one: Json, found: Json, known: Json) -> bool:
    """Of three values that Python calls equal: that none is empty, and no truth value stands against a number.

    Nothing empty is in a canonical form, so a spec without anything empty is its own.
    """
    if isinstance(one, dict) and isinstance(found, dict) and isinstance(known, dict):
        for name, entry in one.items():  # a loop: this is asked of everything in a fabric
            if not entry or (not isinstance(entry, str) and not _is_alike(entry, found[name], known[name])):
                return False
        return True
    if isinstance(one, list) and isinstance(found, list) and isinstance(known, list):
        return all(entry and _is_alike(entry, *others) for entry, *others in zip(one, found, known, strict=True))
    return isinstance(one, bool) == isinstance(found, bool) == isinstance(known, bool)


def _is_same_metadata(manifest: Manifest, value: JsonObject) -> bool:
    own, other = as_object(manifest.value.get("metadata")), as_object(value.get("metadata"))
    if not ("labels" in own or "labels" in other or "annotations" in own or "annotations" in other):
        return True
    return same(own_metadata(manifest.kind, own), own_metadata(manifest.kind, other))
