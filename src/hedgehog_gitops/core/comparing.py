"""One object on its three sides: what differs and who moved it.

What decides whether a field would change is what server-side apply does: it sets what we send, and removes what we
sent before, leave out now, and nobody else owns. A field that others added is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hedgehog_gitops.core.authority import is_yielded
from hedgehog_gitops.core.canonical import canonical, same
from hedgehog_gitops.core.judge import field_changes, worst
from hedgehog_gitops.core.ownership import (
    FieldManager,
    is_applied_by_us,
    is_legacy,
    is_ours,
    managers,
    owner_of,
    owners_of,
)
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_object
from hedgehog_gitops.model.plan import MISSING, FieldChange, Verdict
from hedgehog_gitops.model.state import BaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The verdict of an object, the fields that an apply would change, and those beside them that are others'."""

    verdict: Verdict
    fields: tuple[FieldChange, ...] = ()
    beside: tuple[FieldChange, ...] = ()


_EQUAL = Comparison(verdict=Verdict.IN_SYNC)


def compare(
    key: ObjectKey,
    desired: JsonObject,
    live: LiveObject,
    base: BaseRecord | None,
    yielded: tuple[FieldPath, ...] = (),
) -> Comparison:
    """Desired (canonical) against live (as stored). Fields below `yielded` are decided elsewhere and not compared.

    A record of an object that has another uid by now is none: this one was made by somebody else.
    """
    writers = managers(live.value)
    ours = base if base is not None and _is_of(base, live, writers) else None
    stored = canonical(kind_of(key), live.value, key.namespace)
    known = ours.value if ours is not None else {}
    seen = _without_strangers(stored, desired, known)
    if same(desired, seen):
        return _EQUAL
    found = field_changes(known, desired, seen, lambda path: _writer(writers, path))
    if ours is None:
        found = tuple(_without_record(field, writers) for field in found)
    found = tuple(_released(field, writers) for field in found if not is_yielded(field.path, yielded))
    fields = tuple(field for field in found if field.verdict is not Verdict.UNMANAGED)
    beside = tuple(field for field in found if field.verdict is Verdict.UNMANAGED)
    is_known = ours is not None or is_applied_by_us(live.value)
    verdict = worst(fields) if is_known or not fields else Verdict.UNMANAGED
    return Comparison(verdict=verdict, fields=fields, beside=beside)


def legacy_fields(beside: tuple[FieldChange, ...], live: LiveObject) -> tuple[FieldChange, ...]:
    """The fields beside ours that only an older tool's apply owns: adopting the object takes them over, and out."""
    writers = managers(live.value)
    taken = [field for field in beside if (owners := owners_of(writers, field.path)) and all(map(is_legacy, owners))]
    return tuple(replace(field, base=field.live, verdict=Verdict.PENDING) for field in taken)


def _is_of(base: BaseRecord, live: LiveObject, writers: tuple[FieldManager, ...]) -> bool:
    """True if the record is of this very object. Without a uid it is of a write whose answer was never heard."""
    if base.uid:
        return base.uid == live.uid
    return not writers or is_applied_by_us(live.value)


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
    if is_ours(writers, field.path):
        return replace(field, base=field.live, verdict=Verdict.PENDING, manager="")
    if field.desired is MISSING:
        return replace(field, verdict=Verdict.UNMANAGED)
    owner = owner_of(writers, field.path)
    if owner is None:
        return replace(field, base=field.live, verdict=Verdict.PENDING, manager="")
    return replace(field, base=field.desired, verdict=Verdict.DRIFTED, manager=_named(owner))


def _released(field: FieldChange, writers: tuple[FieldManager, ...]) -> FieldChange:
    """A field that we leave out and that others own too stays: an apply only gives up our part in it.

    Where a side keeps no record of writers, what we set is ours alone.
    """
    if field.desired is not MISSING or field.verdict is not Verdict.PENDING or not writers:
        return field
    owners = owners_of(writers, field.path)
    is_only_ours = bool(owners) and all(owner.is_ours for owner in owners)
    return field if is_only_ours else replace(field, verdict=Verdict.UNMANAGED)


def _writer(writers: tuple[FieldManager, ...], path: FieldPath) -> str:
    owner = owner_of(writers, path)
    return _named(owner) if owner is not None else ""


def _named(owner: FieldManager) -> str:
    return f"{owner.name} at {owner.time}" if owner.time else owner.name
