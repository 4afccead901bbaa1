"""What admission lets pass although it is wrong: warnings, which `--strict` makes errors. Sorted by id."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule


def _doubts(rule: str, title: str, explanation: str, example: str, also: tuple[str, ...] = ()) -> Rule:
    return Rule(
        id=rule, severity=Severity.WARNING, title=title, explanation=explanation, example=example, also=also
    )  # fmt: skip


WIPED_RANGES = _doubts(
    "LINT-001",
    "a VLAN namespace keeps its ranges",
    "One range that runs backwards, or leaves 1-4094, makes the defaulting webhook drop the whole list: the object is "
    "accepted, and has no VLAN at all. Correct the range.",
    "kind: VLANNamespace\nspec:\n  ranges:\n  - {from: 2000, to: 1000}",
    ("QUIRK-01", "VLANNS-002"),
)
SEVERAL_TYPES = _doubts(
    "LINT-002",
    "a connection has one type",
    "Admission looks at the first type that is set, in the order mclag, unbundled, bundled, eslag, fabric, mesh, "
    "gateway, vpcLoopback, external, staticExternal; the ports of the others are neither checked nor reserved. Make "
    "each type a connection of its own.",
    "kind: Connection\nspec:\n  unbundled: {}\n  external: {}",
    ("QUIRK-02",),
)
MIXED_REDUNDANCY = _doubts(
    "LINT-004",
    "all switches of an ESLAG connection are in the group",
    "A switch without redundancy passes beside one that is in a group, but the two cannot stand in for each other. "
    "Give both the same `redundancy`.",
    "kind: Connection\nspec:\n  eslag: {}  # over one switch with redundancy and one without",
    ("QUIRK-04",),
)
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
VIRTUAL_EDGE = _doubts(
    "LINT-011",
    "the role virtual-edge is not used",
    "The schema and the webhook still take it, without any check of ASN or addresses; `hhfab` refuses it. Use "
    "server-leaf, border-leaf, mixed-leaf or spine.",
    "kind: Switch\nspec:\n  role: virtual-edge",
    ("QUIRK-11",),
)
ESLAG_MTU = _doubts(
    "LINT-012",
    "the MTU of an ESLAG connection leaves room for the tunnel",
    "Only unbundled and bundled connections are limited by admission; larger frames get lost here all the same. Stay "
    "at or below the fabric's MTU less the offset for servers.",
    "kind: Connection\nspec:\n  eslag: {mtu: 65000}",
    ("QUIRK-12",),
)
FIRST_LANE = _doubts(
    "LINT-013",
    "a lane of a split port is named as one",
    "The bare name of a port that is split into lanes is an alias of lane 1. Write the lane, so that nobody takes it "
    "for the whole port.",
    "kind: Connection\nspec:\n  external: {link: {switch: {port: leaf-1/E1/55}}}  # E1/55 is split into 4x25G",
    ("QUIRK-13",),
)
LABEL_LIMIT = _doubts(
    "LINT-014",
    "what becomes a label fits into one",
    "The defaulting webhook labels an object with the names that it refers to. Kubernetes takes at most 63 characters "
    "(letters, digits, `-`, `_` and `.`, with a letter or digit at both ends); what is longer passes the fabric's own "
    "checks, and the API server refuses it. Give what is named a shorter name.",
    "kind: VPCAttachment\nspec:\n  connection: a-name-with-more-than-sixty-three-characters-...",
    ("META-005", "QUIRK-14"),
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
MCLAG = _doubts(
    "LINT-DEPRECATED-MCLAG",
    "MCLAG is not used",
    "It is deprecated: the fabric takes such objects with a warning and checks nothing of them. Use ESLAG.",
    "kind: Connection\nspec:\n  mclag: {}",
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
HALF_ADDRESSED = _doubts(
    "LINT-HALF-ADDRESSED",
    "a link has addresses at both ends, or at none",
    "Admission skips a link of a fabric, mesh or gateway connection that has only one address, so BGP finds no peer "
    "there. Add the other address.",
    "kind: Connection\nspec:\n  fabric:\n    links:\n"
    "    - {spine: {port: s1/E1/1, ip: 172.30.128.0/31}, leaf: {port: l1/E1/49}}",
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
PORT_LOCATOR = _doubts(
    "LINT-PORT-LOCATOR",
    "port locators are not kept in git",
    "A locator light goes out by itself after at most 20 minutes, and the cluster takes the entry away. In git it "
    "would be lit again and again. Use kubectl for it.",
    "kind: Switch\nspec:\n  portLocators: {E1/1: 10m}",
)
REPEATED_SUBNET = _doubts(
    "LINT-REPEATED-SUBNET",
    "a peering lists a subnet once",
    "Repeating a subnet in one list changes nothing. Perhaps another one was meant.",
    "kind: VPCPeering\nspec:\n  permit:\n  - web: {subnets: [frontend, frontend]}\n    data: {}",
)

RULES = (
    WIPED_RANGES,
    SEVERAL_TYPES,
    MIXED_REDUNDANCY,
    PAIR_PEERED_TWICE,
    EXTERNAL_PREFIX,
    UNREADABLE_EXPOSE,
    VLAN_RANGE,
    VIRTUAL_EDGE,
    ESLAG_MTU,
    FIRST_LANE,
    LABEL_LIMIT,
    IPV6,
    SOURCE_UNKNOWN,
    MCLAG,
    DHCP_OFF,
    GATEWAY_EDGE,
    HALF_ADDRESSED,
    HOST_BITS,
    LOG_LEVEL,
    NEIGHBOR_OUTSIDE,
    NEXT_HOP,
    PORT_LOCATOR,
    REPEATED_SUBNET,
)
