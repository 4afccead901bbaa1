"""What a gateway is refused for, alone and among others; verdicts of the fabric API v0.129 line."""

from __future__ import annotations

import pytest

from fakes.fabrics import manifest, thing
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.semantics import Fault, Stored, alone, together
from hedgehog_gitops.core.semantics.gateway_ports import port_fault
from hedgehog_gitops.model.plain import Json, JsonObject, path_text
from hedgehog_gitops.model.settings import FabricConstants

CONSTANTS = FabricConstants(gateway=True)
GOOD: JsonObject = {
    "protocolIP": "172.30.8.40/32",
    "vtepIP": "172.30.12.40/32",
    "vtepMAC": "ca:fe:ba:be:00:01",
    "asn": 65534,
    "interfaces": {"enp2s1": {"ips": ["172.30.128.1/31"]}},
    "neighbors": [{"source": "enp2s1", "ip": "172.30.128.0", "asn": 65100}],
}


def faults(*values: JsonObject, constants: FabricConstants = CONSTANTS) -> list[tuple[str, str]]:
    """Rule and field of everything that is wrong with the first of the objects."""
    manifests = {each.key: each for each in map(manifest, values)}
    specs = default_specs(manifests)
    first = next(iter(manifests.values()))
    stored = Stored(specs, constants, {})
    found: list[Fault] = [*alone(first, specs[first.key], constants)]
    found += [fault for key, fault in together(stored) if key == first.key]
    return [(fault.rule.id, path_text(fault.field)) for fault in found]


def gateway(name: str = "gw-1", /, **spec: Json) -> JsonObject:
    return thing("Gateway", name, {**GOOD, **spec})


def test_a_whole_gateway_is_taken() -> None:
    assert faults(gateway()) == []


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"workers": 65}, ["GW-001"]),
        ({"workers": 0}, []),
        ({"protocolIP": None}, ["GW-002"]),
        ({"protocolIP": "2001:db8::/32"}, ["GW-002"]),
        ({"protocolIP": "224.0.0.1/32"}, []),
        ({"vtepIP": "172.30.12.40/31"}, ["GW-002"]),
        ({"vtepIP": "0.0.0.0/32"}, ["GW-002"]),
        ({"vtepIP": "239.1.1.1/32"}, ["GW-002"]),
        ({"vtepIP": "127.9.9.9/32"}, ["GW-002"]),
        ({"vtepMAC": ""}, ["GW-003"]),
        ({"vtepMAC": "ca:fe"}, ["GW-003"]),
        ({"vtepMAC": "0000.0000.0000"}, ["GW-003"]),
        ({"vtepMAC": "03:00:00:00:00:01"}, ["GW-003"]),
        ({"vtepMAC": "00-00-00-00-00-00-00-00"}, []),
        ({"asn": None}, ["GW-004"]),
        ({"interfaces": {}}, ["GW-005", "LINT-DANGLING-INTERFACE"]),
        ({"interfaces": {"enp2s1": None}}, ["GW-005"]),
        ({"interfaces": {"enp2s1": {"ips": [None]}}}, ["GW-005"]),
        ({"interfaces": {"enp2s1": {"ips": ["10.0.0.1/31"], "pci": "0000:02:1f.7"}}}, []),
        ({"interfaces": {"enp2s1": {"ips": ["10.0.0.1/31"], "pci": "0000:02:20.0"}}}, ["GW-005"]),
        ({"interfaces": {"enp2s1": {"ips": ["10.0.0.1/31"], "pci": "0000:02:00:0"}}}, ["GW-005"]),
        ({"interfaces": {"enp2s1": {"ips": ["10.0.0.1/31"], "pci": "0000:02:00.0", "kernel": "eth0"}}}, ["GW-005"]),
        ({"interfaces": {"port0": {"ips": ["10.0.0.1/31"], "kernel": "enp2s1"}}}, []),
        ({"interfaces": {"enp2s1": {"ips": ["10.0.0.1/31"], "kernel": "e"}}}, ["GW-005"]),
        ({"neighbors": []}, ["GW-006"]),
        ({"neighbors": [None]}, ["GW-006", "GW-006"]),
        ({"neighbors": [{"ip": "127.0.0.1", "asn": 1}]}, []),
        ({"neighbors": [{"ip": "224.0.0.1", "asn": 1}]}, ["GW-006"]),
        ({"neighbors": [{"ip": "::1", "asn": 1}]}, ["GW-006"]),
        ({"groups": [{"name": "a"}, {"name": "a"}, None]}, ["GW-007", "GW-007"]),
        ({"logs": {"default": "trace", "tags": {"all": "loud"}}}, ["LINT-LOG-LEVEL"]),
    ],
    ids=str,
)
def test_a_gateway_by_itself(spec: JsonObject, expected: list[str]) -> None:
    assert [rule for rule, _ in faults(gateway(**spec))] == expected


def test_gateway_kinds_are_refused_where_the_gateway_is_off() -> None:
    for value in (gateway(), thing("GatewayGroup", "default")):
        assert faults(value, constants=FabricConstants()) == [("GW-000", "kind")]


def test_an_address_of_another_gateway_or_switch_is_taken_whatever_its_length() -> None:
    switch = thing("Switch", "leaf-1", {"protocolIP": "172.30.8.40/24", "vtepIP": "172.30.12.41/32"})
    other = gateway("gw-2", protocolIP="172.30.8.41/32", vtepMAC="CA-FE-BA-BE-00-01", vtepIP="172.30.12.41/32")
    assert faults(gateway(), switch, other) == [("GW-008", "spec.protocolIP"), ("GW-008", "spec.vtepMAC")]
    assert faults(other, switch, gateway()) == [("GW-008", "spec.vtepIP"), ("GW-008", "spec.vtepMAC")]


def test_a_group_has_as_many_members_as_there_are_communities() -> None:
    two = FabricConstants(gateway=True, gateway_communities={0: "50001:0", 1: "50001:1"})
    others = [
        gateway(f"gw-{at}", protocolIP=f"10.0.0.{at}/32", vtepIP=f"10.0.1.{at}/32", vtepMAC=f"02:00:00:00:00:0{at}")
        for at in (2, 3)
    ]
    assert faults(gateway(), *others[:1], constants=two) == []
    assert faults(gateway(), *others, constants=two) == [("GW-007", "spec.groups[0].name")]


@pytest.mark.parametrize("text", ["80", "080", "+80", "1-65535", "80 - 90", "7-7"])
def test_ports_are_read_as_go_reads_them(text: str) -> None:
    assert port_fault(text) == ""


@pytest.mark.parametrize("text", ["", "0", "65536", " 80", "80,81", "90-80", "1-2-3", "-80", "80-", "http", "8_0", "٣"])
def test_what_is_no_port_is_said(text: str) -> None:
    assert port_fault(text) != ""
