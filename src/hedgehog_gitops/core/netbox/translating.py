"""The whole translation: from the objects of a fabric to the records that show it in NetBox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from hedgehog_gitops.core.netbox.cables import connection_records
from hedgehog_gitops.core.netbox.devices import device_records
from hedgehog_gitops.core.netbox.networks import network_records
from hedgehog_gitops.core.netbox.outside import outside_records
from hedgehog_gitops.core.netbox.peerings import PEERINGS, is_recorded, peering_records
from hedgehog_gitops.core.netbox.ports import switch_ports
from hedgehog_gitops.core.netbox.scene import Scene, joined
from hedgehog_gitops.core.netbox.shared import shared_records
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.profile import Profile
from hedgehog_gitops.model.record import Record
from hedgehog_gitops.model.settings import NetboxSettings

NOT_REPRESENTED = frozenset({"GatewayGroup", "ServerProfile"})
"""Kinds that NetBox has no place for at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The records of a fabric by key, and its objects that stock NetBox has no model for.

    Those `recorded` are kept as JSON beside what they are about; of those `unrepresented` NetBox has nothing.
    """

    records: Mapping[ObjectKey, Record]
    recorded: tuple[ObjectKey, ...]
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
        peering_records(scene),
    )
    peerings = [key for kind in PEERINGS for key, _ in scene.all(kind)]
    recorded = {key for key in peerings if is_recorded(scene, key)}
    unheld = (*peerings, *(key for kind in NOT_REPRESENTED for key, _ in scene.all(kind)))
    return Translation(
        records=merged(parts),
        recorded=tuple(sorted(recorded)),
        unrepresented=tuple(sorted(set(unheld) - recorded)),
    )


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
        fields=joined(one.fields, other.fields),
        once={**one.once, **other.once},
        members=members,
        natural=one.natural or other.natural,
        beside={**one.beside, **other.beside},
    )
