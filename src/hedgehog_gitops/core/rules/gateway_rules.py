"""Rules of the gateway kinds: Gateway, GatewayGroup and GatewayPeering.

That the groups, VPCs and externals they name exist is said in `reference_rules`.
"""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule


def _refuses(rule: str, title: str, explanation: str, example: str, also: tuple[str, ...] = ()) -> Rule:
    return Rule(
        id=rule, severity=Severity.ERROR, title=title, explanation=explanation, example=example, also=also
    )  # fmt: skip


GATEWAY_OFF = _refuses(
    "GW-000",
    "gateway kinds need a fabric with a gateway",
    "Admission refuses every Gateway, GatewayGroup and GatewayPeering while the gateway is off in the fabric's "
    "settings, which it is unless the Fabricator turns it on. Turn it on there and say so here: `settings: {gateway: "
    "true}`, or let the settings be read with `settings_from`.",
    "kind: GatewayGroup  # in a fabric without `settings: {gateway: true}`\nmetadata: {name: edge}",
    ("GWG-001",),
)
WORKERS = _refuses(
    "GW-001",
    "a gateway has 1 to 64 workers",
    "`workers` is the number of threads that forward packets; without it there are 4.",
    "kind: Gateway\nspec:\n  workers: 65",
)
GATEWAY_ADDRESS = _refuses(
    "GW-002",
    "a gateway's own addresses are IPv4 /32",
    "`protocolIP` and `vtepIP` are single IPv4 addresses with their length; tunnels end at the VTEP address, so it is "
    "an ordinary one: not multicast, not 127.0.0.0/8, not 0.0.0.0.",
    "kind: Gateway\nspec:\n  vtepIP: 127.0.0.1/32",
)
GATEWAY_MAC = _refuses(
    "GW-003",
    "a gateway has an ordinary VTEP MAC",
    "`vtepMAC` is required, a hardware address, not all zero, and not multicast: the lowest bit of its first byte is "
    "0.",
    "kind: Gateway\nspec:\n  vtepMAC: 01:00:5e:00:00:01",
)
GATEWAY_ASN = _refuses(
    "GW-004",
    "a gateway has an ASN",
    "`asn` is required and not 0. The gateways of a fabric share the gateway ASN of its settings, 65534 by default.",
    "kind: Gateway\nspec:\n  asn: 0",
)
INTERFACES = _refuses(
    "GW-005",
    "a gateway's interfaces have a name, an address, and one way to find them",
    "At least one interface. Its key is a Linux interface name of 2 to 10 characters; each has one or more IPv4 "
    "prefixes. `pci` is written like 0000:02:00.0; `kernel` is another Linux name than the key; not both.",
    "kind: Gateway\nspec:\n  interfaces:\n    enp2s1: {ips: []}",
)
NEIGHBORS = _refuses(
    "GW-006",
    "a gateway's BGP neighbors have an address and an ASN",
    "At least one neighbor; `ip` is an ordinary IPv4 address without a length and `asn` is not 0.",
    "kind: Gateway\nspec:\n  neighbors:\n  - {ip: 172.30.128.0/31, asn: 65100}",
)
GATEWAY_TAKEN = _refuses(
    "GW-008",
    "a gateway's addresses are its own",
    "No other Gateway or Switch has the address of its `protocolIP` or of its `vtepIP`, and no other Gateway its "
    "`vtepMAC`. Admission blames both.",
    "kind: Gateway\nspec:\n  protocolIP: 172.30.8.1/32  # spine-1 has it",
)
ENTRIES = _refuses(
    "GWP-001",
    "a gateway peering has exactly two sides",
    "`peering` has two entries, each under the name of a VPC or `ext.` and the name of an external. An entry with "
    "nothing after its name is null, and the check crashes on it: write `{}`.",
    "kind: GatewayPeering\nspec:\n  peering:\n    vpc-1: {expose: [{ips: [{cidr: 10.0.1.0/24}]}]}",
    ("QUIRK-10",),
)
EXPOSE = _refuses(
    "GWP-002",
    "an expose says what it exposes",
    "Either at least one entry of `ips`, or `default: true` and nothing else.",
    "kind: GatewayPeering\nspec:\n  peering:\n    vpc-1: {expose: [{ips: []}]}",
)
EXPOSED_IPS = _refuses(
    "GWP-003",
    "each exposed block is one of cidr, not and vpcSubnet",
    "Exactly one of the three is set; `cidr` and `not` are prefixes. An external has no VPC subnets, so an `ext.` "
    "entry has no `vpcSubnet`.",
    "kind: GatewayPeering\nspec:\n  peering:\n    vpc-1: {expose: [{ips: [{cidr: 10.0.1.0}]}]}",
)
EXPOSED_AS = _refuses(
    "GWP-004",
    "each translated block is one of cidr and not",
    "Exactly one of the two is set, and it is a prefix.",
    "kind: GatewayPeering\nspec:\n  peering:\n    vpc-1: {expose: [{as: [{cidr: 192.168.1.0}]}]}",
)
AS_WITH_NAT = _refuses(
    "GWP-005",
    "`as` and `nat` come together",
    "Addresses are translated to `as` by `nat`: one without the other means nothing.",
    "kind: GatewayPeering\nspec:\n  peering:\n    vpc-1: {expose: [{ips: [{cidr: 10.0.1.0/24}], nat: {static: {}}}]}",
)
NAT = _refuses(
    "GWP-006",
    "a translation is of one kind",
    "`nat` has exactly one of masquerade, static and portForward. An idle timeout is a duration such as `2m30s`.",
    "nat: {static: {}, masquerade: {}}",
)
PORTS = _refuses(
    "GWP-007",
    "a port forwarding says which ports",
    "`portForward.ports` has at least one entry; `port` and `as` are a port or a range `n-m`, from 1 to 65535, "
    "without commas.",
    "nat:\n  portForward:\n    ports: [{port: 80-70, as: 8080}]",
)
STATEFUL = _refuses(
    "GWP-008",
    "only one side of a peering keeps state",
    "masquerade and portForward keep a table of flows. They are used on one side at most, and the other side then has "
    "no static translation either.",
    "kind: GatewayPeering\nspec:\n  peering:\n    vpc-1: {expose: [{nat: {masquerade: {}}}]}\n    vpc-2: {expose: "
    "[{nat: {static: {}}}]}",
)
ACL = _refuses(
    "GWP-009",
    "a rule of a peering's filter is complete",
    "A name, where there is one, is lower case and has at most 64 characters. `from` or `to` is set, and each is one "
    "of the two sides. A source or destination has at most one of cidr (a prefix) and vpcSubnet; ports are a port or "
    "a range; the protocol is tcp, udp or a number. Actions and scopes are words of the definition (SCH-004).",
    "acl:\n  rules:\n  - {action: allow, from: vpc-3}  # the sides are vpc-1 and vpc-2",
)
NO_MEMBER = Rule(
    id="GWP-021",
    severity=Severity.WARNING,
    title="a gateway is a member of the peering's group",
    explanation="A cluster refuses the peering until at least one Gateway is in its group and until the controller has "
    "made its own records of the VPCs, and its data plane may refuse more; none of that can be told from the set "
    "alone, so this is a warning.",
    example="kind: GatewayPeering\nspec:\n  gatewayGroup: edge  # no gateway has it among its groups",
)
EXPOSED_INSIDE = _refuses(
    "GWP-023",
    "what is exposed belongs to the VPC",
    "An exposed `cidr` lies within one subnet of its VPC, and `vpcSubnet` names one, also in the filter, where "
    "sources belong to `from` and destinations to `to`. Where a subnet of the VPC cannot be read, nothing can be "
    "found in it: correct the VPC first.",
    "kind: GatewayPeering\nspec:\n  peering:\n    vpc-1: {expose: [{ips: [{cidr: 10.0.88.0/24}]}]}",
)
EXPOSED_TWICE = _refuses(
    "GWP-024",
    "gateway peerings of a VPC expose different addresses to it",
    "What one peering exposes towards a VPC may not overlap what another one exposes towards the same VPC; `as` "
    "counts where it is given, and what `not` excludes does not. A block given by `vpcSubnet` or `not` counts as one "
    "that cannot be read, and as soon as two peerings of a VPC have something to compare both are refused: expose by "
    "`cidr` there.",
    "peering:\n  vpc-1: {expose: [{ips: [{vpcSubnet: default}]}]}\n  vpc-2: {}  # in two gateway peerings",
    ("QUIRK-07",),
)

RULES = (
    GATEWAY_OFF,
    WORKERS,
    GATEWAY_ADDRESS,
    GATEWAY_MAC,
    GATEWAY_ASN,
    INTERFACES,
    NEIGHBORS,
    GATEWAY_TAKEN,
    ENTRIES,
    EXPOSE,
    EXPOSED_IPS,
    EXPOSED_AS,
    AS_WITH_NAT,
    NAT,
    PORTS,
    STATEFUL,
    ACL,
    NO_MEMBER,
    EXPOSED_INSIDE,
    EXPOSED_TWICE,
)
