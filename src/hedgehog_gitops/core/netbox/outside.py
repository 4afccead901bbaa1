"""Externals and peerings: VRFs, route targets that say who may reach whom, and the ways out on border switches."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.netbox.cables import links, subinterface
from hedgehog_gitops.core.netbox.devices import address
from hedgehog_gitops.core.netbox.networks import PREFIX, VRF, network
from hedgehog_gitops.core.netbox.ports import NATURAL, port_key
from hedgehog_gitops.core.netbox.scene import Scene, record_key, ref, status, target_name, without
from hedgehog_gitops.core.netbox.scene import part as made
from hedgehog_gitops.core.netbox.shared import asn_field, asn_records
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.record import Record

TARGET = "ipam.routetarget"
_DIRECTIONS = {"inboundCommunity": "import_targets", "outboundCommunity": "export_targets"}


def outside_records(scene: Scene) -> Iterator[Record]:
    """Everything that goes beyond one VPC."""
    for key, spec in scene.all("External"):
        yield from _external(scene, key, spec)
    for key, spec in scene.all("ExternalAttachment"):
        yield from _attachment(scene, key, spec)
    for key, spec in scene.all("VPCPeering"):
        yield from _peering(scene, key, spec)


def _external(scene: Scene, key: ObjectKey, spec: JsonObject) -> Iterator[Record]:
    vrf, name = record_key(VRF, key), f"{scene.fabric}/ext/{key.name}"
    members: dict[str, list[str]] = {}
    for field, side in _DIRECTIONS.items():
        if community := as_text(spec.get(field)):
            target = record_key(TARGET, key, field)
            named: JsonObject = {"name": target_name(scene.fabric, key, field), "description": community}
            yield made(target, named, natural=("name",))
            members[side] = [as_text(ref(target)["key"])]
    rest = without(spec, (*_DIRECTIONS,))
    yield made(vrf, {"name": name}, once={"enforce_unique": True}, members=members, natural=("name",), beside=rest)
    for prefix in as_list(as_object(spec.get("static")).get("prefixes")):
        if text := network(as_text(prefix)):
            fields: JsonObject = {"prefix": text, "vrf": ref(vrf)}
            own = record_key(PREFIX, key, f"prefix/{text}")
            yield made(own, fields, once=status(scene, PREFIX), natural=("vrf", "prefix"))


def _attachment(scene: Scene, key: ObjectKey, spec: JsonObject) -> Iterator[Record]:
    connection = scene.find("Connection", as_text(spec.get("connection")), key)
    external = scene.find("External", as_text(spec.get("external")), key)
    if connection is None or external is None:
        return
    vrf = record_key(VRF, external[0])
    switch = as_object(spec.get("switch")) or as_object(spec.get("static"))
    for link, _ in links(scene, *connection):
        end = link[0]
        holder = port_key(end.device, end.port)
        if vlan := switch.get("vlan"):
            below = subinterface(key, end.device, end.port, int(str(vlan)))
            holder = below.key
            yield made(holder, {**below.fields, "vrf": ref(vrf)}, natural=NATURAL)
        else:
            yield made(holder, {"vrf": ref(vrf)}, natural=NATURAL)
        if ip := as_text(switch.get("ip")):
            yield address(key, f"ip/{end.place}", ip, vrf, {"assigned_object": ref(holder)})
    neighbor = as_object(spec.get("neighbor"))
    remote = as_text(neighbor.get("ip")) or as_text(as_object(spec.get("static")).get("remoteIP"))
    if remote:
        yield from asn_records(neighbor.get("asn"))
        # of the External, since several attachments may lead to one router
        yield address(external[0], f"neighbor/{remote}", remote, vrf, asn_field(scene, neighbor.get("asn")))


def _peering(scene: Scene, key: ObjectKey, spec: JsonObject) -> Iterator[Record]:
    """Each of the two exports to the other. Which subnets it is about has no place in a route target but its base."""
    said: JsonObject = {f"{key.kind}/{key.namespace}/{key.name}": spec}
    for permit in as_list(spec.get("permit")):
        vpcs = [found for name in sorted(as_object(permit)) if (found := scene.find("VPC", name, key)) is not None]
        for vpc, _ in vpcs:
            target = record_key(TARGET, vpc, "target")
            named: JsonObject = {"name": target_name(scene.fabric, vpc), "description": vpc.name}
            yield made(target, named, natural=("name",), beside=said)
            text = as_text(ref(target)["key"])
            yield made(record_key(VRF, vpc), members={"export_targets": [text]})
            for other, _ in vpcs:
                if other != vpc:
                    yield made(record_key(VRF, other), members={"import_targets": [text]})
