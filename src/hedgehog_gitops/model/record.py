"""What NetBox holds of a fabric: records, each of one NetBox kind, named by the Hedgehog object that it shows.

A record's key is an ordinary `ObjectKey` of group `netbox`: its kind is NetBox's (`dcim.interface`), its name says of
which Hedgehog object it is, and which part (`Switch/leaf-1#port/E1/1`). In NetBox the same stands in a mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import Json, JsonObject

NETBOX = "netbox"
"""The API group of the keys of records."""

CUSTOM_FIELDS = "custom_fields"
"""The field of a record that holds our custom fields by name; each is compared like a field of its own."""


class RecordKind(NamedTuple):
    """One kind of NetBox: its name and list address, and its place in the order of writes.

    `is_shared`: it belongs to no fabric; found by the attribute that references call it by, made when it is absent,
    never changed and never pruned.
    """

    name: str
    endpoint: str
    order: int
    is_shared: bool = False
    called_by: str = "slug"


RECORD_KINDS: tuple[RecordKind, ...] = (
    RecordKind("extras.tag", "extras/tags", 10, is_shared=True),
    RecordKind("dcim.manufacturer", "dcim/manufacturers", 20, is_shared=True),
    RecordKind("dcim.devicerole", "dcim/device-roles", 20, is_shared=True),
    RecordKind("ipam.rir", "ipam/rirs", 20, is_shared=True),
    RecordKind("dcim.devicetype", "dcim/device-types", 30, is_shared=True),
    RecordKind("dcim.interfacetemplate", "dcim/interface-templates", 35, is_shared=True),
    RecordKind("ipam.asn", "ipam/asns", 35, is_shared=True, called_by="asn"),
    RecordKind("dcim.device", "dcim/devices", 40),
    RecordKind("dcim.interface", "dcim/interfaces", 50),
    RecordKind("ipam.vlangroup", "ipam/vlan-groups", 60),
    RecordKind("ipam.vrf", "ipam/vrfs", 60),
    RecordKind("ipam.routetarget", "ipam/route-targets", 60),
    RecordKind("ipam.vlan", "ipam/vlans", 70),
    RecordKind("ipam.prefix", "ipam/prefixes", 80),
    RecordKind("ipam.iprange", "ipam/ip-ranges", 90),
    RecordKind("ipam.ipaddress", "ipam/ip-addresses", 90),
    RecordKind("dcim.cable", "dcim/cables", 120),
)

RECORD_KIND_BY_NAME: Mapping[str, RecordKind] = {kind.name: kind for kind in RECORD_KINDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One desired NetBox object.

    `fields` are ours and are compared; `once` is sent when it is made, and is people's from then on. `members` are
    list fields of which only these members are ours. `natural` names the fields that tell it from all others.
    `beside` is what NetBox has no field for: it is kept in the base, so that nothing is lost on the way back.
    """

    key: ObjectKey
    fields: JsonObject
    once: JsonObject = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    natural: tuple[str, ...] = ()
    beside: JsonObject = field(default_factory=dict)


def mark_of(fabric: str, key: ObjectKey) -> str:
    """What an object of ours is marked with: `<fabric>/<Kind>/<namespace>/<name>[#part]`."""
    kind, _, name = key.name.partition("/")
    return f"{fabric}/{kind}/{key.namespace}/{name}"


def key_of(kind: str, mark: str) -> tuple[str, ObjectKey] | None:
    """The fabric and the key that a mark on an object of a NetBox kind says; None if it is none of ours."""
    whole, hash_, part = mark.partition("#")
    steps = whole.split("/")
    if len(steps) != len(("fabric", "kind", "namespace", "name")) or not all(steps):
        return None
    fabric, own_kind, namespace, name = steps
    return fabric, ObjectKey(group=NETBOX, kind=kind, namespace=namespace, name=f"{own_kind}/{name}{hash_}{part}")


def is_reference(value: Json) -> bool:
    """Whether a value of a record points to another object; in JSON of ours, somebody's name may be `ref` too."""
    return isinstance(value, dict) and isinstance(value.get("ref"), str)


def name_called(kind: str, fields: JsonObject) -> str:
    """How references call an object of a shared kind: the attribute that tells it from others, and its value."""
    attribute = RECORD_KIND_BY_NAME[kind].called_by
    value = fields.get(attribute)
    return f"{attribute}:{'' if value is None else value}"


LATE_FIELDS = frozenset({"primary_ip4"})
"""Fields that refer to what can only be made after their own object: a device's address needs a port, and that it."""

_LATER = "#later"


def later_key(key: ObjectKey) -> ObjectKey:
    """The key of the step that gives a new object its late fields."""
    return key._replace(name=key.name + _LATER)


def whole_key(key: ObjectKey) -> ObjectKey:
    """The key of the object that a step is about: of a later step, that of the object it completes."""
    return key._replace(name=key.name.removesuffix(_LATER))
