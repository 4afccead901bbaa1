"""Which lists of NetBox hold what hangs on an object of each kind: what it deletes along, or cuts off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hedgehog_gitops.adapters.netbox.transport import Query
from hedgehog_gitops.model.record import RECORD_KINDS


class Hold(NamedTuple):
    """A list, the filter that takes the ids of what its rows hang on, and the fields in which rows say on what.

    `most` is how many ids the filter takes at a time; 0 if many.
    """

    endpoint: str
    parameter: str
    fields: tuple[str, ...]
    word: str
    beside: Query = ()
    most: int = 0


COMPONENTS: Mapping[str, Hold] = {
    f"{name.replace('-', '_')}_count": Hold(f"dcim/{name}s", "device_id", ("device",), name.replace("-", " "))
    for name in (
        "interface",
        "console-port",
        "console-server-port",
        "power-port",
        "power-outlet",
        "cooling-intake",
        "cooling-outflow",
        "front-port",
        "rear-port",
        "module-bay",
        "device-bay",
        "inventory-item",
    )
}
"""The parts of a device, by the field in which it says how many it has."""

COUNTS = tuple(COMPONENTS)


def _typed(endpoint: str, name: str, word: str, kind: str) -> Hold:
    """A list of what may hang on objects of any kind."""
    return Hold(endpoint, f"{name}_id", (f"{name}_id",), word, ((f"{name}_type", kind),))


def _contact(kind: str) -> Hold:
    return _typed("tenancy/contact-assignments", "object", "contact", kind)


_OWN: Mapping[str, tuple[Hold, ...]] = {
    "dcim.device": (
        Hold("dcim/device-bays", "installed_device_id", ("installed_device",), "device bay"),
        _typed("ipam/services", "parent_object", "service", "dcim.device"),
        _typed("extras/image-attachments", "object", "image", "dcim.device"),
        _contact("dcim.device"),
    ),
    "dcim.interface": (
        Hold("ipam/ip-addresses", "interface_id", ("assigned_object_id",), "address"),
        Hold("dcim/mac-addresses", "interface_id", ("assigned_object_id",), "MAC address"),
        Hold("dcim/interfaces", "parent_id", ("parent",), "interface"),
        Hold("dcim/interfaces", "bridge_id", ("bridge",), "interface"),
        Hold("dcim/interfaces", "lag_id", ("lag",), "interface"),
        Hold("vpn/l2vpn-terminations", "interface_id", ("assigned_object_id",), "L2VPN termination"),
        Hold("vpn/tunnel-terminations", "interface_id", ("termination_id",), "tunnel termination"),
        Hold("circuits/virtual-circuit-terminations", "interface_id", ("interface",), "circuit termination"),
        _typed("ipam/fhrp-group-assignments", "interface", "FHRP group", "dcim.interface"),
        _typed("dcim/inventory-items", "component", "inventory item", "dcim.interface"),
    ),
    "ipam.vlangroup": (Hold("ipam/vlans", "group_id", ("group",), "VLAN"),),
    "ipam.vrf": (
        Hold("ipam/prefixes", "vrf_id", ("vrf",), "prefix"),
        Hold("ipam/ip-ranges", "vrf_id", ("vrf",), "range"),
        Hold("ipam/ip-addresses", "vrf_id", ("vrf",), "address"),
        Hold("dcim/interfaces", "vrf_id", ("vrf",), "interface"),
        Hold("virtualization/interfaces", "vrf_id", ("vrf",), "interface"),
    ),
    "ipam.routetarget": (
        Hold("ipam/vrfs", "import_target_id", ("import_targets",), "VRF"),
        Hold("ipam/vrfs", "export_target_id", ("export_targets",), "VRF"),
        Hold("vpn/l2vpns", "import_target_id", ("import_targets",), "L2VPN"),
        Hold("vpn/l2vpns", "export_target_id", ("export_targets",), "L2VPN"),
    ),
    "ipam.vlan": (
        Hold("dcim/interfaces", "vlan_id", ("untagged_vlan", "tagged_vlans", "qinq_svlan"), "interface", most=1),
        Hold(
            "virtualization/interfaces",
            "vlan_id",
            ("untagged_vlan", "tagged_vlans", "qinq_svlan"),
            "interface",
            most=1,
        ),
        Hold("ipam/prefixes", "vlan_id", ("vlan",), "prefix"),
        Hold("vpn/l2vpn-terminations", "vlan_id", ("assigned_object_id",), "L2VPN termination"),
    ),
    "ipam.prefix": (_contact("ipam.prefix"),),
    "ipam.iprange": (_contact("ipam.iprange"),),
    "ipam.ipaddress": (
        Hold("ipam/ip-addresses", "nat_inside_id", ("nat_inside",), "address"),
        Hold("ipam/services", "ip_address_id", ("ipaddresses",), "service"),
        _contact("ipam.ipaddress"),
    ),
    "dcim.cable": (),
}

HOLDS: Mapping[str, tuple[Hold, ...]] = {
    kind.name: (*_OWN[kind.name], _typed("extras/journal-entries", "assigned_object", "journal entry", kind.name))
    for kind in RECORD_KINDS
    if not kind.is_shared
}
"""By kind, all lists of what may hang on it, beside its components and cables."""
