"""Control nodes and nodes of the fabric, which the installer sets up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hedgehog_gitops.core.addresses import Address, Prefix, prefix
from hedgehog_gitops.core.fabricator import at
from hedgehog_gitops.core.rules import fabricator_rules as rules
from hedgehog_gitops.core.semantics.fabricator_config import DUMMY, MANAGEMENT, VIP, dhcp_start, network_of
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text, path_text
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.model.snapshot import Manifest

_RULES: Mapping[str, Rule] = {"ControlNode": rules.CONTROL_NODE, "FabNode": rules.FAB_NODE}
_REQUIRED: Mapping[str, tuple[FieldPath, ...]] = {
    "ControlNode": (("bootstrap", "disk"), ("management", "interface"), ("external", "interface")),
    "FabNode": (("bootstrap", "disk"), ("management", "interface")),
}
_MANAGEMENT_IP, _DUMMY_IP, _EXTERNAL_IP = ("management", "ip"), ("dummy", "ip"), ("external", "ip")
_IPV4, _PAIR = 4, 31


def nodes(found: Sequence[Manifest], config: JsonObject) -> Iterator[tuple[Manifest, Fault]]:
    """What is wrong with each node, beside the others and the Fabricator's configuration."""
    ordered = sorted((each for each in found if each.key.kind in _RULES), key=lambda each: each.key)
    control = [each for each in ordered if each.key.kind == "ControlNode"]
    for extra in control[1:]:
        message = f"{control[0].key.name!r} is the control node already, and one is allowed"
        yield extra, Fault(rules.CONTROL_NODE, ("metadata", "name"), message, "remove one of the two")
    names = {each.key.name for each in control}
    vip = network_of(config, VIP)
    taken: dict[tuple[FieldPath, Address], str] = {}
    if vip is not None:
        taken[_MANAGEMENT_IP, Address(vip.version, vip.address)] = "the control VIP"
    for node in ordered:
        spec, rule = as_object(node.value.get("spec")), _RULES[node.key.kind]
        faults = [*_alone(rule, node.key.kind, spec), *_addresses(rule, spec, config)]
        faults += _shared(rule, f"{node.key.kind} {node.key.name}", spec, taken)
        if node.key.kind == "FabNode" and node.key.name in names:
            message = f"a control node is named {node.key.name!r}"
            faults.append(Fault(rule, ("metadata", "name"), message, "choose another name"))
        yield from ((node, fault) for fault in faults)


def _at(rule: Rule, field: FieldPath, message: str, hint: str) -> Fault:
    path: FieldPath = ("spec", *field)
    return Fault(rule, path, f"{path_text(path)}: {message}", hint)


def _alone(rule: Rule, kind: str, spec: JsonObject) -> Iterator[Fault]:
    for path in _REQUIRED[kind]:
        if not as_text(at(spec, path)):
            yield _at(rule, path, "is required", "name it")
    if kind == "ControlNode":
        outside = as_text(at(spec, _EXTERNAL_IP))
        found = prefix(outside)
        if outside != "dhcp" and (found is None or found.version != _IPV4):
            yield _at(
                rule, _EXTERNAL_IP, f"{outside!r} is neither dhcp nor an IPv4 prefix", "write 10.0.0.5/24 or dhcp"
            )
    else:
        yield from _roles(rule, as_list(spec.get("roles")))


def _roles(rule: Rule, roles: list[Json]) -> Iterator[Fault]:
    for index, role in enumerate(roles):
        if role != "gateway":
            yield _at(rule, ("roles", index), f"{role!r} is no role", "the only role is gateway")
        elif role in roles[:index]:
            yield _at(rule, ("roles", index), "the role is there already", "remove one")


def _addresses(rule: Rule, spec: JsonObject, config: JsonObject) -> Iterator[Fault]:
    """The addresses as far as they are given: the installer fills them in where none is."""
    management, dummy = network_of(config, MANAGEMENT), network_of(config, DUMMY)
    start = dhcp_start(config)
    own, pair = _given(spec, _MANAGEMENT_IP), _given(spec, _DUMMY_IP)
    for path, found in ((_MANAGEMENT_IP, own), (_DUMMY_IP, pair)):
        if at(spec, path) and found is None:
            yield _at(rule, path, f"{at(spec, path)!r} is not a prefix", "write an address with its length")
    if own is not None and management is not None and not _fits(own, management, management.length):
        message = f"is not in the management subnet with its length /{management.length}"
        yield _at(rule, _MANAGEMENT_IP, message, "use an address of that subnet")
    elif own is not None and start is not None and Address(own.version, own.address) >= start:
        yield _at(rule, _MANAGEMENT_IP, "is not below the DHCP range", "use a lower address")
    if pair is not None and dummy is not None and not _fits(pair, dummy, _PAIR):
        yield _at(rule, _DUMMY_IP, "is not a /31 of the dummy subnet", "use one of that subnet")


def _given(spec: JsonObject, path: FieldPath) -> Prefix | None:
    return prefix(as_text(at(spec, path)))


def _fits(found: Prefix, around: Prefix, length: int) -> bool:
    return found.length == length and around.contains(Address(found.version, found.address))


def _shared(rule: Rule, name: str, spec: JsonObject, taken: dict[tuple[FieldPath, Address], str]) -> list[Fault]:
    """Faults where somebody has the address already; `taken` grows by those of this node."""
    faults: list[Fault] = []
    for path in (_MANAGEMENT_IP, _DUMMY_IP):
        if (found := _given(spec, path)) is not None:
            owner = taken.setdefault((path, Address(found.version, found.address)), name)
            if owner != name:
                faults.append(_at(rule, path, f"{owner} has this address too", "give each its own"))
    return faults
