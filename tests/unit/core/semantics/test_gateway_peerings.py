"""What a gateway peering is refused for, alone and among others; verdicts of the fabric API v0.129 line."""

from __future__ import annotations

import pytest

from fakes.fabrics import manifest, thing
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.semantics import Fault, Stored, alone, together
from hedgehog_gitops.model.plain import Json, JsonObject, path_text
from hedgehog_gitops.model.settings import FabricConstants

CONSTANTS = FabricConstants(gateway=True)
AS: JsonObject = {"as": [{"cidr": "192.168.1.0/24"}]}
NO_AS: JsonObject = {"as": [{}]}


def faults(*values: JsonObject) -> list[tuple[str, str]]:
    """Rule and field of everything that is wrong with the first of the objects."""
    manifests = {each.key: each for each in map(manifest, values)}
    specs = default_specs(manifests)
    first = next(iter(manifests.values()))
    found: list[Fault] = [*alone(first, specs[first.key], CONSTANTS)]
    found += [fault for key, fault in together(Stored(specs, CONSTANTS, {})) if key == first.key]
    return [(fault.rule.id, path_text(fault.field)) for fault in found]


def ids(*values: JsonObject) -> list[str]:
    return [rule for rule, _ in faults(*values)]


def peering(name: str = "p", /, **sides: Json) -> JsonObject:
    return thing("GatewayPeering", name, {"peering": {key.replace("__", "."): side for key, side in sides.items()}})


def shows(*blocks: JsonObject, **more: Json) -> JsonObject:
    return {"expose": [{"ips": [*blocks], **more}]}


def cidr(text: str) -> JsonObject:
    return {"cidr": text}


def vpc(name: str, *subnets: str) -> JsonObject:
    return thing("VPC", name, {"subnets": {f"s{at}": {"subnet": text} for at, text in enumerate(subnets)}})


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        ({"a": {}, "b": {}}, []),
        ({"a": {}}, ["GWP-001"]),
        ({"a": {}, "b": {}, "c": {}}, ["GWP-001"]),
        ({"a": None, "b": {}}, ["GWP-001"]),
        ({"a": {}, "": {}}, ["GWP-022"]),
        ({"a": {"expose": [None]}, "b": {}}, ["GWP-002"]),
        ({"a": {"expose": [{"default": True}]}, "b": {}}, []),
        ({"a": shows(default=True, nat={}), "b": {}}, ["GWP-002", "GWP-005", "GWP-006"]),
        ({"a": shows({}), "b": {}}, ["GWP-003"]),
        ({"a": shows({"cidr": "10.0.0.0/8", "not": "10.0.0.0/9"}), "b": {}}, ["GWP-003"]),
        ({"a": shows(cidr("10.0.0.0")), "b": {}}, ["GWP-003"]),
        ({"a": {}, "ext__b": shows({"vpcSubnet": "s0"})}, ["GWP-003"]),
        ({"a": shows(cidr("10.0.0.0/8"), **AS), "b": {}}, ["GWP-005"]),
        ({"a": shows(cidr("10.0.0.0/8"), nat={}), "b": {}}, ["GWP-005", "GWP-006"]),
        ({"a": shows(cidr("10.0.0.0/8"), **AS, nat={"static": {}, "masquerade": {}}), "b": {}}, ["GWP-006"]),
        ({"a": shows(cidr("10.0.0.0/8"), **AS, nat={"masquerade": {"idleTimeout": "2 min"}}), "b": {}}, ["GWP-006"]),
        ({"a": shows(cidr("10.0.0.0/8"), **AS, nat={"masquerade": {"idleTimeout": "1h2.5m"}}), "b": {}}, []),
        ({"a": shows(cidr("10.0.0.0/8"), **NO_AS, nat={"static": {}}), "b": {}}, ["GWP-004"]),
        ({"a": shows(cidr("10.0.0.0/8"), **AS, nat={"portForward": {}}), "b": {}}, ["GWP-007"]),
        (
            {"a": shows(cidr("10.0.0.0/8"), **AS, nat={"portForward": {"ports": [{"port": "80"}]}}), "b": {}},
            ["GWP-007"],
        ),
    ],
    ids=str,
)
def test_a_gateway_peering_by_itself(sides: JsonObject, expected: list[str]) -> None:
    assert ids(peering(**sides)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("static", "static", []),
        ("masquerade", "static", [("GWP-008", "spec.peering.a")]),
        ("static", "masquerade", [("GWP-008", "spec.peering.b")]),
        ("masquerade", "masquerade", [("GWP-008", "spec.peering.b")]),
    ],
)
def test_only_one_side_keeps_state(one: str, other: str, expected: list[tuple[str, str]]) -> None:
    a = shows(cidr("10.0.0.0/8"), **AS, nat={one: {}})
    b = shows(cidr("11.0.0.0/8"), **AS, nat={other: {}})
    assert faults(peering(a=a, b=b)) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"from": "a"}, []),
        ({}, ["spec.acl.rules[0]"]),
        ({"from": "a", "to": "c"}, ["spec.acl.rules[0].to"]),
        ({"from": "a", "name": "x" * 65}, ["spec.acl.rules[0].name"]),
        ({"from": "a", "name": "X"}, ["spec.acl.rules[0].name"]),
        ({"to": "a", "match": {"proto": "47"}}, []),
        ({"to": "a", "match": {"proto": "icmp"}}, ["spec.acl.rules[0].match.proto"]),
        ({"to": "a", "match": {"dst": [{"cidr": "x"}]}}, ["spec.acl.rules[0].match.dst[0].cidr"]),
        ({"to": "a", "match": {"src": [{"ports": ["0"]}]}}, ["spec.acl.rules[0].match.src[0].ports[0]"]),
        ({"to": "a", "match": {"dst": [{"vpcSubnet": "s0"}]}}, []),
        ({"to": "a", "match": {"src": [{"vpcSubnet": "s0"}]}}, ["spec.acl.rules[0].match.src[0].vpcSubnet"]),
        ({"from": "ext.e", "match": {"dst": [{"vpcSubnet": "s1"}]}}, ["spec.acl.rules[0].match.dst[0].vpcSubnet"]),
    ],
    ids=str,
)
def test_a_rule_of_the_filter(rule: JsonObject, expected: list[str]) -> None:
    value = peering(a={}, ext__e={})
    value["spec"] = {"peering": {"a": {}, "ext.e": {}}, "acl": {"rules": [{"action": "allow", **rule}]}}
    assert [field for _, field in faults(value, vpc("a", "10.0.0.0/24"))] == expected


def test_what_is_exposed_lies_in_one_subnet_of_its_vpc() -> None:
    whole = (vpc("a", "10.0.0.0/24", "10.0.1.0/24"), vpc("b"))
    for text, expected in (("10.0.1.128/25", []), ("10.0.0.0/23", ["GWP-023"]), ("2001:db8::/64", ["GWP-023"])):
        assert ids(peering(a=shows(cidr(text)), b={}), *whole) == expected


def test_a_subnet_that_cannot_be_read_is_in_the_way_of_every_cidr() -> None:
    broken = vpc("a", "10.0.0.0/24", "ten-dot-one")
    assert ids(peering(a=shows(cidr("10.0.0.0/25")), b={}), broken) == ["GWP-023"]
    assert ids(peering(a=shows({"vpcSubnet": "s0"}), b={}), broken) == []


def test_two_peerings_do_not_expose_the_same_to_a_vpc() -> None:
    one = peering("one", a=shows(cidr("10.0.0.0/24")), t={})
    other = peering("other", b=shows(cidr("10.0.0.128/25")), t=shows(cidr("10.0.9.0/24")))
    assert faults(one, other) == [("GWP-024", "spec.peering.a.expose[0].ips[0]")]
    assert faults(other, one) == [("GWP-024", "spec.peering.b.expose[0].ips[0]")]
    apart = peering("other", b=shows(cidr("10.0.1.0/24")), t={})
    assert ids(one, apart) == []


def test_what_is_translated_counts_as_what_it_becomes() -> None:
    one = peering("one", a=shows(cidr("10.0.0.0/24")), t={})
    hidden = peering("other", b=shows(cidr("10.0.0.0/24"), **AS, nat={"static": {}}), t={})
    assert ids(one, hidden) == []


def test_a_block_without_a_cidr_refuses_both_as_soon_as_both_expose_something() -> None:
    unreadable = peering("one", a=shows({"vpcSubnet": "s0"}), t={})
    other = peering("other", b=shows(cidr("11.0.0.0/8")), t={})
    assert faults(unreadable, other) == [("GWP-024", "spec.peering.a.expose[0].ips[0]")]
    assert faults(other, unreadable) == [("GWP-024", "spec.peering.b")]


def test_a_block_without_a_cidr_is_doubted_while_the_others_expose_nothing() -> None:
    unreadable = peering("one", a=shows({"not": "10.0.0.0/8"}), t={})
    silent = peering("other", b={"expose": [{"default": True}]}, t={})
    assert ids(unreadable, silent) == ["LINT-007"]
    assert ids(unreadable) == []


def test_a_group_without_gateways_is_doubted() -> None:
    group = thing("GatewayGroup", "default")
    assert ids(peering(a={}, b={}), group) == ["GWP-021"]
    assert ids(peering(a={}, b={}), group, thing("Gateway", "g")) == []
