"""What is wrong with a Fabricator object: the configuration that the installer refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from hedgehog_gitops.core.addresses import Address, Prefix, address, prefix
from hedgehog_gitops.core.fabricator import (
    CONFIG,
    OLD_IRB,
    OLD_LEAF_END,
    at,
    configuration,
    fabric_constants,
    number,
    vlan_ranges,
)
from hedgehog_gitops.core.rules import fabricator_rules as rules
from hedgehog_gitops.core.semantics.fabricator_users import users
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.overlaps import first_partners
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_object, as_text, path_text
from hedgehog_gitops.model.rule import Rule


def fabricator(value: JsonObject) -> Iterator[Fault]:
    """Everything about one Fabricator object."""
    config = configuration(value)
    yield from _registry(as_object(config.get("registry")))
    yield from _addresses(config)
    yield from users(config)
    yield from _numbers(value)
    yield from _subnets(config)
    yield from _reserved(as_object(config.get("fabric")))
    yield from _words(config)
    yield from _replaced(as_object(config.get("fabric")))


class Network(NamedTuple):
    """A network of the configuration: where it stands, its default, and the rule that asks for it."""

    path: FieldPath
    default: str
    rule: Rule


MANAGEMENT = Network(("control", "managementSubnet"), "172.30.0.0/21", rules.CONTROL)
SERVICE = Network(("control", "kubeServiceSubnet"), "172.29.0.0/16", rules.CONTROL)
CLUSTER = Network(("control", "kubeClusterSubnet"), "172.28.0.0/16", rules.CONTROL)
DUMMY = Network(("control", "dummySubnet"), "172.30.90.0/24", rules.SUBNETS)
VIP = Network(("control", "controlVIP"), "172.30.0.1/32", rules.CONTROL)
_OWN = (
    MANAGEMENT,
    DUMMY,
    Network(("fabric", "protocolSubnet"), "172.30.8.0/22", rules.SUBNETS),
    Network(("fabric", "vtepSubnet"), "172.30.12.0/22", rules.SUBNETS),
    Network(("fabric", "fabricSubnet"), "172.30.128.0/17", rules.SUBNETS),
    Network(("fabric", "mclagSessionSubnet"), "172.30.95.0/31", rules.SUBNETS),
    Network(("fabric", "vpcWorkaroundSubnet"), "172.30.96.0/19", rules.SUBNETS),
)
DHCP_START, DHCP_END = ("fabric", "managementDHCPStart"), ("fabric", "managementDHCPEnd")
_DNS: FieldPath = ("control", "kubeClusterDNS")
_WHOLE, _DUMMY_LENGTH, _ESI_LENGTH, _HIGHEST_VLAN = 32, 24, 12, 4094
_COMMUNITY = re.compile(r"[0-9]{1,6}:[0-9]{1,6}\Z")


def network_of(config: JsonObject, network: Network) -> Prefix | None:
    """The network as written or its default; None if it is no prefix."""
    return prefix(as_text(at(config, network.path) or network.default))


def dhcp_start(config: JsonObject) -> Address | None:
    """The first address of the management DHCP range; None if it is none."""
    return address(as_text(at(config, DHCP_START) or "172.30.4.0"))


def _at(rule: Rule, field: FieldPath, message: str, hint: str) -> Fault:
    path: FieldPath = (*CONFIG, *field)
    return Fault(rule, path, f"{path_text(path)}: {message}", hint)


def _registry(registry: JsonObject) -> Iterator[Fault]:
    mode = registry.get("mode") or "airgap"
    upstream = registry.get("upstream")
    if mode not in ("airgap", "upstream"):
        yield _at(rules.REGISTRY, ("registry", "mode"), f"{mode!r} is no mode", "use airgap or upstream")
    elif mode == "airgap" and upstream is not None:
        yield _at(rules.REGISTRY, ("registry", "upstream"), "an airgap registry has none", "use the mode upstream")
    elif mode == "upstream" and not as_object(upstream).get("repo"):
        hint = "name it, for example ghcr.io"
        yield _at(rules.REGISTRY, ("registry", "upstream", "repo"), "the mode upstream needs a repository", hint)


def _addresses(config: JsonObject) -> Iterator[Fault]:
    for network in (*_OWN, SERVICE, CLUSTER, VIP):
        if network_of(config, network) is None:
            message = f"{at(config, network.path)!r} is not a prefix"
            yield _at(network.rule, network.path, message, f"write it like {network.default}")
    management, service = network_of(config, MANAGEMENT), network_of(config, SERVICE)
    vip = network_of(config, VIP)
    if vip is not None and vip.length != _WHOLE:
        yield _at(rules.CONTROL, VIP.path, "the control VIP is a /32", "write it like 172.30.0.1/32")
    inside = (
        (VIP.path, Address(vip.version, vip.address) if vip else None, management, "management"),
        (DHCP_START, dhcp_start(config), management, "management"),
        (DHCP_END, address(as_text(at(config, DHCP_END) or "172.30.7.254")), management, "management"),
        (_DNS, address(as_text(at(config, _DNS) or "172.29.0.10")), service, "service"),
    )
    for path, found, around, name in inside:
        if found is None and path != VIP.path:
            yield _at(rules.CONTROL, path, f"{at(config, path)!r} is not an address", "write an address without length")
        if found is not None and around is not None and not around.contains(found):
            yield _at(rules.CONTROL, path, f"lies outside the {name} subnet", "move one of the two")
    (_, start, _, _), (_, end, _, _) = inside[1], inside[2]
    if start is not None and end is not None and start >= end:
        yield _at(rules.CONTROL, DHCP_END, "the DHCP range ends before it starts", "exchange start and end")
    yield from _apart(config, (MANAGEMENT, SERVICE, CLUSTER), rules.CONTROL)


def _apart(config: JsonObject, networks: tuple[Network, ...], rule: Rule) -> Iterator[Fault]:
    read = [(network, found) for network in networks if (found := network_of(config, network)) is not None]
    partners = first_partners([found for _, found in read], range(len(read)))
    for index, other in sorted(partners.items()):
        network, partner = read[index][0], read[other][0]
        if at(config, network.path):  # one of two that overlap is not the default
            where = path_text((*CONFIG, *partner.path))
            yield _at(rule, network.path, f"overlaps {where}", "give each a network of its own")


def _subnets(config: JsonObject) -> Iterator[Fault]:
    yield from _apart(config, _OWN, rules.SUBNETS)
    dummy = network_of(config, DUMMY)
    if dummy is not None and dummy.length > _DUMMY_LENGTH:
        yield _at(rules.SUBNETS, DUMMY.path, f"/{dummy.length} is too small", "use a /24 or larger")


def _numbers(value: JsonObject) -> Iterator[Fault]:
    known, config = fabric_constants(value), configuration(value)
    for path in (("fabric", "spineASN"), ("fabric", "leafASNStart"), ("fabric", "leafASNEnd"), ("gateway", "asn")):
        written = at(config, path)
        if written not in (None, 0) and not 0 < number(written) < 2**32:
            yield _at(rules.NUMBERS, path, f"{written!r} is no ASN", "use a number of 32 bits")
    leaves = range(known.leaf_asn_start, known.leaf_asn_end + 1)
    shown = f"{known.leaf_asn_start} to {known.leaf_asn_end}"
    if len(leaves) < 2:  # noqa: PLR2004 - start and end differ
        yield _at(rules.NUMBERS, ("fabric", "leafASNStart"), f"leaves have {shown}", "start before the end")
    if known.spine_asn in leaves:
        message = f"{known.spine_asn} is one of the leaves' {shown}"
        yield _at(rules.NUMBERS, ("fabric", "spineASN"), message, "use one outside")
    if known.gateway_asn in leaves or known.gateway_asn == known.spine_asn:
        message = f"{known.gateway_asn} is the spines' or one of the leaves' {shown}"
        yield _at(rules.NUMBERS, ("gateway", "asn"), message, "use one that nobody else has")


def _reserved(fabric: JsonObject) -> Iterator[Fault]:
    for name in ("vpcIRBVLANs", "vpcWorkaroundVLANs", "th5WorkaroundVLANs"):
        written, ranges = as_list(fabric.get(name)), vlan_ranges(fabric.get(name))
        if len(ranges) != len(written) or any(high > _HIGHEST_VLAN for _, high in ranges):
            yield _at(rules.RESERVED, ("fabric", name), "not every entry is a range", "write {from: 3000, to: 3899}")
    irb, th5 = vlan_ranges(fabric.get("vpcIRBVLANs")), vlan_ranges(fabric.get("th5WorkaroundVLANs"))
    if _meet((*(((3000, 3899),) if not irb or irb == OLD_IRB else irb), *(th5 or ((3900, 3999),)))):
        name = "th5WorkaroundVLANs" if th5 else "vpcIRBVLANs"
        yield _at(rules.RESERVED, ("fabric", name), "IRB and TH5 VLANs overlap", "move one of them")
    prefix_text = fabric.get("eslagESIPrefix")
    if prefix_text and len(as_text(prefix_text)) != _ESI_LENGTH:
        yield _at(rules.RESERVED, ("fabric", "eslagESIPrefix"), "has not 12 characters", "write it like 00:f2:00:00:")


def _meet(ranges: tuple[tuple[int, int], ...]) -> bool:
    ordered = sorted(ranges)
    return any(before[1] >= after[0] for before, after in pairwise(ordered))


def _words(config: JsonObject) -> Iterator[Fault]:
    defaults = at(config, ("observability", "defaults"))
    if defaults not in (None, "", "none", "minimal"):
        path = ("observability", "defaults")
        yield _at(rules.WORDS, path, f"{defaults!r} is not known", "use none, minimal, or leave it out")
    for name, text in as_object(at(config, ("gateway", "communities"))).items():
        parts = as_text(text).split(":") if _COMMUNITY.match(as_text(text)) else ()
        is_priority = name.isascii() and name.isdecimal() and int(name) < 2**32
        if not parts or not is_priority or any(int(part) >= 2**16 for part in parts):
            message = f"{name!r}: {text!r} is no community under a priority"
            yield _at(rules.WORDS, ("gateway", "communities", name), message, 'write it like "0": "50001:0"')


def _replaced(fabric: JsonObject) -> Iterator[Fault]:
    if vlan_ranges(fabric.get("vpcIRBVLANs")) == OLD_IRB:
        yield _at(rules.REPLACED, ("fabric", "vpcIRBVLANs"), "3000-3999 is read as 3000-3899", "write 3899")
    if fabric.get("leafASNEnd") == OLD_LEAF_END:
        yield _at(rules.REPLACED, ("fabric", "leafASNEnd"), "65534 is read as 65533", "write 65533")
