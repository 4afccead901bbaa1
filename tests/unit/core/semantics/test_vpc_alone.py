"""VPC kinds by themselves: the values at the edge of what admission takes."""

from __future__ import annotations

import pytest

from fakes.fabrics import desired, thing
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.semantics import alone
from hedgehog_gitops.model.plain import Json, JsonObject, path_text
from hedgehog_gitops.model.settings import FabricConstants


def found(value: JsonObject) -> list[tuple[str, str]]:
    manifests = desired(value).manifests
    specs = default_specs(manifests)
    return [
        (fault.rule.id, path_text(fault.field))
        for each in manifests.values()
        for fault in alone(each, specs[each.key], FabricConstants())
    ]


def vpc(subnet: JsonObject, **spec: Json) -> JsonObject:
    return thing("VPC", "blue", {"subnets": {"default": {"subnet": "10.0.1.0/24", "vlan": 9, **subnet}}, **spec})


def served(served_range: JsonObject, **dhcp: Json) -> JsonObject:
    return vpc({"dhcp": {"enable": True, "range": served_range, **dhcp}})


D = "spec.subnets.default"
RANGES: list[tuple[str, JsonObject, list[tuple[str, str]]]] = [
    ("left out", {}, []),
    ("up to the broadcast address", {"end": "10.0.1.255"}, []),
    ("one address", {"start": "10.0.1.9", "end": "10.0.1.9"}, [("VPC-021", f"{D}.dhcp.range.end")]),
    ("from the subnet's own address", {"start": "10.0.1.0"}, [("VPC-021", f"{D}.dhcp.range.start")]),
    ("from the gateway", {"start": "10.0.1.1"}, [("VPC-021", f"{D}.dhcp.range.start")]),
    ("with a blank", {"end": "10.0.1.9 "}, [("VPC-021", f"{D}.dhcp.range.end")]),
    ("with a leading zero", {"end": "10.0.1.09"}, [("VPC-021", f"{D}.dhcp.range.end")]),
]


@pytest.mark.parametrize(("value", "expected"), [case[1:] for case in RANGES], ids=[case[0] for case in RANGES])
def test_a_range_has_addresses_that_hosts_can_have(value: JsonObject, expected: list[tuple[str, str]]) -> None:
    assert found(served(value)) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"interfaceMTU": 95}, ["VPC-022"]),
        ({"interfaceMTU": 96}, []),
        ({"interfaceMTU": 9036}, []),
        ({"interfaceMTU": 9037}, ["VPC-022"]),
        ({"interfaceMTU": 0, "pxeURL": "anything"}, []),
        ({"leaseTimeSeconds": 0, "dnsServers": ["10.0.0.1"]}, []),
        ({"timeServers": [None]}, ["VPC-022"]),
        ({"advertisedRoutes": [{}]}, ["VPC-022", "VPC-022"]),
        ({"advertisedRoutes": [{"destination": "0.0.0.0/0", "gateway": "10.0.1.255"}]}, []),
    ],
)
def test_options_have_bounds(options: JsonObject, expected: list[str]) -> None:
    assert [rule for rule, _ in found(served({}, options=options))] == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.0.1.0", ["VPC-030"]),
        ("10.0.1.1", ["VPC-030"]),
        ("10.0.1.255", ["VPC-030"]),
        ("10.0.2.5", ["VPC-030"]),
        ("10.0.1.254", []),
    ],
)
def test_a_lease_is_for_an_address_that_a_host_can_have(address: str, expected: list[str]) -> None:
    assert [rule for rule, _ in found(served({}, static={"0c-20-12-FF-00-01": {"ip": address}}))] == expected


HOSTS: list[tuple[str, JsonObject, list[str]]] = [
    ("only the longest is given", {"hostBGPMaxPrefixLen": 28}, ["VPC-015"]),
    ("the shortest is the subnet's own", {"hostBGPMinPrefixLen": 24}, []),
    ("the shortest is shorter than the subnet", {"hostBGPMinPrefixLen": 23}, ["VPC-015"]),
    ("the longest is too long", {"hostBGPMaxPrefixLen": 33}, ["VPC-015"]),
    ("an extra prefix inherits", {"hostBGPMinPrefixLen": 24, "hostBGPExtraPrefixes": {"10.0.2.0/25": {}}}, ["VPC-015"]),
    ("an extra prefix has its own",
     {"hostBGPMinPrefixLen": 24, "hostBGPExtraPrefixes": {"10.0.2.0/25": {"minPrefixLen": 25}}}, []),
    ("an extra prefix is of IPv6", {"hostBGPExtraPrefixes": {"fd00::/32": {}}}, ["VPC-015"]),
    ("an extra prefix is reserved", {"hostBGPExtraPrefixes": {"172.30.0.0/24": {}}}, ["VPC-015"]),
    ("an extra prefix is in the subnet", {"hostBGPExtraPrefixes": {"10.0.1.8/29": {}}}, ["VPC-016"]),
    ("there are too many", {"hostBGPExtraPrefixes": {f"10.0.2.{n}/32": {} for n in range(101)}}, ["VPC-015"]),
]  # fmt: skip


@pytest.mark.parametrize(("subnet", "expected"), [case[1:] for case in HOSTS], ids=[case[0] for case in HOSTS])
def test_what_bgp_hosts_announce_fits(subnet: JsonObject, expected: list[str]) -> None:
    assert [rule for rule, _ in found(vpc({"hostBGP": True, **subnet}))] == expected


@pytest.mark.parametrize("field", ["hostBGPMinPrefixLen", "hostBGPMaxPrefixLen"])
def test_lengths_for_bgp_hosts_need_some(field: str) -> None:
    assert found(vpc({field: 32})) == [("VPC-015", f"{D}.{field}")]


@pytest.mark.parametrize("community", ["0:0", "65535:65535", ""])
def test_a_community_is_two_numbers(community: str) -> None:
    assert found(thing("External", "isp", {"inboundCommunity": community})) == []


@pytest.mark.parametrize("community", ["00:1", "65536:1", "1:", "1:2:3", "1:2 ", "-1:2", "1:٢", "1:2\n"])
def test_a_community_is_nothing_else(community: str) -> None:
    assert found(thing("External", "isp", {"outboundCommunity": community})) == [("EXT-002", "spec.outboundCommunity")]


SESSION: JsonObject = {"switch": {"ip": "198.51.100.2/30"}, "neighbor": {"asn": 1, "ip": "198.51.100.1"}}
FILTERS: list[tuple[str, JsonObject, list[str]]] = [
    ("nothing odd", {"protocol": "tcp", "portRangeBegin": 1, "portRangeEnd": 1}, []),
    ("a range without a start", {"protocol": "tcp", "portRangeEnd": 5}, ["EATT-012"]),
    ("a range without an end", {"protocol": "udp", "portRangeBegin": 5}, ["EATT-012"]),
    ("type 0 of another protocol", {"protocol": "tcp", "icmpType": 0}, ["EATT-012"]),
    ("no flags, of another protocol", {"protocol": "udp", "tcpFilters": {}}, ["EATT-011"]),
    ("flags that are off", {"protocol": "tcp", "tcpFilters": {"established": True, "syn": False}}, []),
    ("capitals", {"protocol": "TCP"}, ["EATT-010"]),
    ("any with capitals", {"srcPrefix": "Any"}, ["EATT-010"]),
]


@pytest.mark.parametrize(("part", "expected"), [case[1:] for case in FILTERS], ids=[case[0] for case in FILTERS])
def test_a_filter_is_judged_by_statement(part: JsonObject, expected: list[str]) -> None:
    statement: JsonObject = {
        "seq": 10,
        "action": "deny",
        "protocol": "ip",
        "srcPrefix": "any",
        "dstPrefix": "any",
        **part,
    }
    spec: JsonObject = {"external": "isp", "connection": "c", **SESSION, "inboundACL": {"statements": [statement]}}
    assert [rule for rule, _ in found(thing("ExternalAttachment", "at", spec))] == expected


def test_a_neighbor_has_no_zone_but_a_static_remote_may() -> None:
    """The real code reads the two with different parsers."""
    session: JsonObject = {**SESSION, "neighbor": {"asn": 1, "ip": "fe80::1%eth0"}}
    remote: JsonObject = {"static": {"remoteIP": "fe80::1%eth0", "ip": "fe80::2/64"}}
    spec: JsonObject = {"external": "isp", "connection": "c"}
    assert ("EATT-002", "spec.neighbor.ip") in found(thing("ExternalAttachment", "at", {**spec, **session}))
    assert found(thing("ExternalAttachment", "at", {**spec, **remote})) == []


@pytest.mark.parametrize(
    ("text", "expected"), [("10.0.0.0/31", []), ("10.0.0.1/31", []), ("", ["VATT-002"]), ("fd00::/31", ["VATT-002"])]
)
def test_a_point_to_point_link_is_a_pair(text: str, expected: list[str]) -> None:
    annotations: JsonObject = {"fabric.githedgehog.com/p2p-link": text}
    value = thing("VPCAttachment", "at", {"subnet": "blue", "connection": "c"}, annotations=annotations)
    assert [rule for rule, _ in found(value)] == expected


@pytest.mark.parametrize("hop", ["", None, "10.0.1"])
def test_a_next_hop_that_is_no_address_passes_with_a_doubt(hop: str | None) -> None:
    value = vpc({}, staticRoutes=[{"prefix": "10.9.0.0/24", "nextHops": [hop]}])
    assert found(value) == [("LINT-NEXT-HOP", "spec.staticRoutes[0].nextHops[0]")]
