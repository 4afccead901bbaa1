"""One object on its three sides: what differs and who moved it."""

from __future__ import annotations

from dataclasses import replace

from hedgehog_gitops.core.canonical import canonical, same
from hedgehog_gitops.core.judge import field_changes, worst
from hedgehog_gitops.core.ownership import FieldManager, is_applied_by_us, is_ours, managers, owner_of
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_object
from hedgehog_gitops.model.plan import MISSING, FieldChange, Verdict
from hedgehog_gitops.model.state import BaseRecord


def compare(
    key: ObjectKey, desired: JsonObject, live: LiveObject, base: BaseRecord | None
) -> tuple[Verdict, tuple[FieldChange, ...]]:
    """The verdict of an object and its differing fields: desired (canonical) against live (as stored)."""
    writers = managers(live.value)
    stored = canonical(kind_of(key), live.value, key.namespace)
    known = base.value if base is not None else {}
    seen = _without_strangers(stored, desired, known)
    if same(desired, seen):
        return Verdict.IN_SYNC, ()
    fields = field_changes(known, desired, seen, lambda path: _writer(writers, path))
    if base is None:
        fields = tuple(_without_record(field, writers) for field in fields)
    is_known = base is not None or is_applied_by_us(live.value)
    return (worst(fields) if is_known else Verdict.UNMANAGED), fields


def removals(fields: tuple[FieldChange, ...], live: LiveObject) -> tuple[FieldPath, ...]:
    """The fields that have to go and that an apply would not remove, because they are not ours."""
    writers = managers(live.value)
    return tuple(field.path for field in fields if field.desired is MISSING and not _is_only_ours(writers, field.path))


def _without_strangers(live: JsonObject, desired: JsonObject, base: JsonObject) -> JsonObject:
    """Live without labels and annotations that we neither want nor ever set: they are other people's."""
    metadata = as_object(live["metadata"])
    kept: JsonObject = dict(metadata)
    for part in ("labels", "annotations"):
        ours = {*_entries(desired, part), *_entries(base, part)}
        kept.pop(part, None)
        if shared := {name: text for name, text in as_object(metadata.get(part)).items() if name in ours}:
            kept[part] = shared
    return {**live, "metadata": kept}


def _entries(value: JsonObject, part: str) -> JsonObject:
    return as_object(as_object(value.get("metadata")).get(part))


def _without_record(field: FieldChange, writers: tuple[FieldManager, ...]) -> FieldChange:
    """The verdict when the state is lost: what is still ours is as we wrote it, what another owns was taken."""
    owner = owner_of(writers, field.path)
    if owner is None or owner.is_ours or is_ours(writers, field.path):
        return replace(field, base=field.live, verdict=Verdict.PENDING, manager="")
    return replace(field, base=field.desired, verdict=Verdict.DRIFTED, manager=_named(owner))


def _writer(writers: tuple[FieldManager, ...], path: FieldPath) -> str:
    owner = owner_of(writers, path)
    return _named(owner) if owner is not None else ""


def _named(owner: FieldManager) -> str:
    return f"{owner.name} at {owner.time}" if owner.time else owner.name


def _is_only_ours(writers: tuple[FieldManager, ...], path: FieldPath) -> bool:
    owner = owner_of(writers, path)
    return owner is not None and owner.is_ours
