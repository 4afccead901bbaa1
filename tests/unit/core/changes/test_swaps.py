from __future__ import annotations

from fakes.base_fabric import Specs, ids, stored, told


def vpc(name: str, subnet: str, vlan: int) -> Specs:
    return stored(f"VPC/{name}", {"subnets": {"default": {"subnet": subnet, "vlan": vlan}}})


def cable(name: str, port: str) -> Specs:
    link = {"server": {"port": f"{name}/e1"}, "switch": {"port": port}}
    return stored(f"Connection/{name}", {"unbundled": {"link": link}})


def swapped(older: Specs, newer: Specs) -> list[str]:
    return [subject for rule, subject in ids(older, newer) if rule == "LINT-SWAP"]


def test_two_vpcs_that_change_vlans_wait_for_each_other() -> None:
    older = {**vpc("a", "10.0.1.0/24", 11), **vpc("b", "10.0.2.0/24", 12)}
    newer = {**vpc("a", "10.0.1.0/24", 12), **vpc("b", "10.0.2.0/24", 11)}
    assert swapped(older, newer) == ["VPC/a", "VPC/b"]
    assert "takes VLAN 12 from VPC 'b'" in told(older, newer)[0][2]


def test_a_ring_of_three_is_a_swap_and_a_chain_is_not() -> None:
    older = {**cable("a", "leaf/E1/1"), **cable("b", "leaf/E1/2"), **cable("c", "leaf/E1/3")}
    ring = {**cable("a", "leaf/E1/2"), **cable("b", "leaf/E1/3"), **cable("c", "leaf/E1/1")}
    chain = {**cable("a", "leaf/E1/2"), **cable("b", "leaf/E1/3"), **cable("c", "leaf/E1/4")}
    assert swapped(older, ring) == ["Connection/a", "Connection/b", "Connection/c"]
    assert swapped(older, chain) == []


def test_who_only_waits_for_a_ring_is_not_in_it() -> None:
    older = {**cable("a", "leaf/E1/1"), **cable("b", "leaf/E1/2"), **cable("c", "leaf/E1/3")}
    link = {"server": {"port": "a/e1"}, "switch": {"port": "leaf/E1/2"}}
    more = {"server": {"port": "a/e2"}, "switch": {"port": "leaf/E1/9"}}
    older |= stored("Connection/a", {"bundled": {"links": [{**link, "switch": {"port": "leaf/E1/1"}}, more]}})
    newer = {
        **stored("Connection/a", {"bundled": {"links": [link]}}),
        **cable("b", "leaf/E1/1"),
        **cable("c", "leaf/E1/9"),
    }
    assert swapped(older, newer) == ["Connection/a", "Connection/b"]


def test_subnets_are_swapped_as_soon_as_they_overlap() -> None:
    older = {**vpc("a", "10.0.0.0/23", 11), **vpc("b", "10.0.2.0/24", 12)}
    newer = {**vpc("a", "10.0.2.0/24", 11), **vpc("b", "10.0.1.0/24", 12)}
    assert swapped(older, newer) == ["VPC/a", "VPC/b"]


def test_a_base_port_and_its_first_lane_are_one_port() -> None:
    older = {**cable("a", "leaf/E1/1/1"), **cable("b", "leaf/E1/2")}
    newer = {**cable("a", "leaf/E1/2/1"), **cable("b", "leaf/E1/1")}
    assert swapped(older, newer) == ["Connection/a", "Connection/b"]


def test_switches_that_change_addresses_are_a_swap() -> None:
    one, two = {"role": "server-leaf", "asn": 65101}, {"role": "server-leaf", "asn": 65102}
    older = {**stored("Switch/a", one), **stored("Switch/b", two)}
    assert swapped(older, {**stored("Switch/a", two), **stored("Switch/b", one)}) == ["Switch/a", "Switch/b"]
