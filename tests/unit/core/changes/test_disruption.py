from __future__ import annotations

from fakes.base_fabric import Specs, base_specs, changed, ids, key_named, stored, told, without
from hedgehog_gitops.core.changes import judge_step

BASE = base_specs()
ESLAG = "web-1--eslag--leaf-1--leaf-2"


def message(older: Specs, newer: Specs, rule: str) -> str:
    (found,) = [text for each, _, text in told(older, newer) if each == rule]
    return found


def test_every_subnet_that_moves_names_its_servers_and_its_vpc() -> None:
    newer = changed(BASE, "VPC/web", subnets={"frontend": {"subnet": "10.10.9.0/24", "vlan": 1001}})
    assert message(BASE, newer, "DISRUPT-SUBNET") == (
        "spec.subnets.frontend.subnet: 10.10.1.0/24 becomes 10.10.9.0/24; service is lost for servers web-1, web-2 "
        "(VPC web)"
    )


def test_a_subnet_that_nobody_is_attached_to_may_move() -> None:
    subnets = {"frontend": {"subnet": "10.10.9.0/24", "vlan": 1009}}
    apart = without(BASE, "VPCAttachment/web-1", "VPCAttachment/web-2")
    assert ids(apart, changed(apart, "VPC/web", subnets=subnets)) == []


def test_a_subnet_is_taken_away_under_its_attachments() -> None:
    newer = changed(BASE, "VPC/data", subnets={"default": {"subnet": "10.10.2.0/24", "vlan": 1002}})
    assert "subnet 'backup' is removed and attached" in message(BASE, newer, "DISRUPT-SUBNET")


def test_many_names_are_cut_short() -> None:
    servers = [f"s{number}" for number in range(8)]
    older = dict(BASE)
    for name in servers:
        link = {"server": {"port": f"{name}/e1"}, "switch": {"port": f"leaf-3/E1/{servers.index(name) + 10}"}}
        older |= stored(f"Connection/{name}", {"unbundled": {"link": link}})
        older |= stored(f"VPCAttachment/{name}", {"subnet": "data/backup", "connection": name})
    newer = without(changed(older, "VPC/data", mode="l3vni"), "VPCAttachment/db-1", "VPCAttachment/db-2")
    assert "servers backup-1, s0, s1, s2, s3 and 4 more (VPC data)" in message(older, newer, "DISRUPT-SUBNET")


def test_an_attachment_may_change_its_name() -> None:
    renamed = {**without(BASE, "VPCAttachment/web-1"),
               **stored("VPCAttachment/w1", {"subnet": "web/frontend", "connection": ESLAG})}  # fmt: skip
    assert ids(BASE, renamed) == []


def test_an_attachment_that_goes_or_moves_or_changes_its_tag_is_told() -> None:
    expected = [("DISRUPT-ATTACHMENT", "VPCAttachment/web-1")]
    assert ids(BASE, without(BASE, "VPCAttachment/web-1")) == expected
    assert ids(BASE, changed(BASE, "VPCAttachment/web-1", subnet="data/default")) == expected
    assert ids(BASE, changed(BASE, "VPCAttachment/web-1", nativeVLAN=True)) == expected


def test_an_attachment_that_reached_nothing_is_not_missed() -> None:
    older = {**BASE, **stored("VPCAttachment/x", {"subnet": "web/typo", "connection": ESLAG})}
    assert ids(older, BASE) == []


def test_the_way_out_is_missed_by_the_vpcs_that_peer_with_the_external() -> None:
    newer = changed(BASE, "ExternalAttachment/leaf-3--isp", neighbor={"asn": 64497, "ip": "198.51.100.1"})
    found = message(BASE, newer, "DISRUPT-ATTACHMENT")
    assert found == "spec.neighbor of the way out to isp changes; service is lost for VPC web"
    alone = without(BASE, "ExternalPeering/web--isp")
    assert ids(alone, without(alone, "ExternalAttachment/leaf-3--isp")) == []


def test_a_cable_moves_under_an_attachment() -> None:
    links = [{"server": {"port": "web-1/enp1s0"}, "switch": {"port": "leaf-1/E1/9"}},
             {"server": {"port": "web-1/enp2s0"}, "switch": {"port": "leaf-2/E1/1"}}]  # fmt: skip
    newer = changed(BASE, f"Connection/{ESLAG}", eslag={"links": links})
    assert message(BASE, newer, "DISRUPT-CABLE") == (
        "port leaf-1/E1/1 is unplugged, port leaf-1/E1/9 is plugged in; service is lost for server web-1 (VPC web)"
    )
    apart = without(BASE, "VPCAttachment/web-1")
    assert ids(apart, without(newer, "VPCAttachment/web-1")) == []


def test_a_port_towards_an_external_moves() -> None:
    newer = changed(BASE, "Connection/leaf-3--external--isp", external={"link": {"switch": {"port": "leaf-3/E1/41"}}})
    assert message(BASE, newer, "DISRUPT-CABLE").endswith("service is lost for VPC web")


def test_both_switches_of_a_pair_change_at_once() -> None:
    one = changed(BASE, "Switch/leaf-1", linkFlapErrDisable={})
    both = changed(one, "Switch/leaf-2", linkFlapErrDisable={})
    assert ids(BASE, one) == []
    found = message(BASE, both, "DISRUPT-ESLAG")
    assert found.startswith("switches leaf-1, leaf-2 of one ESLAG group change together; service is lost for servers ")
    words = changed(changed(BASE, "Switch/leaf-1", description="a"), "Switch/leaf-2", description="b")
    assert ids(BASE, words) == []


def test_the_last_uplink_of_a_switch_goes() -> None:
    first = without(BASE, "Connection/spine-1--fabric--leaf-3")
    both = without(first, "Connection/spine-2--fabric--leaf-3")
    assert ids(BASE, first) == []
    (fault,) = judge_step(BASE, both)
    assert (fault.fault.rule.id, fault.place) == ("DISRUPT-UPLINK", key_named("Switch/leaf-3"))
    assert fault.fault.message == (
        "switch leaf-3 loses its last uplink, spine-1--fabric--leaf-3; service is lost for server backup-1 (VPC data)"
    )
    mesh = {"links": [{"leaf1": {"port": "leaf-3/E1/50"}, "leaf2": {"port": "leaf-1/E1/51"}}]}
    assert ids(BASE, {**both, **stored("Connection/mesh", {"mesh": mesh})}) == []


def test_a_peering_goes_or_permits_less() -> None:
    gone = message(BASE, without(BASE, "VPCPeering/web--data"), "DISRUPT-PEERING")
    assert gone == (
        "no longer permitted: path data/default to web/frontend; service is lost for servers db-1, db-2, web-1, web-2 "
        "(VPCs data, web)"
    )
    other = stored("VPCPeering/other", {"permit": [{"web": {}, "data": {}}]})
    assert ids(BASE, {**without(BASE, "VPCPeering/web--data"), **other}) == []
    assert ids(BASE, without(BASE, "ExternalPeering/web--isp")) == [("DISRUPT-PEERING", "ExternalPeering/web--isp")]


def test_a_gateway_peering_shows_less() -> None:
    def peering(*cidrs: str) -> Specs:
        expose = [{"ips": [{"cidr": cidr} for cidr in cidrs]}]
        spec = {"peering": {"web": {"expose": expose}, "data": {"expose": [{"ips": [{"vpcSubnet": "default"}]}]}}}
        return stored("GatewayPeering/gp", spec)

    older = {**BASE, **peering("10.10.1.0/25", "10.10.1.128/25")}
    assert ids(older, BASE) == [("DISRUPT-PEERING", "GatewayPeering/gp")]
    found = message(older, {**BASE, **peering("10.10.1.0/25")}, "DISRUPT-PEERING")
    assert found == (
        "no longer permitted: path data/default to web/10.10.1.128/25; service is lost for servers db-1, db-2, web-1, "
        "web-2 (VPCs data, web)"
    )


def test_a_switch_gets_other_numbers() -> None:
    newer = changed(BASE, "Switch/leaf-3", vtepIP="172.30.12.9/32", asn=65109)
    assert [rule for rule, _ in ids(BASE, newer)] == ["DISRUPT-SWITCH", "DISRUPT-SWITCH"]
    assert ids(BASE, changed(BASE, "Switch/spine-1", protocolIP="172.30.8.9/32")) == [
        ("DISRUPT-SWITCH", "Switch/spine-1")
    ]
    assert ids(BASE, changed(BASE, "Switch/leaf-3", description="moved")) == []


def test_the_redundancy_of_a_switch_changes() -> None:
    newer = changed(BASE, "Switch/leaf-1", redundancy={"group": "pair-2", "type": "eslag"})
    assert ids(BASE, newer) == [("DISRUPT-REDUNDANCY", "Switch/leaf-1")]
