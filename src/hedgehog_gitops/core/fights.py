"""Fights: another writer and we set one field against each other, over and over.

We wrote A, another wrote B, we put A back, another wrote B again: going on would never end. The field is left as it is
and nobody's work is undone until git's value changes, or the other's. Only digests are remembered, and only of fields
that we put back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from hedgehog_gitops.core.authority import with_path
from hedgehog_gitops.core.canonical import digest
from hedgehog_gitops.core.ownership import MANAGER, FieldManager, is_ours
from hedgehog_gitops.model.plain import FieldPath, JsonObject, path_text, without_path
from hedgehog_gitops.model.plan import FieldChange, FieldValue, Missing, Verdict
from hedgehog_gitops.model.state import PutBack

MOST_OF_A_FIELD = 4
MOST_OF_AN_OBJECT = 100
_DIGITS = 16


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
    paused = tuple(field for field in fields if _is_by_others(field) and _fight(field) in known)
    free = tuple(_settled(field, theirs) for field in fields if field not in paused)
    return Parted(free, paused)


def put_back_after(put_back: tuple[PutBack, ...], fields: Iterable[FieldChange]) -> tuple[PutBack, ...]:
    """What to remember once these fields are written: the last few of each field."""
    seen = list(put_back)
    for field in fields:
        if _is_by_others(field):
            path, ours, theirs = _fight(field)
            new = PutBack(path=path, ours=ours, theirs=theirs, manager=_name(field))
            own = [each for each in seen if each.path == path and each != new]
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


def _settled(field: FieldChange, theirs: set[tuple[FieldPath, str]]) -> FieldChange:
    if field.verdict is Verdict.CONFLICT and (field.path, _digest(field.live)) in theirs:
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
    return (field.manager.rpartition(" at ")[0] or field.manager) or "somebody"
