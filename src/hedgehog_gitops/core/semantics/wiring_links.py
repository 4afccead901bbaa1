"""A connection among all others: its switches and their ports, its redundancy, who else has its ports and addresses."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.addresses import Address, Prefix, prefix
from hedgehog_gitops.core.devices import TYPES, Device, End
from hedgehog_gitops.core.rules import lint_rules, wiring_rules
from hedgehog_gitops.core.rules.reference_rules import CONN_SWITCH
from hedgehog_gitops.core.semantics.faults import Fault, Other, other_wiring
from hedgehog_gitops.core.semantics.stored import Stored, indexed
from hedgehog_gitops.core.semantics.wiring_cables import (
    Cable,
    cable_faults,
    cables,
    malformed,
    port_key,
    port_users,
)
from hedgehog_gitops.core.semantics.wiring_ports import missing_port, port_tables
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_object, as_text

_PAIR = 31


def connection_together(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """What is wrong with a connection among all objects."""
    cable = cables(stored)[name]
    if cable.is_mclag:
        return
    if not cable.is_sound:
        yield from cable_faults(cable, spec)
    elif malformed(stored):
        yield _spoiled(stored)
    yield from _ports(cable, stored)
    if "eslag" in spec:
        yield from _redundancy(cable, stored)
    yield from _taken(name, cable, stored)
    if not _ADDRESSED.keys().isdisjoint(spec):
        yield from _addresses(name, spec, stored)


def _spoiled(stored: Stored) -> Fault:
    first, *others = malformed(stored)
    more = f" and {len(others)} more are" if others else " is"
    message = f"Connection {first}{more} malformed, and while that is so every other connection is refused"
    return Fault(
        wiring_rules.CONN_SPOILED,
        ("metadata", "name"),
        message,
        f"correct Connection {first}",
        other_wiring("Connection", first, "spec"),
    )


def _ports(cable: Cable, stored: Stored) -> Iterator[Fault]:
    """Whether each switch has the port; what has the name of one of the switches is judged like a switch."""
    switches = {end.name for end in cable.ends if end.device is Device.SWITCH}
    tables = port_tables(stored)
    for end in cable.ends:
        if end.name not in switches or not end.is_whole:
            continue
        table = tables.get(end.name)
        if table is None:
            yield from _without_profile(end, stored)
        elif table.unsupported:
            yield _unsupported(end, table.unsupported[0])
        elif end.port not in table.names:
            profile = stored.profiles[as_text(as_object(stored.get("Switch", end.name)).get("profile"))]
            rule, message, hint = missing_port(profile, table, end.port)
            yield Fault(rule, ("spec", *end.field), f"{end.text}: {message}", hint, _switch(end.name, "portBreakouts"))
        elif table.lanes.get(end.port, 1) > 1:
            count = table.lanes[end.port]
            message = f"{end.port} of {end.name} is split into {count} lanes, and its bare name means the first"
            yield Fault(lint_rules.FIRST_LANE, ("spec", *end.field), message, f"write {end.text}/1")


def _without_profile(end: End, stored: Stored) -> Iterator[Fault]:
    """A switch whose profile nobody knows; a switch that does not exist is a missing reference."""
    spec = stored.get("Switch", end.name)
    if spec is not None:
        wanted = as_text(spec.get("profile"))
        message = f"switch {end.name} has the profile {wanted!r}, which does not exist, so nobody knows its ports"
        yield Fault(CONN_SWITCH, ("spec", *end.field), message, "correct the switch", _switch(end.name, "profile"))


def _unsupported(end: End, port: str) -> Fault:
    message = f"switch {end.name} has a breakout at {port} that its model lacks, so nobody knows its ports"
    other = _switch(end.name, "portBreakouts", port)
    return Fault(wiring_rules.PORT_BREAKOUT, ("spec", *end.field), message, "correct the switch", other)


def _redundancy(cable: Cable, stored: Stored) -> Iterator[Fault]:
    rule = wiring_rules.CONN_REDUNDANCY
    first: dict[str, tuple[str, str]] = {}
    bare: list[End] = []
    switches = {end.name: end for end in reversed(cable.ends) if end.device is Device.SWITCH and end.is_whole}
    known = {name: stored.get("Switch", name) for name in reversed(switches)}
    for name, spec in known.items():
        redundancy = as_object(as_object(spec).get("redundancy"))
        if spec is not None and not redundancy.get("group"):
            bare.append(switches[name])
        for field in ("group", "type"):
            if not (value := as_text(redundancy.get(field))):
                continue
            other, before = first.setdefault(field, (name, value))
            if before != value:
                message = f"the redundancy {field} of {name} is {value!r}, that of {other} is {before!r}"
                place = ("spec", *switches[name].field)
                yield Fault(rule, place, message, "give both the same", _switch(name, "redundancy", field))
    if None in known.values() or not known:
        return  # what is missing is said elsewhere
    yield from _no_group(first, next(iter(switches.values())), bare)


def _no_group(first: dict[str, tuple[str, str]], end: End, bare: list[End]) -> Iterator[Fault]:
    rule, links = wiring_rules.CONN_REDUNDANCY, ("spec", *end.field[:2])
    if "group" not in first:
        message = "none of its switches is in a redundancy group"
        yield Fault(rule, links, message, "give them `redundancy: {group: ..., type: eslag}`")
    elif first.get("type", ("", ""))[1] != "eslag":
        kind = first.get("type", ("", "none"))[1]
        yield Fault(rule, links, f"the redundancy type of its switches is {kind}", "set `type: eslag` on them")
    else:
        for each in bare:
            message = f"{each.name} is in no redundancy group, {first['group'][0]} is in {first['group'][1]}"
            other = _switch(each.name, "redundancy")
            yield Fault(lint_rules.MIXED_REDUNDANCY, ("spec", *each.field), message, "give both the same", other)


def _taken(name: str, cable: Cable, stored: Stored) -> Iterator[Fault]:
    using = port_users(stored)
    for end in cable.ends:
        having = using.get(port_key(end.text), ())
        if len(having) > 1 or (having and having[0] != name):
            others = [other for other in having if other != name]
            yield _used_by(end, others, stored)


def _used_by(end: End, others: list[str], stored: Stored) -> Fault:
    partner = next(each for each in cables(stored)[others[0]].ends if port_key(each.text) == port_key(end.text))
    alias = "" if partner.text == end.text else f" as {partner.text}"
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    return Fault(
        wiring_rules.CONN_TAKEN,
        ("spec", *end.field),
        f"{end.text} is already used by Connection {others[0]}{alias}{more}",
        "move one of the two to another port",
        other_wiring("Connection", others[0], "spec", *partner.field),
    )


_ADDRESSED = {each.key: each for each in TYPES if each.key in {"fabric", "mesh", "gateway"}}
"""The types whose links have addresses; of several the first one counts."""


@indexed
def _link_addresses(stored: Stored) -> dict[Address, list[tuple[str, FieldPath]]]:
    """Who has which address of a fabric link, and where."""
    found: dict[Address, list[tuple[str, FieldPath]]] = {}
    for name, spec in stored.all("Connection").items():
        if cables(stored)[name].is_mclag:
            continue
        for field, text in _link_ends(spec):
            if (parsed := prefix(text)) is not None:
                having = found.setdefault(Address(parsed.version, parsed.address), [])
                if not having or having[-1][0] != name:
                    having.append((name, field))
    return found


def _addresses(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    written = list(_link_ends(spec))
    own: set[Address] = set()
    for (field, text), (facing, other) in zip(written[::2], written[1::2], strict=True):
        if not text or not other:
            if text or other:
                place, given = (facing, text) if text else (field, other)
                message = f"the other end has {given}, this one has no address"
                hint = "add it, or take the other one out"
                yield Fault(lint_rules.HALF_ADDRESSED, ("spec", *place), message, hint)
            continue
        networks = (prefix(text), prefix(other))
        for place, network in zip((field, facing), networks, strict=True):
            if network is not None:
                yield from _address(name, ("spec", *place), network, own, stored)
        yield from _facing(("spec", *facing), text, other, *networks)


def _address(name: str, field: FieldPath, network: Prefix, own: set[Address], stored: Stored) -> Iterator[Fault]:
    rule, subnet = wiring_rules.CONN_LINK_IP, prefix(stored.constants.fabric_subnet)
    address = Address(network.version, network.address)
    having = _link_addresses(stored).get(address, [])
    if network.length != _PAIR:
        yield Fault(rule, field, f"the address has a length of {network.length}", "a link is a /31")
    if subnet is not None and not subnet.contains(address):
        inside = stored.constants.fabric_subnet
        yield Fault(rule, field, "the address lies outside the fabric subnet", f"use an address of {inside}")
    if address in own:
        yield Fault(rule, field, "the address is used before in this connection", "give each end its own")
    elif len(having) > 1 or (having and having[0][0] != name):
        others = [each for each in having if each[0] != name]
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        other = other_wiring("Connection", others[0][0], "spec", *others[0][1])
        message = f"the address is already used by Connection {others[0][0]}{more}"
        yield Fault(rule, field, message, "give each link its own /31", other)
    own.add(address)


def _facing(field: FieldPath, text: str, other: str, one: Prefix | None, two: Prefix | None) -> Iterator[Fault]:
    is_pair = one is not None and two is not None and one.length == two.length == _PAIR
    if is_pair and one is not None and two is not None and one.first != two.first:
        yield Fault(wiring_rules.CONN_LINK_IP, field, f"{other} is not in one /31 with {text}", "use the same /31")


def _link_ends(spec: JsonObject) -> Iterator[tuple[FieldPath, str]]:
    """Where the address of each end of each link stands, and the address, two by two."""
    key = next((key for key in _ADDRESSED if key in spec), None)
    if key is not None:
        found = _ADDRESSED[key]
        for index, link in enumerate(as_list(as_object(spec[found.key]).get(found.links))):
            for side, _ in found.ends:
                text = as_text(as_object(as_object(link).get(side)).get("ip"))
                yield (found.key, found.links, index, side, "ip"), text


def _switch(name: str, *field: str) -> Other:
    return other_wiring("Switch", name, "spec", *field)
