"""What admission lets pass although it is wrong: warnings, which `--strict` makes errors. Sorted by id."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule


def _doubts(rule: str, title: str, explanation: str, example: str, also: tuple[str, ...] = ()) -> Rule:
    return Rule(
        id=rule, severity=Severity.WARNING, title=title, explanation=explanation, example=example, also=also
    )  # fmt: skip


PAIR_PEERED_TWICE = _doubts(
    "LINT-005",
    "two VPCs have one peering",
    "Admission takes a second peering of the same pair, and what both permit adds up. Put it all into one, so that "
    "everything about the pair stands in one place.",
    "kind: VPCPeering\nmetadata: {name: again}\nspec:\n  permit:\n  - {web: {}, data: {}}",
    ("QUIRK-05",),
)
EXTERNAL_PREFIX = _doubts(
    "LINT-006",
    "a prefix of an external peering is one",
    "Admission looks only whether there is any text. The switches cannot use what is no network.",
    "kind: ExternalPeering\nspec:\n  permit:\n    external:\n      name: isp\n      prefixes:\n      - {prefix: all}",
    ("QUIRK-06",),
)
UNREADABLE_EXPOSE = _doubts(
    "LINT-007",
    "a VPC in several gateway peerings is shown addresses by cidr",
    "Admission compares what the gateway peerings of a VPC expose to it, and it cannot read a block that is given by "
    "`vpcSubnet` or `not`. This one passes because the others expose nothing yet; the first that does will be refused, "
    "and so will the next change here. Give the block by `cidr`.",
    "peering:\n  vpc-1: {expose: [{ips: [{vpcSubnet: default}]}]}\n  vpc-2: {}  # also in another gateway peering",
    ("QUIRK-07",),
)
VLAN_RANGE = _doubts(
    "LINT-009",
    "a VLAN is a number from 1 to 4094",
    "Admission does not look at the VLANs of external attachments, static external connections and subnets for BGP "
    "hosts. No switch has a VLAN outside this range; 0 or nothing means untagged.",
    "kind: ExternalAttachment\nspec:\n  switch: {vlan: 9999, ip: 198.51.100.2/30}",
    ("QUIRK-09",),
)
IPV6 = _doubts(
    "LINT-016",
    "addresses of VPCs and externals are IPv4",
    "IPv6 prefixes pass admission, but the fabric routes IPv4 only.",
    "kind: IPv4Namespace\nspec:\n  subnets: [10.10.0.0/16, fd00::/16]",
    ("QUIRK-16",),
)
SOURCE_UNKNOWN = _doubts(
    "LINT-DANGLING-INTERFACE",
    "the source of a gateway's neighbor is one of its interfaces",
    "Admission does not look `source` up. A name that neither an interface nor its `kernel` has leads nowhere, and the "
    "session does not come up.",
    "kind: Gateway\nspec:\n  interfaces: {enp2s1: {ips: [172.30.128.1/31]}}\n  neighbors: [{source: enp2s2}]",
)
DHCP_OFF = _doubts(
    "LINT-DHCP-OFF",
    "a DHCP range and options come with `enable`",
    "As long as `dhcp.enable` is not true, the cluster drops `range` and `options` without a word, and no host gets an "
    "address. Enable DHCP, or take them out.",
    "kind: VPC\nspec:\n  subnets:\n    default:\n      subnet: 10.10.1.0/24\n      vlan: 1001\n"
    "      dhcp: {range: {start: 10.10.1.10}}",
)
GATEWAY_EDGE = _doubts(
    "LINT-GATEWAY-EDGE",
    "a subnet's gateway is an address that a host can have",
    "Admission takes the network and the broadcast address as a gateway, but hosts do not.",
    "kind: VPC\nspec:\n  subnets:\n    default: {subnet: 10.10.1.0/24, gateway: 10.10.1.255, vlan: 1001}",
)
HOST_BITS = _doubts(
    "LINT-HOST-BITS",
    "a network is written without host bits",
    "`10.10.1.7/24` is read as `10.10.1.0/24`. Write the network that is meant, so that nobody has to wonder.",
    "kind: VPC\nspec:\n  subnets:\n    default: {subnet: 10.10.1.7/24, vlan: 1001}",
)
LOG_LEVEL = _doubts(
    "LINT-LOG-LEVEL",
    "a gateway's log levels are known ones",
    "Levels are off, error, warning, info, debug and trace. Nothing enforces that, and what an unknown word does is up "
    "to the data plane.",
    "kind: Gateway\nspec:\n  logs: {default: verbose}",
    ("GW-009",),
)
NEIGHBOR_OUTSIDE = _doubts(
    "LINT-NEIGHBOR-OUTSIDE",
    "the other end of an external attachment is in the switch's network",
    "Admission does not compare the two. An address outside the network of the switch's own is not reached over it.",
    "kind: ExternalAttachment\nspec:\n  switch: {ip: 198.51.100.2/30}\n  neighbor: {asn: 64496, ip: 198.51.101.1}",
)
NEXT_HOP = _doubts(
    "LINT-NEXT-HOP",
    "a next hop is an address",
    "Admission only counts the next hops of a static route. What is no address cannot be set on a switch.",
    "kind: VPC\nspec:\n  staticRoutes:\n  - {prefix: 10.42.0.0/24, nextHops: [10.10.1]}",
)
REPEATED_SUBNET = _doubts(
    "LINT-REPEATED-SUBNET",
    "a peering lists a subnet once",
    "Repeating a subnet in one list changes nothing. Perhaps another one was meant.",
    "kind: VPCPeering\nspec:\n  permit:\n  - web: {subnets: [frontend, frontend]}\n    data: {}",
)

RULES = (
    PAIR_PEERED_TWICE,
    EXTERNAL_PREFIX,
    UNREADABLE_EXPOSE,
    VLAN_RANGE,
    IPV6,
    SOURCE_UNKNOWN,
    DHCP_OFF,
    GATEWAY_EDGE,
    HOST_BITS,
    LOG_LEVEL,
    NEIGHBOR_OUTSIDE,
    NEXT_HOP,
    REPEATED_SUBNET,
)
