"""A connection by itself: its MTU, and what a static external says about the way out."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.addresses import Prefix, address, prefix
from hedgehog_gitops.core.devices import TYPES, connection_type
from hedgehog_gitops.core.rules import lint_rules, wiring_rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.reserved import reserved_by
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

_STATIC: FieldPath = ("spec", "staticExternal", "link", "switch")
_DEFAULT_ROUTE = "0.0.0.0/0"
_LAST_VLAN = 4094
_LIMITED = (
    ("unbundled", wiring_rules.CONN_MTU),
    ("bundled", wiring_rules.CONN_MTU),
    ("eslag", lint_rules.ESLAG_MTU),
)


def connection(manifest: Manifest, spec: JsonObject, constants: FabricConstants) -> Iterator[Fault]:
    """What is wrong with a connection by itself; whether it joins what its type asks for is judged with all others."""
    del manifest
    if len(spec) > 1:
        yield from _several(spec)
    if "mclag" in spec or "mclagDomain" in spec:
        field = "mclag" if "mclag" in spec else "mclagDomain"
        yield Fault(lint_rules.MCLAG, ("spec", field), "MCLAG is deprecated", "use `eslag`")
        return  # admission looks no further
    for name, rule in _LIMITED:
        if name in spec:
            yield from _mtu(name, rule, as_object(spec[name]).get("mtu"), constants)
    if "staticExternal" in spec:
        yield from _static_external(
            as_object(as_object(as_object(spec["staticExternal"]).get("link")).get("switch")), constants
        )


def _several(spec: JsonObject) -> Iterator[Fault]:
    given = [each.key for each in TYPES if each.key in spec]
    found = connection_type(spec)
    if found is not None:
        for name in given:
            if name != found.key:
                message = f"the connection is of type {found.key} already; {name} is not looked at"
                yield Fault(lint_rules.SEVERAL_TYPES, ("spec", name), message, "make it a connection of its own")


def _mtu(name: str, rule: Rule, mtu: Json, constants: FabricConstants) -> Iterator[Fault]:
    most = constants.fabric_mtu - constants.server_mtu_offset
    if isinstance(mtu, int) and mtu > most:
        yield Fault(
            rule, ("spec", name, "mtu"), f"an MTU of {mtu} is too large", f"use at most {most}, or leave it out"
        )


def _static_external(side: JsonObject, constants: FabricConstants) -> Iterator[Fault]:
    yield from _next_hop(as_text(side.get("ip")), as_text(side.get("nextHop")))
    yield from _subnets([as_text(entry) for entry in as_list(side.get("subnets"))], constants)
    vlan = side.get("vlan")
    if isinstance(vlan, int) and vlan > _LAST_VLAN:
        hint = f"use 1 to {_LAST_VLAN}, or 0 for untagged"
        yield Fault(lint_rules.VLAN_RANGE, (*_STATIC, "vlan"), f"{vlan} is no VLAN", hint)


def _next_hop(text: str, hop: str) -> Iterator[Fault]:
    """What has not the form of an address is left to the schema, whose patterns are narrower."""
    rule, network, parsed = wiring_rules.CONN_STATIC, prefix(text), address(hop)
    if not text:
        yield Fault(rule, (*_STATIC, "ip"), "the address of the switch is missing", "write it with a length")
    if not hop:
        yield Fault(rule, (*_STATIC, "nextHop"), "the next hop is missing", "name an address in the network of `ip`")
    if network is not None and parsed is not None and not network.contains(parsed):
        yield Fault(rule, (*_STATIC, "nextHop"), f"{hop} lies outside {text}", "name an address in the network of `ip`")


def _subnets(texts: list[str], constants: FabricConstants) -> Iterator[Fault]:
    rule, field = wiring_rules.CONN_SUBNETS, (*_STATIC, "subnets")
    networks: list[tuple[Prefix, int]] = []
    for index, text in enumerate(texts):
        network = prefix(text)
        if network is None:
            yield Fault(rule, (*field, index), f"{text!r} is no network", "write it as 192.0.2.0/24")
        elif text == _DEFAULT_ROUTE:
            if len(texts) > 1:
                hint = "make it the only subnet, or take it out"
                yield Fault(rule, (*field, index), "the default route stands beside other subnets", hint)
        elif not network.is_canonical:
            yield Fault(rule, (*field, index), f"{text} has host bits set", "write the network's own address")
        else:
            networks.append((network, index))
            if (kept := reserved_by(network, constants)) is not None:
                hint = "the fabric needs it for itself"
                yield Fault(wiring_rules.CONN_RESERVED, (*field, index), f"{text} overlaps {kept}", hint)
    yield from _overlaps(networks, texts, field)


def _overlaps(networks: list[tuple[Prefix, int]], texts: list[str], field: FieldPath) -> Iterator[Fault]:
    """One sweep over the networks in order of addresses, the outer ones first."""
    around: tuple[Prefix, int] | None = None
    for network, index in sorted(networks, key=lambda each: (each[0].version, each[0].first, each[0].length, each[1])):
        if around is not None and around[0].overlaps(network):
            message = f"{texts[index]} overlaps {texts[around[1]]}"
            yield Fault(wiring_rules.CONN_SUBNETS, (*field, index), message, "keep one of the two")
        else:
            around = (network, index)
