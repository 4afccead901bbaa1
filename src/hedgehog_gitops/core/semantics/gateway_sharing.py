"""Gateways beside each other: addresses of which each has its own, and groups that are full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from hedgehog_gitops.core.addresses import Address, hardware_address, prefix
from hedgehog_gitops.core.rules import gateway_rules, reference_rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.core.semantics.stored import NAMESPACE, Stored, indexed
from hedgehog_gitops.model.kind import GATEWAY, WIRING, ObjectKey
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_object, as_text, path_text

Owners: TypeAlias = "Mapping[Address, list[ObjectKey]]"


def gateway_together(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """What a gateway shares with others although it must not, and groups that have no place for it."""
    yield from _address_taken(name, "protocolIP", spec, protocol_addresses(stored))
    yield from _address_taken(name, "vtepIP", spec, vtep_addresses(stored))
    mac = hardware_address(as_text(spec.get("vtepMAC")))
    if mac is not None:
        yield from _taken(name, "vtepMAC", mac, hardware_addresses(stored)[mac])
    yield from _full_groups(spec, stored)


@indexed
def protocol_addresses(stored: Stored) -> Owners:
    """Who has which protocol address: gateways first, then switches, by name."""
    return _owners(stored, "protocolIP")


@indexed
def vtep_addresses(stored: Stored) -> Owners:
    """Who has which VTEP address: gateways first, then switches, by name."""
    return _owners(stored, "vtepIP")


@indexed
def hardware_addresses(stored: Stored) -> Mapping[str, list[ObjectKey]]:
    """Which gateways have which VTEP MAC, by name."""
    owners: dict[str, list[ObjectKey]] = {}
    for name, spec in stored.all("Gateway").items():
        if (mac := hardware_address(as_text(spec.get("vtepMAC")))) is not None:
            owners.setdefault(mac, []).append(_key(GATEWAY, "Gateway", name))
    return owners


@indexed
def group_members(stored: Stored) -> Mapping[str, int]:
    """How many memberships each gateway group has."""
    return Counter(group for spec in stored.all("Gateway").values() for group in _groups(spec))


def _owners(stored: Stored, field: str) -> Owners:
    owners: dict[Address, list[ObjectKey]] = {}
    for group, kind in ((GATEWAY, "Gateway"), (WIRING, "Switch")):
        for name, spec in stored.all(kind).items():
            if (found := prefix(as_text(spec.get(field)))) is not None:
                owners.setdefault(Address(found.version, found.address), []).append(_key(group, kind, name))
    return owners


def _key(group: str, kind: str, name: str) -> ObjectKey:
    return ObjectKey(group=group, kind=kind, namespace=NAMESPACE, name=name)


def _groups(spec: JsonObject) -> list[str]:
    return [as_text(as_object(entry).get("name")) for entry in as_list(spec.get("groups"))]


def _address_taken(name: str, field: str, spec: JsonObject, owners: Owners) -> Iterator[Fault]:
    text = as_text(spec.get(field))
    if (found := prefix(text)) is not None:
        yield from _taken(name, field, text, owners[Address(found.version, found.address)])


def _taken(name: str, field: str, value: str, owners: list[ObjectKey]) -> Iterator[Fault]:
    """A fault if somebody else is among the owners; the gateway itself always is."""
    if len(owners) == 1:
        return
    first = next(key for key in owners if (key.kind, key.name) != ("Gateway", name))
    more = f" and {len(owners) - 2} more" if len(owners) > 2 else ""  # noqa: PLR2004 - itself and the first
    yield Fault(
        gateway_rules.GATEWAY_TAKEN,
        ("spec", field),
        f"spec.{field}: {value} is that of {first.kind} {first.name}{more} too",
        hint="give each its own",
        other=Other(first, ("spec", field)),
    )


def _full_groups(spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    most, groups = len(stored.constants.gateway_communities), _groups(spec)
    for index, group in enumerate(groups):
        others = group_members(stored)[group] - groups.count(group)
        if 0 < most <= others:
            field: FieldPath = ("spec", "groups", index, "name")
            message = f"group {group!r} has {others} other gateways, and there are communities for {most} in all"
            hint = "use another group, or define more gateway communities in the settings"
            yield Fault(reference_rules.GATEWAY_GROUP, field, f"{path_text(field)}: {message}", hint=hint)
