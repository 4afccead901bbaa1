"""Subnets of a VPC for hosts that speak BGP, and what the other subnets may not have."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.addresses import Prefix, prefix
from hedgehog_gitops.core.rules import vpc_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.reserved import reserved_by
from hedgehog_gitops.core.semantics.vpc_odd import odd_vlan
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_object
from hedgehog_gitops.model.settings import FabricConstants

LONGEST = 32
MOST_EXTRAS = 100
_IPV4 = 4
_LENGTHS = ("hostBGPMinPrefixLen", "hostBGPMaxPrefixLen")
EXTRAS = "hostBGPExtraPrefixes"
HOST_BGP_FIELDS = (*_LENGTHS, EXTRAS)


def no_host_bgp_faults(at: FieldPath, subnet: JsonObject) -> Iterator[Fault]:
    """A subnet without hostBGP has none of its fields."""
    for field in HOST_BGP_FIELDS:
        if subnet.get(field):
            message = f"{field} without hostBGP"
            yield Fault(rules.HOST_BGP_PREFIXES, (*at, field), message, "take it out, or set hostBGP: true")


def host_bgp_faults(
    at: FieldPath, subnet: JsonObject, network: Prefix | None, constants: FabricConstants
) -> Iterator[Fault]:
    """No DHCP server, and lengths and extra prefixes that fit."""
    if as_object(subnet.get("dhcp")).get("enable") is True:
        message = "DHCP is enabled for a subnet of BGP hosts"
        yield Fault(rules.HOST_BGP_DHCP, (*at, "dhcp", "enable"), message, "take one of the two out")
    yield from odd_vlan(subnet.get("vlan"), (*at, "vlan"))
    lengths = _lengths(subnet, _LENGTHS, (LONGEST, LONGEST))
    if network is not None:
        yield from _length_faults(at, _LENGTHS, lengths, network)
    extras = as_object(subnet.get(EXTRAS))
    if len(extras) > MOST_EXTRAS:
        message = f"{len(extras)} extra prefixes, at most {MOST_EXTRAS} are possible"
        yield Fault(rules.HOST_BGP_PREFIXES, (*at, EXTRAS), message, "use fewer, larger networks")
    for text, value in extras.items():
        yield from _extra((*at, EXTRAS, text), text, as_object(value), lengths, constants)


def _extra(
    at: FieldPath, text: str, value: JsonObject, lengths: tuple[int, int], constants: FabricConstants
) -> Iterator[Fault]:
    network = prefix(text)
    if network is None or network.version != _IPV4 or not network.is_canonical:
        yield Fault(rules.HOST_BGP_PREFIXES, at, f"{text!r} is no IPv4 prefix without host bits", "correct it")
    if network is None:
        return
    fields = ("minPrefixLen", "maxPrefixLen")
    yield from _length_faults(at, fields, _lengths(value, fields, lengths), network)
    if (reserved := reserved_by(network, constants)) is not None:
        message = f"extra prefix {text} overlaps {reserved}, which the fabric keeps for itself"
        yield Fault(rules.HOST_BGP_PREFIXES, at, message, "take another network")


def _lengths(value: JsonObject, fields: tuple[str, str], default: tuple[int, int]) -> tuple[int, int]:
    shortest, longest = (_number(value.get(field)) or usual for field, usual in zip(fields, default, strict=True))
    return shortest, longest


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0


def _length_faults(
    at: FieldPath, fields: tuple[str, str], lengths: tuple[int, int], network: Prefix
) -> Iterator[Fault]:
    shortest, longest = lengths
    first, last = ((*at, field) for field in fields)
    if shortest > longest:
        message = f"the shortest length {shortest} is above the longest, {longest}"
        yield Fault(rules.HOST_BGP_PREFIXES, first, message, "exchange them")
    if longest > LONGEST:
        yield Fault(rules.HOST_BGP_PREFIXES, last, f"length {longest} is above {LONGEST}", f"use at most {LONGEST}")
    if shortest < network.length:
        message = f"length {shortest} is shorter than the network's, {network.length}"
        yield Fault(rules.HOST_BGP_PREFIXES, first, message, "accept no more than the network itself")
