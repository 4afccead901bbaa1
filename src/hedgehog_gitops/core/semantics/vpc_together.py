"""VPC among the others: inside its namespaces, and sharing neither addresses nor VLANs."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.addresses import Prefix, prefix
from hedgehog_gitops.core.rules import vpc_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.core.semantics.overlaps import first_partners
from hedgehog_gitops.core.semantics.stored import NAMESPACE, Stored, indexed
from hedgehog_gitops.core.semantics.vpc_alone import announced
from hedgehog_gitops.core.semantics.vpc_host_bgp import EXTRAS
from hedgehog_gitops.model import kind
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.rule import Rule


def vpc_together(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """Everything that is wrong with a VPC because of its namespaces and of other VPCs."""
    pool_name, vlans_name = as_text(spec.get("ipv4Namespace")), as_text(spec.get("vlanNamespace"))
    subnets = as_object(spec.get("subnets"))
    pool, partners = _pools(stored).get(pool_name), _partners(stored)
    for text, field, network in announced(subnets):
        if network is not None and pool is not None:
            yield from _outside(text, field, network, pool, pool_name)
        if (other := partners.get((name, field))) is not None:
            yield _overlap(text, field, other)
    yield from _unread(name, pool_name, stored)
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


def _overlap(text: str, field: FieldPath, other: Other) -> Fault:
    message = f"{text} overlaps a subnet of VPC {other.key.name!r}"
    return Fault(rules.VPC_OVERLAP, field, message, "take one of them from elsewhere", other)


def _unread(name: str, pool: str, stored: Stored) -> Iterator[Fault]:
    """As long as a subnet of another VPC of the namespace cannot be read, admission gives up on this one."""
    for text, other in _unreadable(stored).get(pool, ()):
        if other.key.name != name:
            message = f"subnet {text!r} of VPC {other.key.name!r} cannot be read, so no VPC of {pool!r} can be compared"
            yield Fault(rules.VPC_OVERLAP, ("spec", "subnets"), message, f"correct VPC {other.key.name} first", other)
            return


def _vlans(name: str, subnets: JsonObject, namespace: str, stored: Stored) -> Iterator[Fault]:
    ranges = _ranges(stored).get(namespace)
    owners = _vlan_owners(stored).get(namespace, {})
    for subnet, value in subnets.items():
        vlan = as_object(value).get("vlan")
        if not isinstance(vlan, int) or not vlan:
            continue
        field: FieldPath = ("spec", "subnets", subnet, "vlan")
        is_free = as_object(value).get("hostBGP") is True  # such a VLAN may lie outside, but not belong to others
        if not is_free and ranges is not None and not any(first <= vlan <= last for first, last in ranges):
            yield _vlan_outside(vlan, field, namespace, ranges)
        if len(owners[vlan]) > 1 and (others := [each for each in owners[vlan] if each.key.name != name]):
            yield _vlan_reused(vlan, field, others)


def _vlan_outside(vlan: int, field: FieldPath, namespace: str, ranges: tuple[tuple[int, int], ...]) -> Fault:
    shown = ", ".join(f"{first}-{last}" for first, last in ranges) or "it has none"
    message = f"VLAN {vlan} is in none of the ranges of VLANNamespace {namespace!r}: {shown}"
    other = Other(
        ObjectKey(group=kind.WIRING, kind="VLANNamespace", namespace=NAMESPACE, name=namespace), ("spec", "ranges")
    )
    return Fault(rules.VLAN_OUTSIDE_NAMESPACE, field, message, "choose another VLAN, or widen the namespace", other)


def _vlan_reused(vlan: int, field: FieldPath, others: list[Other]) -> Fault:
    first, *more = others
    message = f"VPC {first.key.name!r} has VLAN {vlan} as well{f', and {len(more)} more' if more else ''}"
    return Fault(rules.VLAN_REUSED, field, message, "choose another VLAN", first)


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


@indexed
def _announced(stored: Stored) -> dict[str, list[tuple[str, Other, Prefix | None]]]:
    """By IPv4 namespace, every network of every VPC in order: as text, where it stands, and parsed."""
    found: dict[str, list[tuple[str, Other, Prefix | None]]] = {}
    for name, spec in stored.all("VPC").items():
        key = _key("VPC", name)
        entries = found.setdefault(as_text(spec.get("ipv4Namespace")), [])
        subnets = as_object(spec.get("subnets"))
        entries.extend((text, Other(key, field), network) for text, field, network in announced(subnets))
    return found


@indexed
def _unreadable(stored: Stored) -> dict[str, list[tuple[str, Other]]]:
    """By IPv4 namespace, the networks of VPCs that cannot be read."""
    found = {
        pool: [(text, place) for text, place, network in entries if network is None]
        for pool, entries in _announced(stored).items()
    }
    return {pool: entries for pool, entries in found.items() if entries}


@indexed
def _partners(stored: Stored) -> dict[tuple[str, FieldPath], Other]:
    """For each network that overlaps one of another VPC of its namespace: the first such one."""
    found: dict[tuple[str, FieldPath], Other] = {}
    for entries in _announced(stored).values():
        places = [place for _, place, network in entries if network is not None]
        networks = [network for *_, network in entries if network is not None]
        for at, other in first_partners(networks, [place.key.name for place in places]).items():
            found[places[at].key.name, places[at].field] = places[other]
    return found


@indexed
def _vlan_owners(stored: Stored) -> dict[str, dict[int, list[Other]]]:
    """By VLAN namespace and VLAN, the subnets that have it. No VLAN is shared by all that have none."""
    found: dict[str, dict[int, list[Other]]] = {}
    for name, spec in stored.all("VPC").items():
        key = _key("VPC", name)
        owners = found.setdefault(as_text(spec.get("vlanNamespace")), {})
        for subnet, value in as_object(spec.get("subnets")).items():
            vlan = as_object(value).get("vlan")
            if isinstance(vlan, int) and vlan:
                owners.setdefault(vlan, []).append(Other(key, ("spec", "subnets", subnet, "vlan")))
    return found
