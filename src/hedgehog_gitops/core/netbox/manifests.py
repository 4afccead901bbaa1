"""The way back: the Hedgehog objects that NetBox's own say, for the kinds that map one to one.

A field that NetBox shows is taken from there, so a person's edit of it can be seen and taken over. What NetBox has no
field for is what we kept beside the object when we last wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from hedgehog_gitops.core.authority import field_path
from hedgehog_gitops.core.netbox.comparing import found_at
from hedgehog_gitops.core.netbox.scene import kept_text, without
from hedgehog_gitops.model.kind import USER_KINDS, Kind, ObjectKey
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text, without_path
from hedgehog_gitops.model.record import CUSTOM_FIELDS
from hedgehog_gitops.model.settings import NetboxSettings

_OWN: Final = ""
"""The part of the record that shows an object as a whole."""

_ADDRESSES: Final = ("ip", "protocolIP", "vtepIP")


class View(NamedTuple):
    """What NetBox shows of one kind: its fields, and the kinds of NetBox that hold them."""

    fields: tuple[FieldPath, ...]
    records: frozenset[str]


SHOWN: Final[Mapping[str, View]] = {
    kind: View(tuple(field_path(f"spec.{each}") for each in fields.split()), frozenset(records.split()))
    for kind, fields, records in (
        ("VLANNamespace", "ranges", "ipam.vlangroup"),
        ("IPv4Namespace", "subnets", "ipam.vrf ipam.prefix"),
        ("Server", "description", "dcim.device"),
        ("Switch", "description role asn boot.serial ip protocolIP vtepIP", "dcim.device ipam.vrf ipam.ipaddress"),
        ("VPC", "subnets.*.subnet subnets.*.vlan subnets.*.gateway", "ipam.vrf ipam.prefix ipam.vlan ipam.ipaddress"),
    )
}
"""The kinds that map one to one, and as much of them as NetBox has fields for."""


class Shown(NamedTuple):
    """What NetBox has of one object: the values of its records, by NetBox kind and part.

    `has_theirs`: its description counts even where it is a person's, and none of git's.
    """

    parts: Mapping[tuple[str, str], JsonObject]
    settings: NetboxSettings
    has_theirs: bool = False

    def value(self, kind: str, part: str = _OWN) -> JsonObject:
        """The value of one record; empty where there is none."""
        return self.parts.get((kind, part), {})

    def below(self, kind: str, start: str) -> Iterator[tuple[str, JsonObject]]:
        """The records whose part starts with a word, by what follows it."""
        for (found, part), value in sorted(self.parts.items(), key=lambda entry: entry[0]):
            if found == kind and part.startswith(start):
                yield part.removeprefix(start), value


_Reader: TypeAlias = Callable[[Shown], "JsonObject | None"]


def manifests(
    objects: Mapping[ObjectKey, LiveObject], settings: NetboxSettings, theirs: Collection[str] = ()
) -> dict[ObjectKey, JsonObject]:
    """The manifests of all objects of these kinds that have our marks. Labels and annotations are not in NetBox.

    `theirs` are kinds of which NetBox decides the description: there a person's own counts.
    """
    parts: dict[ObjectKey, dict[tuple[str, str], JsonObject]] = {}
    for key, live in objects.items():
        whole, _, part = key.name.partition("#")
        kind_name, _, name = whole.partition("/")
        kind = _KINDS.get(kind_name)
        if kind is not None and key.namespace:
            owner = ObjectKey(kind.group, kind.kind, key.namespace, name)
            parts.setdefault(owner, {})[key.kind, part] = live.value
    found = {
        owner: _READERS[owner.kind](Shown(shown, settings, owner.kind in theirs))
        for owner, shown in sorted(parts.items())
    }
    return {owner: _manifest(owner, spec) for owner, spec in found.items() if spec is not None}


def _manifest(owner: ObjectKey, spec: JsonObject) -> JsonObject:
    metadata: JsonObject = {"name": owner.name, "namespace": owner.namespace}
    return {"apiVersion": _KINDS[owner.kind].api_version, "kind": owner.kind, "metadata": metadata, "spec": spec}


def _vlan_namespace(shown: Shown) -> JsonObject | None:
    group = shown.value("ipam.vlangroup")
    ranges = sorted(_span(span) for span in as_list(group.get("vid_ranges")))
    return {"ranges": [{"from": first, "to": last} for first, last in ranges]} if group else None


def _span(value: Json) -> tuple[int, int]:
    first, last = as_list(value)
    return int(str(first)), int(str(last))


def _ipv4_namespace(shown: Shown) -> JsonObject | None:
    subnets = sorted(as_text(value.get("prefix")) for _, value in shown.below("ipam.prefix", "subnet/"))
    return {"subnets": [*subnets]} if subnets else None


def _server(shown: Shown) -> JsonObject | None:
    device = shown.value("dcim.device")
    return {**without(_beside(device), ["description"]), **_description(device, shown)} if device else None


def _switch(shown: Shown) -> JsonObject | None:
    device = shown.value("dcim.device")
    if not device:
        return None
    rest = without(without_path(_beside(device), ("boot", "serial")), ["description"])
    spec = {**rest, **_description(device, shown), **_role(device, shown.settings)}
    if serial := as_text(device.get("serial")):
        spec["boot"] = {**as_object(spec.get("boot")), "serial": serial}
    if asn := as_object(found_at(device, (CUSTOM_FIELDS, shown.settings.field("asn")))).get("asn"):
        spec["asn"] = asn
    for field in _ADDRESSES:
        if text := as_text(shown.value("ipam.ipaddress", field).get("address")):
            spec[field] = text
    return spec


def _vpc(shown: Shown) -> JsonObject | None:
    vrf = shown.value("ipam.vrf")
    if not vrf:
        return None
    beside = _beside(vrf)
    rest = as_object(beside.get("subnets"))
    subnets: JsonObject = {
        name: {**as_object(rest.get(name)), **_subnet(shown, name, prefix)}
        for name, prefix in shown.below("ipam.prefix", "subnet/")
    }
    return {**beside, "subnets": subnets} if subnets or "subnets" in beside else beside


def _subnet(shown: Shown, name: str, prefix: JsonObject) -> JsonObject:
    found: JsonObject = {"subnet": prefix.get("prefix")}
    part = as_text(as_object(prefix.get("vlan")).get("key")).partition("#")[2]
    if vid := shown.value("ipam.vlan", part).get("vid"):
        found["vlan"] = vid
    if gateway := as_text(shown.value("ipam.ipaddress", f"gateway/{name}").get("address")):
        found["gateway"] = gateway.partition("/")[0]
    return found


def _beside(value: JsonObject) -> JsonObject:
    return as_object(as_object(value.get("base")).get("beside"))


def _description(device: JsonObject, shown: Shown) -> JsonObject:
    """The description if it is ours: what a person writes where git decides and says nothing stays with them.

    One of which NetBox keeps only a part comes back as it is in git, as long as nobody changed that part.
    """
    ours = as_object(as_object(device.get("base")).get("fields"))
    text, whole = as_text(device.get("description")), as_text(_beside(device).get("description"))
    if whole and kept_text(whole) == text:
        return {"description": whole}
    return {"description": text} if text and (shown.has_theirs or "description" in ours) else {}


def _role(device: JsonObject, settings: NetboxSettings) -> JsonObject:
    slug: Json = as_object(device.get("role")).get("slug")
    known = _beside(device).get("role")
    if isinstance(known, str) and settings.roles.get(known, known) == slug:
        return {"role": known}
    own = {slug_of: role for role, slug_of in settings.roles.items()}
    return {"role": own.get(as_text(slug), slug)} if slug else {}


_READERS: Final[Mapping[str, _Reader]] = {
    "VLANNamespace": _vlan_namespace,
    "IPv4Namespace": _ipv4_namespace,
    "Server": _server,
    "Switch": _switch,
    "VPC": _vpc,
}
_KINDS: Final[Mapping[str, Kind]] = {kind.kind: kind for kind in USER_KINDS if kind.kind in _READERS}
