"""What only one object can have moves between objects in one run, and what cannot is refused with advice that works.

The webhooks of the test refuse by our own rules, against what the API server stores at that moment. Names are chosen
so that the order of names, or of the files, would be refused.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from e2e.real_cluster import BASE, RealCluster, names, with_spec, without
from fakes.fabrics import thing
from fixtures_cluster import KubeCluster
from hedgehog_gitops.model.plain import Json, JsonObject, as_object
from hedgehog_gitops.model.state import Outcome
from servers.admission import Admission

SPECS: Mapping[str, JsonObject] = {
    f"{each['kind']}/{as_object(each['metadata'])['name']}": as_object(each["spec"]) for each in BASE
}


@pytest.fixture
def lab(kube_cluster: KubeCluster, admission: Admission) -> RealCluster:
    """The base fabric, applied."""
    lab = RealCluster(kube_cluster)
    assert lab.sync(BASE).outcome is Outcome.APPLIED
    admission.forget()
    return lab


def subnet(name: str, vlan: int, network: str = "") -> JsonObject:
    """The default subnet of a VPC with other values."""
    before = as_object(as_object(SPECS[f"VPC/{name}"]["subnets"])["default"])
    own: JsonObject = {"subnet": f"{network}.0/24", "gateway": f"{network}.1"} if network else {}
    dhcp: JsonObject = {"dhcp": {"enable": True}} if network else {}
    return {"subnets": {"default": {**before, **own, **dhcp, "vlan": vlan}}}


def unbundled(server: str, port: str) -> JsonObject:
    return {"unbundled": {"link": {"server": {"port": f"{server}/enp2s1"}, "switch": {"port": port}}}}


def uplink(spine: str, lane: int, leaf: str, port: int, first: int) -> JsonObject:
    """A fabric link with two neighbouring addresses."""
    link: JsonObject = {
        "spine": {"port": f"{spine}/E1/1/{lane}", "ip": f"172.30.128.{first}/31"},
        "leaf": {"port": f"{leaf}/E1/{port}", "ip": f"172.30.128.{first + 1}/31"},
    }
    return {"fabric": {"links": [link]}}


def shows(one: str, other: str) -> JsonObject:
    """What a gateway peering of the first two VPCs exposes."""
    return {
        "gatewayGroup": "default",
        "peering": {
            "vpc-00001": {"expose": [{"ips": [{"cidr": one}]}]},
            "vpc-00002": {"expose": [{"ips": [{"cidr": other}]}]},
        },
    }


MOVES: dict[str, dict[str, JsonObject]] = {
    "VLAN": {"VPC/vpc-00002": subnet("vpc-00002", 1008), "VPC/vpc-00003": subnet("vpc-00003", 1900)},
    "a chain of VLANs": {
        "VPC/vpc-00002": subnet("vpc-00002", 1008),
        "VPC/vpc-00003": subnet("vpc-00003", 1016),
        "VPC/vpc-00005": subnet("vpc-00005", 1900),
    },
    "CIDR": {
        "VPC/vpc-00003": subnet("vpc-00003", 1008, "10.0.20"),
        "VPC/vpc-00006": subnet("vpc-00006", 1020, "10.1.20"),
        "VPCAttachment/vpc-00006--storage--server-00007": {"subnet": "vpc-00006/default"},
    },
    "port": {
        "Connection/server-00003--unbundled": unbundled("server-00003", "leaf-001/E1/13"),
        "Connection/server-00007--unbundled": unbundled("server-00007", "leaf-001/E1/31"),
    },
    "fabric IP": {
        "Connection/spine-01--fabric--leaf-001": uplink("spine-01", 1, "leaf-001", 53, 8),
        "Connection/spine-01--fabric--leaf-002": uplink("spine-01", 2, "leaf-002", 53, 100),
    },
    "addresses and ASN of a switch": {
        "Switch/leaf-001": {"ip": "172.30.0.15/21", "protocolIP": "172.30.8.6/32", "vtepIP": "172.30.12.2/32",
                            "asn": 65102},
        "Switch/leaf-002": {"ip": "172.30.0.99/21", "protocolIP": "172.30.8.99/32", "vtepIP": "172.30.12.99/32",
                            "asn": 65199},
    },
    "protocol address from a switch to a gateway": {
        "Gateway/gw-1": {"protocolIP": "172.30.8.6/32"}, "Switch/leaf-002": {"protocolIP": "172.30.8.99/32"},
    },
    "native VLAN": {
        "VPCAttachment/vpc-00001--backend--server-00002": {"connection": "server-00001--eslag", "nativeVLAN": True},
        "VPCAttachment/vpc-00001--default--server-00001": {"nativeVLAN": False},
    },
    "VLAN of an external attachment": {
        "ExternalAttachment/isp-01--leaf-001": {
            "switch": {"vlan": 200, "ip": "100.64.0.1/24"}, "neighbor": {"asn": 64102, "ip": "100.64.0.6"}},
        "ExternalAttachment/sta-01--leaf-001": {
            "static": {"remoteIP": "100.64.0.130", "vlan": 300, "ip": "100.64.0.129/25"}},
    },
    "namespace that a VPC leaves": {
        "IPv4Namespace/default": {"subnets": ["10.0.0.0/19", "10.6.0.0/16"]},
        "VLANNamespace/default": {"ranges": [{"from": 1000, "to": 1019}, {"from": 1021, "to": 2999}]},
        "VPC/vpc-00006": subnet("vpc-00006", 1900, "10.0.24"),
        "VPCAttachment/vpc-00006--storage--server-00007": {"subnet": "vpc-00006/default"},
    },
}  # fmt: skip


@pytest.mark.parametrize("move", MOVES)
def test_a_value_moves_from_one_object_to_another_in_one_run(lab: RealCluster, admission: Admission, move: str) -> None:
    """Issue 5, 2 (release first, claim second)."""
    after = with_spec(BASE, MOVES[move])
    result = lab.sync(after)
    assert (result.failures, told(admission), result.outcome) == ((), [], Outcome.APPLIED)
    assert {str(review) for review in admission.reviewed} == {f"UPDATE {name}" for name in MOVES[move]}
    assert len(admission.reviewed) == len(MOVES[move])
    assert lab.sync(after).outcome is Outcome.UNCHANGED


def told(admission: Admission) -> list[str]:
    return [f"{review}: {message}" for review, message in admission.refused]


def test_the_port_of_a_pruned_connection_goes_to_a_new_one(lab: RealCluster, admission: Admission) -> None:
    """Issue 5, 2: delete, then create, in one run; the attachment changes over in between."""
    attachment = "VPCAttachment/vpc-00003--default--server-00003"
    new = thing("Connection", "a-new-cable", unbundled("server-00003", "leaf-001/E1/5"))
    after = [*without(BASE, "Connection/server-00003--unbundled", attachment), new]
    after.append(thing("VPCAttachment", "again", {"subnet": "vpc-00003/default", "connection": "a-new-cable"}))
    result = lab.sync(after)
    assert (result.failures, told(admission), lab.stored) == ((), [], names(after))


def test_a_new_gateway_serves_its_group_before_a_peering_uses_it(lab: RealCluster, admission: Admission) -> None:
    """Issue 5, 2: a peering names a group, and admission asks for a member of it."""
    gateway: JsonObject = {
        **SPECS["Gateway/gw-1"],
        "protocolIP": "172.30.8.50/32",
        "vtepIP": "172.30.12.50/32",
        "vtepMAC": "ca:fe:ba:be:00:50",
        "groups": [{"name": "other", "priority": 1}],
    }
    peering: JsonObject = {**shows("10.0.8.0/24", "10.0.12.0/24"), "gatewayGroup": "other"}
    sides = dict(zip(("vpc-00003", "vpc-00004"), as_object(peering["peering"]).values(), strict=True))
    after = [
        *BASE,
        thing("GatewayGroup", "other"),
        thing("Gateway", "z-gw", gateway),
        thing("GatewayPeering", "a-peering", {**peering, "peering": sides}),
    ]
    result = lab.sync(after)
    assert (result.failures, told(admission), lab.stored) == ((), [], names(after))


def test_a_network_that_one_gateway_peering_shows_goes_to_another(lab: RealCluster, admission: Admission) -> None:
    """Issue 5, 2: GWP-024, what a VPC is shown it is shown by one peering."""
    two = thing("GatewayPeering", "a-second", shows("10.0.1.0/25", "10.0.4.128/25"))
    first = with_spec([*BASE, two], {"GatewayPeering/vpc-00001--vpc-00002": shows("10.0.0.0/25", "10.0.4.0/25")})
    assert lab.sync(first).failures == ()
    after = with_spec(first, {
        "GatewayPeering/a-second": shows("10.0.0.0/25", "10.0.4.128/25"),
        "GatewayPeering/vpc-00001--vpc-00002": shows("10.0.2.0/25", "10.0.4.0/25"),
    })  # fmt: skip
    result = lab.sync(after)
    assert (result.failures, told(admission), result.outcome) == ((), [], Outcome.APPLIED)


def test_a_vpc_gets_a_new_namespace_on_its_switch_and_is_attached_in_one_run(
    lab: RealCluster, admission: Admission
) -> None:
    """Issue 5, 2: the connection between attachment and switch does not change itself."""
    namespaces: list[Json] = ["default", "a-vlans"]
    subnets: JsonObject = {"default": {"subnet": "10.0.99.0/24", "vlan": 550}}
    vpc: JsonObject = {"vlanNamespace": "a-vlans", "subnets": subnets}
    after = [
        *with_spec(BASE, {
            "Switch/leaf-001": {"vlanNamespaces": namespaces},
            "Switch/leaf-002": {"vlanNamespaces": namespaces},
        }),
        thing("VLANNamespace", "a-vlans", {"ranges": [{"from": 500, "to": 599}]}),
        thing("VPC", "a-vpc", vpc),
        thing("VPCAttachment", "a", {"subnet": "a-vpc/default", "connection": "server-00001--eslag"}),
    ]  # fmt: skip
    result = lab.sync(after)
    assert (result.failures, told(admission), lab.stored) == ((), [], names(after))


SWAPS: dict[str, tuple[dict[str, JsonObject], dict[str, JsonObject]]] = {
    "VLAN": (
        {"VPC/vpc-00002": subnet("vpc-00002", 1008), "VPC/vpc-00003": subnet("vpc-00003", 1004)},
        {"VPC/vpc-00002": subnet("vpc-00002", 1900)},
    ),
    "CIDR": (
        {"VPC/vpc-00003": subnet("vpc-00003", 1008, "10.0.16"), "VPC/vpc-00005": subnet("vpc-00005", 1016, "10.0.8")},
        {"VPC/vpc-00003": subnet("vpc-00003", 1008, "10.0.99")},
    ),
    "port": (
        {
            "Connection/server-00003--unbundled": unbundled("server-00003", "leaf-001/E1/13"),
            "Connection/server-00007--unbundled": unbundled("server-00007", "leaf-001/E1/5"),
        },
        {"Connection/server-00003--unbundled": unbundled("server-00003", "leaf-001/E1/31")},
    ),
}


@pytest.mark.parametrize("swap", SWAPS)
def test_a_swap_is_refused_with_advice_and_the_advice_works(lab: RealCluster, admission: Admission, swap: str) -> None:
    """Issue 5, "apply": a clear refusal when a swap needs two steps; nothing is sent that would be refused."""
    specs, first_step = SWAPS[swap]
    before, after = lab.values, with_spec(BASE, specs)
    held = lab.plan(after).blocked
    assert {f"{each.key.kind}/{each.key.name}" for each in held} >= specs.keys()
    reasons = [each.reason for each in held if f"{each.key.kind}/{each.key.name}" in specs]
    assert all("free value" in reason and "step" in reason for reason in reasons), reasons
    assert lab.sync(after).outcome is Outcome.PARTIAL
    assert (admission.reviewed, lab.values) == ([], before), "nothing was sent"

    assert lab.sync(with_spec(BASE, first_step)).outcome is Outcome.APPLIED
    assert lab.sync(after).outcome is Outcome.APPLIED
    assert told(admission) == []
