"""Connections as cables: which ports they join, whether that is what their type asks for, and who uses a port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hedgehog_gitops.core.devices import ConnectionType, Device, End, all_ends, connection_type
from hedgehog_gitops.core.rules import wiring_rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.stored import Stored, indexed
from hedgehog_gitops.model.plain import FieldPath, JsonObject, get_path
from hedgehog_gitops.model.rule import Rule


class Cable(NamedTuple):
    """One connection: its type if it has one, all ends, and whether it joins what the type asks for."""

    type: ConnectionType | None
    ends: tuple[End, ...]
    is_sound: bool

    @property
    def is_mclag(self) -> bool:
        """True for the deprecated types, of which nothing is checked."""
        return self.type is not None and not self.type.ends


class _Shape(NamedTuple):
    """How many switches a type joins, at least and at most, with how many servers, and the rule that says so."""

    least: int
    most: int
    servers: int
    rule: Rule


_SHAPES = {
    "unbundled": _Shape(1, 1, 1, wiring_rules.CONN_UNBUNDLED),
    "bundled": _Shape(1, 1, 1, wiring_rules.CONN_BUNDLED),
    "eslag": _Shape(1, 4, 1, wiring_rules.CONN_ESLAG),
    "fabric": _Shape(2, 2, 0, wiring_rules.CONN_FABRIC),
    "mesh": _Shape(2, 2, 0, wiring_rules.CONN_FABRIC),
    "gateway": _Shape(1, 1, 0, wiring_rules.CONN_GATEWAY),
    "vpcLoopback": _Shape(1, 1, 0, wiring_rules.CONN_LOOPBACK),
    "external": _Shape(1, 1, 0, wiring_rules.CONN_PORT),
    "staticExternal": _Shape(1, 1, 0, wiring_rules.CONN_PORT),
}


@indexed
def cables(stored: Stored) -> dict[str, Cable]:
    """Every connection by name, in order of names."""
    return {name: _cable(spec) for name, spec in stored.all("Connection").items()}


@indexed
def malformed(stored: Stored) -> tuple[str, ...]:
    """The connections that do not join what their type asks for, by name."""
    return tuple(name for name, cable in cables(stored).items() if not cable.is_sound)


@indexed
def port_users(stored: Stored) -> dict[str, list[str]]:
    """The connections at each port, by the key that its aliases share; malformed ones are not read."""
    found: dict[str, list[str]] = {}
    for name, cable in cables(stored).items():
        if cable.is_sound:
            for end in cable.ends:
                using = found.setdefault(port_key(end.text), [])
                if not using or using[-1] != name:
                    using.append(name)
    return found


def port_key(text: str) -> str:
    """A port's name such that `leaf-1/E1/4` and `leaf-1/E1/4/1`, which admission takes for one port, are equal."""
    return f"{text}/1" if text.count("/") == _BASE_SLASHES else text


_BASE_SLASHES = 2


def cable_faults(cable: Cable, spec: JsonObject) -> Iterator[Fault]:
    """Why a connection does not join what its type asks for."""
    if cable.type is None:
        hint = "add the field of its type, such as `unbundled`"
        yield Fault(wiring_rules.CONN_TYPE, ("spec",), "the connection has no type", hint)
        return
    shape = _SHAPES[cable.type.key]
    if not cable.ends:
        field = ("spec", cable.type.key, cable.type.links)
        yield Fault(shape.rule, field, "the connection has no links", "add what it joins")
    yield from (_broken(end, shape, spec) for end in cable.ends if not end.is_whole)
    whole = [end for end in cable.ends if end.is_whole]
    yield from _repeated(shape.rule, whole)
    switches = [end for end in whole if end.device is Device.SWITCH]
    yield from _too_many(shape.rule, switches, shape.most)
    yield from _too_many(shape.rule, [end for end in whole if end.device is Device.SERVER], 1)
    if len(whole) == len(cable.ends) > 0 and len({end.name for end in switches}) < shape.least:
        message = f"all ends are on {switches[0].name}; the connection joins {shape.least} switches"
        yield Fault(shape.rule, ("spec", *switches[-1].field), message, "name the other switch")


def _cable(spec: JsonObject) -> Cable:
    found = connection_type(spec)
    if found is None:
        return Cable(None, (), is_sound=False)
    if not found.ends:
        return Cable(found, (), is_sound=True)
    ends = tuple(all_ends(found, spec))
    return Cable(found, ends, is_sound=_is_sound(_SHAPES[found.key], ends))


def _is_sound(shape: _Shape, ends: tuple[End, ...]) -> bool:
    switches: set[str] = set()
    servers: set[str] = set()
    for device, name, port, _, _ in ends:
        if not name or not port:
            return False
        if device is Device.SWITCH:
            switches.add(name)
        elif device is Device.SERVER:
            servers.add(name)
    return (
        shape.least <= len(switches) <= shape.most
        and len(servers) == shape.servers
        and len({end.text for end in ends}) == len(ends)
    )


def _broken(end: End, shape: _Shape, spec: JsonObject) -> Fault:
    """An end that is not there at all is missing from the type; one that is there names no port."""
    *link, side, _ = end.field
    if end.text or not _is_missing(spec, (*link, side)):
        message = f"{end.text!r} does not name a device and a port" if end.text else "no port is named here"
        return Fault(wiring_rules.CONN_PORT, ("spec", *end.field), message, "write it as device/port")
    return Fault(shape.rule, ("spec", *link), f"the link has no end `{side}`", f"add `{side}: {{port: device/port}}`")


def _is_missing(spec: JsonObject, path: FieldPath) -> bool:
    try:
        return not get_path(spec, path)
    except (KeyError, IndexError):
        return True


def _repeated(rule: Rule, ends: list[End]) -> Iterator[Fault]:
    seen: set[str] = set()
    for end in ends:
        if end.text in seen:
            message = f"{end.text} is named twice in this connection"
            yield Fault(rule, ("spec", *end.field), message, "name each port once")
        seen.add(end.text)


def _too_many(rule: Rule, ends: list[End], most: int) -> Iterator[Fault]:
    """A fault at the first end with one device too many."""
    names = list(dict.fromkeys(end.name for end in ends))
    if len(names) > most:
        end = next(end for end in ends if end.name == names[most])
        message = f"{end.name} is one {end.device.value} too many, beside {', '.join(names[:most])}"
        yield Fault(rule, ("spec", *end.field), message, f"a connection of this type has at most {most}")
