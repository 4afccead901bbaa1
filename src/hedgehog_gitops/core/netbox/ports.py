"""Ports: what type of interface each is, by its speed, and the records of those that a fabric uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from hedgehog_gitops.core.netbox.scene import Scene, record_key, ref
from hedgehog_gitops.core.netbox.scene import part as made
from hedgehog_gitops.core.semantics.wiring_ports import breakouts_of, port_table
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text
from hedgehog_gitops.model.profile import Profile
from hedgehog_gitops.model.record import Record

INTERFACE = "dcim.interface"
NATURAL = ("device", "name")
OTHER, VIRTUAL, LAG = "other", "virtual", "lag"
MANAGEMENT_TYPE = "1000base-t"

_TYPES: Mapping[float, str] = {
    1: "1000base-t",
    2.5: "2.5gbase-t",
    10: "10gbase-x-sfpp",
    25: "25gbase-x-sfp28",
    40: "40gbase-x-qsfpp",
    50: "50gbase-x-sfp56",
    100: "100gbase-x-qsfp28",
    200: "200gbase-x-qsfp56",
    400: "400gbase-x-qsfpdd",
    800: "800gbase-x-osfp",
}
"""The type of interface for a speed in Gbit/s."""

_SPEED = re.compile(r"(?:(?P<lanes>\d+)x)?(?P<speed>\d+(?:\.\d+)?)G\Z")


def interface_type(profile: Profile | None, name: str, breakouts: Mapping[str, str]) -> str:
    """The type of a port or of one lane of it; `other` where its speed is not known."""
    if profile is None:
        return OTHER
    base, _, _lane = name.rpartition("/")
    port = profile.ports.get(name) or profile.ports.get(base)
    if port is None:
        return OTHER
    if port.is_management:
        return MANAGEMENT_TYPE
    used = profile.port_profiles.get(port.profile or profile.groups.get(port.group, ""))
    if used is None:
        return OTHER
    where = name if name in profile.ports else base
    return _TYPES.get(gigabits(breakouts.get(where, used.default)), OTHER)


def gigabits(text: str) -> float:
    """The speed of a port or of one of its lanes in Gbit/s; 0 if the text is none."""
    found = _SPEED.match(text)
    return float(found["speed"]) if found else 0


def model_ports(profile: Profile) -> Iterator[str]:
    """The ports that every switch of a model has, as Hedgehog names them."""
    table = port_table(profile, {})
    for name in profile.ports:
        if table.lanes.get(name, 1) == 1:
            yield name


def switch_ports(scene: Scene) -> Iterator[Record]:
    """What the specs of switches say of their ports: those that are split, and those with a speed of their own."""
    for key, spec in scene.all("Switch"):
        profile = scene.profiles.get(as_text(spec.get("profile")))
        breakouts = breakouts_of(spec)
        lanes = port_table(profile, breakouts).lanes if profile is not None else {}
        for name in sorted(name for name in breakouts if lanes.get(name, 1) > 1):
            yield port(key, name, {"type": interface_type(profile, name, {}), "enabled": False})
            for lane in (f"{name}/{number}" for number in range(1, lanes[name] + 1)):
                yield port(key, lane, {"type": interface_type(profile, lane, breakouts)})
        for name, speed in sorted(_speeds(spec, profile).items()):
            yield port(key, name, {"type": interface_type(profile, name, {}), "speed": _kilobits(as_text(speed))})


def _speeds(spec: JsonObject, profile: Profile | None) -> JsonObject:
    """The speeds that ports are set to: all ports of a group to that of the group."""
    groups = as_object(spec.get("portGroupSpeeds"))
    ports = profile.ports if profile is not None and groups else {}
    grouped = {name: groups[each.group] for name, each in ports.items() if each.group in groups}
    return {**grouped, **as_object(spec.get("portSpeeds"))}


def used_ports(scene: Scene, places: Iterable[tuple[ObjectKey, str]]) -> Iterator[Record]:
    """The ports at the ends of a link. A server's port is made as its switch's, and is people's then."""
    types = {(device, name): _type_of(scene, device, name) for device, name in places}
    far = next((known for known in types.values() if known), OTHER)
    for (device, name), known in types.items():
        yield port(device, name, {"type": known}) if known else port(device, name, once={"type": far})


def _type_of(scene: Scene, device: ObjectKey, name: str) -> str:
    """The type of a switch's port; empty for other devices, whose ports nobody describes."""
    if device.kind != "Switch":
        return ""
    spec = scene.specs[device]
    return interface_type(scene.profiles.get(as_text(spec.get("profile"))), name, breakouts_of(spec))


def port(device: ObjectKey, name: str, fields: JsonObject | None = None, once: JsonObject | None = None) -> Record:
    """The record of a port of a device."""
    named: JsonObject = {"device": ref(record_key("dcim.device", device)), "name": name}
    return made(port_key(device, name), {**named, **(fields or {})}, once=once, natural=NATURAL)


def port_key(device: ObjectKey, name: str) -> ObjectKey:
    """The key of a port's record."""
    return record_key(INTERFACE, device, f"port/{name}")


def _kilobits(speed: str) -> int | None:
    return int(gigabits(speed) * 1_000_000) or None
