from __future__ import annotations

import pytest

from fakes.base_fabric import Specs, base_specs, changed, ids, key_named, stored, told, without
from hedgehog_gitops.core.changes import judge_step
from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.plain import JsonObject

BASE = base_specs()
LINK: JsonObject = {"server": {"port": "build-1/enp9s0"}, "switch": {"port": "leaf-3/E1/20"}}


def errors(older: Specs, newer: Specs) -> list[str]:
    return [each.fault.rule.id for each in judge_step(older, newer) if each.fault.rule.severity is Severity.ERROR]


def test_what_goes_with_all_its_users_may_go() -> None:
    gone = ("VPC/data", "VPCPeering/web--data", "VPCAttachment/db-1", "VPCAttachment/db-2", "VPCAttachment/backup-1")
    assert errors(BASE, without(BASE, *gone)) == []
    assert errors(BASE, {}) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IPv4Namespace/default", {"DEL-001": 3}),
        ("VLANNamespace/default", {"DEL-002": 7}),
        ("Switch/spine-1", {"DEL-003": 4}),
        ("Server/web-1", {"DEL-004": 1}),
        ("Connection/leaf-3--external--isp", {"DEL-005": 1}),
        ("VPC/web", {"DEL-006": 4}),
        ("External/isp", {"DEL-007": 2}),
        ("SwitchGroup/pair-1", {}),
        ("VPCAttachment/web-1", {}),
        ("VPCPeering/web--data", {}),
    ],
)
def test_each_user_that_stays_refuses_the_delete(name: str, expected: dict[str, int]) -> None:
    found = errors(BASE, without(BASE, name))
    assert {rule: found.count(rule) for rule in found} == expected


def test_a_static_way_out_keeps_its_vpc() -> None:
    older = {**BASE, **stored("Connection/out", {"staticExternal": {"withinVPC": "lab", "link": {}}}),
             **stored("VPC/lab", {"subnets": {}})}  # fmt: skip
    assert errors(older, without(older, "VPC/lab")) == ["DEL-006"]


def test_gateway_peerings_and_relays_protect_nothing_and_are_told() -> None:
    relay = {"subnets": {"a": {"dhcp": {"relay": "10.9.9.9/32", "relayVPC": "lab"}}}}
    older = {
        **stored("VPC/lab", {"subnets": {}}),
        **stored("VPC/user", relay),
        **stored("GatewayPeering/gp", {"peering": {"lab": {}, "user": {}}}),
    }
    assert ids(older, without(older, "VPC/lab")) == [("DISRUPT-INUSE", "VPC/lab"), ("DISRUPT-INUSE", "VPC/lab")]


def test_the_built_in_gateway_group_does_not_really_go() -> None:
    older = {**stored("GatewayGroup/default", {}), **stored("Gateway/gw", {})}
    assert ids(older, without(older, "GatewayGroup/default")) == []


def test_the_type_of_a_connection_and_the_vpc_of_a_static_one_stay() -> None:
    older = {**stored("Connection/c", {"unbundled": {"link": LINK}}),
             **stored("Connection/s", {"staticExternal": {"withinVPC": "web", "link": {}}})}  # fmt: skip
    newer = {**stored("Connection/c", {"bundled": {"links": [LINK]}}),
             **stored("Connection/s", {"staticExternal": {"link": {}}})}  # fmt: skip
    assert ids(older, newer) == [("UPD-001", "Connection/c"), ("UPD-001", "Connection/s")]


@pytest.mark.parametrize(("before", "after"), [(True, True), (True, False), (False, True)])
def test_breakouts_stay_while_there_is_roce_before_or_after(before: bool, after: bool) -> None:  # noqa: FBT001
    older = changed(BASE, "Switch/leaf-3", roce=before)
    newer = changed(BASE, "Switch/leaf-3", roce=after, portBreakouts={"E1/55": "4x25G"})
    assert errors(older, newer) == ["UPD-002"]
    assert errors(BASE, changed(BASE, "Switch/leaf-3", portBreakouts={"E1/55": "4x25G"})) == []


def test_a_namespace_is_judged_with_the_vpcs_of_the_newer_set() -> None:
    smaller = changed(BASE, "IPv4Namespace/default", subnets=["10.10.1.0/24", "10.10.2.0/24"])
    ((rule, subject, message),) = told(BASE, smaller)
    assert (rule, subject) == ("UPD-003", "IPv4Namespace/default")
    assert "10.10.3.0/24 of VPC 'data'" in message
    subnets = {"default": {"subnet": "10.10.2.0/24", "vlan": 1002}}
    assert errors(BASE, changed(smaller, "VPC/data", subnets=subnets)) == []


def test_admission_looks_at_the_vpcs_of_the_wrong_namespace() -> None:
    lab = stored("VLANNamespace/lab", {"ranges": [{"from": 500, "to": 600}]})
    user = stored("VPC/user", {"vlanNamespace": "lab", "subnets": {"a": {"vlan": 510, "subnet": "10.10.9.0/24"}}})
    narrow = stored("VLANNamespace/lab", {"ranges": [{"from": 550, "to": 600}]})
    older = {**BASE, **lab, **user}
    assert ids(older, {**older, **narrow}) == [("LINT-008", "VLANNamespace/lab")]
    wider = changed(older, "VLANNamespace/default", ranges=[{"from": 1000, "to": 2500}])
    assert ids(older, wider) == [("UPD-004", "VLANNamespace/default")], "VPC user takes its VLANs from elsewhere"


def test_a_host_bgp_subnet_without_a_vlan_makes_the_check_fail() -> None:
    older = {**BASE, **stored("VPC/bgp", {"subnets": {"a": {"hostBGP": True, "subnet": "10.10.9.0/24"}}})}
    wider = changed(older, "VLANNamespace/default", ranges=[{"from": 1000, "to": 2500}])
    assert ids(older, wider) == [("UPD-004", "VLANNamespace/default")]


def test_a_removal_stands_where_it_is_still_named() -> None:
    (fault,) = [each for each in judge_step(BASE, without(BASE, "Server/web-1")) if each.fault.rule.id == "DEL-004"]
    assert fault.place == key_named("Connection/web-1--eslag--leaf-1--leaf-2")
    assert fault.fault.field == ("spec", "eslag", "links", 0, "server", "port")
