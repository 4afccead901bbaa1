"""Rules of the installer's kinds: Fabricator, ControlNode and FabNode. Judged where such files are, never applied."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule


def _refuses(rule: str, title: str, explanation: str, example: str) -> Rule:
    return Rule(id=rule, severity=Severity.ERROR, title=title, explanation=explanation, example=example)


IDENTITY = _refuses(
    "FAB-001",
    "there is one Fabricator, `default` in the namespace `fab`",
    "The installer looks for exactly this object. A second one, another name or another namespace is refused.",
    "kind: Fabricator\nmetadata: {name: prod, namespace: fab}",
)
REGISTRY = _refuses(
    "FAB-002",
    "the registry is airgap, or upstream with a repository",
    "Without an upstream the mode is `airgap` and has no `upstream`; the mode `upstream` names `upstream.repo`.",
    "registry: {mode: upstream}",
)
CONTROL = _refuses(
    "FAB-003",
    "addresses of the control nodes fit together",
    "DHCP start and end and the control VIP (a /32) lie inside the management subnet, start before end; the cluster's "
    "DNS lies inside the service subnet; service, cluster and management subnets do not overlap.",
    "control: {controlVIP: 172.30.0.1/24}",
)
USERS = _refuses(
    "FAB-004",
    "users have a password hash and a role",
    "The control user and every switch user have a hash that begins with `$5$`; who logs in without a password has "
    "authorized keys. Switch users are admin or operator, `admin` is one of them with the role admin, and none has the "
    "name of a system user. Hashes are secrets of a kind: values are never shown here.",
    "defaultSwitchUsers:\n  op: {role: viewer}",
)
NUMBERS = _refuses(
    "FAB-005",
    "ASNs of spines, leaves and gateways do not meet",
    "The leaf range starts before it ends; the spine ASN and the gateway ASN lie outside it and differ.",
    "fabric: {spineASN: 65101}",
)
SUBNETS = _refuses(
    "FAB-006",
    "the fabric's own subnets do not overlap",
    "Management, protocol, VTEP, fabric, dummy, MCLAG session and workaround subnets are disjoint; the dummy subnet is "
    "a /24 or larger.",
    "fabric: {vtepSubnet: 172.30.8.0/22}",
)
RESERVED = _refuses(
    "FAB-007",
    "reserved VLANs and the ESLAG identity are whole",
    "IRB, workaround and TH5 VLANs are ranges of 1 to 4094, and IRB and TH5 VLANs do not overlap. The ESI prefix of "
    "ESLAG has 12 characters.",
    "fabric: {th5WorkaroundVLANs: [{from: 3000, to: 3100}]}",
)
WORDS = _refuses(
    "FAB-008",
    "observability and gateway communities are written as they are read",
    "Defaults of observability are none, minimal or empty. A gateway community is `number:number`, each up to 65535, "
    "under a priority that is a number.",
    'gateway:\n  communities: {first: "50001:0"}',
)
REPLACED = Rule(
    id="FAB-009",
    severity=Severity.NOTICE,
    title="defaults of earlier releases are replaced",
    explanation="The installer fills in what is unset, and replaces two defaults of earlier releases: a leaf range "
    "that ends at 65534 ends at 65533, and IRB VLANs 3000-3999 end at 3899. Write what is used.",
    example="fabric: {leafASNEnd: 65534}",
)
CONTROL_NODE = _refuses(
    "CTRL-001",
    "a control node is whole",
    "One ControlNode, in the namespace `fab`, with `bootstrap.disk`, `management.interface` and `external.interface`; "
    "`external.ip` is `dhcp` or an IPv4 prefix. A management address, where it is given, lies in the management subnet "
    "with the length of that, below the DHCP range; a dummy address is a /31 of the dummy subnet; nobody else has "
    "them.",
    "kind: ControlNode\nspec:\n  external: {ip: 10.0.0.1}",
)
FAB_NODE = _refuses(
    "FNODE-001",
    "a node of the fabric is whole",
    "In the namespace `fab`, with `bootstrap.disk` and `management.interface`, distinct roles of which there is only "
    "`gateway`, a name that no control node has, and addresses as a control node has them.",
    "kind: FabNode\nspec:\n  roles: [storage]",
)

RULES = (
    IDENTITY,
    REGISTRY,
    CONTROL,
    USERS,
    NUMBERS,
    SUBNETS,
    RESERVED,
    WORDS,
    REPLACED,
    CONTROL_NODE,
    FAB_NODE,
)
