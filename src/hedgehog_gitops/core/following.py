"""Defaults that follow git: the gateway of a subnet comes from its network, the groups of a switch from its redundancy.

Admission fills in only what is empty, and leaves alone what it once filled in. When git moves what a default is made
of, that of the old value would stay, belonging to nobody, and the update may be refused because of it: so the new one
is sent. What another writer owns is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from hedgehog_gitops.core.authority import with_path
from hedgehog_gitops.core.canonical import same
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.judge import field_changes
from hedgehog_gitops.core.ownership import FieldManager, owners_of
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, get_path, without_path
from hedgehog_gitops.model.plan import MISSING, FieldChange, FieldValue, Missing


def with_following(
    kind: Kind, manifest: JsonObject, live: JsonObject, writers: Sequence[FieldManager] = ()
) -> JsonObject:
    """What is sent, with the defaults that git makes other than they are live; null for one that is no more."""
    stored, desired = _stored(kind, live), _stored(kind, manifest)
    for field in field_changes(MISSING, desired, stored, lambda _path: ""):
        is_said = not isinstance(_at(manifest, field.path), Missing)
        if not is_said and not owners_of(tuple(writers), field.path) and _is_default(kind, stored, field):
            manifest = with_path(manifest, field.path, _said(field.desired))
    return manifest


def _is_default(kind: Kind, stored: JsonObject, field: FieldChange) -> bool:
    """True if defaulting would fill it in again just so. A whole mapping is nobody's default."""
    if field.live is MISSING or isinstance(field.live, dict):
        return False
    again = _at(_stored(kind, without_path(stored, field.path)), field.path)
    return not isinstance(again, Missing) and same(again, field.live)


def _stored(kind: Kind, value: JsonObject) -> JsonObject:
    return {"spec": default_spec(kind, value)}


def _at(value: JsonObject, path: FieldPath) -> FieldValue:
    try:
        return get_path(value, path)
    except (KeyError, IndexError):
        return MISSING


def _said(desired: FieldValue) -> Json:
    return None if isinstance(desired, Missing) else desired
