"""Objects that are in the place of a wanted record and carry no mark of it: a person's, or another fabric's.

They are found by what tells the kind's objects apart, within what they belong to: a switch port by its name on its
device. Where the device is not there, no port can be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hedgehog_gitops.adapters.netbox.answers import row_id
from hedgehog_gitops.adapters.netbox.listing import joined, lookups, read_list
from hedgehog_gitops.adapters.netbox.places import ENDPOINTS, TERMINATIONS, Known, called, own_name
from hedgehog_gitops.adapters.netbox.scope import Found, Scope
from hedgehog_gitops.adapters.netbox.transport import Transport
from hedgehog_gitops.adapters.netbox.versions import version_of
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.record import NETBOX, RECORD_KINDS, Record, is_reference, mark_of

_FEW = 10
_MANY = 200
_TOGETHER = timedelta(seconds=2)
_UNTOUCHED = timedelta(milliseconds=20)  # no request is as fast as that


@dataclass(slots=True)
class Newborn:
    """Interfaces that NetBox made together with a device of ours and that nobody touched: id by device and name."""

    rows: dict[tuple[int, str], JsonObject] = field(default_factory=dict)

    def has(self, kind: str, row: JsonObject) -> bool:
        """Whether a row is one of them."""
        device = as_object(row.get("device")).get("id")
        known = self.rows.get((device, as_text(row.get("name")))) if isinstance(device, int) else None
        return kind == "dcim.interface" and known is not None and known["id"] == row["id"]


def find_twins(transport: Transport, scope: Scope, found: Found, known: Known) -> Newborn:
    """Add the twins to what was found; what came with devices of ours is told apart."""
    newborn = Newborn()
    stand_ins: dict[tuple[str, str], int] = {}  # twins of wanted objects, to which others may belong
    for kind in (each.name for each in RECORD_KINDS if not each.is_shared):
        lacking = found.lacking(scope, kind)
        if not lacking or (NETBOX, kind) in found.unknown:
            continue
        if kind == "dcim.cable":
            _find_cables(transport, scope, lacking, found, known)
            continue
        places = {each.key: place for each in lacking if (place := _place(each, known, stand_ins)) is not None}
        queries = _queries(kind, list(places.values()))
        fields = scope.fields(kind)
        listing = joined(read_list(transport, ENDPOINTS[kind], each, fields, scope.deadline) for each in queries)
        have = {row_id(row) for row in found.rows[kind]}
        keyless = [row for row in found.rows[kind] if (kind, row_id(row)) not in found.keys]
        for row in (*keyless, *(row for row in listing.rows if row_id(row) not in have)):
            if (key := next((each for each, place in places.items() if _is_at(row, place)), None)) is not None:
                found.rows[kind] = [*found.rows[kind], *([row] if row_id(row) not in have else [])]
                stand_ins[kind, own_name(key)] = row_id(row)
                _call(kind, key, row, scope, found, known)
        found.requests += listing.requests
        if listing.reason:
            found.unknown[NETBOX, kind] = listing.reason
        if kind == "dcim.interface":
            newborn.rows |= dict(_came_along(found.rows[kind], found, scope))
    return newborn


def find_half_marked(
    transport: Transport, scope: Scope, ours: Collection[ObjectKey], found: Found, known: Known
) -> None:
    """Add objects that we remember and no list has: a person may have emptied the field by which lists are made."""
    have = set(found.keys.values())
    lost = [key for key in ours if key not in have and (NETBOX, key.kind) not in found.unknown]
    for kind in sorted({key.kind for key in lost}):
        missing = {mark_of(scope.fabric, key): key for key in [key for key in lost if key.kind == kind][:_MANY]}
        queries = lookups(f"cf_{scope.marks.key}", missing)
        fields = scope.fields(kind)
        listing = joined(read_list(transport, ENDPOINTS[kind], each, fields, scope.deadline) for each in queries)
        found.requests += listing.requests
        for row in listing.rows:
            key = scope.marks.half_key(kind, scope.fabric, row)
            if key in missing.values() and key is not None:
                found.rows[kind] = [*found.rows.get(kind, ()), row]
                _call(kind, key, row, scope, found, known)
        if listing.reason:
            found.unknown[NETBOX, kind] = listing.reason


def _call(kind: str, key: ObjectKey, row: JsonObject, scope: Scope, found: Found, known: Known) -> None:
    """Say what a row in the place of a record is: ours after all, by a mark of which a half is left, or a stand-in."""
    if scope.marks.half_key(kind, scope.fabric, row) == key:
        found.name(kind, row, key)
        known.learn(kind, own_name(key), row_id(row))
        known.saw(kind, row_id(row), version_of(row))
    else:
        known.stand_in(kind, own_name(key), row_id(row))


_Place = dict[str, Json]
"""Natural fields of a record: plain values, and ids (int, None) behind `<field>_id`."""


def _place(record: Record, known: Known, stand_ins: Mapping[tuple[str, str], int]) -> _Place | None:
    """Where a twin of a record would be; None if there can be none: what it belongs to is not there."""
    if not record.natural:  # nothing but its mark tells it from others
        return None
    place: _Place = {}
    for name in record.natural:
        value = record.fields.get(name, record.once.get(name))
        if not is_reference(value):
            place[name if value is not None else f"{name}_id"] = value
            continue
        kind, called_name = called(as_object(value))
        attribute, _, text = called_name.partition(":")
        identity = known.id_of(kind, called_name) or stand_ins.get((kind, called_name))
        if identity is not None:
            place[f"{name}_id"] = identity
        elif attribute == "slug":
            place[f"{name}.slug"] = text
        else:
            return None
    return place


def _queries(kind: str, places: Sequence[_Place]) -> Iterator[Sequence[tuple[str, str | int]]]:
    """As few requests as find all places: by the last natural field, within few scopes; ports by their devices."""
    if not places:
        return
    *scopes, last = places[0]
    if kind == "dcim.interface":
        yield from lookups("device_id", {str(place["device_id"]) for place in places if "device_id" in place})
        return
    beside: list[tuple[str, str | int]] = []
    for scope in scopes:
        values = sorted({str(place.get(scope)) for place in places})
        if len(values) <= _FEW:
            parameter = scope.removesuffix(".slug")
            beside += [(parameter, "null" if value == "None" else value) for value in values]
    # NetBox has a device's name once in a site, in whatever case it is written
    parameter = "name__ie" if (kind, last) == ("dcim.device", "name") else last.removesuffix(".slug")
    yield from lookups(parameter, {str(place.get(last)) for place in places}, beside)


def _is_at(row: JsonObject, place: _Place) -> bool:
    return all(_has(row, name, value) for name, value in place.items())


def _has(row: JsonObject, name: str, value: Json) -> bool:
    if name.endswith(".slug"):
        return as_object(row.get(name.removesuffix(".slug"))).get("slug") == value
    if name.endswith("_id") and not isinstance(value, str):
        shown = row.get(name.removesuffix("_id"))
        return (shown is None and value is None) or as_object(shown).get("id") == value
    shown = row.get(name)
    return shown == value or (isinstance(value, str) and as_text(shown).casefold() == value.casefold())


def _find_cables(transport: Transport, scope: Scope, lacking: Iterable[Record], found: Found, known: Known) -> None:
    """A cable's place is its ports: whatever is plugged into one of them is in its way."""
    ports = {
        identity
        for record in lacking
        for name in TERMINATIONS
        for end in as_list(record.fields.get(name))
        if (identity := known.id_of(*called(as_object(end)))) is not None
    }
    plugged = joined(
        read_list(transport, "dcim/interfaces", query, ("id", "cable"), scope.deadline)
        for query in lookups("id", map(str, ports), [("cabled", "true")])
    )
    have = {row_id(row) for row in found.rows["dcim.cable"]}
    shown = [as_object(row.get("cable")) for row in plugged.rows]
    cables = {str(row_id(cable)) for cable in shown if "id" in cable and row_id(cable) not in have}
    listing = joined(
        read_list(transport, "dcim/cables", query, scope.fields("dcim.cable"), scope.deadline)
        for query in lookups("id", cables)
    )
    found.requests += plugged.requests
    if plugged.reason:
        found.unknown[NETBOX, "dcim.cable"] = plugged.reason
    found.take("dcim.cable", listing)
    keys = {record.key for record in lacking}
    for row in listing.rows:
        if (key := scope.marks.half_key("dcim.cable", scope.fabric, row)) in keys and key is not None:
            _call("dcim.cable", key, row, scope, found, known)


def _came_along(rows: Iterable[JsonObject], found: Found, scope: Scope) -> Iterator[tuple[tuple[int, str], JsonObject]]:
    """Ports without a mark that are as old as their device, which is ours, and that nobody has changed since."""
    devices = {
        row_id(row): instant(row.get("created"))
        for row in found.rows.get("dcim.device", ())
        if ("dcim.device", row_id(row)) in found.keys
    }
    for row in rows:
        device = as_object(row.get("device")).get("id")
        if isinstance(device, int) and not scope.marks.of(row) and is_born_with(row, devices.get(device)):
            yield (device, as_text(row.get("name"))), row


def is_born_with(row: JsonObject, birth: datetime | None) -> bool:
    """Whether a component is as old as its device, which was made then, and nobody has changed it since."""
    made, changed = instant(row.get("created")), instant(row.get("last_updated"))
    if made is None or changed is None or birth is None:
        return False
    return abs(made - birth) <= _TOGETHER and abs(changed - made) <= _UNTOUCHED


def instant(value: Json) -> datetime | None:
    """A time of NetBox's; None if it is none."""
    try:
        return datetime.fromisoformat(as_text(value))
    except ValueError:
        return None
