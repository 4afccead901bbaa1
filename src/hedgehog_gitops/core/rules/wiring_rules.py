"""Rules of the wiring kinds: VLAN namespaces, switches with their profiles, and connections."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule


def _refuses(rule: str, title: str, explanation: str, example: str, also: tuple[str, ...] = ()) -> Rule:
    return Rule(
        id=rule, severity=Severity.ERROR, title=title, explanation=explanation, example=example, also=also
    )  # fmt: skip


VLANNS_OVERLAP = _refuses(
    "VLANNS-003",
    "the ranges of a VLAN namespace overlap neither each other nor the IRB VLANs",
    "A VLAN number belongs to one range only; two ranges that share a boundary, such as 10-20 and 20-30, overlap. The "
    "IRB VLANs (3000-3899 unless the fabric says otherwise) are the fabric's own.",
    "kind: VLANNamespace\nspec:\n  ranges:\n  - {from: 1000, to: 2000}\n  - {from: 2000, to: 2999}",
)
VLANNS_TH5 = _refuses(
    "VLANNS-004",
    "the ranges of a VLAN namespace stay clear of the VLANs kept for the TH5 workaround",
    "The fabric keeps these VLANs (3900-3999 unless it says otherwise) for switches with that chip.",
    "kind: VLANNamespace\nspec:\n  ranges:\n  - {from: 3950, to: 3960}",
)
SW_ASN = _refuses(
    "SW-002", "a switch has an ASN", "BGP does not start without one; zero is none.", "kind: Switch\nspec:\n  asn: 0"
)
SW_IP = _refuses(
    "SW-003",
    "a switch has a management address",
    "`ip` is the address with its length on the management network. The installer can fill it in, a cluster cannot.",
    "kind: Switch\nspec:\n  ip: ''",
)
SW_PROTOCOL_IP = _refuses(
    "SW-004",
    "a switch has a protocol address",
    "`protocolIP` is its /32 for routing. The installer can fill it in, a cluster cannot.",
    "kind: Switch\nspec:\n  protocolIP: ''",
)
SW_VTEP_IP = _refuses(
    "SW-005",
    "a leaf has a VTEP address",
    "`vtepIP` is the end of the tunnels that carry the tenants' traffic; a server-leaf, border-leaf or mixed-leaf "
    "needs one.",
    "kind: Switch\nspec:\n  role: server-leaf  # and no vtepIP",
)
SW_SPINE_VTEP = _refuses(
    "SW-006",
    "a spine has no VTEP address",
    "Tunnels end on leaves. Take `vtepIP` away, or correct the role.",
    "kind: Switch\nspec:\n  role: spine\n  vtepIP: 172.30.12.1/32",
)
SW_PROFILE = _refuses(
    "SW-007",
    "a switch names its profile",
    "The profile says which ports the model has; without it nothing can be plugged in.",
    "kind: Switch\nspec:\n  profile: ''",
)
SW_REDUNDANCY = _refuses(
    "SW-008",
    "redundancy has both a group and a type",
    "`group` says with whom the switch is redundant, `type` how. One without the other is refused.",
    "kind: Switch\nspec:\n  redundancy: {group: pair-1}",
)
SW_VLANNS_OVERLAP = _refuses(
    "SW-021",
    "the VLAN namespaces of a switch do not overlap",
    "On one switch a VLAN number has one meaning, so the ranges of all its VLAN namespaces together must not share a "
    "number. Naming the same namespace twice overlaps too.",
    "kind: Switch\nspec:\n  vlanNamespaces: [default, default]",
)
SW_UNKNOWN_PROFILE = _refuses(
    "SW-023",
    "the profile of a switch is built in",
    "Profiles come with the fabric. Those of the families cls-plus and cumulus exist only where the fabric includes "
    "them: `profile_families` in the settings.",
    "kind: Switch\nspec:\n  profile: my-own-model",
)
SW_GROUP_SPEED = _refuses(
    "SW-024",
    "portGroupSpeeds names a port group and a speed that it can have",
    "The profile of the switch lists the groups, and the speeds of their ports.",
    'kind: Switch\nspec:\n  portGroupSpeeds: {"1": 100G}',
)
SW_SPEED = _refuses(
    "SW-025",
    "portSpeeds names a port with a speed of its own, and a speed that it can have",
    "A port of a group has the speed of its group, and a breakout port the speed of its mode; neither is set here.",
    "kind: Switch\nspec:\n  portSpeeds: {E1/1: 400G}",
)
SW_BREAKOUT = _refuses(
    "SW-026",
    "portBreakouts names a breakout port and a mode that it can have",
    "The key is the whole port, such as `E1/55`, never one of its lanes.",
    "kind: Switch\nspec:\n  portBreakouts: {E1/55: 2x200G}",
)
SW_AUTO_NEGOTIATION = _refuses(
    "SW-027",
    "portAutoNegs names ports that can negotiate",
    "The profile says which can. A breakout port is named lane by lane, as many as its mode has; a port of a group and "
    "a management port cannot be set. Whether the value is true or false does not matter.",
    "kind: Switch\nspec:\n  portAutoNegs: {M1: true}",
)
SW_FEC = _refuses(
    "SW-028",
    "portFECs names ports whose error correction can be set",
    "A breakout port that is split is named lane by lane; only with a single lane its own name will do. Management "
    "ports cannot be set.",
    "kind: Switch\nspec:\n  portFECs: {M1: rs}",
)
SW_LOCATOR = _refuses(
    "SW-029",
    "portLocators is supported, names ports, and says until when",
    "The profile needs the feature. A key is `*`, a port, or a lane of a breakout port; a value is empty, a duration "
    "such as `10m`, or a UTC time such as `2030-01-31 12:00:00`.",
    "kind: Switch\nspec:\n  portLocators: {E1/1: soon}",
)
SW_ROCE = _refuses(
    "SW-030",
    "RoCE is set only where the model has it",
    "`roce` needs the profile's feature of that name, `ecmp.roceQPN` the feature ecmpRoCEQPN.",
    "kind: Switch\nspec:\n  profile: vs\n  roce: true",
)
SW_ESLAG = _refuses(
    "SW-031",
    "ESLAG is set only where the model has it",
    "`redundancy.type: eslag` needs a profile with that feature.",
    "kind: Switch\nspec:\n  profile: celestica-ds5000\n  redundancy: {group: pair-1, type: eslag}",
)
SW_BUDGET = _refuses(
    "SW-032",
    "a switch has no more ports than its chip can drive",
    "Each lane of a broken-out port counts. Some models have a limit for the whole switch, some for each pipeline; use "
    "modes with fewer lanes.",
    "kind: Switch\nspec:\n  profile: celestica-ds4000\n  portBreakouts: {E1/1: 8x50G, E1/2: 8x50G, E1/3: 8x50G}",
)
SW_MANAGEMENT = _refuses(
    "SW-040",
    "a management address is free, and below the DHCP range of the management network",
    "`ip` is a prefix whose address lies in the management subnet, numerically below the start of its DHCP range; it "
    "is neither the control VIP nor the address of another switch. The length is not looked at.",
    "kind: Switch\nspec:\n  ip: 172.30.5.10/21",
)
SW_PROTOCOL = _refuses(
    "SW-041",
    "a protocol address is a free /32 of the protocol subnet",
    "No other switch, and no gateway, has the same `protocolIP`; the texts are compared.",
    "kind: Switch\nspec:\n  protocolIP: 172.30.8.1/24",
)
SW_LEAF_ASN = _refuses(
    "SW-042",
    "a leaf has an ASN of its own in the range for leaves",
    "The range is 65101-65533 unless the fabric says otherwise, and two leaves share no ASN.",
    "kind: Switch\nspec:\n  role: server-leaf\n  asn: 64512",
)
SW_SPINE_ASN = _refuses(
    "SW-043",
    "every spine has the one ASN of spines",
    "All spines of a fabric share it: 65100 unless the fabric says otherwise.",
    "kind: Switch\nspec:\n  role: spine\n  asn: 65101",
)
SW_VTEP = _refuses(
    "SW-044",
    "a leaf's VTEP address is a free /32 of the VTEP subnet",
    "No other switch, and no gateway, has the same `vtepIP`; the texts are compared.",
    "kind: Switch\nspec:\n  role: server-leaf\n  vtepIP: 10.0.0.1/32",
)
CONN_TYPE = _refuses(
    "CONN-002",
    "a connection has a type",
    "The type is the one field below `spec`: unbundled, bundled, eslag, fabric, mesh, gateway, vpcLoopback, external "
    "or staticExternal. An empty or misspelled one is none.",
    "kind: Connection\nspec: {}",
)
CONN_PORT = _refuses(
    "CONN-003",
    "every end of a link names a device and a port",
    "Ports are written `device/port`, such as `leaf-1/E1/5` or `server-1/enp2s1`.",
    "kind: Connection\nspec:\n  external:\n    link: {switch: {port: leaf-1}}",
)
CONN_UNBUNDLED = _refuses(
    "CONN-004",
    "an unbundled connection joins one port of a server and one of a switch",
    "Both ends are there, and they are two different ports.",
    "kind: Connection\nspec:\n  unbundled:\n    link: {server: {port: x/E1/1}, switch: {port: x/E1/1}}",
)
CONN_BUNDLED = _refuses(
    "CONN-005",
    "a bundled connection joins one server and one switch, over ports used once",
    "All links of a bundle start at the same server and end at the same switch. To spread them over two switches, use "
    "eslag.",
    "kind: Connection\nspec:\n  bundled:\n    links:\n"
    "    - {server: {port: s1/e1}, switch: {port: leaf-1/E1/1}}\n"
    "    - {server: {port: s1/e2}, switch: {port: leaf-2/E1/1}}",
)
CONN_ESLAG = _refuses(
    "CONN-006",
    "an ESLAG connection joins one server and one to four switches, over ports used once",
    "All links start at the same server. With fewer than two links it is no bundle.",
    "kind: Connection\nspec:\n  eslag:\n    links: []",
)
CONN_FABRIC = _refuses(
    "CONN-007",
    "a fabric or mesh connection joins exactly two switches, over ports used once",
    "All its links run between the same two switches. Their roles are not looked at.",
    "kind: Connection\nspec:\n  fabric:\n    links:\n    - {spine: {port: s1/E1/1}, leaf: {port: s1/E1/2}}",
)
CONN_GATEWAY = _refuses(
    "CONN-008",
    "a gateway connection starts at one switch, over ports used once",
    "Links from another switch to the same gateway are a connection of their own.",
    "kind: Connection\nspec:\n  gateway:\n    links: []",
)
CONN_LOOPBACK = _refuses(
    "CONN-009",
    "a VPC loopback joins ports of one switch, each used once",
    "Both ends of every link are on the same switch.",
    "kind: Connection\nspec:\n  vpcLoopback:\n    links:\n    - {switch1: {port: l1/E1/1}, switch2: {port: l2/E1/1}}",
)
CONN_MTU = _refuses(
    "CONN-010",
    "the MTU towards a server leaves room for the tunnel",
    "At most the fabric's MTU less the offset for servers, 9100 - 64 = 9036 unless the fabric says otherwise. Zero or "
    "nothing is the default.",
    "kind: Connection\nspec:\n  unbundled: {mtu: 9100}",
)
CONN_REDUNDANCY = _refuses(
    "CONN-022",
    "the switches of an ESLAG connection are one ESLAG group",
    "They name the same `redundancy.group` and the same type, and the type is eslag.",
    "kind: Connection\nspec:\n  eslag: {}  # over two switches of different groups",
)
CONN_TAKEN = _refuses(
    "CONN-023",
    "a port is used by one connection",
    "Neither end of a connection, also the server's and the gateway's, may occur in another one. `leaf-1/E1/4` and "
    "`leaf-1/E1/4/1` count as the same port.",
    "kind: Connection\nspec:\n  external: {link: {switch: {port: leaf-1/E1/4}}}  # also in another connection",
)
CONN_SPOILED = _refuses(
    "CONN-024",
    "no other connection is malformed",
    "Admission reads all connections to see which ports are taken. One that has no type, or does not join what its "
    "type asks for, makes it refuse every other one. Correct that one.",
    "kind: Connection\nmetadata: {name: innocent}  # while another has `spec: {}`",
)
CONN_LINK_IP = _refuses(
    "CONN-030",
    "the addresses of a link are a free /31 of the fabric subnet",
    "Both ends of a fabric, mesh or gateway link are in the same /31 inside the fabric-link subnet, and no other link "
    "has them. A link with an address at one end only is not looked at.",
    "kind: Connection\nspec:\n  fabric:\n    links:\n"
    "    - {spine: {port: s1/E1/1, ip: 172.30.128.0/30}, leaf: {port: l1/E1/1, ip: 172.30.128.1/30}}",
)
CONN_STATIC = _refuses(
    "CONN-040",
    "a static external has an address, and a next hop in its network",
    "`ip` is the switch's address with a length, `nextHop` an address inside that network.",
    "staticExternal:\n  link: {switch: {port: l1/E1/9, ip: 192.0.2.1/30, nextHop: 198.51.100.1}}",
    ("CONN-043",),
)
CONN_SUBNETS = _refuses(
    "CONN-041",
    "the subnets of a static external are networks that do not overlap",
    "Each is a prefix without host bits. `0.0.0.0/0` is allowed as the only one.",
    "staticExternal:\n  link: {switch: {subnets: [192.0.2.1/24]}}",
)
CONN_RESERVED = _refuses(
    "CONN-042",
    "the subnets of a static external stay clear of the fabric's own",
    "The management, fabric, protocol, VTEP, workaround, MCLAG session and proxy-external subnets are reserved. A "
    "default route is allowed.",
    "staticExternal:\n  link: {switch: {subnets: [172.30.8.0/24]}}",
)
PORT_UNKNOWN = _refuses(
    "PORT-001",
    "a port of a connection is one that the switch has",
    "The profile of the switch lists them.",
    "kind: Connection\nspec:\n  external: {link: {switch: {port: leaf-1/E1/99}}}",
)
PORT_LANE = _refuses(
    "PORT-002",
    "a lane of a breakout port is one that its mode has",
    "The mode is that of `portBreakouts`, else the profile's default. Changing it can take lanes away from connections "
    "that use them.",
    "kind: Connection\nspec:\n  external: {link: {switch: {port: leaf-1/E1/55/2}}}  # with a 1x100G mode",
    ("PORT-005",),
)
PORT_WHOLE = _refuses(
    "PORT-003",
    "only a breakout port has lanes",
    "Name the port itself.",
    "kind: Connection\nspec:\n  external: {link: {switch: {port: leaf-1/E1/1/1}}}  # a 25G port",
)
PORT_BREAKOUT = _refuses(
    "PORT-004",
    "the breakouts of a connection's switch are supported",
    "While one value of `portBreakouts` of a switch is not supported by its profile, admission cannot tell which ports "
    "the switch has, and refuses every connection to it. Correct the switch.",
    "kind: Connection\nspec:\n  external: {link: {switch: {port: leaf-1/E1/1}}}  # E1/55 there has a wrong breakout",
)

RULES = (
    VLANNS_OVERLAP,
    VLANNS_TH5,
    SW_ASN,
    SW_IP,
    SW_PROTOCOL_IP,
    SW_VTEP_IP,
    SW_SPINE_VTEP,
    SW_PROFILE,
    SW_REDUNDANCY,
    SW_VLANNS_OVERLAP,
    SW_UNKNOWN_PROFILE,
    SW_GROUP_SPEED,
    SW_SPEED,
    SW_BREAKOUT,
    SW_AUTO_NEGOTIATION,
    SW_FEC,
    SW_LOCATOR,
    SW_ROCE,
    SW_ESLAG,
    SW_BUDGET,
    SW_MANAGEMENT,
    SW_PROTOCOL,
    SW_LEAF_ASN,
    SW_SPINE_ASN,
    SW_VTEP,
    CONN_TYPE,
    CONN_PORT,
    CONN_UNBUNDLED,
    CONN_BUNDLED,
    CONN_ESLAG,
    CONN_FABRIC,
    CONN_GATEWAY,
    CONN_LOOPBACK,
    CONN_MTU,
    CONN_REDUNDANCY,
    CONN_TAKEN,
    CONN_SPOILED,
    CONN_LINK_IP,
    CONN_STATIC,
    CONN_SUBNETS,
    CONN_RESERVED,
    PORT_UNKNOWN,
    PORT_LANE,
    PORT_WHOLE,
    PORT_BREAKOUT,
)
