"""VPC kinds among each other: who is blamed, for what, and with whom as partner."""

from __future__ import annotations

import pytest

from fakes.fabrics import desired, thing
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.semantics import Stored, alone, together
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.plain import Json, JsonObject, path_text
from hedgehog_gitops.model.settings import FabricConstants

CONSTANTS = FabricConstants()
POOL = thing("IPv4Namespace", "default", {"subnets": ["10.0.0.0/16"]})
VLANS = thing("VLANNamespace", "default", {"ranges": [{"from": 1000, "to": 1999}]})


def blue(name: str, subnet: str, vlan: int = 1001, **spec: Json) -> JsonObject:
    return thing("VPC", name, {"subnets": {"default": {"subnet": subnet, "vlan": vlan}}, **spec})


def faults(*values: JsonObject) -> list[tuple[str, Fault]]:
    manifests = desired(*values).manifests
    specs = default_specs(manifests)
    judged = [(key, fault) for key, each in manifests.items() for fault in alone(each, specs[key], CONSTANTS)]
    judged += together(Stored(specs, CONSTANTS, {}))
    return [(f"{key.kind}/{key.name}", fault) for key, fault in judged]


def refused(*values: JsonObject) -> list[tuple[str, str, str]]:
    return sorted(
        (name, fault.rule.id, path_text(fault.field))
        for name, fault in faults(*values)
        if fault.rule.severity is Severity.ERROR
    )


def test_both_of_two_that_overlap_are_blamed_and_point_to_each_other() -> None:
    found = faults(POOL, VLANS, blue("a", "10.0.1.0/24"), blue("b", "10.0.1.64/26", 1002))
    assert [
        (name, fault.rule.id, fault.other and fault.other.key.name, path_text(fault.field)) for name, fault in found
    ] == [
        ("VPC/a", "VPC-054", "b", "spec.subnets.default.subnet"),
        ("VPC/b", "VPC-054", "a", "spec.subnets.default.subnet"),
    ]


def test_vpcs_of_different_ipv4_namespaces_may_overlap() -> None:
    lab = thing("IPv4Namespace", "lab", {"subnets": ["10.0.0.0/16"]})
    assert (
        refused(POOL, lab, VLANS, blue("a", "10.0.1.0/24"), blue("b", "10.0.1.0/24", 1002, ipv4Namespace="lab")) == []
    )


def test_a_subnet_that_cannot_be_read_spoils_the_namespace_and_no_other() -> None:
    lab = thing("IPv4Namespace", "lab", {"subnets": ["10.0.0.0/16"]})
    found = refused(
        POOL, lab, VLANS, blue("a", "ten"), blue("b", "10.0.2.0/24", 1002),
        blue("c", "10.0.3.0/24", 1003, ipv4Namespace="lab"),
    )  # fmt: skip
    assert found == [("VPC/a", "VPC-010", "spec.subnets.default.subnet"), ("VPC/b", "VPC-054", "spec.subnets")]


@pytest.mark.parametrize(
    ("subnets", "expected"),
    [
        (["10.0.0.0/16", "ten"], ["IPNS-002"]),
        (["", "10.0.0.0/16"], ["IPNS-002", "VPC-051"]),
        (["10.0.0.0/16", "1.0.0.0"], ["IPNS-002", "VPC-051"]),
        (["10.1.0.0/16", "ten"], ["IPNS-002", "VPC-051"]),
    ],
    ids=["behind the right one", "before it", "before it once sorted", "no right one"],
)
def test_a_namespace_is_read_in_its_stored_order_until_the_subnet_is_found(
    subnets: list[Json], expected: list[str]
) -> None:
    """Stored, the subnets are sorted as text."""
    found = refused(thing("IPv4Namespace", "default", {"subnets": subnets}), VLANS, blue("a", "10.0.1.0/24"))
    assert [rule for _, rule, _ in found] == expected


def test_a_vlan_is_shared_by_nobody_but_hosts_without_one() -> None:
    hosts = [
        thing("VPC", name, {"subnets": {"default": {"subnet": subnet, "hostBGP": True, **vlan}}})
        for name, subnet, vlan in (
            ("a", "10.0.1.0/24", {}), ("b", "10.0.2.0/24", {}), ("c", "10.0.3.0/24", {"vlan": 1001}),
        )
    ]  # fmt: skip
    found = refused(POOL, VLANS, *hosts, blue("d", "10.0.4.0/24", 1001))
    assert [(name, rule) for name, rule, _ in found] == [("VPC/c", "VPC-055"), ("VPC/d", "VPC-055")]


def test_an_extra_prefix_of_bgp_hosts_counts_like_a_subnet() -> None:
    subnet: JsonObject = {"subnet": "10.0.1.0/24", "hostBGP": True, "hostBGPExtraPrefixes": {"10.0.2.0/24": {}}}
    found = refused(POOL, VLANS, thing("VPC", "a", {"subnets": {"default": subnet}}), blue("b", "10.0.2.0/25"))
    assert [(name, rule) for name, rule, _ in found] == [("VPC/a", "VPC-054"), ("VPC/b", "VPC-054")]


def test_an_attachment_without_a_vpc_is_not_seen_by_others() -> None:
    """The real defaults give it no labels, by which attachments are looked up."""
    lost = thing("VPCAttachment", "lost", {"subnet": "/default", "connection": "c", "nativeVLAN": True})
    other = thing("VPCAttachment", "other", {"subnet": "a/default", "connection": "c", "nativeVLAN": True})
    assert refused(lost, other) == [("VPCAttachment/lost", "VATT-001", "spec.subnet")]


def test_a_vpc_of_another_kubernetes_namespace_is_a_partner_too() -> None:
    """It is refused itself, but the real look-up by label asks for no namespace."""
    astray = blue("a", "10.0.1.0/24")
    astray["metadata"] = {"name": "a", "namespace": "lab"}
    found = refused(POOL, VLANS, astray, blue("b", "10.0.1.0/25"))
    assert [(name, rule) for name, rule, _ in found] == [("VPC/b", "VPC-054"), ("VPC/b", "VPC-055")]


def test_an_attachment_to_a_connection_without_ports_is_refused() -> None:
    """The real code asks the connection for its switches, and fails with it."""
    cut = thing("Connection", "c", {"unbundled": {"link": {"server": {"port": "srv/e1"}}}})
    found = refused(
        POOL, VLANS, blue("a", "10.0.1.0/24"), cut, thing("VPCAttachment", "at", {"subnet": "a", "connection": "c"})
    )
    assert ("VPCAttachment/at", "VATT-011", "spec.connection") in found


def test_more_partners_are_counted() -> None:
    found = faults(POOL, VLANS, *(blue(f"v{at}", f"10.0.{at}.0/24") for at in range(4)))
    assert found[0][1].message == "subnet 'default' of VPC 'v1' has VLAN 1001 as well, and 2 more have it"


def test_faults_do_not_depend_on_the_order_of_objects() -> None:
    values = [POOL, VLANS, *(blue(f"v{at}", f"10.0.{at // 2}.0/24", 1000 + at // 3) for at in range(9))]
    assert sorted(map(repr, faults(*values))) == sorted(map(repr, faults(*reversed(values))))
