"""What the cluster stores of a spec, kind by kind. Each row is one sentence of the fabric's own defaulting."""

from __future__ import annotations

import pytest

from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.model.kind import KINDS
from hedgehog_gitops.model.plain import JsonObject

BY_NAME = {kind.kind: kind for kind in KINDS}
NAMED: JsonObject = {"ipv4Namespace": "default", "vlanNamespace": "default"}
SWITCH: JsonObject = {"vlanNamespaces": ["default"]}
GATEWAY: JsonObject = {
    "logs": {"default": "info", "tags": {"all": "info"}},
    "workers": 4,
    "groups": [{"name": "default"}],
}


def stored(kind: str, spec: JsonObject) -> JsonObject:
    return default_spec(BY_NAME[kind], {"spec": spec})


def subnet(**fields: object) -> JsonObject:
    return {"subnets": {"a": {"subnet": "10.0.1.0/24", **fields}}}  # type: ignore[dict-item]  # a table's short form


def defaulted(**fields: object) -> JsonObject:
    return {**NAMED, **subnet(gateway="10.0.1.1", **fields)}


def dhcp(**fields: object) -> JsonObject:
    return {"enable": True, **fields}  # type: ignore[dict-item]  # a table's short form


RANGE: JsonObject = {"start": "10.0.1.2", "end": "10.0.1.255"}
OPTIONS: JsonObject = {"interfaceMTU": 9036, "leaseTimeSeconds": 3600}


def two_sides(expose: JsonObject) -> JsonObject:
    return {"peering": {"vpc-1": {"expose": [expose]}, "vpc-2": {}}}


CASES: list[tuple[str, str, JsonObject, JsonObject]] = [
    ("VLANNamespace", "an open range is closed",
     {"ranges": [{"from": 5}, {"from": 7, "to": 0}]}, {"ranges": [{"from": 5, "to": 5}, {"from": 7, "to": 7}]}),
    ("VLANNamespace", "ranges are sorted and not merged",
     {"ranges": [{"from": 20, "to": 30}, {"from": 10, "to": 20}, {"from": 10, "to": 12}]},
     {"ranges": [{"from": 10, "to": 12}, {"from": 10, "to": 20}, {"from": 20, "to": 30}]}),
    ("VLANNamespace", "one range upside down wipes all (QUIRK-01)",
     {"ranges": [{"from": 1, "to": 9}, {"from": 9, "to": 1}]}, {}),
    ("VLANNamespace", "one range beyond 4094 wipes all (QUIRK-01)", {"ranges": [{"from": 4000, "to": 4095}]}, {}),
    ("VLANNamespace", "a range from nothing wipes all (QUIRK-01)", {"ranges": [{"to": 5}]}, {}),
    ("VLANNamespace", "no ranges stay none", {}, {}),
    ("SwitchGroup", "b10: an empty spec is one", {}, {}),
    ("Server", "nothing is filled in", {"description": "x", "profile": ""}, {"description": "x"}),
    ("Switch", "the VLAN namespace is default", {"role": "spine"}, {"role": "spine", **SWITCH}),
    ("Switch", "VLAN namespaces are sorted", {"vlanNamespaces": ["b", "a"]}, {"vlanNamespaces": ["a", "b"]}),
    ("Switch", "the redundancy group is one of the groups",
     {"groups": ["z"], "redundancy": {"group": "m", "type": "eslag"}},
     {"groups": ["m", "z"], "redundancy": {"group": "m", "type": "eslag"}, **SWITCH}),
    ("Switch", "a group that is listed already is not listed twice",
     {"groups": ["m", "a"], "redundancy": {"group": "m"}},
     {"groups": ["a", "m"], "redundancy": {"group": "m"}, **SWITCH}),
    ("Switch", "speeds lose their prefix",
     {"portSpeeds": {"E1/1": "SPEED_25G"}, "portGroupSpeeds": {"1": "SPEED_10G", "2": "25G"}},
     {"portSpeeds": {"E1/1": "25G"}, "portGroupSpeeds": {"1": "10G", "2": "25G"}, **SWITCH}),
    ("Switch", "link flap limits are filled in",
     {"linkFlapErrDisable": {}},
     {"linkFlapErrDisable": {"flapThreshold": 3, "samplingInterval": 30, "recoveryInterval": 300}, **SWITCH}),
    ("Switch", "a link flap limit that is given stays",
     {"linkFlapErrDisable": {"flapThreshold": 9, "samplingInterval": 0}},
     {"linkFlapErrDisable": {"flapThreshold": 9, "samplingInterval": 30, "recoveryInterval": 300}, **SWITCH}),
    ("Switch", "the entries of a map stay, empty or not",
     {"portAutoNegs": {"E1/1": False}, "boot": {}, "enableAllPorts": False},
     {"portAutoNegs": {"E1/1": False}, **SWITCH}),
    ("Connection", "nothing is filled in",
     {"unbundled": {"link": {"server": {"port": "s/e1"}, "switch": {"port": "l/E1/1"}}, "mtu": 0}},
     {"unbundled": {"link": {"server": {"port": "s/e1"}, "switch": {"port": "l/E1/1"}}}}),
    ("IPv4Namespace", "subnets are sorted as text",
     {"subnets": ["10.9.0.0/16", "10.10.0.0/16"]}, {"subnets": ["10.10.0.0/16", "10.9.0.0/16"]}),
    ("VPC", "namespaces are default", {"mode": "l3vni"}, {"mode": "l3vni", **NAMED}),
    ("VPC", "namespaces that are given stay",
     {"ipv4Namespace": "v4", "vlanNamespace": "vl"}, {"ipv4Namespace": "v4", "vlanNamespace": "vl"}),
    ("VPC", "the gateway is the first address", subnet(), defaulted()),
    ("VPC", "host bits do not matter to the gateway",
     {"subnets": {"a": {"subnet": "10.0.1.77/24"}}},
     {**NAMED, "subnets": {"a": {"subnet": "10.0.1.77/24", "gateway": "10.0.1.1"}}}),
    ("VPC", "a gateway that is given stays", subnet(gateway="10.0.1.9"), {**NAMED, **subnet(gateway="10.0.1.9")}),
    ("VPC", "hosts that announce themselves have no gateway", subnet(hostBGP=True), {**NAMED, **subnet(hostBGP=True)}),
    ("VPC", "nothing is filled in for what is no network",
     {"subnets": {"a": {"subnet": "10.0.1.0/024", "dhcp": {"enable": True}}}},
     {**NAMED, "subnets": {"a": {"subnet": "10.0.1.0/024", "dhcp": {"enable": True}}}}),
    ("VPC", "a netmask is no prefix length",
     {"subnets": {"a": {"subnet": "10.0.1.0/255.255.255.0"}}},
     {**NAMED, "subnets": {"a": {"subnet": "10.0.1.0/255.255.255.0"}}}),
    ("VPC", "a zone is no part of a network",
     {"subnets": {"a": {"subnet": "fe80::1%eth0/20"}}}, {**NAMED, "subnets": {"a": {"subnet": "fe80::1%eth0/20"}}}),
    ("VPC", "DHCP of a subnet longer than 30 bits is left as it is",
     {"subnets": {"a": {"subnet": "10.0.1.0/31", "dhcp": {"enable": True}}}},
     {**NAMED, "subnets": {"a": {"subnet": "10.0.1.0/31", "gateway": "10.0.1.1", "dhcp": {"enable": True}}}}),
    ("VPC", "without DHCP range and options go, static hosts stay",
     subnet(dhcp={"range": RANGE, "options": {"pxeURL": "x"}, "static": {"aa:bb:cc:dd:ee:ff": {"ip": "10.0.1.7"}}}),
     defaulted(dhcp={"static": {"aa:bb:cc:dd:ee:ff": {"ip": "10.0.1.7"}}})),
    ("VPC", "DHCP serves from the second address to the last", subnet(dhcp=dhcp()), defaulted(dhcp=dhcp(range=RANGE))),
    ("VPC", "a part of a range that is given stays",
     subnet(dhcp=dhcp(range={"start": "10.0.1.50"})),
     defaulted(dhcp=dhcp(range={"start": "10.0.1.50", "end": "10.0.1.255"}))),
    ("VPC", "empty options go", subnet(dhcp=dhcp(options={"dnsServers": []})), defaulted(dhcp=dhcp(range=RANGE))),
    ("VPC", "options have an MTU and a lease time",
     subnet(dhcp=dhcp(options={"pxeURL": "x"})), defaulted(dhcp=dhcp(range=RANGE, options={"pxeURL": "x", **OPTIONS}))),
    ("VPC", "lists among the options are sorted",
     subnet(dhcp=dhcp(options={
         "dnsServers": ["9.9.9.9", "1.1.1.1"], "interfaceMTU": 1500, "leaseTimeSeconds": 60,
         "advertisedRoutes": [{"destination": "10.2.0.0/16", "gateway": "10.0.1.1"},
                              {"destination": "10.1.0.0/16", "gateway": "10.0.1.1"}]})),
     defaulted(dhcp=dhcp(range=RANGE, options={
         "dnsServers": ["1.1.1.1", "9.9.9.9"], "interfaceMTU": 1500, "leaseTimeSeconds": 60,
         "advertisedRoutes": [{"destination": "10.1.0.0/16", "gateway": "10.0.1.1"},
                              {"destination": "10.2.0.0/16", "gateway": "10.0.1.1"}]}))),
    ("VPC", "hardware addresses are written with colons and in lower case",
     subnet(dhcp=dhcp(static={"AA-BB-CC-DD-EE-FF": {"ip": "10.0.1.7"}, "0011.2233.4455": {}})),
     defaulted(dhcp=dhcp(range=RANGE, static={"aa:bb:cc:dd:ee:ff": {"ip": "10.0.1.7"}, "00:11:22:33:44:55": {}}))),
    ("VPC", "what is no hardware address stays as it is",
     subnet(dhcp=dhcp(static={"AABBCCDDEEFF": {}, "AA:BB-CC:DD:EE:FF": {}, "AABB.CCDD:EEFF": {}})),
     defaulted(dhcp=dhcp(range=RANGE, static={"AABBCCDDEEFF": {}, "AA:BB-CC:DD:EE:FF": {}, "AABB.CCDD:EEFF": {}}))),
    ("VPC", "permits keep their order", {"permit": [["b", "a"]]}, {"permit": [["b", "a"]], **NAMED}),
    ("VPCAttachment", "no subnet is named, so it is default", {"subnet": "v"}, {"subnet": "v/default"}),
    ("VPCAttachment", "a subnet that is named stays", {"subnet": "v/a", "nativeVLAN": False}, {"subnet": "v/a"}),
    ("VPCPeering", "permits keep their order, empty ones too",
     {"permit": [{"b": {}, "a": {"subnets": ["y", "x"]}}]}, {"permit": [{"b": {}, "a": {"subnets": ["y", "x"]}}]}),
    ("External", "the namespace is default", {"inboundCommunity": "1:2"},
     {"inboundCommunity": "1:2", "ipv4Namespace": "default"}),
    ("External", "that it is static says something", {"static": {}}, {"static": {}, "ipv4Namespace": "default"}),
    ("ExternalAttachment", "switch and neighbor are always written",
     {"external": "e"}, {"external": "e", "switch": {}, "neighbor": {}}),
    ("ExternalPeering", "subnets and prefixes are sorted",
     {"permit": {"vpc": {"name": "v", "subnets": ["b", "a"]},
                 "external": {"name": "e", "prefixes": [{"prefix": "b"}, {"prefix": "a"}]}}},
     {"permit": {"vpc": {"name": "v", "subnets": ["a", "b"]},
                 "external": {"name": "e", "prefixes": [{"prefix": "a"}, {"prefix": "b"}]}}}),
    ("GatewayGroup", "nothing is filled in", {}, {}),
    ("Gateway", "everything has a default", {}, GATEWAY),
    ("Gateway", "groups are sorted by name",
     {"groups": [{"name": "b", "priority": 1}, {"name": "a"}]},
     {**GATEWAY, "groups": [{"name": "a"}, {"name": "b", "priority": 1}]}),
    ("Gateway", "a rate limit has numbers",
     {"logs": {"default": "error", "rateLimit": {"burst": 0}}, "workers": 8},
     {**GATEWAY, "workers": 8,
      "logs": {"default": "error", "tags": {"all": "info"}, "rateLimit": {"burst": 50, "replenishPerSecond": 5}}}),
    ("GatewayPeering", "only a pair is completed",
     {"peering": {"vpc-1": {}}, "acl": {}}, {"peering": {"vpc-1": {}}, "acl": {}}),
    ("GatewayPeering", "the group is default", two_sides({"default": True}),
     {"gatewayGroup": "default", **two_sides({"default": True})}),
    ("GatewayPeering", "translations are idle for two minutes",
     two_sides({"nat": {"masquerade": {}}}),
     {"gatewayGroup": "default", **two_sides({"nat": {"masquerade": {"idleTimeout": "2m0s"}}})}),
    ("GatewayPeering", "ports that are passed on too",
     two_sides({"nat": {"portForward": {"ports": [{"port": "80", "as": "8080"}], "idleTimeout": "5m0s"}}}),
     {"gatewayGroup": "default",
      **two_sides({"nat": {"portForward": {"ports": [{"port": "80", "as": "8080"}], "idleTimeout": "5m0s"}}})}),
    ("GatewayPeering", "one address for one has no time", two_sides({"nat": {"static": {}}}),
     {"gatewayGroup": "default", **two_sides({"nat": {"static": {}}})}),
    ("GatewayPeering", "a filter denies unless exposed, its rules are about flows",
     {**two_sides({}), "acl": {"rules": [{"action": "allow"}, {"action": "deny", "scope": "packet"}]}},
     {**two_sides({}), "gatewayGroup": "default", "acl": {
         "default": "deny-unless-exposed",
         "rules": [{"action": "allow", "scope": "flow"}, {"action": "deny", "scope": "packet"}]}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [(kind, spec, expected) for kind, _, spec, expected in CASES],
    ids=[f"{kind}: {words}" for kind, words, _, _ in CASES],
)
def test_a_spec_is_stored_as_the_cluster_stores_it(kind: str, spec: JsonObject, expected: JsonObject) -> None:
    assert stored(kind, spec) == expected


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [(kind, spec, expected) for kind, _, spec, expected in CASES],
    ids=[f"{kind}: {words}" for kind, words, _, _ in CASES],
)
def test_what_is_stored_is_stored_as_it_is(kind: str, spec: JsonObject, expected: JsonObject) -> None:
    assert stored(kind, stored(kind, spec)) == expected


def test_every_user_owned_kind_has_a_row() -> None:
    assert {kind.kind for kind in KINDS if kind.owner == "user"} - {"ServerProfile"} == {kind for kind, *_ in CASES}


@pytest.mark.parametrize(
    "network", ["::/0", "2001:db8::/30", "255.255.255.255/32", "0.0.0.0/0", "ff::/129", "10.0.0.0"]
)
def test_odd_networks_do_no_harm(network: str) -> None:
    found = stored("VPC", {"subnets": {"a": {"subnet": network, "dhcp": {"enable": True}}}})
    assert found["subnets"]
