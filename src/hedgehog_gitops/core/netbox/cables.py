"""Connections as cables, and as LAGs where several links are one; what leaves the fabric has no far end to show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hedgehog_gitops.core.devices import connection_type
from hedgehog_gitops.core.netbox.devices import DEVICE, address, underlay_key
from hedgehog_gitops.core.netbox.ports import INTERFACE, LAG, NATURAL, VIRTUAL, port_key, used_ports
from hedgehog_gitops.core.netbox.scene import Scene, custom, kept_name, record_key, ref, status, without
from hedgehog_gitops.core.netbox.scene import part as made
from hedgehog_gitops.core.netbox.shared import PEER_LINK, SESSION_LINK
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.record import Record

CABLE = "dcim.cable"
_SPREAD = ("mclag", "eslag")
"""Bundles of which each switch has a LAG of its own: what makes them one stands in a custom field."""

_BUNDLES = ("bundled", *_SPREAD)
_ROLES = {
    "unbundled": (("server", "Server"), ("switch", "Switch")),
    "bundled": (("server", "Server"), ("switch", "Switch")),
    "mclag": (("server", "Server"), ("switch", "Switch")),
    "eslag": (("server", "Server"), ("switch", "Switch")),
    "fabric": (("spine", "Switch"), ("leaf", "Switch")),
    "mesh": (("leaf1", "Switch"), ("leaf2", "Switch")),
    "gateway": (("switch", "Switch"), ("gateway", "Gateway")),
    "mclagDomain": (("switch1", "Switch"), ("switch2", "Switch")),
    "vpcLoopback": (("switch1", "Switch"), ("switch2", "Switch")),
    "external": (("switch", "Switch"),),
    "staticExternal": (("switch", "Switch"),),
}
_TAGS = {"peerLinks": PEER_LINK, "sessionLinks": SESSION_LINK}


class End(NamedTuple):
    """One end of a link: its device, its port, and the address that the link gives it."""

    device: ObjectKey
    port: str
    ip: str
    spec: JsonObject

    @property
    def place(self) -> str:
        """The end as people write it."""
        return f"{self.device.name}/{self.port}"


def connection_records(scene: Scene) -> Iterator[Record]:
    """Cables, LAGs, used ports and addresses of all connections."""
    for key, spec in scene.all("Connection"):
        found = connection_type(spec)
        for link, tag in links(scene, key, spec):
            yield from used_ports(scene, [(end.device, end.port) for end in link])
            for end in link:
                yield from _link_address(scene, key, end)
            if len(link) > 1:
                yield _cable(scene, key, link, tag)
            else:
                yield from _way_out(scene, key, spec, link[0])
        if found is not None and found.key in _BUNDLES:
            yield from _lags(scene, key, spec, is_spread=found.key in _SPREAD)


def links(scene: Scene, key: ObjectKey, spec: JsonObject) -> Iterator[tuple[tuple[End, ...], str]]:
    """The links of a connection whose devices are shown, each with the tag that tells what it is for."""
    found = connection_type(spec)
    if found is None:
        return
    value = as_object(spec.get(found.key))
    for field in ("link", "links", "peerLinks", "sessionLinks"):
        entries = as_list(value.get(field)) if field != "link" else [value[field]] if field in value else []
        for entry in entries:
            ends = tuple(_ends(scene, key, as_object(entry), _ROLES[found.key]))
            if len(ends) == len(_ROLES[found.key]):
                yield ends, _TAGS.get(field, "")


def lag_key(connection: ObjectKey, device: ObjectKey) -> ObjectKey:
    """The key of the LAG that a connection makes on a device."""
    return record_key(INTERFACE, connection, f"lag/{device.kind}/{device.name}")


def switch_side(scene: Scene, key: ObjectKey, spec: JsonObject) -> list[ObjectKey]:
    """The interfaces at which a connection's traffic enters the fabric: its LAGs on switches, or its ports there."""
    found = connection_type(spec)
    ends = [end for link, _ in links(scene, key, spec) for end in link if end.device.kind == "Switch"]
    if found is not None and found.key in _BUNDLES:
        return sorted({lag_key(key, end.device) for end in ends})
    return sorted({port_key(end.device, end.port) for end in ends})


def _ends(scene: Scene, key: ObjectKey, link: JsonObject, roles: tuple[tuple[str, str], ...]) -> Iterator[End]:
    for role, kind in roles:
        end = as_object(link.get(role))
        name, _, port = as_text(end.get("port")).partition("/")
        device = scene.find(kind, name, key)
        if device is not None and port:
            yield End(device[0], port, as_text(end.get("ip")), end)


def _cable(scene: Scene, key: ObjectKey, link: tuple[End, ...], tag: str) -> Record:
    near, far = sorted(link, key=lambda end: end.place)
    fields: JsonObject = {
        "a_terminations": [ref(port_key(near.device, near.port))],
        "b_terminations": [ref(port_key(far.device, far.port))],
        "label": key.name[:100],
    }
    return made(
        record_key(CABLE, key, f"link/{near.place}--{far.place}"),
        fields,
        once=status(scene, CABLE, "connected"),
        members={"tags": [tag]} if tag else None,
        natural=("a_terminations", "b_terminations"),
    )


def _lags(scene: Scene, key: ObjectKey, spec: JsonObject, *, is_spread: bool) -> Iterator[Record]:
    for link, _ in links(scene, key, spec):
        for end in link:
            lag = lag_key(key, end.device)
            named: JsonObject = {
                "device": ref(record_key(DEVICE, end.device)),
                "name": kept_name(f"po-{key.name}"),
                "type": LAG,
            }
            if end.device.kind == "Switch" and is_spread:
                named |= custom(scene, "connection", _called(scene, key))
            yield made(lag, named, natural=NATURAL)
            yield made(port_key(end.device, end.port), {"lag": ref(lag)}, natural=NATURAL)


def _link_address(scene: Scene, key: ObjectKey, end: End) -> Iterator[Record]:
    if end.ip and "nextHop" not in end.spec:
        held: JsonObject = {"assigned_object": ref(port_key(end.device, end.port))}
        yield address(key, f"ip/{end.place}", end.ip, underlay_key(scene), held)


def _way_out(scene: Scene, key: ObjectKey, spec: JsonObject, end: End) -> Iterator[Record]:
    """Something is plugged in that the fabric does not know; a static one has its address right there."""
    port = port_key(end.device, end.port)
    fields: JsonObject = {"mark_connected": True, **custom(scene, "connection", _called(scene, key))}
    yield made(port, fields, natural=NATURAL, beside=_unshown(spec, end))
    if not end.ip or "staticExternal" not in spec:
        return
    vlan = end.spec.get("vlan")
    holder = port
    if vlan:
        below = subinterface(key, end.device, end.port, int(str(vlan)))
        yield below
        holder = below.key
    yield address(key, f"ip/{end.place}", end.ip, underlay_key(scene), {"assigned_object": ref(holder)})


def _unshown(spec: JsonObject, end: End) -> JsonObject:
    """What NetBox has no field for: where a static way out leads, and of which VPC it is."""
    static = as_object(spec.get("staticExternal"))
    return {**without(static, ("link",)), **without(end.spec, ("port", "ip", "vlan"))} if static else {}


def subinterface(owner: ObjectKey, device: ObjectKey, port: str, vlan: int) -> Record:
    """The part of a port that carries one VLAN."""
    fields: JsonObject = {
        "device": ref(record_key(DEVICE, device)),
        "name": f"{port}.{vlan}",
        "type": VIRTUAL,
        "parent": ref(port_key(device, port)),
    }
    return made(record_key(INTERFACE, owner, f"vlan/{device.name}/{port}.{vlan}"), fields, natural=NATURAL)


def _called(scene: Scene, key: ObjectKey) -> str:
    """A connection as custom fields name it, told from one of another fabric."""
    return f"{scene.fabric}/{key.kind}/{key.namespace}/{key.name}"
