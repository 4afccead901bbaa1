"""VPC among the others: inside its namespaces, and sharing neither addresses nor VLANs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hedgehog_gitops.core.addresses import Prefix, prefix
from hedgehog_gitops.core.rules import vpc_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.core.semantics.overlaps import first_partners
from hedgehog_gitops.core.semantics.stored import NAMESPACE, Stored, indexed
from hedgehog_gitops.core.semantics.vpc_alone import announced, place_of
from hedgehog_gitops.core.semantics.vpc_host_bgp import EXTRAS
from hedgehog_gitops.model import kind
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.rule import Rule


def vpc_together(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """Everything that is wrong with a VPC because of its namespaces and of other VPCs."""
    pool_name, vlans_name = as_text(spec.get("ipv4Namespace")), as_text(spec.get("vlanNamespace"))
    subnets = as_object(spec.get("subnets"))
    pool = _pools(stored).get(pool_name)
    if pool is not None:
        for text, network, subnet, extra in announced(subnets):
            if network is not None and not (pool and pool[0][1] is not None and pool[0][1].covers(network)):
                yield from _outside(text, place_of(subnet, extra), network, pool, pool_name)
    for own, other in _partners(stored).get(name, ()):
        message = f"{own.text} overlaps {other.text} in subnet {other.subnet!r} of VPC {other.vpc.name!r}"
        yield Fault(rules.VPC_OVERLAP, own.place.field, message, "take one of them from elsewhere", other.place)
    if unread := _announced(stored)[pool_name][1]:
        yield from _unread(name, unread, pool_name)
    yield from _vlans(name, subnets, vlans_name, stored)


def _outside(
    text: str, field: FieldPath, network: Prefix, pool: tuple[tuple[str, Prefix | None], ...], name: str
) -> Iterator[Fault]:
    """Nothing if one of the namespace's networks contains this one; they are tried in order until one does."""
    key = _key("IPv4Namespace", name)
    for at, (entry, outer) in enumerate(pool):
        if outer is None:
            message = f"subnet {entry!r} of IPv4Namespace {name!r} cannot be read"
            other = Other(key, ("spec", "subnets", at))
            yield Fault(_outside_rule(field), field, message, f"correct IPv4Namespace {name} first", other)
            return
        if outer.covers(network):
            return
    message = f"{text} is in none of the networks of IPv4Namespace {name!r}: {_listed(pool)}"
    other = Other(key, ("spec", "subnets"))
    yield Fault(_outside_rule(field), field, message, "take it from one of them, or add a network there", other)


def _outside_rule(field: FieldPath) -> Rule:
    return rules.HOST_BGP_PREFIXES if field[3] == EXTRAS else rules.OUTSIDE_NAMESPACE


_LISTED = 3


def _listed(pool: tuple[tuple[str, Prefix | None], ...]) -> str:
    shown = ", ".join(entry for entry, _ in pool[:_LISTED])
    return f"{shown}, ..." if len(pool) > _LISTED else shown or "it has none"


def _unread(name: str, places: list[tuple[str, Other]], pool: str) -> Iterator[Fault]:
    """As long as a subnet of another VPC of the namespace cannot be read, admission gives up on this one."""
    for text, other in places:
        if other.key.name != name:
            message = f"subnet {text!r} of VPC {other.key.name!r} cannot be read, so no VPC of {pool!r} can be compared"
            yield Fault(rules.VPC_OVERLAP, ("spec", "subnets"), message, f"correct VPC {other.key.name} first", other)
            return


def _vlans(name: str, subnets: JsonObject, namespace: str, stored: Stored) -> Iterator[Fault]:
    ranges, owners = _ranges(stored).get(namespace), _vlan_owners(stored)[namespace]
    for subnet, value in subnets.items():
        vlan = as_object(value).get("vlan")
        if not isinstance(vlan, int) or not vlan:
            continue
        is_inside = ranges is None or any(first <= vlan <= last for first, last in ranges)
        if not is_inside and as_object(value).get("hostBGP") is not True:  # the VLAN of BGP hosts may lie outside
            yield _vlan_outside(vlan, _vlan_field(subnet), namespace, ranges or ())
        if len(owners[vlan]) > 1 and (others := [each for each in owners[vlan] if each[0].name != name]):
            yield _vlan_reused(vlan, _vlan_field(subnet), others)


def _vlan_field(subnet: str) -> FieldPath:
    return ("spec", "subnets", subnet, "vlan")


def _vlan_outside(vlan: int, field: FieldPath, namespace: str, ranges: tuple[tuple[int, int], ...]) -> Fault:
    shown = ", ".join(f"{first}-{last}" for first, last in ranges) or "it has none"
    message = f"VLAN {vlan} is in none of the ranges of VLANNamespace {namespace!r}: {shown}"
    other = Other(
        ObjectKey(group=kind.WIRING, kind="VLANNamespace", namespace=NAMESPACE, name=namespace), ("spec", "ranges")
    )
    return Fault(rules.VLAN_OUTSIDE_NAMESPACE, field, message, "choose another VLAN, or widen the namespace", other)


def _vlan_reused(vlan: int, field: FieldPath, others: list[tuple[ObjectKey, str]]) -> Fault:
    (vpc, subnet), *more = others
    also = f", and {len(more)} more have it" if more else ""
    message = f"subnet {subnet!r} of VPC {vpc.name!r} has VLAN {vlan} as well{also}"
    return Fault(rules.VLAN_REUSED, field, message, "choose another VLAN", Other(vpc, _vlan_field(subnet)))


def _key(kind_name: str, name: str) -> ObjectKey:
    return ObjectKey(group=kind.VPC, kind=kind_name, namespace=NAMESPACE, name=name)


@indexed
def _pools(stored: Stored) -> dict[str, tuple[tuple[str, Prefix | None], ...]]:
    """The networks of each IPv4 namespace, as text and parsed."""
    return {
        name: tuple((as_text(text), prefix(as_text(text))) for text in as_list(spec.get("subnets")))
        for name, spec in stored.all("IPv4Namespace").items()
    }


@indexed
def _ranges(stored: Stored) -> dict[str, tuple[tuple[int, int], ...]]:
    """The VLANs of each VLAN namespace."""
    return {
        name: tuple(_bounds(as_object(entry)) for entry in as_list(spec.get("ranges")))
        for name, spec in stored.all("VLANNamespace").items()
    }


def _bounds(entry: JsonObject) -> tuple[int, int]:
    first, last = entry.get("from"), entry.get("to")
    return (first if isinstance(first, int) else 0, last if isinstance(last, int) else 0)


class _Announced(NamedTuple):
    """One network of one VPC, in the words of `announced`."""

    vpc: ObjectKey
    text: str
    network: Prefix
    subnet: str
    extra: str

    @property
    def place(self) -> Other:
        return Other(self.vpc, place_of(self.subnet, self.extra))


@indexed
def _announced(stored: Stored) -> dict[str, tuple[list[_Announced], list[tuple[str, Other]]]]:
    """By IPv4 namespace, every network of every VPC in order, and those that cannot be read."""
    found: dict[str, tuple[list[_Announced], list[tuple[str, Other]]]] = {}
    for key, spec in stored.everywhere("VPC"):
        read, unread = found.setdefault(as_text(spec.get("ipv4Namespace")), ([], []))
        for text, network, subnet, extra in announced(as_object(spec.get("subnets"))):
            if network is None:
                unread.append((text, Other(key, place_of(subnet, extra))))
            else:
                read.append(_Announced(key, text, network, subnet, extra))
    return found


@indexed
def _partners(stored: Stored) -> dict[str, list[tuple[_Announced, _Announced]]]:
    """By VPC, its networks that overlap one of another VPC of the namespace, each with the first such one."""
    found: dict[str, list[tuple[_Announced, _Announced]]] = {}
    for read, _ in _announced(stored).values():
        for at, other in sorted(
            first_partners([each.network for each in read], [each.vpc.name for each in read]).items()
        ):
            if read[at].vpc.namespace == NAMESPACE:
                found.setdefault(read[at].vpc.name, []).append((read[at], read[other]))
    return found


@indexed
def _vlan_owners(stored: Stored) -> dict[str, dict[int, list[tuple[ObjectKey, str]]]]:
    """By VLAN namespace and VLAN, the VPCs and their subnets that have it. No VLAN is shared by all that have none."""
    found: dict[str, dict[int, list[tuple[ObjectKey, str]]]] = {}
    for key, spec in stored.everywhere("VPC"):
        owners = found.setdefault(as_text(spec.get("vlanNamespace")), {})
        for subnet, value in as_object(spec.get("subnets")).items():
            vlan = as_object(value).get("vlan")
            if isinstance(vlan, int) and vlan:
                owners.setdefault(vlan, []).append((key, subnet))
    return found
