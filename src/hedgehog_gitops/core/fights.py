"""Fights: another writer and we set one field against each other, over and over.

We wrote A, another wrote B, we put A back, another wrote B again: going on would never end. The field is left as it is
and nobody's work is undone until git's value changes, or the other's. A writer that sets another value each time (a
counter, an instant) is one too, once we have put A back three times within a day: then git's value ends it, or a write
of the other after that day. Only digests are remembered, and only of fields that we put back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from hedgehog_gitops.core.authority import with_path
from hedgehog_gitops.core.canonical import digest
from hedgehog_gitops.core.ownership import MANAGER, FieldManager, is_ours
from hedgehog_gitops.model.plain import FieldPath, JsonObject, path_text, without_path
from hedgehog_gitops.model.plan import FieldChange, FieldValue, Missing, Verdict
from hedgehog_gitops.model.state import PutBack

MOST_OF_A_FIELD = 4
MOST_OF_AN_OBJECT = 100
PATIENCE = 3
"""So many times a field is put back that its writer sets to another value each time."""
ONE_FIGHT = timedelta(days=1)
"""Longer apart it is nobody's loop: people change the same field every other month."""
_DIGITS = 16
_AT = " at "


class Parted(NamedTuple):
    """The fields that can be written, and those that are fought over and paused."""

    free: tuple[FieldChange, ...]
    paused: tuple[FieldChange, ...]


def part(fields: tuple[FieldChange, ...], put_back: tuple[PutBack, ...]) -> Parted:
    """Which fields are paused, by what was put back before.

    Where git moved on since and the other did not, the pause has done its work: the change is git's, and no conflict.
    """
    if not put_back:
        return Parted(fields, ())
    known = {(each.path, each.ours, each.theirs) for each in put_back}
    theirs = {(each.path, each.theirs) for each in put_back}
    paused = tuple(
        field
        for field in fields
        if _is_by_others(field) and (_fight(field) in known or _is_restless(field, put_back, _digest(field.desired)))
    )
    free = tuple(_settled(field, theirs, put_back) for field in fields if field not in paused)
    return Parted(free, paused)


def put_back_after(put_back: tuple[PutBack, ...], fields: Iterable[FieldChange]) -> tuple[PutBack, ...]:
    """What to remember once these fields are written: the last few of each field."""
    seen = list(put_back)
    for field in fields:
        if _is_by_others(field):
            path, ours, theirs = _fight(field)
            new = PutBack(path=path, ours=ours, theirs=theirs, manager=field.manager)
            own = [each for each in seen if each.path == path and (each.ours, each.theirs) != (ours, theirs)]
            others = [each for each in seen if each.path != path]
            seen = [*others, *own[-(MOST_OF_A_FIELD - 1) :], new]
    return tuple(seen[-MOST_OF_AN_OBJECT:])


def fight_text(paused: Iterable[FieldChange]) -> str:
    """Who fights over what, and how it ends."""
    told = [f"{_name(field)} and {MANAGER} keep overwriting {path_text(field.path)}" for field in paused]
    return f"fight: {', '.join(told)}; paused; settle who decides (authority) or change git"


def left_to_them(value: JsonObject, paused: Iterable[FieldChange]) -> JsonObject:
    """The object as it will be on the side: paused fields stay as they are there."""
    for field in paused:
        value = _with(value, field, field.live)
    return value


def as_we_want(value: JsonObject, paused: Iterable[FieldChange]) -> JsonObject:
    """The object as we want it: what is remembered, so that a pause does not look like a change of ours."""
    for field in paused:
        value = _with(value, field, field.desired)
    return value


def without_paused(
    manifest: JsonObject, paused: Iterable[FieldChange], writers: tuple[FieldManager, ...]
) -> JsonObject:
    """What is sent: without the paused fields, but for those that leaving out would remove; these keep their value."""
    for field in paused:
        is_kept = not writers or is_ours(writers, field.path)
        manifest = _with(manifest, field, field.live) if is_kept else without_path(manifest, field.path)
    return manifest


def _is_by_others(field: FieldChange) -> bool:
    """True for drift, but not for what an earlier run of ours wrote and did not live to remember."""
    return field.verdict is Verdict.DRIFTED and _name(field) != MANAGER


def _is_restless(field: FieldChange, put_back: tuple[PutBack, ...], ours: str) -> bool:
    """True if one writer set the field again and again within a day, each time to something else than this of ours."""
    before = [each.manager for each in put_back if each.path == field.path and each.ours == ours]
    last = [name for name in before[-PATIENCE:] if _writer(name) == _writer(field.manager)]
    if len(last) < PATIENCE:
        return False
    first, now = _instant(last[0]), _instant(field.manager)
    return first is not None and now is not None and now - first <= ONE_FIGHT


def _settled(field: FieldChange, theirs: set[tuple[FieldPath, str]], put_back: tuple[PutBack, ...]) -> FieldChange:
    """Where git moved on since a fight, its change is no conflict."""
    is_fought = (field.path, _digest(field.live)) in theirs or _is_restless(field, put_back, _digest(field.base))
    if field.verdict is Verdict.CONFLICT and is_fought:
        return replace(field, base=field.live, verdict=Verdict.PENDING, manager="")
    return field


def _with(value: JsonObject, field: FieldChange, entry: FieldValue) -> JsonObject:
    return without_path(value, field.path) if isinstance(entry, Missing) else with_path(value, field.path, entry)


def _fight(field: FieldChange) -> tuple[FieldPath, str, str]:
    return field.path, _digest(field.desired), _digest(field.live)


def _digest(value: FieldValue) -> str:
    return "" if isinstance(value, Missing) else digest(value)[:_DIGITS]


def _name(field: FieldChange) -> str:
    """The manager without the time of its last write."""
    return _writer(field.manager) or "somebody"


def _writer(manager: str) -> str:
    return manager.rpartition(_AT)[0] or manager


def _instant(manager: str) -> datetime | None:
    """When a manager last wrote, where that is told."""
    try:
        return datetime.fromisoformat(manager.rpartition(_AT)[2])
    except ValueError:
        return None
