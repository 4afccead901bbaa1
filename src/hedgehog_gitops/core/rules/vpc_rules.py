"""Rules of the VPC kinds: what admission refuses in them. The ids are those of Hedgehog's own rules.

That what an object names has to exist is said in `reference_rules`.
"""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule


def _refused(rule: str, title: str, explanation: str, example: str) -> Rule:
    return Rule(id=rule, severity=Severity.ERROR, title=title, explanation=explanation, example=example)


NAMESPACE_SUBNET = _refused(
    "IPNS-002",
    "a subnet of an IPv4 namespace is a prefix",
    "Each entry is a network with its length, such as 10.10.0.0/16. As long as one entry cannot be read, the VPCs of "
    "the namespace are refused with it.",
    "kind: IPv4Namespace\nspec:\n  subnets: [10.10.0.0]",
)
NAMESPACE_COUNT = _refused(
    "IPNS-003",
    "an IPv4 namespace has at most 10 subnets",
    "Each pair of them costs a filter entry on the switches, which have few. Use fewer, larger networks.",
    "kind: IPv4Namespace\nspec:\n  subnets: [10.0.0.0/24, 10.0.1.0/24, ...]  # eleven of them",
)
NAMESPACE_OVERLAP = _refused(
    "IPNS-004",
    "subnets of an IPv4 namespace overlap neither each other nor the fabric",
    "The fabric keeps seven networks for itself (management, fabric links, protocol, VTEP, workaround, MCLAG session, "
    "proxy external). Different namespaces may overlap.",
    "kind: IPv4Namespace\nspec:\n  subnets: [10.10.0.0/16, 10.10.8.0/24]",
)
VPC_NAME = _refused(
    "VPC-001",
    "a VPC's name does not start with `ext.`",
    "The gateway tells externals from VPCs by this prefix. Choose another name.",
    "kind: VPC\nmetadata: {name: ext.blue}",
)
SUBNET_COUNT = _refused(
    "VPC-002",
    "a VPC has 1 to 20 subnets",
    "A VPC without a subnet has no use, and more than 20 are not supported.",
    "kind: VPC\nspec:\n  subnets: {}",
)
MODE = _refused(
    "VPC-003",
    "a VPC's mode is empty or l3vni",
    "Without a mode a VPC stretches layer 2 between the leaves. `l3flat` is known but not supported.",
    "kind: VPC\nspec:\n  mode: l3flat",
)
SUBNET_PREFIX = _refused(
    "VPC-010",
    "a VPC subnet has a prefix of at most 30 bits",
    "`subnet` is required: a network with its length, such as 10.10.1.0/24. As long as it cannot be read, the other "
    "VPCs of the IPv4 namespace are refused with it.",
    "kind: VPC\nspec:\n  subnets:\n    default: {subnet: 10.10.1.0, vlan: 1001}",
)
SUBNET_RESERVED = _refused(
    "VPC-011",
    "a VPC subnet keeps out of the fabric's own addresses",
    "The fabric keeps seven networks for itself; see IPNS-004. Take the subnet from elsewhere.",
    "kind: VPC\nspec:\n  subnets:\n    default: {subnet: 172.30.0.0/24, vlan: 1001}",
)
SUBNET_GATEWAY = _refused(
    "VPC-012",
    "a VPC subnet's gateway is an address in it",
    "Left out, it is the first address after the network address. A subnet for hosts that speak BGP needs none.",
    "kind: VPC\nspec:\n  subnets:\n    default: {subnet: 10.10.1.0/24, gateway: 10.10.2.1, vlan: 1001}",
)
SUBNET_VLAN = _refused(
    "VPC-013",
    "every VPC subnet has a VLAN of its own",
    "Only a subnet for hosts that speak BGP goes without one.",
    "kind: VPC\nspec:\n  subnets:\n    default: {subnet: 10.10.1.0/24}",
)
HOST_BGP_DHCP = _refused(
    "VPC-014",
    "a subnet for hosts that speak BGP has no DHCP server",
    "With `hostBGP` the hosts announce their own addresses. Take `dhcp.enable` out, or `hostBGP`.",
    "kind: VPC\nspec:\n  subnets:\n    default: {subnet: 10.10.1.0/24, hostBGP: true, dhcp: {enable: true}}",
)
HOST_BGP_PREFIXES = _refused(
    "VPC-015",
    "what BGP hosts may announce fits their subnet and namespace",
    "The shortest and longest length (32 unless given) are in order, at most 32, and no shorter than the network. "
    "Up to 100 extra prefixes, without host bits, lie in the IPv4 namespace and outside the fabric's own addresses. "
    "Without `hostBGP` none of this may be given.",
    "kind: VPC\nspec:\n  subnets:\n    default: {subnet: 10.10.1.0/24, hostBGP: true, hostBGPMinPrefixLen: 16}",
)
OWN_OVERLAP = _refused(
    "VPC-016",
    "the subnets of a VPC do not overlap",
    "Extra prefixes of BGP hosts count as well.",
    "kind: VPC\nspec:\n  subnets:\n    a: {subnet: 10.10.1.0/24, vlan: 1}\n    b: {subnet: 10.10.1.0/25, vlan: 2}",
)
DHCP_RELAY = _refused(
    "VPC-020",
    "a DHCP relay is a prefix and stands in for the server",
    "`relay` is an address with its length (10.9.9.9/32), `relayVPC` needs it, and it excludes `enable`.",
    "kind: VPC\nspec:\n  subnets:\n    default: {subnet: 10.10.1.0/24, vlan: 1001, dhcp: {relay: 10.9.9.9}}",
)
DHCP_RANGE = _refused(
    "VPC-021",
    "a DHCP range lies in the subnet, from a lower to a higher address",
    "Start and end are addresses in the subnet, neither its network address nor its gateway. Left out, they are the "
    "second and the last one.",
    "kind: VPC\nspec:\n  subnets:\n    default:\n      subnet: 10.10.1.0/24\n      vlan: 1001\n"
    "      dhcp: {enable: true, range: {start: 10.10.2.10}}",
)
DHCP_OPTIONS = _refused(
    "VPC-022",
    "DHCP options can be sent to a host",
    "DNS and time servers are addresses, the MTU is 96 to 9036, a lease lasts at least a second, and an advertised "
    "route has a prefix and a gateway in the subnet.",
    "kind: VPC\nspec:\n  subnets:\n    default:\n      subnet: 10.10.1.0/24\n      vlan: 1001\n"
    "      dhcp: {enable: true, options: {dnsServers: [dns-1]}}",
)
STATIC_LEASE = _refused(
    "VPC-030",
    "a static lease gives a hardware address a free address of the subnet",
    "The address is in the subnet, not its network or broadcast address, not the gateway, and no other lease has it.",
    "kind: VPC\nspec:\n  subnets:\n    default:\n      subnet: 10.10.1.0/24\n      vlan: 1001\n"
    '      dhcp: {enable: true, static: {"0c:20:12:ff:00:01": {ip: 10.10.1.0}}}',
)
STATIC_WITHOUT_DHCP = _refused(
    "VPC-031",
    "static leases need DHCP",
    "Without `dhcp.enable` nobody would give the addresses out. Enable it, or take `static` out.",
    "kind: VPC\nspec:\n  subnets:\n    default:\n      subnet: 10.10.1.0/24\n      vlan: 1001\n"
    '      dhcp: {static: {"0c:20:12:ff:00:01": {ip: 10.10.1.5}}}',
)
PERMIT = _refused(
    "VPC-040",
    "a permit names two or more different subnets of its VPC",
    "Each list of `permit` lets its subnets talk to each other.",
    "kind: VPC\nspec:\n  permit: [[default]]",
)
STATIC_ROUTE = _refused(
    "VPC-041",
    "a static route has a prefix and a next hop",
    "The prefix is written without host bits, and `nextHops` has at least one entry.",
    "kind: VPC\nspec:\n  staticRoutes:\n  - {prefix: 10.42.0.0/24, nextHops: []}",
)
OUTSIDE_NAMESPACE = _refused(
    "VPC-051",
    "a VPC subnet lies in its IPv4 namespace",
    "One of the namespace's networks contains the whole subnet. Take the subnet from it, or add a network to the "
    "namespace.",
    "kind: VPC\nspec:\n  subnets:\n    default: {subnet: 192.168.1.0/24, vlan: 1001}",
)
VLAN_OUTSIDE_NAMESPACE = _refused(
    "VPC-052",
    "a VPC's VLANs lie in its VLAN namespace",
    "One of the namespace's ranges contains the VLAN. Choose another VLAN, or widen the namespace.",
    "kind: VPC\nspec:\n  subnets:\n    default: {subnet: 10.10.1.0/24, vlan: 9}",
)
VPC_OVERLAP = _refused(
    "VPC-054",
    "VPCs of one IPv4 namespace do not overlap",
    "Both are refused. A VPC whose subnets cannot be read makes all others of its namespace be refused, as nobody can "
    "tell whether they overlap.",
    "kind: VPC\nmetadata: {name: other}\nspec:\n  subnets:\n    default: {subnet: 10.10.1.128/25, vlan: 1009}",
)
VLAN_REUSED = _refused(
    "VPC-055",
    "VPCs of one VLAN namespace do not share a VLAN",
    "A VLAN belongs to one subnet in the whole fabric, not only on one switch. Both VPCs are refused.",
    "kind: VPC\nmetadata: {name: other}\nspec:\n  subnets:\n    default: {subnet: 10.10.9.0/24, vlan: 1001}",
)
ATTACHMENT_NAMES = _refused(
    "VATT-001",
    "an attachment names a subnet and a connection",
    "`subnet` is `<vpc>/<subnet>`; without a slash the VPC's subnet `default` is meant.",
    "kind: VPCAttachment\nspec:\n  subnet: /default\n  connection: web-1--unbundled--leaf-3",
)
POINT_TO_POINT = _refused(
    "VATT-002",
    "the point-to-point link of an attachment is an IPv4 /31",
    "The annotation fabric.githedgehog.com/p2p-link holds a prefix such as 10.10.1.0/31.",
    'kind: VPCAttachment\nmetadata:\n  annotations: {fabric.githedgehog.com/p2p-link: "10.10.1.0/30"}',
)
ESLAG_MODE = _refused(
    "VATT-012",
    "a VPC that is attached by ESLAG has no mode",
    "Only a VPC that stretches layer 2 (no `mode`) works over an ESLAG. Use another connection, or take the mode out.",
    "kind: VPCAttachment\nspec:\n  subnet: routed/default  # a VPC with mode l3vni\n"
    "  connection: web-1--eslag--leaf-1--leaf-2",
)
HOST_BGP_ATTACHMENT = _refused(
    "VATT-013",
    "a subnet for BGP hosts is attached by an unbundled connection",
    "It takes no `nativeVLAN` (leave the subnet's VLAN out instead) and no switch of an MCLAG pair.",
    "kind: VPCAttachment\nspec:\n  subnet: web/bgp-hosts\n  connection: db-2--bundled--leaf-3",
)
ATTACHED_SWITCH = _refused(
    "VATT-014",
    "the switches of an attachment can carry the VPC",
    "Each switch of the connection exists, lists the VPC's VLAN namespace, and is of a model that can do what the "
    "VPC's mode needs.",
    "kind: VPCAttachment\nspec:\n  subnet: web/frontend\n  connection: web-1--unbundled--leaf-9",
)
ATTACHED_TWICE = _refused(
    "VATT-015",
    "a connection is attached to a subnet once, and to one native VLAN",
    "Both attachments are refused. Take one of them out, or `nativeVLAN`.",
    "kind: VPCAttachment\nmetadata: {name: again}\nspec:\n  subnet: web/frontend\n"
    "  connection: web-1--eslag--leaf-1--leaf-2",
)
PEERING_REMOTE = _refused(
    "VPEER-002",
    "a VPC peering has no `remote`",
    "Remote peering is gone. Take the field out; an external peering or a gateway peering leads outside.",
    "kind: VPCPeering\nspec:\n  remote: border",
)
PEERING_PAIR = _refused(
    "VPEER-003",
    "a VPC peering is about two VPCs",
    "Every entry of `permit` names the same two VPCs. For three VPCs write three peerings.",
    "kind: VPCPeering\nspec:\n  permit:\n  - {web: {}}",
)
COMMUNITY = _refused(
    "EXT-002",
    "a community of an external is two numbers",
    "`65102:5000`, each number from 0 to 65535 and without leading zeros.",
    "kind: External\nspec:\n  inboundCommunity: 65102",
)
STATIC_EXTERNAL = _refused(
    "EXT-003",
    "a static external lists what is behind it and has no communities",
    "At least one prefix, none overlapping another. Communities belong to BGP.",
    "kind: External\nspec:\n  static: {prefixes: []}",
)
ATTACHMENT_PARTS = _refused(
    "EATT-001",
    "an external attachment names its external and its connection",
    "Both are required.",
    "kind: ExternalAttachment\nspec:\n  external: isp",
)
BGP_ATTACHMENT = _refused(
    "EATT-002",
    "an external attachment without `static` has both ends of a BGP session",
    "`switch.ip` with its length, `neighbor.asn` and `neighbor.ip` without a length.",
    "kind: ExternalAttachment\nspec:\n  switch: {ip: 198.51.100.2/30}\n  neighbor: {asn: 64496, ip: 198.51.100.1/30}",
)
STATIC_ATTACHMENT = _refused(
    "EATT-003",
    "a static external attachment has a remote address, and an own one or a proxy",
    "`static.remoteIP`, and exactly one of `static.ip` (with its length) and `static.proxy`. `switch` and `neighbor` "
    "stay empty.",
    "kind: ExternalAttachment\nspec:\n  static: {remoteIP: 198.51.100.1}",
)
ATTACHMENT_VLAN = _refused(
    "EATT-006",
    "the external attachments of a connection have different VLANs",
    "No VLAN counts as one. Both attachments are refused.",
    "kind: ExternalAttachment\nmetadata: {name: again}\nspec:\n  connection: leaf-3--external--isp\n"
    "  switch: {vlan: 200, ip: 198.51.100.6/30}",
)
FILTER_STATEMENT = _refused(
    "EATT-010",
    "a statement of an inbound filter is complete",
    "`seq` is 10 or more and unique, `action` is permit, deny, discard or transit, `protocol` is ip, tcp, udp or icmp, "
    "source and destination are `any` or prefixes.",
    "kind: ExternalAttachment\nspec:\n  inboundACL:\n    statements:\n"
    "    - {seq: 5, action: permit, protocol: ip, srcPrefix: any, dstPrefix: any}",
)
FILTER_FLAGS = _refused(
    "EATT-011",
    "TCP flags of a filter belong to tcp and do not contradict each other",
    "`established` stands alone, and a flag excludes its `not` form.",
    "kind: ExternalAttachment\nspec:\n  inboundACL:\n    statements:\n"
    "    - {seq: 10, action: permit, protocol: tcp, srcPrefix: any, dstPrefix: any,\n"
    "       tcpFilters: {syn: true, notSyn: true}}",
)
FILTER_PORTS = _refused(
    "EATT-012",
    "ports of a filter belong to tcp and udp, types and codes to icmp",
    "A port range starts at 1 or higher and ends no lower than it starts.",
    "kind: ExternalAttachment\nspec:\n  inboundACL:\n    statements:\n"
    "    - {seq: 10, action: permit, protocol: ip, srcPrefix: any, dstPrefix: any,\n"
    "       portRangeBegin: 80, portRangeEnd: 80}",
)
EXTERNAL_PEERING_PARTS = _refused(
    "EPEER-001",
    "an external peering names its VPC and its external",
    "`permit.vpc.name` and `permit.external.name` are required.",
    "kind: ExternalPeering\nspec:\n  permit:\n    vpc: {name: web}",
)
PEERED_PREFIX = _refused(
    "EPEER-002",
    "a prefix of an external peering is not empty",
    "Write the network that the VPC may reach, such as 0.0.0.0/0, or take the entry out.",
    'kind: ExternalPeering\nspec:\n  permit:\n    external:\n      name: isp\n      prefixes:\n      - {prefix: ""}',
)

RULES = (
    NAMESPACE_SUBNET,
    NAMESPACE_COUNT,
    NAMESPACE_OVERLAP,
    VPC_NAME,
    SUBNET_COUNT,
    MODE,
    SUBNET_PREFIX,
    SUBNET_RESERVED,
    SUBNET_GATEWAY,
    SUBNET_VLAN,
    HOST_BGP_DHCP,
    HOST_BGP_PREFIXES,
    OWN_OVERLAP,
    DHCP_RELAY,
    DHCP_RANGE,
    DHCP_OPTIONS,
    STATIC_LEASE,
    STATIC_WITHOUT_DHCP,
    PERMIT,
    STATIC_ROUTE,
    OUTSIDE_NAMESPACE,
    VLAN_OUTSIDE_NAMESPACE,
    VPC_OVERLAP,
    VLAN_REUSED,
    ATTACHMENT_NAMES,
    POINT_TO_POINT,
    ESLAG_MODE,
    HOST_BGP_ATTACHMENT,
    ATTACHED_SWITCH,
    ATTACHED_TWICE,
    PEERING_REMOTE,
    PEERING_PAIR,
    COMMUNITY,
    STATIC_EXTERNAL,
    ATTACHMENT_PARTS,
    BGP_ATTACHMENT,
    STATIC_ATTACHMENT,
    ATTACHMENT_VLAN,
    FILTER_STATEMENT,
    FILTER_FLAGS,
    FILTER_PORTS,
    EXTERNAL_PEERING_PARTS,
    PEERED_PREFIX,
)
