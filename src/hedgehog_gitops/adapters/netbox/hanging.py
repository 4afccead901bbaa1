"""What hangs on objects that are about to go and is not ours: NetBox would delete it with them, or cut it off.

Asked only about objects that go, many in one request. What NetBox itself refuses to delete (a virtual chassis, a
device context, a wireless link on it) is not asked about: nothing is lost there.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain

from hedgehog_gitops.adapters.netbox.answers import row_id
from hedgehog_gitops.adapters.netbox.holds import COMPONENTS, COUNTS, HOLDS, Hold
from hedgehog_gitops.adapters.netbox.listing import Listing, joined, lookups, read_list
from hedgehog_gitops.adapters.netbox.live import Marks
from hedgehog_gitops.adapters.netbox.places import Known
from hedgehog_gitops.adapters.netbox.transport import Query, Transport
from hedgehog_gitops.adapters.netbox.twins import instant, is_born_with
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text

_AT_ONCE = 4
_SHOWN = 3
_DEVICE, _INTERFACE, _CABLE = "dcim.device", "dcim.interface", "dcim.cable"

Bearers = Mapping[int, ObjectKey]
"""Whom something may hang on, by id."""


@dataclass(slots=True)
class _Seen:
    """What hangs on whom, in NetBox's own names, and of whom that could not be read."""

    names: dict[ObjectKey, list[str]] = field(default_factory=dict)
    unread: dict[ObjectKey, str] = field(default_factory=dict)

    def told(self) -> dict[ObjectKey, str]:
        """The same as people read it."""
        found = {key: _words(sorted(set(names))) for key, names in self.names.items()}
        return found | {key: f"things that cannot be read ({why})" for key, why in self.unread.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """One question to one NetBox: what hangs on these objects and is none of this fabric's."""

    transport: Transport
    fabric: str
    marks: Marks
    known: Known

    def of(self, bearers: Mapping[str, Bearers]) -> dict[ObjectKey, str]:
        """By object, what hangs on it, for people to read; an object on which nothing hangs is not in the answer."""
        seen = _Seen()
        devices = bearers.get(_DEVICE, {})
        ports = self._components(devices, seen) if devices else {}
        whole = {**bearers, _INTERFACE: {**bearers.get(_INTERFACE, {}), **ports}}
        asked = [(hold, whole[kind]) for kind in sorted(whole) for hold in HOLDS[kind] if whole[kind]]
        for (hold, those), listing in zip(asked, self._all(asked), strict=True):
            for row in self._foreign(listing, those, seen):
                _note(hold, row, those, seen)
        self._cables(whole[_INTERFACE], seen)
        return seen.told()

    def _components(self, devices: Bearers, seen: _Seen) -> dict[int, ObjectKey]:
        """Note the devices' components, and say which ports came with them: what hangs on those hangs on the device."""
        listing = self._ask("dcim/devices", "id", devices, ("id", "created", "device_type", *COUNTS))
        rows = {row_id(row): row for row in self._foreign(listing, devices, seen)}
        counted = {
            hold: {number: devices[number] for number, row in rows.items() if row.get(count)}
            for count, hold in COMPONENTS.items()
        }
        having = [(hold, those) for hold, those in counted.items() if those]
        ports: dict[int, ObjectKey] = {}
        for (hold, those), found in zip(having, self._all(having), strict=True):
            others = list(self._foreign(found, those, seen))
            templates = self._templates(hold, rows.values()) if others else frozenset()
            for row in others:
                device = rows.get(number) if isinstance(number := as_object(row.get("device")).get("id"), int) else None
                if device is None or not _came_with(row, device, templates):
                    _note(hold, row, those, seen)
                elif hold.endpoint == "dcim/interfaces":
                    ports[row_id(row)] = devices[row_id(device)]
        return ports

    def _templates(self, hold: Hold, devices: Iterable[JsonObject]) -> frozenset[tuple[Json, str]]:
        """The types of these devices with the names of the components that they give to each new device."""
        types = sorted({str(_type_of(device)) for device in devices})
        endpoint = f"{hold.endpoint.removesuffix('s')}-templates"
        parts = [
            read_list(self.transport, endpoint, query, ("id", "name", "device_type"))
            for query in lookups("device_type_id", types)
        ]
        return frozenset((_type_of(row), as_text(row.get("name"))) for row in joined(parts).rows)

    def _cables(self, ports: Bearers, seen: _Seen) -> None:
        """Cables of others in ports that go: NetBox would leave them with one end."""
        listing = self._ask("dcim/interfaces", "id", ports, ("id", "cable"), [("cabled", "true")])
        for row in self._foreign(listing, ports, seen):
            cable = as_object(row.get("cable"))
            if row_id(row) in ports and "id" in cable and not self.known.own(_CABLE, row_id(cable)):
                seen.names.setdefault(ports[row_id(row)], []).append(f"cable {_display(cable)}")

    def _foreign(self, listing: Listing, those: Bearers, seen: _Seen) -> Iterator[JsonObject]:
        """The rows that are not this fabric's; where they cannot be had, that is noted of all who were asked about."""
        if listing.reason:
            seen.unread |= dict.fromkeys(those.values(), listing.reason)
        return (row for row in listing.rows if not self.marks.of(row).startswith(f"{self.fabric}/"))

    def _all(self, asked: Sequence[tuple[Hold, Bearers]]) -> list[Listing]:
        def answer(each: tuple[Hold, Bearers]) -> Listing:
            hold, those = each
            names = ("id", "display", "name", "created", "last_updated", "custom_fields", *hold.fields)
            return self._ask(hold.endpoint, hold.parameter, those, names, hold.beside, hold.most)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(answer, asked))

    def _ask(
        self, endpoint: str, parameter: str, those: Bearers, names: Sequence[str], beside: Query = (), most: int = 0
    ) -> Listing:
        deadline = time.monotonic() + self.transport.patience.look
        parts = [[each] for each in those] if most == 1 else [list(those)]
        queries = chain.from_iterable(lookups(parameter, map(str, part), beside) for part in parts)
        return joined(read_list(self.transport, endpoint, query, names, deadline) for query in queries)


def _came_with(row: JsonObject, device: JsonObject, templates: Collection[tuple[Json, str]]) -> bool:
    """Whether NetBox made a component with its device, by the device's type, and nobody has touched it."""
    place = (_type_of(device), as_text(row.get("name")))
    return place in templates and is_born_with(row, instant(device.get("created")))


def _type_of(row: JsonObject) -> Json:
    return as_object(row.get("device_type")).get("id")


def _note(hold: Hold, row: JsonObject, those: Bearers, seen: _Seen) -> None:
    for identity in set(_attached(row.get(name) for name in hold.fields)) & those.keys():
        seen.names.setdefault(those[identity], []).append(f"{hold.word} {_display(row)}")


def _attached(values: Iterable[Json]) -> Iterator[int]:
    """The ids in fields that say what a row hangs on: a number, an object, or a list of objects."""
    for value in values:
        if isinstance(value, list):
            yield from _attached(value)
        elif isinstance(value, dict):
            yield from _attached([value.get("id")])
        elif isinstance(value, int):
            yield value


def _display(row: JsonObject) -> str:
    return as_text(row.get("display")) or f"#{row_id(row)}"


def _words(names: Collection[str]) -> str:
    shown = ", ".join(list(names)[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
