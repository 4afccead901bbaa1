"""Objects that take each other's place: numbers, networks and addresses of which NetBox has each only once.

Who takes what another gives up waits for that. Where each waits for the next in a circle, they first step aside, all
in one request, and take their places in a later step of the same plan. What stepped aside says so in its base, so a run
that ends in between is completed by the next.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from hedgehog_gitops.core.netbox.comparing import base_of, is_adopted
from hedgehog_gitops.core.netbox.sequencing import Graph, claims
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import Json, JsonObject, as_object
from hedgehog_gitops.model.plan import MISSING, Action, Change, FieldChange, Precondition
from hedgehog_gitops.model.record import Record, later_key

Records = Mapping[ObjectKey, Record]
Objects = Mapping[ObjectKey, LiveObject]
Changes = Mapping[ObjectKey, Change]


class Moves(NamedTuple):
    """By each object that is written, those that give up what it takes; and who of them has to step aside first."""

    needs: Graph
    circles: frozenset[ObjectKey]


def moves(writes: Changes, records: Records, live: Objects) -> Moves:
    """Who waits for whom among those that are written."""
    wanted = {
        key: frozenset(claims(key.kind, {**records[key].once, **records[key].fields}))
        for key, change in writes.items()
        if key in records and change.action is not Action.ADOPT
    }
    holders = {
        claim: key
        for key, mine in wanted.items()
        if (found := live.get(key)) is not None
        for claim in claims(key.kind, found.value)
        if claim not in mine
    }
    taking = {key: frozenset(holders[claim] for claim in mine & holders.keys()) for key, mine in wanted.items()}
    needs = {key: givers for key, givers in taking.items() if givers}
    return Moves(needs, frozenset(key for key in _circles(needs) if key in live and key.kind in _NOWHERE))


def in_order(waits: Graph, moving: Moves) -> Graph:
    """The order of writes, where who takes something waits until it is free."""
    more = {later_key(key) if key in moving.circles else key: givers for key, givers in moving.needs.items()}
    return {**waits, **{key: waits.get(key, frozenset()) | givers for key, givers in more.items()}}


def aside(moving: Moves, writes: Changes, records: Records, live: Objects) -> dict[ObjectKey, Change]:
    """In place of the changes of those in circles, two steps each: out of the way, and into its place."""
    steps: dict[ObjectKey, Change] = {}
    for number, key in enumerate(sorted(moving.circles), start=1):
        places = _nowhere(key.kind, number)
        steps[key] = _out(writes[key], records[key], live[key], places)
        steps[later_key(key)] = _into(writes[key], records[key], places)
    return steps


def _out(change: Change, record: Record, found: LiveObject, places: JsonObject) -> Change:
    manifest = dict(change.manifest or {})
    fields = as_object(manifest.get("fields"))
    base = base_of(replace(record, fields={**record.fields, **places}), is_adopted=is_adopted(found, None))
    moved = (_field(change, name, value, found.value.get(name)) for name, value in places.items())
    return replace(
        change,
        manifest={**manifest, "fields": {**fields, **places}, "base": base},
        fields=(*(field for field in change.fields if field.path[0] not in places), *moved),
        reason=f"{change.reason}; it steps aside, since it changes places with others",
    )


def _into(change: Change, record: Record, places: JsonObject) -> Change:
    return replace(
        change,
        action=Action.UPDATE,
        key=later_key(change.key),
        precondition=Precondition(),
        manifest={"fields": {name: record.fields[name] for name in places}, "base": (change.manifest or {})["base"]},
        fields=tuple(_field(change, name, record.fields[name], value) for name, value in places.items()),
    )


def _field(change: Change, name: str, desired: Json, live: Json) -> FieldChange:
    return FieldChange(path=(name,), base=MISSING, desired=desired, live=live, verdict=change.verdict)


def _circles(needs: Graph) -> Collection[ObjectKey]:
    """Those that wait for each other, and who waits for them."""
    waiting = dict(needs)
    while free := [key for key, givers in waiting.items() if not givers & waiting.keys()]:
        for key in free:
            del waiting[key]
    return waiting.keys()


def _nowhere(kind: str, number: int) -> JsonObject:
    """Fields that are in nobody's way: without a group or a name, or an address that no network has."""
    place = f"240.0.{number // 256}.{number % 256}/32"
    return {name: place if is_address else None for name, is_address in _NOWHERE[kind].items()}


_NOWHERE: Mapping[str, Mapping[str, bool]] = {
    "dcim.device": {"name": False},
    "ipam.vlan": {"group": False},
    "ipam.prefix": {"prefix": True},
    "ipam.iprange": {"start_address": True, "end_address": True},
    "ipam.ipaddress": {"address": True},
}
"""The fields by which objects step aside, and whether these are addresses."""
