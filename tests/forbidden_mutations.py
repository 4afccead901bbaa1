"""One forbidden change for each of many rules: what is done to an object of a valid fabric, by rule.

`path` leads from the object's root, with the first entry of a mapping or list written as `*`. `value` may be a
function of what stands there and of all objects. What fits no object of the fabric is left out by `places`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject

Made: TypeAlias = Callable[[Any, Sequence[Any]], Json]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change that breaks a rule, wherever its path leads somewhere. `only` picks the objects that it is for."""

    rule: str
    kind: str
    path: str
    value: Json | Made
    only: str = ""


class _Gone:
    """In place of a value: the field goes."""


GONE: Any = _Gone()


def places(mutation: Mutation, objects: Sequence[Any]) -> list[int]:
    """The objects that the mutation can be done to, by index."""
    return [index for index, value in enumerate(objects) if _fits(mutation, value)]


def mutated(mutation: Mutation, objects: Sequence[Any], index: int) -> tuple[list[JsonObject], FieldPath]:
    """The objects with one changed, and where it was changed."""
    target = copy.deepcopy(objects[index])
    *steps, last = _resolved(mutation.path, target)
    at = target
    for step in steps:
        at = at[step]
    present = at.get(last) if isinstance(at, dict) else at[last]
    value = mutation.value(present, objects) if callable(mutation.value) else mutation.value
    if value is GONE:
        del at[last]
    else:
        at[last] = value
    return [target if place == index else value for place, value in enumerate(objects)], (*steps, last)


def _fits(mutation: Mutation, value: Any) -> bool:
    if value["kind"] != mutation.kind or not str(value["metadata"].get("name")).startswith(mutation.only):
        return False
    *steps, _ = mutation.path.split("/")
    at = value
    for step in steps:
        step = _step(step, at)  # noqa: PLW2901 - the wildcard becomes the step that it stands for
        if step is None or (isinstance(at, dict) and step not in at) or (isinstance(at, list) and step >= len(at)):
            return False
        at = at[step]
    return isinstance(at, dict | list)


def _resolved(path: str, value: Any) -> Iterator[Any]:
    at = value
    for step in path.split("/"):
        found = _step(step, at)
        yield found
        at = at.get(found) if isinstance(at, dict) else at[found]


def _step(step: str, at: Any) -> Any:
    if isinstance(at, list):
        return 0 if step == "*" else int(step)
    if not isinstance(at, dict):
        return None
    return next(iter(at), None) if step == "*" else step


def _with(**fields: Json) -> Made:
    return lambda present, _: {**(present or {}), **fields}


def _of_another(kind: str, *path: str) -> Made:
    """What the same field of another object of the kind holds."""

    def taken(present: Any, objects: Sequence[Any]) -> Json:
        for value in objects:
            at = value if value["kind"] == kind else None
            for step in path:
                at = at.get(step) if isinstance(at, dict) else None
            if at is not None and at != present:
                found: Json = at
                return found
        raise LookupError(kind, path)

    return taken


_STATIC: JsonObject = {"0c:20:13:00:00:99": {"ip": "10.0.0.77"}}
_ELEVEN: list[Json] = [f"10.{number}.0.0/16" for number in range(100, 111)]
_STATEMENT: JsonObject = {
    "seq": 10,
    "action": "permit",
    "protocol": "tcp",
    "srcPrefix": "any",
    "dstPrefix": "any",
}
_PORT: JsonObject = {"proto": "tcp", "port": "80", "as": "0"}

MUTATIONS: tuple[Mutation, ...] = (
    # who an object is
    Mutation("OBJECT-002", "Server", "apiVersion", ""),
    Mutation("OBJECT-003", "Server", "kind", ""),
    Mutation("OBJECT-004", "VPC", "metadata/name", 5),
    Mutation("OBJECT-005", "VPC", "kind", "Vpc"),
    Mutation("OBJECT-006", "VPC", "apiVersion", "vpc.githedgehog.com/v9"),
    Mutation("OBJECT-011", "Switch", "spec", []),
    Mutation("OBJECT-013", "Server", "metadata/namespace", "My_Lab"),
    Mutation("META-001", "Server", "metadata/name", "Server_1"),
    Mutation("META-002", "Server", "metadata/name", "s" * 254),
    Mutation("META-003", "VPC", "metadata/name", "vpc-00000001"),
    Mutation("META-004", "Connection", "metadata/namespace", "lab"),
    # schema
    Mutation("DECODE-001", "Switch", "spec/fooBar", 1),
    Mutation("DECODE-001", "VPC", "spec/subnets/*/vlam", 7),
    Mutation("DECODE-002", "Switch", "spec/asn", "65101"),
    Mutation("DECODE-002", "Server", "spec/description", 5),
    Mutation("DECODE-003", "VPC", "spec/subnets/*/vlan", 70000),
    Mutation("DECODE-003", "Switch", "spec/asn", -1),
    Mutation("SCH-001", "Switch", "spec/role", "top"),
    Mutation("SCH-002", "Connection", "spec/fabric/links/0/leaf/ip", "here"),
    Mutation("SCH-004", "GatewayPeering", "spec/acl", {"default": "perhaps"}),
    Mutation("SCH-005", "ExternalAttachment", "spec/inboundACL", {"statements": [{"seq": 10}]}, "isp"),
    # VLANNamespace
    Mutation("VLANNS-003", "VLANNamespace", "spec/ranges/1", {"from": 2000, "to": 3000}),
    Mutation("VLANNS-004", "VLANNamespace", "spec/ranges/1", {"from": 3900, "to": 3910}),
    Mutation("LINT-001", "VLANNamespace", "spec/ranges/0", {"from": 20, "to": 10}),
    # Switch
    Mutation("SW-002", "Switch", "spec/asn", 0),
    Mutation("SW-003", "Switch", "spec/ip", ""),
    Mutation("SW-004", "Switch", "spec/protocolIP", GONE),
    Mutation("SW-005", "Switch", "spec/vtepIP", "", "leaf"),
    Mutation("SW-006", "Switch", "spec/vtepIP", "172.30.12.99/32", "spine"),
    Mutation("SW-007", "Switch", "spec/profile", ""),
    Mutation("SW-008", "Switch", "spec/redundancy", {"type": "eslag"}, "leaf"),
    Mutation("SW-020", "Switch", "spec/vlanNamespaces/0", "nothing"),
    Mutation("SW-022", "Switch", "spec/groups/0", "nothing"),
    Mutation("SW-023", "Switch", "spec/profile", "nothing"),
    Mutation("SW-024", "Switch", "spec/portGroupSpeeds", {"99": "25G"}, "leaf"),
    Mutation("SW-025", "Switch", "spec/portSpeeds", {"E1/99": "25G"}),
    Mutation("SW-026", "Switch", "spec/portBreakouts", {"E1/99": "4x25G"}, "leaf"),
    Mutation("SW-027", "Switch", "spec/portAutoNegs", {"E1/99": True}),
    Mutation("SW-028", "Switch", "spec/portFECs", {"E1/99": "rs"}),
    Mutation("SW-040", "Switch", "spec/ip", "10.0.0.1/24"),
    Mutation("SW-040", "Switch", "spec/ip", _of_another("Switch", "spec", "ip")),
    Mutation("SW-041", "Switch", "spec/protocolIP", "10.0.0.1/32"),
    Mutation("SW-041", "Switch", "spec/protocolIP", _of_another("Switch", "spec", "protocolIP")),
    Mutation("SW-042", "Switch", "spec/asn", 65100, "leaf"),
    Mutation("SW-043", "Switch", "spec/asn", 65101, "spine"),
    Mutation("SW-044", "Switch", "spec/vtepIP", "10.0.0.1/32", "leaf"),
    # Connection
    Mutation("CONN-002", "Connection", "spec", {}),
    Mutation("CONN-003", "Connection", "spec/unbundled/link/switch/port", "leaf-001"),
    Mutation("CONN-004", "Connection", "spec/unbundled/link/server", GONE),
    Mutation("CONN-005", "Connection", "spec/bundled/links/1/server/port", "server-00001/enp9"),
    Mutation("CONN-006", "Connection", "spec/eslag/links/1/server/port", "server-00003/enp9"),
    Mutation("CONN-007", "Connection", "spec/fabric/links/0/leaf", GONE),
    Mutation("CONN-009", "Connection", "spec/vpcLoopback/links/0/switch2/port", "leaf-002/E1/44"),
    Mutation("CONN-010", "Connection", "spec/unbundled/mtu", 9100),
    Mutation("CONN-020", "Connection", "spec/unbundled/link/switch/port", "leaf-999/E1/40"),
    Mutation("CONN-021", "Connection", "spec/unbundled/link/server/port", "nobody/enp9"),
    Mutation("CONN-022", "Connection", "spec/eslag/links/1/switch/port", "leaf-004/E1/39", "server-00001"),
    Mutation("CONN-023", "Connection", "spec/unbundled/link/switch/port", "leaf-001/E1/1"),
    Mutation("CONN-030", "Connection", "spec/fabric/links/0/leaf/ip", "10.0.0.1/31"),
    Mutation("CONN-040", "Connection", "spec/staticExternal/link/switch/nextHop", "10.9.9.9"),
    Mutation("CONN-041", "Connection", "spec/staticExternal/link/switch/subnets/0", "198.19.0.1/24"),
    Mutation("CONN-042", "Connection", "spec/staticExternal/link/switch/subnets/0", "172.30.0.0/24"),
    Mutation("CONN-044", "Connection", "spec/staticExternal/withinVPC", "nothing"),
    Mutation("PORT-001", "Connection", "spec/unbundled/link/switch/port", "leaf-001/E1/99"),
    Mutation("PORT-002", "Connection", "spec/fabric/links/0/spine/port", "spine-01/E1/1/9"),
    Mutation("PORT-003", "Connection", "spec/unbundled/link/switch/port", "leaf-001/E1/40/1"),
    # IPv4Namespace
    Mutation("IPNS-002", "IPv4Namespace", "spec/subnets/0", "ten"),
    Mutation("IPNS-003", "IPv4Namespace", "spec/subnets", _ELEVEN),
    Mutation("IPNS-004", "IPv4Namespace", "spec/subnets/0", "172.30.0.0/16"),
    # VPC
    Mutation("VPC-002", "VPC", "spec/subnets", {}),
    Mutation("VPC-003", "VPC", "spec/mode", "l9"),
    Mutation("VPC-010", "VPC", "spec/subnets/default/subnet", "10.0.0.0"),
    Mutation("VPC-011", "VPC", "spec/subnets/default/subnet", "172.30.1.0/24"),
    Mutation("VPC-012", "VPC", "spec/subnets/default/gateway", "10.99.0.1"),
    Mutation("VPC-013", "VPC", "spec/subnets/default/vlan", 0),
    Mutation("VPC-014", "VPC", "spec/subnets/default", _with(hostBGP=True, dhcp={"enable": True})),
    Mutation("VPC-016", "VPC", "spec/subnets", lambda present, _: _with_twin(present)),
    Mutation("VPC-020", "VPC", "spec/subnets/default/dhcp", {"enable": True, "relay": "10.9.9.9/32"}),
    Mutation("VPC-021", "VPC", "spec/subnets/default/dhcp/range/start", "10.99.0.1"),
    Mutation("VPC-022", "VPC", "spec/subnets/default/dhcp", {"enable": True, "options": {"interfaceMTU": 50}}),
    Mutation("VPC-030", "VPC", "spec/subnets/default/dhcp", {"enable": True, "static": {"zz": {"ip": "10.0.0.9"}}}),
    Mutation("VPC-031", "VPC", "spec/subnets/default/dhcp", {"static": _STATIC}),
    Mutation("VPC-040", "VPC", "spec/permit", [["default"]]),
    Mutation("VPC-041", "VPC", "spec/staticRoutes", [{"prefix": "10.0.0.1/8", "nextHops": ["10.0.0.1"]}]),
    Mutation("VPC-050", "VPC", "spec/ipv4Namespace", "nothing"),
    Mutation("VPC-050", "VPC", "spec/vlanNamespace", "nothing"),
    Mutation("VPC-051", "VPC", "spec/subnets/default/subnet", "192.168.0.0/24"),
    Mutation("VPC-052", "VPC", "spec/subnets/default/vlan", 100),
    Mutation("VPC-053", "VPC", "spec/subnets/default/dhcp", {"relay": "10.9.9.9/32", "relayVPC": "nothing"}),
    Mutation("VPC-054", "VPC", "spec/subnets/default/subnet",
             _of_another("VPC", "spec", "subnets", "default", "subnet")),
    Mutation("VPC-055", "VPC", "spec/subnets/default/vlan", _of_another("VPC", "spec", "subnets", "default", "vlan")),
    # VPCAttachment and VPCPeering
    Mutation("VATT-001", "VPCAttachment", "spec/connection", ""),
    Mutation("VATT-002", "VPCAttachment", "metadata/annotations", {"fabric.githedgehog.com/p2p-link": "here"}),
    Mutation("VATT-010", "VPCAttachment", "spec/subnet", "nothing/default"),
    Mutation("VATT-010", "VPCAttachment", "spec/subnet", "vpc-00001/nothing"),
    Mutation("VATT-011", "VPCAttachment", "spec/connection", "nothing"),
    Mutation("VATT-011", "VPCAttachment", "spec/connection", "leaf-001--external"),
    Mutation("VATT-015", "VPCAttachment", "spec", _of_another("VPCAttachment", "spec")),
    Mutation("VPEER-002", "VPCPeering", "spec/remote", "border"),
    Mutation("VPEER-003", "VPCPeering", "spec/permit/0", {"vpc-00001": {}}),
    Mutation("VPEER-004", "VPCPeering", "spec/permit/0", {"vpc-00001": {}, "nothing": {}}),
    Mutation("VPEER-005", "VPCPeering", "spec/permit/0/*/subnets", ["nothing"]),
    # the way out
    Mutation("EXT-002", "External", "spec/inboundCommunity", "abc", "isp"),
    Mutation("EXT-003", "External", "spec/static/prefixes/0", "abc"),
    Mutation("EXT-004", "External", "spec/ipv4Namespace", "nothing"),
    Mutation("EATT-001", "ExternalAttachment", "spec/external", ""),
    Mutation("EATT-002", "ExternalAttachment", "spec/switch/ip", "abc"),
    Mutation("EATT-003", "ExternalAttachment", "spec/static/remoteIP", "abc"),
    Mutation("EATT-004", "ExternalAttachment", "spec/external", "nothing"),
    Mutation("EATT-005", "ExternalAttachment", "spec/connection", "nothing"),
    Mutation("EATT-005", "ExternalAttachment", "spec/connection", "server-00001--eslag"),
    Mutation("EATT-006", "ExternalAttachment", "spec/switch/vlan", 200),
    Mutation("EATT-010", "ExternalAttachment", "spec/inboundACL", {"statements": [{**_STATEMENT, "seq": 1}]}, "isp"),
    Mutation("EPEER-001", "ExternalPeering", "spec/permit/vpc/name", ""),
    Mutation("EPEER-002", "ExternalPeering", "spec/permit/external/prefixes/0/prefix", ""),
    Mutation("EPEER-003", "ExternalPeering", "spec/permit/vpc/name", "nothing"),
    Mutation("EPEER-004", "ExternalPeering", "spec/permit/vpc/subnets/0", "nothing"),
    # gateways
    Mutation("GW-001", "Gateway", "spec/workers", 100),
    Mutation("GW-002", "Gateway", "spec/protocolIP", "10.0.0.1"),
    Mutation("GW-003", "Gateway", "spec/vtepMAC", "01:00:00:00:00:01"),
    Mutation("GW-004", "Gateway", "spec/asn", 0),
    Mutation("GW-005", "Gateway", "spec/interfaces/*/ips/0", "abc"),
    Mutation("GW-006", "Gateway", "spec/neighbors/0/ip", "abc"),
    Mutation("GW-007", "Gateway", "spec/groups/0/name", "nothing"),
    Mutation("GW-008", "Gateway", "spec/protocolIP", _of_another("Switch", "spec", "protocolIP")),
    Mutation("GWP-001", "GatewayPeering", "spec/peering", {"vpc-00001": {}}),
    Mutation("GWP-002", "GatewayPeering", "spec/peering/*/expose/0/default", value=True),
    Mutation("GWP-003", "GatewayPeering", "spec/peering/*/expose/0/ips/0", _with(vpcSubnet="default")),
    Mutation("GWP-005", "GatewayPeering", "spec/peering/*/expose/0", _with(nat={"static": {}})),
    Mutation("GWP-009", "GatewayPeering", "spec/acl", {"default": "deny", "rules": [{"action": "allow"}]}),
    Mutation("GWP-020", "GatewayPeering", "spec/gatewayGroup", "nothing"),
    Mutation("GWP-022", "GatewayPeering", "spec/peering", lambda present, _: _renamed(present, "nothing")),
    Mutation("GWP-023", "GatewayPeering", "spec/peering/*/expose/0/ips/0/cidr", "192.168.0.0/24"),
)  # fmt: skip


def _renamed(sides: Any, name: str) -> Json:
    first, *others = sides.items()
    return {name: first[1], **dict(others)}


def _with_twin(subnets: Any) -> Json:
    return {**subnets, "twin": {**subnets["default"], "vlan": 2999}}
