"""VPC by itself: its subnets with their gateways and VLANs, its permits and its static routes.

`vpc_dhcp` and `vpc_host_bgp` judge those parts of a subnet.
"""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.addresses import Address, Prefix, address, prefix
from hedgehog_gitops.core.rules import lint_rules
from hedgehog_gitops.core.rules import vpc_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.core.semantics.overlaps import first_partners
from hedgehog_gitops.core.semantics.reserved import reserved_by
from hedgehog_gitops.core.semantics.vpc_dhcp import dhcp_faults
from hedgehog_gitops.core.semantics.vpc_host_bgp import EXTRAS, HOST_BGP_FIELDS, host_bgp_faults, no_host_bgp_faults
from hedgehog_gitops.core.semantics.vpc_odd import odd_network
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

MOST_SUBNETS = 20
LONGEST = 30
MODES = frozenset({"", "l3vni"})
_SUBNETS: FieldPath = ("spec", "subnets")


def vpc(manifest: Manifest, spec: JsonObject, constants: FabricConstants) -> Iterator[Fault]:
    """Everything that is wrong with a VPC whatever else there is."""
    if manifest.key.name.startswith("ext."):
        yield Fault(rules.VPC_NAME, ("metadata", "name"), "the name starts with 'ext.'", "choose another name")
    if (mode := as_text(spec.get("mode"))) not in MODES:
        message = f"mode {mode!r} is not supported" if mode == "l3flat" else f"there is no mode {mode!r}"
        yield Fault(rules.MODE, ("spec", "mode"), message, "leave it out, or write l3vni")
    subnets = as_object(spec.get("subnets"))
    if not 0 < len(subnets) <= MOST_SUBNETS:
        message = f"the VPC has {len(subnets)} subnets" if subnets else "the VPC has no subnets"
        yield Fault(rules.SUBNET_COUNT, _SUBNETS, message, f"1 to {MOST_SUBNETS} are possible")
    written = as_object(as_object(manifest.value.get("spec")).get("subnets"))
    for name, subnet in subnets.items():
        yield from _subnet((*_SUBNETS, name), as_object(subnet), as_object(written.get(name)), constants)
    if len(subnets) > 1 or EXTRAS in next(map(as_object, subnets.values()), {}):
        yield from _repeated_vlans(manifest.key, subnets)
        yield from _overlaps(manifest.key, subnets)
    if "permit" in spec:
        yield from _permits(spec, subnets)
    if "staticRoutes" in spec:
        yield from _static_routes(as_list(spec["staticRoutes"]))


def _subnet(at: FieldPath, subnet: JsonObject, written: JsonObject, constants: FabricConstants) -> Iterator[Fault]:
    text = as_text(subnet.get("subnet"))
    network = prefix(text)
    if network is None or network.length > LONGEST or not network.is_canonical or network.version != 4:  # noqa: PLR2004
        yield from _network(text, network, (*at, "subnet"))
    if network is not None and (reserved := reserved_by(network, constants)) is not None:
        message = f"subnet {text} overlaps {reserved}, which the fabric keeps for itself"
        yield Fault(rules.SUBNET_RESERVED, (*at, "subnet"), message, "take another subnet")
    if subnet.get("hostBGP") is True:
        yield from host_bgp_faults(at, subnet, network, constants)
    else:
        if not subnet.keys().isdisjoint(HOST_BGP_FIELDS):
            yield from no_host_bgp_faults(at, subnet)
        if not _is_inside(address(as_text(subnet.get("gateway"))), network):
            yield from _gateway((*at, "gateway"), as_text(subnet.get("gateway")), network)
        if not subnet.get("vlan"):
            yield Fault(rules.SUBNET_VLAN, (*at, "vlan"), "the subnet has no VLAN", "give it one of the VLAN namespace")
    if "dhcp" in subnet or "dhcp" in written:
        yield from dhcp_faults((*at, "dhcp"), subnet, as_object(written.get("dhcp")), network)


def _network(text: str, network: Prefix | None, field: FieldPath) -> Iterator[Fault]:
    if network is None:
        message = f"{text!r} is no prefix" if text else "the subnet has no prefix"
        yield Fault(rules.SUBNET_PREFIX, field, message, "write a network such as 10.10.1.0/24")
        return
    if network.length > LONGEST:
        message = f"prefix length {network.length} is too long"
        yield Fault(rules.SUBNET_PREFIX, field, message, f"at most {LONGEST} is possible")
    yield from odd_network(text, network, field)


def _is_inside(found: Address | None, network: Prefix | None) -> bool:
    """True for an address that a host of the network can have: nothing to say about it."""
    return (
        found is not None
        and network is not None
        and network.version == found.version
        and network.first < found.value < network.last
    )


def _gateway(field: FieldPath, text: str, network: Prefix | None) -> Iterator[Fault]:
    found = address(text) if text else None
    if found is None:
        if text or network is not None:  # a gateway that is left out follows from the subnet
            message = f"gateway {text!r} is no address" if text else "the subnet has no gateway"
            yield Fault(rules.SUBNET_GATEWAY, field, message, "write an address of the subnet, or leave it out")
    elif network is None:
        return
    elif not network.contains(found):
        message = f"gateway {text} is not in the subnet"
        yield Fault(rules.SUBNET_GATEWAY, field, message, "write an address of the subnet, or leave it out")
    elif network.length <= LONGEST and found.value in (network.first, network.last):
        edge = "network" if found.value == network.first else "broadcast"
        message = f"gateway {text} is the {edge} address of the subnet"
        yield Fault(lint_rules.GATEWAY_EDGE, field, message, "take another address")


def _repeated_vlans(key: ObjectKey, subnets: JsonObject) -> Iterator[Fault]:
    owners: dict[Json, str] = {}
    for name, value in subnets.items():
        subnet = as_object(value)
        vlan = subnet.get("vlan")
        if not vlan or subnet.get("hostBGP") is True:
            continue
        if (owner := owners.setdefault(vlan, name)) != name:
            other = Other(key, (*_SUBNETS, owner, "vlan"))
            message = f"subnet {owner!r} has VLAN {vlan} as well"
            yield Fault(rules.SUBNET_VLAN, (*_SUBNETS, name, "vlan"), message, "give each subnet its own VLAN", other)


def _overlaps(key: ObjectKey, subnets: JsonObject) -> Iterator[Fault]:
    found = [each for each in announced(subnets) if each[1] is not None]
    partners = first_partners([network for _, network, *_ in found if network is not None], range(len(found)))
    for later, former in sorted(partners.items()):
        if former < later:
            place = place_of(*found[former][2:])
            message = f"{found[later][0]} overlaps {found[former][0]} of the same VPC"
            hint = "take one of them from elsewhere"
            yield Fault(rules.OWN_OVERLAP, place_of(*found[later][2:]), message, hint, Other(key, place))


def announced(subnets: JsonObject) -> Iterator[tuple[str, Prefix | None, str, str]]:
    """Each network of a VPC as text and parsed, its subnet's name, and the key of an extra prefix of BGP hosts."""
    for name, value in subnets.items():
        subnet = as_object(value)
        text = as_text(subnet.get("subnet"))
        yield text, prefix(text), name, ""
        if EXTRAS in subnet:
            for extra in as_object(subnet[EXTRAS]):
                yield extra, prefix(extra), name, extra


def place_of(subnet: str, extra: str) -> FieldPath:
    """The field of a network that a VPC announces."""
    return (*_SUBNETS, subnet, EXTRAS, extra) if extra else (*_SUBNETS, subnet, "subnet")


def _permits(spec: JsonObject, subnets: JsonObject) -> Iterator[Fault]:
    for index, entries in enumerate(as_list(spec["permit"])):
        field: FieldPath = ("spec", "permit", index)
        names = [as_text(name) for name in as_list(entries)]
        if len(names) < 2:  # noqa: PLR2004
            message = f"the permit names {len(names)} subnets"
            yield Fault(rules.PERMIT, field, message, "name two or more subnets, or take the entry out")
        for at, name in enumerate(names):
            if name not in subnets:
                message = f"the VPC has no subnet {name!r}"
                yield Fault(rules.PERMIT, (*field, at), message, f"its subnets are {', '.join(subnets) or 'none'}")
            elif name in names[:at]:
                yield Fault(rules.PERMIT, (*field, at), f"subnet {name!r} is repeated", "take it out")


def _static_routes(routes: list[Json]) -> Iterator[Fault]:
    for index, value in enumerate(routes):
        route = as_object(value)
        field: FieldPath = ("spec", "staticRoutes", index)
        text = as_text(route.get("prefix"))
        network = prefix(text)
        if network is None:
            message = f"{text!r} is no prefix" if text else "the route has no prefix"
            yield Fault(rules.STATIC_ROUTE, (*field, "prefix"), message, "write a network such as 10.42.0.0/24")
        elif not network.is_canonical:
            message = f"{text} has host bits"
            yield Fault(rules.STATIC_ROUTE, (*field, "prefix"), message, "write the network's own address")
        else:
            yield from odd_network(text, network, (*field, "prefix"))
        yield from _next_hops((*field, "nextHops"), as_list(route.get("nextHops")))


def _next_hops(field: FieldPath, hops: list[Json]) -> Iterator[Fault]:
    if not hops:
        yield Fault(rules.STATIC_ROUTE, field, "the route has no next hop", "name at least one address")
    for at, hop in enumerate(hops):
        if address(as_text(hop)) is None:
            yield Fault(lint_rules.NEXT_HOP, (*field, at), f"next hop {as_text(hop)!r} is no address", "correct it")
