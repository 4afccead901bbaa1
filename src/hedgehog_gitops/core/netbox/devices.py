"""Switches, servers and gateways as devices, with the addresses that are theirs alone."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.netbox.ports import NATURAL, VIRTUAL, port
from hedgehog_gitops.core.netbox.scene import (
    Scene,
    called,
    custom,
    joined,
    kept_text,
    record_key,
    ref,
    slug_of,
    status,
    without,
)
from hedgehog_gitops.core.netbox.scene import part as made
from hedgehog_gitops.core.netbox.shared import asn_field, asn_records, role_of, tag_record, type_slug
from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text, without_path
from hedgehog_gitops.model.record import Record

DEVICE = "dcim.device"
MANAGEMENT = "M1"
LOOPBACKS = {"protocolIP": "Loopback0", "vtepIP": "Loopback1"}
"""The addresses of a device's own, and the interface that each is shown on."""

_SHOWN = ("ip", "asn", *LOOPBACKS)


def device_records(scene: Scene) -> Iterator[Record]:
    """All devices, their own addresses, and the tags of the groups that they are in."""
    for kind in ("Switch", "Server", "Gateway"):
        for key, spec in scene.all(kind):
            yield _device(scene, key, spec)
            yield from asn_records(spec.get("asn"))
            yield from _addresses(scene, key, spec)
    if scene.by_kind.get("Switch") or scene.by_kind.get("Gateway"):
        yield underlay(scene)
    for key, _ in scene.all("SwitchGroup"):
        yield tag_record(group_tag(scene, key.name))
    for key, spec in scene.all("Gateway"):
        yield from _gateway_ports(scene, key, spec)


def group_tag(scene: Scene, name: str) -> str:
    """The tag of the switches of one group."""
    return f"hedgehog-group-{scene.fabric}-{slug_of(name)}"


def underlay(scene: Scene) -> Record:
    """The VRF of the fabric's own addresses, so that two fabrics may have the same ones."""
    name = f"{scene.fabric}/underlay"
    return made(underlay_key(scene), {"name": name}, once={"enforce_unique": True}, natural=("name",))


def underlay_key(scene: Scene) -> ObjectKey:
    """The key of that VRF."""
    return record_key("ipam.vrf", ObjectKey(VPC, "Fabric", "default", scene.fabric), "underlay")


def address(owner: ObjectKey, name: str, text: str, vrf: ObjectKey, fields: JsonObject | None = None) -> Record:
    """An address of an object, in a VRF."""
    own: JsonObject = {"address": text if "/" in text else f"{text}/32", "vrf": ref(vrf), **(fields or {})}
    return made(record_key("ipam.ipaddress", owner, name), own, once={"status": "active"}, natural=("vrf", "address"))


def _device(scene: Scene, key: ObjectKey, spec: JsonObject) -> Record:
    fields: JsonObject = {
        "name": key.name,
        "site": called("dcim.site", scene.settings.site),
        "device_type": called("dcim.devicetype", type_slug(key, spec)),
        "role": called("dcim.devicerole", role_of(scene, key, spec)),
        **asn_field(scene, spec.get("asn")),
    }
    if description := kept_text(as_text(spec.get("description"))):
        fields["description"] = description
    if serial := as_text(as_object(spec.get("boot")).get("serial")):
        fields["serial"] = serial
    redundancy = as_object(spec.get("redundancy"))
    if pairing := as_text(redundancy.get("type")):
        fields = joined(fields, custom(scene, "redundancy", pairing))
    if key.kind == "Switch" and spec.get("ip"):
        fields["primary_ip4"] = ref(record_key("ipam.ipaddress", key, "ip"))
    once = status(scene, DEVICE)
    if scene.settings.location:
        once["location"] = called("dcim.location", scene.settings.location)
    named = as_list(spec.get("groups")) if key.kind == "Switch" else []
    groups = {
        name
        for name in map(as_text, [*named, redundancy.get("group")])
        if scene.find("SwitchGroup", name, key) is not None
    }
    return made(
        record_key(DEVICE, key),
        fields,
        once=once,
        members={"tags": [group_tag(scene, name) for name in groups]} if groups else None,
        natural=("site", "name"),
        beside=_beside(spec),
    )


def _beside(spec: JsonObject) -> JsonObject:
    """What is left of a device: its serial number is shown, and nothing is left of a boot that says no more.

    A description of which NetBox keeps only a part is here as it is.
    """
    left = without_path(without(spec, _SHOWN), ("boot", "serial"))
    text = as_text(spec.get("description"))
    whole = ("description",) if kept_text(text) == text else ()
    emptied = ("boot",) if left.get("boot") == {} != spec.get("boot") else ()
    return without(left, (*whole, *emptied))


def _addresses(scene: Scene, key: ObjectKey, spec: JsonObject) -> Iterator[Record]:
    if key.kind == "Switch" and (text := as_text(spec.get("ip"))):
        own = port(key, MANAGEMENT, {"type": "1000base-t", "mgmt_only": True})
        yield own
        yield address(key, "ip", text, underlay_key(scene), {"assigned_object": ref(own.key)})
    for field, name in LOOPBACKS.items():
        if text := as_text(spec.get(field)):
            device: JsonObject = {"device": ref(record_key(DEVICE, key)), "name": name, "type": VIRTUAL}
            loopback = made(record_key("dcim.interface", key, f"loopback/{name}"), device, natural=NATURAL)
            held: JsonObject = {"assigned_object": ref(loopback.key)}
            if field == "vtepIP" and as_object(spec.get("redundancy")).get("type") == "mclag":
                held["role"] = "anycast"  # both switches of the pair have it
            yield loopback
            yield address(key, field, text, underlay_key(scene), held)


def _gateway_ports(scene: Scene, key: ObjectKey, spec: JsonObject) -> Iterator[Record]:
    linked = _linked(scene)
    for name, value in sorted(as_object(spec.get("interfaces")).items()):
        mtu = as_object(value).get("mtu")
        own = port(key, name, {"mtu": mtu} if mtu else {}, once={"type": "other"})
        yield own
        for text in map(as_text, as_list(as_object(value).get("ips"))):
            if (f"{key.name}/{name}", text) not in linked:
                yield address(key, f"ip/{name}/{text}", text, underlay_key(scene), {"assigned_object": ref(own.key)})


def _linked(scene: Scene) -> frozenset[tuple[str, str]]:
    """The gateway ports and addresses that connections name too: these are shown as the links' own."""
    links = (
        link for _, spec in scene.all("Connection") for link in as_list(as_object(spec.get("gateway")).get("links"))
    )
    ends = (as_object(as_object(link).get("gateway")) for link in links)
    return frozenset((as_text(end.get("port")), as_text(end.get("ip"))) for end in ends)
