"""Namespaces, VPCs and attachments: VLAN groups, VRFs, prefixes, VLANs, ranges, addresses, and VLANs on ports."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from hedgehog_gitops.core.netbox.cables import switch_side
from hedgehog_gitops.core.netbox.devices import address
from hedgehog_gitops.core.netbox.ports import NATURAL
from hedgehog_gitops.core.netbox.scene import Scene, called, kept_name, record_key, ref, slug_of, status, without
from hedgehog_gitops.core.netbox.scene import part as made
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.record import Record
from hedgehog_gitops.model.settings import Containers

VRF, PREFIX, VLAN, GROUP = "ipam.vrf", "ipam.prefix", "ipam.vlan", "ipam.vlangroup"
_SUBNET_SHOWN = ("subnet", "vlan", "gateway")


def network_records(scene: Scene) -> Iterator[Record]:
    """Namespaces, VPCs, and what VPCs bring to ports."""
    for key, spec in scene.all("VLANNamespace"):
        yield _group(scene, key, spec)
    for key, spec in scene.all("IPv4Namespace"):
        yield from _containers(scene, key, spec)
    for key, spec in scene.all("VPC"):
        yield made(
            record_key(VRF, key),
            {"name": f"{scene.fabric}/{key.name}"},
            once={"enforce_unique": True},
            beside=_beside(spec),
        )
        for name, subnet in sorted(as_object(spec.get("subnets")).items()):
            yield from _subnet(scene, key, spec, name, as_object(subnet))
    for key, spec in scene.all("VPCAttachment"):
        yield from _attachment(scene, key, spec)


def vlan_key(vpc: ObjectKey, subnet: str) -> ObjectKey:
    """The key of the VLAN of a VPC's subnet."""
    return record_key(VLAN, vpc, f"vlan/{subnet}")


def _group(scene: Scene, key: ObjectKey, spec: JsonObject) -> Record:
    spans = sorted(
        (int(str(each["from"])), int(str(each["to"]))) for each in map(as_object, as_list(spec.get("ranges")))
    )
    fields: JsonObject = {
        "name": f"{scene.fabric} {key.name}",
        "slug": f"{scene.fabric}-{slug_of(key.name)}",
        "vid_ranges": [list[Json](span) for span in spans],
        "scope": called("dcim.site", scene.settings.site),
    }
    return made(record_key(GROUP, key), fields, natural=("slug",))


def _containers(scene: Scene, key: ObjectKey, spec: JsonObject) -> Iterator[Record]:
    is_global = scene.settings.containers is Containers.GLOBAL
    vrf = record_key(VRF, key)
    if not is_global:
        name = f"{scene.fabric}/ipv4ns/{key.name}"
        yield made(vrf, {"name": name}, once={"enforce_unique": True}, natural=("name",))
    for subnet in as_list(spec.get("subnets")):
        text = network(as_text(subnet))
        fields: JsonObject = {"prefix": text, "vrf": None if is_global else ref(vrf)}
        once = status(scene, "container", "container")
        yield made(record_key(PREFIX, key, f"subnet/{text}"), fields, once=once, natural=("vrf", "prefix"))


def _subnet(scene: Scene, vpc: ObjectKey, spec: JsonObject, name: str, subnet: JsonObject) -> Iterator[Record]:
    vrf, part = record_key(VRF, vpc), f"subnet/{name}"
    text = network(as_text(subnet.get("subnet")))
    if not text:
        return
    fields: JsonObject = {"prefix": text, "vrf": ref(vrf)}
    group = _vlans_of(scene, vpc, spec)
    if (vid := subnet.get("vlan")) and group is not None:
        fields["vlan"] = ref(vlan_key(vpc, name))
        vlan: JsonObject = {
            "group": ref(record_key(GROUP, group[0])),
            "vid": vid,
            "name": kept_name(f"{vpc.name}/{name}"),
        }
        yield made(vlan_key(vpc, name), vlan, once=status(scene, VLAN), natural=("group", "vid"))
    yield made(record_key(PREFIX, vpc, part), fields, once=status(scene, PREFIX), natural=("vrf", "prefix"))
    length = text.partition("/")[2]
    if gateway := as_text(subnet.get("gateway")):
        yield address(vpc, f"gateway/{name}", f"{gateway}/{length}", vrf, {"role": "anycast"})
    yield from _dhcp(vpc, name, as_object(subnet.get("dhcp")), vrf, length)


def _vlans_of(scene: Scene, vpc: ObjectKey, spec: JsonObject) -> tuple[ObjectKey, JsonObject] | None:
    """The VLANNamespace of a VPC, if it is shown: without it a VLAN has no group to be in."""
    return scene.find("VLANNamespace", as_text(spec.get("vlanNamespace")) or "default", vpc)


def _dhcp(vpc: ObjectKey, name: str, dhcp: JsonObject, vrf: ObjectKey, length: str) -> Iterator[Record]:
    span = as_object(dhcp.get("range"))
    start, end = as_text(span.get("start")), as_text(span.get("end"))
    if dhcp.get("enable") is True and start and end:
        fields: JsonObject = {
            "start_address": f"{start}/{length}",
            "end_address": f"{end}/{length}",
            "vrf": ref(vrf),
        }
        key = record_key("ipam.iprange", vpc, f"dhcp/{name}")
        yield made(key, fields, once={"status": "active"}, natural=("vrf", "start_address"))
    for mac, lease in sorted(as_object(dhcp.get("static")).items()):
        if ip := as_text(as_object(lease).get("ip")):
            made_of = address(vpc, f"lease/{name}/{mac}", f"{ip}/{length}", vrf)
            yield made(made_of.key, made_of.fields, once={"status": "dhcp"}, natural=made_of.natural)


def _attachment(scene: Scene, key: ObjectKey, spec: JsonObject) -> Iterator[Record]:
    name, _, subnet = as_text(spec.get("subnet")).partition("/")
    vpc, connection = scene.find("VPC", name, key), scene.find("Connection", as_text(spec.get("connection")), key)
    if vpc is None or connection is None:
        return
    if not as_object(as_object(vpc[1].get("subnets")).get(subnet)).get("vlan") or _vlans_of(scene, *vpc) is None:
        return
    vlan = ref(vlan_key(vpc[0], subnet))
    fields: JsonObject = {"mode": "tagged"}
    members = None
    if spec.get("nativeVLAN") is True:
        fields["untagged_vlan"] = vlan
    else:
        members = {"tagged_vlans": [as_text(vlan["key"])]}
    for interface in switch_side(scene, *connection):
        yield made(interface, fields, members=members, natural=NATURAL)


def _beside(spec: JsonObject) -> JsonObject:
    """What is left of a VPC: what NetBox shows of its subnets is taken out of them."""
    left = without(spec, ("subnets",))
    subnets = as_object(spec.get("subnets"))
    rest: JsonObject = {name: without(as_object(subnet), _SUBNET_SHOWN) for name, subnet in sorted(subnets.items())}
    return {**left, "subnets": rest}


def network(text: str) -> str:
    """A prefix as NetBox writes it; empty text if it is none."""
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        return ""
