"""Rules about the step from an older set of objects to a newer one: updates, deletes, swaps and disruption.

They are judged in `validate --base REVISION` and against the live side in `plan`, `apply` and `sync`.
"""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule

CONNECTION_TYPE = Rule(
    id="UPD-001",
    severity=Severity.ERROR,
    title="the type of a connection stays",
    explanation="Admission refuses an update that changes the type of a Connection, or the `withinVPC` of a static "
    "external one; everything else may change. Make a connection of another name and delete this one.",
    example="# was `unbundled`\nkind: Connection\nspec:\n  bundled: {}",
)
BREAKOUT_UNDER_ROCE = Rule(
    id="UPD-002",
    severity=Severity.ERROR,
    title="breakouts stay while a switch does RoCE",
    explanation="Admission refuses an update of a Switch that changes `portBreakouts` while `roce` is true, before the "
    "update or after it. Switch `roce` off, apply, change the breakouts, apply, and switch it on again.",
    example="kind: Switch\nspec:\n  roce: true\n  portBreakouts: {E1/55: 4x25G}   # was 1x100G",
)
NAMESPACE_LEAVES_SUBNETS = Rule(
    id="UPD-003",
    severity=Severity.ERROR,
    title="an IPv4 namespace keeps the subnets of its VPCs",
    explanation="Admission refuses an update of an IPv4Namespace after which a subnet of one of its VPCs would lie in "
    "none of its subnets. Move or remove the VPC's subnet first.",
    example="kind: IPv4Namespace\nspec:\n  subnets: [10.20.0.0/16]   # a VPC has 10.10.1.0/24",
)
NAMESPACE_LEAVES_VLANS = Rule(
    id="UPD-004",
    severity=Severity.ERROR,
    title="a VLAN namespace keeps the VLANs of the VPCs that admission looks at",
    explanation="When a VLANNamespace is updated, admission checks the VLANs of the VPCs whose `ipv4Namespace` has the "
    "same name, and not of those that use the VLANNamespace. With both called `default` that looks right; a hostBGP "
    "subnet without a VLAN makes the check fail, and so does a VPC that takes its VLANs from elsewhere.",
    example="kind: VLANNamespace\nspec:\n  ranges: [{from: 2000, to: 2999}]   # a VPC has VLAN 1001",
)
VLANS_NOT_LOOKED_AT = Rule(
    id="LINT-008",
    severity=Severity.WARNING,
    title="a VLAN namespace keeps the VLANs of its own VPCs",
    explanation="Admission takes this update, because it looks up the wrong VPCs (see UPD-004). A VPC that uses the "
    "namespace has a VLAN outside of it from then on, and fails at its own next update.",
    example="kind: VLANNamespace\nmetadata: {name: lab}\nspec:\n  ranges: [{from: 2000, to: 2999}]",
    also=("QUIRK-08",),
)
WHAT_FITS = {
    NAMESPACE_LEAVES_SUBNETS.id: "keep the subnet in the namespace, or move the VPC's subnet first",
    NAMESPACE_LEAVES_VLANS.id: "admission checks the VPCs whose ipv4Namespace has this name: keep their VLANs in the "
    "ranges, or give the VLANNamespace a name that no IPv4Namespace has",
    VLANS_NOT_LOOKED_AT.id: "keep the VLAN in the ranges, or move the VPC to another VLAN first",
}


def _kept(rule: str, kind: str, users: str, example: str = "") -> Rule:
    return Rule(
        id=rule,
        severity=Severity.ERROR,
        title=f"a {kind} stays while it is used",
        explanation=f"Admission refuses to delete a {kind} that {users} uses. Remove the users in the same change; "
        "they are deleted first.",
        example=example or f"# {kind} x is removed, and this stays\nspec: {{...: x}}",
    )


DELETE_IPV4_NAMESPACE = _kept("DEL-001", "IPv4Namespace", "a VPC or an External")
DELETE_VLAN_NAMESPACE = _kept("DEL-002", "VLANNamespace", "a Switch or a VPC")
DELETE_SWITCH = _kept("DEL-003", "Switch", "a Connection")
DELETE_SERVER = _kept("DEL-004", "Server", "a Connection")
DELETE_CONNECTION = _kept("DEL-005", "Connection", "a VPCAttachment or an ExternalAttachment")
DELETE_VPC = _kept(
    "DEL-006", "VPC", "a VPCAttachment, a VPCPeering, an ExternalPeering or a static external Connection"
)
DELETE_EXTERNAL = _kept("DEL-007", "External", "an ExternalAttachment or an ExternalPeering")

SWAP = Rule(
    id="LINT-SWAP",
    severity=Severity.WARNING,
    title="objects do not swap what only one of them can have",
    explanation="A port, VLAN, subnet or address has to be given up by one object before another can take it. Where "
    "each takes what the other one has, no order of the updates works, and the cluster refuses them. Take two steps: "
    "move one of them to a free value and apply, then put it where it belongs.",
    example="# the VLANs of two VPCs change places\nkind: VPC\nmetadata: {name: a}\nspec:\n"
    "  subnets: {default: {vlan: 1002}}   # was 1001, which VPC b takes now",
)


def _disrupts(word: str, title: str, explanation: str, example: str, also: tuple[str, ...] = ()) -> Rule:
    return Rule(
        id=f"DISRUPT-{word}",
        severity=Severity.WARNING,
        title=title,
        explanation=f"The cluster takes this change. {explanation}",
        example=example,
        also=also,
    )


SUBNET_MOVES = _disrupts(
    "SUBNET",
    "the subnets of an attached VPC stay as they are",
    "Servers that are attached to the subnet keep their old address, gateway or VLAN until somebody changes them too. "
    "A subnet that is taken away is not missed by admission either. Detach first, or plan an interruption.",
    "kind: VPC\nspec:\n  subnets:\n    default: {vlan: 1002}   # was 1001",
    ("UPD-006",),
)
ATTACHMENT_GOES = _disrupts(
    "ATTACHMENT",
    "an attachment stays",
    "The servers behind its connection leave the VPC's subnet; the VPCs behind an external attachment lose that way "
    "out. Make sure that nothing needs it any more.",
    "kind: VPCAttachment\nspec:\n  subnet: vpc-1/other   # was vpc-1/default",
)
CABLE_MOVES = _disrupts(
    "CABLE",
    "a connection that is attached keeps its ports",
    "The ports of a connection change while a VPC is attached through it: what is plugged in has to move at the same "
    "moment. Move the cable in a planned interruption, one leg of an ESLAG at a time.",
    "kind: Connection\nspec:\n  unbundled:\n    link:\n      switch: {port: leaf-1/E1/7}   # was leaf-1/E1/1",
)
PAIR_TOUCHED = _disrupts(
    "ESLAG",
    "the switches of an ESLAG pair change one at a time",
    "A pair is there so that one switch carries the traffic while the other one is worked on. Both change in this one "
    "step. Change one, apply, look, and change the other.",
    "kind: Switch\nmetadata: {name: leaf-1}   # and leaf-2 of the same group, in one change",
)
LAST_UPLINK = _disrupts(
    "UPLINK",
    "a switch keeps an uplink",
    "The last fabric or mesh connection of a switch goes, so nothing behind it reaches the rest of the fabric.",
    "# the only connection of type `fabric` that names leaf-1 is removed",
)
PEERING_GOES = _disrupts(
    "PEERING",
    "what peerings permit stays permitted",
    "A VPCPeering, ExternalPeering or GatewayPeering that permits traffic goes or permits less, and no other one "
    "permits the same. Make sure that nothing needs the path any more.",
    "kind: VPCPeering\nspec:\n  permit: [{vpc-1: {subnets: [a]}, vpc-2: {}}]   # subnet b could talk too",
)
SWITCH_RENUMBERED = _disrupts(
    "SWITCH",
    "the addresses and the ASN of a switch stay",
    "With another ASN, protocol address, VTEP address or role all sessions of the switch end, and the tunnels of its "
    "servers with them. Plan an interruption.",
    "kind: Switch\nspec:\n  asn: 65110   # was 65101",
)
REDUNDANCY_CHANGES = _disrupts(
    "REDUNDANCY",
    "the redundancy of a switch stays",
    "The group or the type of redundancy of a switch changes, so bonds over the pair have to be built anew.",
    "kind: Switch\nspec:\n  redundancy: {group: pair-2, type: eslag}   # was pair-1",
)
REMOVED_IN_USE = _disrupts(
    "INUSE",
    "what is still used is not removed",
    "Nothing protects switch groups, gateways and their groups from being deleted, nor VPCs and externals from what "
    "gateway peerings and DHCP relays need. What names them dangles, and fails at its own next update.",
    "# SwitchGroup pair-1 is removed\nkind: Switch\nspec:\n  groups: [pair-1]",
    ("DEL-009",),
)
BASE_INCOMPLETE = Rule(
    id="BASE-INCOMPLETE",
    severity=Severity.WARNING,
    title="the base can be read whole",
    explanation="Some files of the revision that `--base` names could not be read, so what changed since is not known. "
    "Nothing was judged against it. Name a base whose files are whole.",
    example="validate --base REVISION",
)

RULES = (
    CONNECTION_TYPE,
    BREAKOUT_UNDER_ROCE,
    NAMESPACE_LEAVES_SUBNETS,
    NAMESPACE_LEAVES_VLANS,
    VLANS_NOT_LOOKED_AT,
    DELETE_IPV4_NAMESPACE,
    DELETE_VLAN_NAMESPACE,
    DELETE_SWITCH,
    DELETE_SERVER,
    DELETE_CONNECTION,
    DELETE_VPC,
    DELETE_EXTERNAL,
    SWAP,
    SUBNET_MOVES,
    ATTACHMENT_GOES,
    CABLE_MOVES,
    PAIR_TOUCHED,
    LAST_UPLINK,
    PEERING_GOES,
    SWITCH_RENUMBERED,
    REDUNDANCY_CHANGES,
    REMOVED_IN_USE,
    BASE_INCOMPLETE,
)
