"""A gateway peering by itself: its two sides, what they expose, and how addresses are translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from hedgehog_gitops.core.addresses import prefix
from hedgehog_gitops.core.rules import gateway_rules as rules
from hedgehog_gitops.core.rules import reference_rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.gateway_filter import filter_alone
from hedgehog_gitops.core.semantics.gateway_gateway import is_off
from hedgehog_gitops.core.semantics.gateway_ports import PORT_HINT, port_fault
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text, path_text
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

EXTERNAL = "ext."
"""What the name of a side begins with that is an external and no VPC."""


def peering_alone(manifest: Manifest, spec: JsonObject, constants: FabricConstants) -> Iterator[Fault]:
    """Everything about a gateway peering that needs no other object."""
    yield from is_off(manifest, spec, constants)
    peering = as_object(spec.get("peering"))
    if len(peering) != _SIDES:
        yield _at(rules.ENTRIES, ("peering",), f"{len(peering)} entries, exactly 2 are wanted", "name both sides")
    written = as_object(as_object(manifest.value.get("spec")).get("peering"))
    for name, side in peering.items():
        yield from _side(name, side, is_null=written.get(name) is None)
    yield from _states(peering)
    yield from filter_alone(spec)


_SIDES = 2
_STATEFUL = ("masquerade", "portForward")
_TRANSLATIONS = ("masquerade", "static", "portForward")
_DURATION = re.compile(r"[+-]?(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)\Z")


def _at(rule: Rule, field: FieldPath, message: str, hint: str) -> Fault:
    path: FieldPath = ("spec", *field)
    return Fault(rule, path, f"{path_text(path)}: {message}", hint=hint)


def _side(name: str, side: Json, *, is_null: bool) -> Iterator[Fault]:
    field: FieldPath = ("peering", name)
    if not name.removeprefix(EXTERNAL):
        message = "the name of a VPC or an external is missing"
        yield _at(reference_rules.GATEWAY_PEER, field, message, "write the name")._replace(at_key=True)
    if is_null:
        yield _at(rules.ENTRIES, field, "nothing stands here, and the check crashes on it", "write {}")._replace(
            at_key=True
        )
    for index, expose in enumerate(as_list(as_object(side).get("expose"))):
        yield from _expose(name, (*field, "expose", index), as_object(expose))


def _expose(name: str, field: FieldPath, expose: JsonObject) -> Iterator[Fault]:
    ips, translated, nat = as_list(expose.get("ips")), as_list(expose.get("as")), expose.get("nat")
    if expose.get("default") and (ips or translated or nat is not None):
        message = "a default destination has nothing beside it"
        yield _at(rules.EXPOSE, (*field, "default"), message, "put the blocks into an entry of their own")
    if not expose.get("default") and not ips:
        yield _at(rules.EXPOSE, field, "at least one block in `ips` is needed", "add it, or remove the entry")
    for index, entry in enumerate(ips):
        yield from _block(name, (*field, "ips", index), as_object(entry))
    for index, entry in enumerate(translated):
        yield from _translated(name, (*field, "as", index), as_object(entry))
    if bool(translated) != (nat is not None):
        present, absent = ("as", "nat") if translated else ("nat", "as")
        message = f"`{present}` needs `{absent}` beside it"
        yield _at(rules.AS_WITH_NAT, (*field, present), message, f"add `{absent}`, or remove `{present}`")._replace(
            at_key=True
        )
    if nat is not None:
        yield from _nat((*field, "nat"), as_object(nat))


def _block(name: str, field: FieldPath, entry: JsonObject) -> Iterator[Fault]:
    yield from _one_of(rules.EXPOSED_IPS, field, entry, ("cidr", "not", "vpcSubnet"))
    if entry.get("vpcSubnet") and name.startswith(EXTERNAL):
        message = f"external {name.removeprefix(EXTERNAL)!r} has no VPC subnets"
        yield _at(rules.EXPOSED_IPS, (*field, "vpcSubnet"), message, "expose it by cidr")


def _translated(_name: str, field: FieldPath, entry: JsonObject) -> Iterator[Fault]:
    yield from _one_of(rules.EXPOSED_AS, field, entry, ("cidr", "not"))


def _one_of(rule: Rule, field: FieldPath, entry: JsonObject, names: tuple[str, ...]) -> Iterator[Fault]:
    given = [name for name in names if entry.get(name)]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        yield _at(rule, field, f"{found} is set, exactly one of {', '.join(names)} is wanted", "one block an entry")
    for name in given:
        if name != "vpcSubnet" and prefix(as_text(entry[name])) is None:
            message = f"{as_text(entry[name])!r} is not a prefix"
            yield _at(rule, (*field, name), message, "write it like 10.0.1.0/24")


def _nat(field: FieldPath, nat: JsonObject) -> Iterator[Fault]:
    given = [name for name in _TRANSLATIONS if nat.get(name) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        yield _at(rules.NAT, field, f"{found} is set, exactly one of {', '.join(_TRANSLATIONS)} is wanted", "keep one")
    for name in _STATEFUL:
        timeout = as_object(nat.get(name)).get("idleTimeout")
        if timeout is not None and not _DURATION.match(as_text(timeout)):
            yield _at(rules.NAT, (*field, name, "idleTimeout"), f"{timeout!r} is no duration", "write it like 2m30s")
    if nat.get("portForward") is not None:
        yield from _port_forward((*field, "portForward"), as_object(nat["portForward"]))


def _port_forward(field: FieldPath, forward: JsonObject) -> Iterator[Fault]:
    ports = as_list(forward.get("ports"))
    if not ports:
        yield _at(rules.PORTS, field, "at least one entry in `ports` is needed", PORT_HINT)
    for index, entry in enumerate(ports):
        for name in ("port", "as"):
            if fault := port_fault(as_text(as_object(entry).get(name))):
                yield _at(rules.PORTS, (*field, "ports", index, name), fault, PORT_HINT)


def _states(peering: JsonObject) -> Iterator[Fault]:
    """Stateful translation on both sides, or beside a static one; the fault stands at the side that keeps state."""
    kinds = {name: set(_kinds(side)) for name, side in peering.items()}
    stateful = [name for name, used in kinds.items() if used & set(_STATEFUL)]
    for name, other in permutations(peering, _SIDES):
        if name in stateful and (other in stateful and other < name):
            message = f"{other!r} keeps state already, and only one side can"
        elif name in stateful and "static" in kinds[other]:
            message = f"it keeps state, and {other!r} is translated statically"
        else:
            continue
        hint = "keep masquerade and portForward on one side alone"
        yield _at(rules.STATEFUL, ("peering", name), message, hint)._replace(at_key=True)


def _kinds(side: Json) -> Iterator[str]:
    for expose in as_list(as_object(side).get("expose")):
        nat = as_object(as_object(expose).get("nat"))
        yield from (name for name in _TRANSLATIONS if nat.get(name) is not None)
