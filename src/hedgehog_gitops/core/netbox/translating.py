"""The whole translation: from the objects of a fabric to the records that show it in NetBox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from hedgehog_gitops.core.netbox.cables import connection_records
from hedgehog_gitops.core.netbox.devices import device_records
from hedgehog_gitops.core.netbox.networks import network_records
from hedgehog_gitops.core.netbox.outside import outside_records
from hedgehog_gitops.core.netbox.ports import switch_ports
from hedgehog_gitops.core.netbox.scene import Scene
from hedgehog_gitops.core.netbox.shared import shared_records
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.profile import Profile
from hedgehog_gitops.model.record import Record
from hedgehog_gitops.model.settings import NetboxSettings

NOT_REPRESENTED = frozenset({"ExternalPeering", "GatewayPeering", "GatewayGroup", "ServerProfile"})
"""Kinds for which stock NetBox has no model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The records of a fabric by key, and its objects that NetBox cannot show."""

    records: Mapping[ObjectKey, Record]
    unrepresented: tuple[ObjectKey, ...]


def translate(
    fabric: str,
    settings: NetboxSettings,
    specs: Mapping[ObjectKey, JsonObject],
    profiles: Mapping[str, Profile],
) -> Translation:
    """What NetBox should have of these objects. `specs` are as stored; of kinds that are not mirrored, nothing is."""
    shown = {key: spec for key, spec in specs.items() if not settings.kinds or key.kind in settings.kinds}
    scene = Scene(fabric=fabric, settings=settings, specs=shown, profiles=profiles)
    parts = chain(
        shared_records(scene),
        device_records(scene),
        switch_ports(scene),
        connection_records(scene),
        network_records(scene),
        outside_records(scene),
    )
    return Translation(records=merged(parts), unrepresented=unrepresented(settings, shown))


def unrepresented(settings: NetboxSettings, keys: Iterable[ObjectKey]) -> tuple[ObjectKey, ...]:
    """The objects to be shown for which stock NetBox has no model."""
    kinds = NOT_REPRESENTED & set(settings.kinds) if settings.kinds else NOT_REPRESENTED
    return tuple(sorted(key for key in keys if key.kind in kinds))


def merged(parts: Iterable[Record]) -> dict[ObjectKey, Record]:
    """One record for each key, of everything that was said about it; later words about a field count."""
    found: dict[ObjectKey, Record] = {}
    for each in parts:
        before = found.get(each.key)
        found[each.key] = each if before is None else _both(before, each)
    return {key: each for key, each in found.items() if each.fields}


def _both(one: Record, other: Record) -> Record:
    members = {
        name: one.members.get(name, frozenset()) | other.members.get(name, frozenset())
        for name in (*one.members, *other.members)
    }
    return replace(
        one,
        fields={**one.fields, **other.fields},
        once={**one.once, **other.once},
        members=members,
        natural=one.natural or other.natural,
        beside={**one.beside, **other.beside},
    )
