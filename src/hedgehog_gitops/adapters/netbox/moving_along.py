"""Objects that NetBox moves along with what is written: their versions move, and that is our own doing.

A port gets a new version whenever a cable comes or goes, or its untagged VLAN goes; a device when its primary address
goes. Whoever changes one later in the same run expects the version that the look saw. So they are looked at before and
after such a write: one that was as the look saw it is taken to be as it is now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hedgehog_gitops.adapters.netbox.answers import row_id
from hedgehog_gitops.adapters.netbox.listing import joined, lookups, read_list
from hedgehog_gitops.adapters.netbox.places import ENDPOINTS, TERMINATIONS, Known
from hedgehog_gitops.adapters.netbox.transport import Transport
from hedgehog_gitops.adapters.netbox.versions import version_of
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object
from hedgehog_gitops.model.record import LATE_FIELDS

CABLE, PORT, ADDRESS, DEVICE = "dcim.cable", "dcim.interface", "ipam.ipaddress", "dcim.device"
VLAN = "ipam.vlan"


def ends_of(cable: JsonObject) -> set[int]:
    """The ids of the ports that a cable's row ends on."""
    ends = [as_object(end) for name in TERMINATIONS for end in as_list(cable.get(name))]
    return {end["object_id"] for end in ends if end.get("object_type") == PORT and isinstance(end["object_id"], int)}


def primaries_of(device: JsonObject) -> set[int]:
    """The ids of the addresses that a device's row has as its primary ones."""
    found = (as_object(device.get(name)).get("id") for name in LATE_FIELDS)
    return {identity for identity in found if isinstance(identity, int)}


def untagged_ports(ports: Iterable[JsonObject]) -> dict[int, set[int]]:
    """By VLAN, the ids of the ports whose rows have it without a tag."""
    found: dict[int, set[int]] = {}
    for port in ports:
        if isinstance(vlan := as_object(port.get("untagged_vlan")).get("id"), int):
            found.setdefault(vlan, set()).add(row_id(port))
    return found


def moved_along(kind: str, written: Iterable[int], known: Known) -> Mapping[str, set[int]]:
    """By kind, the objects that NetBox moves along when these are written."""
    if kind == CABLE:
        return {PORT: {port for each in written for port in known.plugged.get(each, ())}}
    if kind == ADDRESS:
        return {DEVICE: {known.primary[each] for each in written if each in known.primary}}
    if kind == VLAN:
        return {PORT: {port for each in written for port in known.untagged.get(each, ())}}
    return {}


def versions_now(transport: Transport, kind: str, identities: Iterable[int]) -> Mapping[int, str]:
    """The versions of objects of a kind as they are now."""
    queries = lookups("id", map(str, identities))
    found = joined(read_list(transport, ENDPOINTS[kind], query, ("id", "last_updated")) for query in queries)
    return {row_id(row): version_of(row) for row in found.rows}


def accept(kind: str, before: Mapping[int, str], after: Mapping[int, str], known: Known) -> None:
    """Objects that were as the look saw them have moved by our own writes only."""
    for identity, version in before.items():
        if version == known.expected(kind, identity) and identity in after:
            known.wrote(kind, identity, after[identity])
