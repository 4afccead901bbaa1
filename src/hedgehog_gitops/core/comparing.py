"""One object on its three sides: what differs and who moved it.

What decides whether a field would change is what server-side apply does (`applying`): it sets what we send, and removes
what we sent before, leave out now, and nobody else owns. A field that others added is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hedgehog_gitops.core.applying import applied, sent
from hedgehog_gitops.core.authority import is_yielded, leaving_alone
from hedgehog_gitops.core.canonical import canonical, same
from hedgehog_gitops.core.following import with_following
from hedgehog_gitops.core.judge import field_changes, worst
from hedgehog_gitops.core.ownership import (
    FieldManager,
    as_adopted,
    field_set,
    is_applied_by_us,
    is_ours,
    managers,
    owner_of,
)
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import FieldPath, JsonObject
from hedgehog_gitops.model.plan import MISSING, FieldChange, FieldValue, Verdict
from hedgehog_gitops.model.snapshot import Manifest
from hedgehog_gitops.model.state import BaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The verdict of an object, the fields that an apply would change, and those beside them that are others'.

    `sent` is what the apply sends; None where nothing differs.
    """

    verdict: Verdict
    fields: tuple[FieldChange, ...] = ()
    beside: tuple[FieldChange, ...] = ()
    sent: JsonObject | None = None


_EQUAL = Comparison(verdict=Verdict.IN_SYNC)


def compare(
    manifest: Manifest,
    desired: JsonObject,
    live: LiveObject,
    base: BaseRecord | None,
    yielded: tuple[FieldPath, ...] = (),
) -> Comparison:
    """A manifest and its canonical form against live (as stored). Fields below `yielded` are decided elsewhere.

    A record of an object that has another uid by now is none: this one was made by somebody else.
    """
    kind, namespace = manifest.kind, manifest.key.namespace
    stored = canonical(kind, live.value, namespace)
    if same(desired, stored):
        return _EQUAL
    writers = managers(live.value)
    ours = base.value if base is not None and _is_of(base, live, writers) else None
    whole = with_following(kind, sent(manifest, live.value), live.value, writers)
    value = leaving_alone(whole, live.value, writers, yielded)
    after = _after(manifest, live, value, writers, ours)
    known: FieldValue = ours if ours is not None else MISSING
    found = field_changes(known, after, stored, lambda path: _writer(writers, path))
    told = [field for field in found if not is_yielded(field.path, yielded)]
    beside = tuple(field for field in _unlike(desired, after) if not is_yielded(field.path, yielded))
    if ours is None and not is_applied_by_us(live.value):
        fields = tuple(_of_others(field, writers) for field in told)
        verdict = Verdict.UNMANAGED if fields else Verdict.IN_SYNC
    else:
        fields = tuple(_without_record(field, writers) if ours is None else _of_ours(field) for field in told)
        verdict = worst(fields)
    return Comparison(verdict=verdict, fields=fields, beside=beside, sent=value)


def compare_adopted(
    manifest: Manifest, desired: JsonObject, live: LiveObject, yielded: tuple[FieldPath, ...] = ()
) -> Comparison:
    """What adopting an object changes: what an older tool's apply set is ours first, then we apply."""
    seen, writers = live._replace(value=as_adopted(live.value)), managers(live.value)
    found = compare(manifest, desired, seen, None, yielded)
    return replace(found, fields=tuple(_of_others(field, writers) for field in found.fields))


def _is_of(base: BaseRecord, live: LiveObject, writers: tuple[FieldManager, ...]) -> bool:
    """True if the record is of this very object. Without a uid it is of a write whose answer was never heard."""
    if base.uid:
        return base.uid == live.uid
    return not writers or is_applied_by_us(live.value)


def _after(
    manifest: Manifest,
    live: LiveObject,
    value: JsonObject,
    writers: tuple[FieldManager, ...],
    base: JsonObject | None,
) -> JsonObject:
    """Live (canonical) as an apply would leave it. Where a side keeps no record of writers, what we set is ours."""
    ours = field_set(base) if not writers and base is not None else {}
    for writer in writers:
        if writer.is_ours:
            ours = writer.fields
    others = [writer.fields for writer in writers if not writer.is_ours]
    left = applied(manifest.kind, live.value, value, ours, others)
    return canonical(manifest.kind, left, manifest.key.namespace)


def _unlike(desired: JsonObject, after: JsonObject) -> Iterator[FieldChange]:
    """Where an apply leaves the spec other than git has it: it is of others. So are all labels that we do not set."""
    for field in field_changes(MISSING, {"spec": desired["spec"]}, {"spec": after["spec"]}, lambda _path: ""):
        if field.live is not MISSING:
            yield replace(field, desired=MISSING, verdict=Verdict.UNMANAGED)


def _of_ours(field: FieldChange) -> FieldChange:
    """A field that goes although our record does not know it is ours by managedFields: it is as we wrote it."""
    return replace(field, base=field.live, verdict=Verdict.PENDING) if field.verdict is Verdict.UNMANAGED else field


def _without_record(field: FieldChange, writers: tuple[FieldManager, ...]) -> FieldChange:
    """The verdict when the state is lost: what is still ours is as we wrote it, what another owns was taken."""
    owner = owner_of(writers, field.path)
    if owner is None or is_ours(writers, field.path):
        return replace(field, base=field.live, verdict=Verdict.PENDING, manager="")
    return replace(field, base=field.desired, verdict=Verdict.DRIFTED, manager=_named(owner))


def _of_others(field: FieldChange, writers: tuple[FieldManager, ...]) -> FieldChange:
    """A field of an object that we never applied: nobody changed it behind our back, it was never otherwise."""
    return replace(field, base=MISSING, verdict=Verdict.UNMANAGED, manager=_writer(writers, field.path))


def _writer(writers: tuple[FieldManager, ...], path: FieldPath) -> str:
    owner = owner_of(writers, path)
    return _named(owner) if owner is not None else ""


def _named(owner: FieldManager) -> str:
    return f"{owner.name} at {owner.time}" if owner.time else owner.name
