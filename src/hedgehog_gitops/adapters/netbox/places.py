"""Where objects are in NetBox and how they point to each other: lists, references, and which ids we know."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import Json, JsonObject, as_text
from hedgehog_gitops.model.record import RECORD_KINDS

ENDPOINTS: Mapping[str, str] = {
    **{kind.name: kind.endpoint for kind in RECORD_KINDS},
    "dcim.site": "dcim/sites",
    "dcim.location": "dcim/locations",
    "dcim.rack": "dcim/racks",
    "dcim.platform": "dcim/platforms",
    "extras.customfield": "extras/custom-fields",
    "ipam.role": "ipam/roles",
    "tenancy.tenant": "tenancy/tenants",
}
"""The list of each kind, ours and those that ours point to."""

HANGING_ENDPOINTS: Mapping[str, str] = {
    "circuits.virtualcircuittermination": "circuits/virtual-circuit-terminations",
    "dcim.consoleport": "dcim/console-ports",
    "dcim.consoleporttemplate": "dcim/console-port-templates",
    "dcim.consoleserverport": "dcim/console-server-ports",
    "dcim.consoleserverporttemplate": "dcim/console-server-port-templates",
    "dcim.devicebay": "dcim/device-bays",
    "dcim.devicebaytemplate": "dcim/device-bay-templates",
    "dcim.frontport": "dcim/front-ports",
    "dcim.frontporttemplate": "dcim/front-port-templates",
    "dcim.inventoryitem": "dcim/inventory-items",
    "dcim.inventoryitemtemplate": "dcim/inventory-item-templates",
    "dcim.macaddress": "dcim/mac-addresses",
    "dcim.modulebay": "dcim/module-bays",
    "dcim.modulebaytemplate": "dcim/module-bay-templates",
    "dcim.poweroutlet": "dcim/power-outlets",
    "dcim.poweroutlettemplate": "dcim/power-outlet-templates",
    "dcim.powerport": "dcim/power-ports",
    "dcim.powerporttemplate": "dcim/power-port-templates",
    "dcim.rearport": "dcim/rear-ports",
    "dcim.rearporttemplate": "dcim/rear-port-templates",
    "extras.imageattachment": "extras/image-attachments",
    "extras.journalentry": "extras/journal-entries",
    "ipam.fhrpgroupassignment": "ipam/fhrp-group-assignments",
    "ipam.service": "ipam/services",
    "tenancy.contactassignment": "tenancy/contact-assignments",
    "virtualization.vminterface": "virtualization/interfaces",
    "vpn.l2vpn": "vpn/l2vpns",
    "vpn.l2vpntermination": "vpn/l2vpn-terminations",
    "vpn.tunneltermination": "vpn/tunnel-terminations",
}
"""The list of each kind that may hang on objects of ours. Cooling came with 4.7: not every NetBox has it."""

_KINDS = {endpoint: kind for kind, endpoint in ENDPOINTS.items()}

MEMBER_KINDS: Mapping[str, str] = {
    "tags": "extras.tag",
    "tagged_vlans": "ipam.vlan",
    "import_targets": "ipam.routetarget",
    "export_targets": "ipam.routetarget",
}
"""What the members of a shared list are."""

GENERIC = ("scope", "assigned_object")
"""Fields that point to objects of several kinds; NetBox takes them as `<field>_type` and `<field>_id`."""

TERMINATIONS = ("a_terminations", "b_terminations")


def own_name(key: ObjectKey) -> str:
    """How references call an object of ours: its mark without the fabric."""
    kind, _, name = key.name.partition("/")
    return f"{kind}/{key.namespace}/{name}"


def kind_at(url: Json) -> str:
    """The kind of an object by its address; empty if it is none that we know."""
    path = urlsplit(as_text(url)).path
    steps = path.rpartition("/api/")[2].split("/")
    return _KINDS.get("/".join(steps[:2]), "")


class Known:
    """Ids of objects by what we call them, and back; filled by reads and writes, from any thread.

    A name is `Switch/default/leaf-1` for ours and `slug:dc1` for others. `plugged` are the ports of each cable,
    `primary` the device of each address that is a device's primary one, `untagged` the ports of each VLAN that have
    it without a tag.
    """

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], int] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._seen: dict[tuple[str, int], str] = {}
        self._written: dict[tuple[str, int], str] = {}
        self._stand_ins: dict[tuple[str, int], str] = {}
        self.plugged: dict[int, set[int]] = {}
        self.primary: dict[int, int] = {}
        self.untagged: dict[int, set[int]] = {}

    def learn(self, kind: str, name: str, identity: int) -> None:
        """An object has this name and id."""
        self._ids[kind, name] = identity
        if ":" not in name.partition("/")[0]:
            self._names[kind, identity] = name

    def forget(self, kind: str, name: str) -> None:
        """An object is gone."""
        identity = self._ids.pop((kind, name), None)
        if identity is not None:
            self._names.pop((kind, identity), None)

    def wrote(self, kind: str, identity: int, version: str) -> None:
        """An object has this version by a write of ours."""
        self._written[kind, identity] = version

    def saw(self, kind: str, identity: int, version: str) -> None:
        """The look saw this version of an object."""
        self._seen[kind, identity] = version

    def expected(self, kind: str, identity: int) -> str:
        """The version that an object has if nobody but us has changed it since the look."""
        return self._written.get((kind, identity)) or self._seen.get((kind, identity), "")

    def written(self, kind: str, identity: int) -> str:
        """The version that our newest write gave an object; empty if the last look is newer."""
        return self._written.get((kind, identity), "")

    def looked(self) -> None:
        """Everything was looked at anew."""
        self._written.clear()
        self._seen.clear()
        self._stand_ins.clear()
        self.plugged.clear()
        self.primary.clear()
        self.untagged.clear()

    def id_of(self, kind: str, name: str) -> int | None:
        """The id of an object; None if it is not known."""
        return self._ids.get((kind, name))

    def own(self, kind: str, identity: int) -> str:
        """The name of an object of ours; empty if it is none."""
        return self._names.get((kind, identity), "")

    def stand_in(self, kind: str, name: str, identity: int) -> None:
        """An object is in the place of one of ours: what refers to it is where it has to be."""
        self._stand_ins[kind, identity] = name

    def refer(self, kind: str, row: JsonObject) -> JsonObject:
        """A reference to an object that NetBox shows inside another."""
        identity = row.get("id")
        if isinstance(identity, int) and (
            name := self.own(kind, identity) or self._stand_ins.get((kind, identity), "")
        ):
            return {"ref": kind, "key": name}
        shown: JsonObject = {name: row[name] for name in ("id", "slug", "name", "asn") if name in row}
        return {"ref": kind, **shown}


def called(reference: JsonObject) -> tuple[str, str]:
    """Kind and name of what a reference points to; the name of one by attribute is `<attribute>:<value>`."""
    kind = as_text(reference.get("ref"))
    if (key := as_text(reference.get("key"))) != "":
        return kind, key
    attributes = [(name, value) for name, value in sorted(reference.items()) if name not in {"ref", "id", "display"}]
    name, value = attributes[-1] if attributes else ("id", reference.get("id"))  # a slug rather than a name
    return kind, f"{name}:{value}"
