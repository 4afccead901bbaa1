"""Rules about references: what an object names has to exist. The ids are those of the semantic rules of each kind."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule


def _needs(rule: str, title: str, example: str = "", more: str = "") -> Rule:
    explanation = (
        "Admission looks the name up and refuses the object when nothing has it. Add what is named, or correct it."
    )
    explanation = f"{explanation} {more}" if more else explanation
    return Rule(id=rule, severity=Severity.ERROR, title=title, explanation=explanation, example=example)


SW_VLANNS = _needs("SW-020", "a switch's VLAN namespaces exist", "kind: Switch\nspec:\n  vlanNamespaces: [typo]")
SW_GROUP = _needs("SW-022", "a switch's groups exist and have a name", "kind: Switch\nspec:\n  groups: [typo]")
CONN_SWITCH = _needs("CONN-020", "the switches of a connection exist, and so do their profiles")
CONN_SERVER = _needs("CONN-021", "the servers of a connection exist")
CONN_VPC = _needs("CONN-044", "the VPC of a static external connection exists")
VPC_NAMESPACE = _needs("VPC-050", "the namespaces of a VPC exist", "kind: VPC\nspec:\n  ipv4Namespace: typo")
VPC_RELAY = _needs("VPC-053", "the VPC of a DHCP relay exists")
ATTACHED_SUBNET = _needs(
    "VATT-010", "the attached VPC exists and has the subnet", "kind: VPCAttachment\nspec:\n  subnet: vpc-1/typo"
)
ATTACHED_CONNECTION = _needs(
    "VATT-011",
    "the connection of an attachment exists and leads to a server",
    "kind: VPCAttachment\nspec:\n  subnet: vpc-1/default\n  connection: leaf-3--external--isp",
    "It is an unbundled, bundled or eslag connection, and well formed itself.",
)
PEERED_VPC = _needs(
    "VPEER-004",
    "both VPCs of a peering exist, in the same namespaces",
    "kind: VPCPeering\nspec:\n  permit:\n  - {vpc-1: {}, typo: {}}",
    "Both have the same IPv4Namespace and the same VLANNamespace.",
)
PEERED_SUBNET = _needs(
    "VPEER-005",
    "the subnets of a peering exist in their VPC",
    "kind: VPCPeering\nspec:\n  permit:\n  - vpc-1: {subnets: [typo]}\n    vpc-2: {}",
)
EXTERNAL_NAMESPACE = _needs(
    "EXT-004", "the IPv4 namespace of an external exists", "kind: External\nspec:\n  ipv4Namespace: typo"
)
ATTACHED_EXTERNAL = _needs(
    "EATT-004",
    "the external of an external attachment exists and is of the same form",
    "kind: ExternalAttachment\nspec:\n  external: isp  # which is static\n  switch: {ip: 198.51.100.2/30}",
    "A static external has static attachments, any other has BGP sessions.",
)
EXTERNAL_CONNECTION = _needs(
    "EATT-005",
    "the connection of an external attachment exists and is of type external",
    "kind: ExternalAttachment\nspec:\n  external: isp\n  connection: web-1--unbundled--leaf-3",
    "A static external connection is no such connection.",
)
EXTERNAL_PEER = _needs(
    "EPEER-003",
    "the VPC and the external of an external peering exist, in the same IPv4 namespace",
    "kind: ExternalPeering\nspec:\n  permit:\n    vpc: {name: typo}\n    external: {name: isp}",
    "Both have the same IPv4Namespace.",
)
EXTERNAL_PEER_SUBNET = _needs(
    "EPEER-004",
    "the subnets of an external peering exist in the VPC",
    "kind: ExternalPeering\nspec:\n  permit:\n    vpc: {name: vpc-1, subnets: [typo]}\n    external: {name: isp}",
)
_DEFAULT_GROUP = (
    " A cluster's controller makes the group `default`; the set is judged by itself, so it holds that group too."
)
GATEWAY_GROUP = Rule(
    id="GW-007",
    severity=Severity.ERROR,
    title="the groups of a gateway exist, each once, and have a place for it",
    explanation="Every entry of `groups` names a GatewayGroup, no group twice. A group has at most as many gateways as "
    "the fabric has gateway communities, ten by default: each member is told apart by its own." + _DEFAULT_GROUP,
    example="kind: Gateway\nspec:\n  groups: [{name: typo}]",
)
PEERING_GROUP = Rule(
    id="GWP-020",
    severity=Severity.ERROR,
    title="the gateway group of a gateway peering exists",
    explanation="Without `gatewayGroup` it is `default`. Admission looks the group up and refuses the peering when "
    "there is none." + _DEFAULT_GROUP,
    example="kind: GatewayPeering\nspec:\n  gatewayGroup: typo",
)
GATEWAY_PEER = Rule(
    id="GWP-022",
    severity=Severity.ERROR,
    title="both sides of a gateway peering exist",
    explanation="A side is named as a VPC is, or `ext.` and the name of an external. Add what is named, or correct it.",
    example="kind: GatewayPeering\nspec:\n  peering: {vpc-1: {}, ext.typo: {}}",
)
CONN_GATEWAY = Rule(
    id="LINT-003",
    severity=Severity.WARNING,
    title="the gateway of a gateway connection exists",
    explanation="Admission does not look at the gateway's end of a gateway connection, so a name that nothing has "
    "passes and the cable leads nowhere.",
    example="kind: Connection\nspec:\n  gateway:\n    links:\n    - gateway: {port: typo/enp2s1}",
    also=("QUIRK-03",),
)

RULES = (
    SW_VLANNS,
    SW_GROUP,
    CONN_SWITCH,
    CONN_SERVER,
    CONN_VPC,
    VPC_NAMESPACE,
    VPC_RELAY,
    ATTACHED_SUBNET,
    ATTACHED_CONNECTION,
    PEERED_VPC,
    PEERED_SUBNET,
    EXTERNAL_NAMESPACE,
    ATTACHED_EXTERNAL,
    EXTERNAL_CONNECTION,
    EXTERNAL_PEER,
    EXTERNAL_PEER_SUBNET,
    GATEWAY_GROUP,
    PEERING_GROUP,
    GATEWAY_PEER,
    CONN_GATEWAY,
)
