"""VPCPeering and ExternalPeering: who meets whom, and what is let through."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.addresses import prefix
from hedgehog_gitops.core.rules import lint_rules, reference_rules
from hedgehog_gitops.core.rules import vpc_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.core.semantics.stored import NAMESPACE, Stored, indexed
from hedgehog_gitops.core.semantics.vpc_odd import odd_network
from hedgehog_gitops.model import kind
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

_PAIR = 2
_PERMIT: FieldPath = ("spec", "permit")


def vpc_peering(_manifest: Manifest, spec: JsonObject, _constants: FabricConstants) -> Iterator[Fault]:
    """Exactly two VPCs in every entry, the same two."""
    if remote := as_text(spec.get("remote")):
        message = f"remote {remote!r}: remote peering is gone"
        yield Fault(rules.PEERING_REMOTE, ("spec", "remote"), message, "take it out")
    permits = [as_object(permit) for permit in as_list(spec.get("permit"))]
    if not permits:
        yield Fault(rules.PEERING_PAIR, _PERMIT, "the peering permits nothing", "add an entry that names both VPCs")
    for at, permit in enumerate(permits):
        if len(permit) != _PAIR:
            message = f"the entry names {len(permit)} VPCs"
            yield Fault(rules.PEERING_PAIR, (*_PERMIT, at), message, "name exactly two")
        elif permit.keys() != permits[0].keys() and len(permits[0]) == _PAIR:
            message = f"the entry is about {' and '.join(permit)}, the first one about {' and '.join(permits[0])}"
            yield Fault(rules.PEERING_PAIR, (*_PERMIT, at), message, "write a peering of its own")
        for name, side in permit.items():
            yield from _repeated((*_PERMIT, at, name, "subnets"), as_list(as_object(side).get("subnets")))


def vpc_peering_together(name: str, _spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """Both VPCs are there, in the same namespaces, and no other peering is about them."""
    pairs, peerings = _peerings(stored)
    if (pair := pairs.get(name)) is None:
        return
    for vpc in pair:
        if not vpc:  # a reference without a name leads nowhere, and is not followed
            yield Fault(reference_rules.PEERED_VPC, (*_PERMIT, 0, vpc), "a VPC has no empty name", "name a VPC")
    first, second = (stored.vpc_face(vpc) for vpc in pair)
    if first is not None and second is not None:
        if first.ipv4_namespace != second.ipv4_namespace:
            yield _apart(pair, "ipv4Namespace", as_text(first.ipv4_namespace), as_text(second.ipv4_namespace))
        if first.vlan_namespace != second.vlan_namespace:
            yield _apart(pair, "vlanNamespace", as_text(first.vlan_namespace), as_text(second.vlan_namespace))
    if len(peerings[pair]) > 1:
        others = [each for each in peerings[pair] if each != name]
        message = f"VPCPeering {others[0]!r} is about {pair[0]} and {pair[1]} as well"
        other = Other(_key("VPCPeering", others[0]), _PERMIT)
        yield Fault(lint_rules.PAIR_PEERED_TWICE, _PERMIT, message, "put what both permit into one", other)


def _apart(pair: tuple[str, str], field: str, first: str, second: str) -> Fault:
    message = f"{field} of VPC {pair[0]!r} is {first!r}, that of {pair[1]!r} {second!r}"
    other = Other(_key("VPC", pair[1]), ("spec", field))
    return Fault(reference_rules.PEERED_VPC, _PERMIT, message, "peer VPCs of the same namespaces", other)


def _pair(spec: JsonObject) -> tuple[str, str] | None:
    """The two VPCs of a peering in order, if it is about two."""
    permits = [as_object(permit) for permit in as_list(spec.get("permit"))]
    names = sorted({name for permit in permits for name in permit})
    return (names[0], names[1]) if len(names) == _PAIR and all(len(permit) == _PAIR for permit in permits) else None


@indexed
def _peerings(stored: Stored) -> tuple[dict[str, tuple[str, str]], dict[tuple[str, str], list[str]]]:
    """The pair of each peering that is about two VPCs, and the peerings of each pair."""
    read = {name: _pair(spec) for name, spec in stored.all("VPCPeering").items()}
    pairs = {name: pair for name, pair in read.items() if pair is not None}
    found: dict[tuple[str, str], list[str]] = {}
    for name, pair in pairs.items():
        found.setdefault(pair, []).append(name)
    return pairs, found


def external_peering(_manifest: Manifest, spec: JsonObject, _constants: FabricConstants) -> Iterator[Fault]:
    """Both names, and prefixes that are some."""
    permit = as_object(spec.get("permit"))
    for side in ("vpc", "external"):
        if not as_object(permit.get(side)).get("name"):
            field: FieldPath = (*_PERMIT, side, "name")
            yield Fault(rules.EXTERNAL_PEERING_PARTS, field, f"permit.{side}.name is required", "name it")
    field = (*_PERMIT, "external", "prefixes")
    for at, entry in enumerate(as_list(as_object(permit.get("external")).get("prefixes"))):
        yield from _prefix((*field, at, "prefix"), as_text(as_object(entry).get("prefix")))
    yield from _repeated((*_PERMIT, "vpc", "subnets"), as_list(as_object(permit.get("vpc")).get("subnets")))


def _prefix(field: FieldPath, text: str) -> Iterator[Fault]:
    if not text:
        yield Fault(rules.PEERED_PREFIX, field, "the prefix is empty", "write a network, such as 0.0.0.0/0")
    elif (network := prefix(text)) is None:
        yield Fault(lint_rules.EXTERNAL_PREFIX, field, f"{text!r} is no prefix", "write a network, such as 0.0.0.0/0")
    else:
        yield from odd_network(text, network, field)


def _repeated(field: FieldPath, names: list[Json]) -> Iterator[Fault]:
    if len(names) < _PAIR:
        return
    seen: set[str] = set()
    for at, name in enumerate(map(as_text, names)):
        if name in seen:
            message = f"subnet {name!r} is repeated"
            yield Fault(lint_rules.REPEATED_SUBNET, (*field, at), message, "take it out, or name another one")
        seen.add(name)


def external_peering_together(_name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """The VPC and the external are in the same IPv4 namespace."""
    permit = as_object(spec.get("permit"))
    name = as_text(as_object(permit.get("external")).get("name"))
    vpc = stored.vpc_face(as_text(as_object(permit.get("vpc")).get("name")))
    external = stored.get("External", name)
    if vpc is None or external is None:
        return
    inside, outside = as_text(vpc.ipv4_namespace), as_text(external.get("ipv4Namespace"))
    if inside != outside:
        message = f"the VPC is in IPv4Namespace {inside!r}, the external in {outside!r}"
        other = Other(_key("External", name), ("spec", "ipv4Namespace"))
        yield Fault(reference_rules.EXTERNAL_PEER, _PERMIT, message, "peer what is in the same namespace", other)


def _key(kind_name: str, name: str) -> ObjectKey:
    return ObjectKey(group=kind.VPC, kind=kind_name, namespace=NAMESPACE, name=name)
