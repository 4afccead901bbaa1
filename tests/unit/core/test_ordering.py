from __future__ import annotations

from fakes.fabrics import LAB, attachment, desired, live_side, owned, remembered, thing, vpc
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.planning import make_plan
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.plan import Plan


def plan(git: list[JsonObject], live: list[JsonObject]) -> Plan:
    snapshot = desired(*git)
    wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
    stored = [owned(each, {"f:spec": {}}) for each in live]
    return make_plan(LAB, wanted, live_side(*stored), remembered(*stored)).plan


def network(name: str, subnet: str, vlan: int) -> JsonObject:
    return thing("VPC", name, {"subnets": {"default": {"subnet": subnet, "vlan": vlan}}})


def cable(name: str, port: str) -> JsonObject:
    return thing("Connection", name, {"external": {"link": {"switch": {"port": f"leaf-1/{port}"}}}})


def names(made: Plan) -> list[str]:
    return [change.key.name for change in made.changes]


def test_what_is_released_comes_before_what_claims_it() -> None:
    """`zebra` gives its VLAN up, `apple` takes it: the order of names would be refused."""
    before = [network("zebra", "10.0.1.0/24", 1001), network("apple", "10.0.2.0/24", 1002)]
    after = [network("zebra", "10.0.1.0/24", 1003), network("apple", "10.0.2.0/24", 1001)]
    assert names(plan(after, before)) == ["zebra", "apple"]


def test_a_network_that_only_overlaps_is_released_first_as_well() -> None:
    before = [network("zebra", "10.0.0.0/16", 1), network("apple", "10.1.0.0/24", 2)]
    after = [network("zebra", "10.2.0.0/16", 1), network("apple", "10.0.7.0/24", 2)]
    assert names(plan(after, before)) == ["zebra", "apple"]


def test_a_new_object_waits_for_the_port_that_another_gives_up() -> None:
    assert names(plan([cable("z", "E1/2"), cable("a", "E1/1")], [cable("z", "E1/1")])) == ["z", "a"]


def test_a_swap_is_held_back_with_advice_and_the_rest_goes_on() -> None:
    before = [cable("a", "E1/1"), cable("b", "E1/2"), cable("c", "E1/3")]
    after = [cable("a", "E1/2"), cable("b", "E1/1"), cable("c", "E1/4")]
    made = plan(after, before)
    assert names(made) == ["c"]
    assert [each.key.name for each in made.blocked] == ["a", "b"]
    assert all("second step" in each.reason for each in made.blocked)
    assert [each.reason.partition(";")[0] for each in made.blocked] == [
        "it swaps port leaf-1/E1/2 with Connection/default/b",
        "it swaps port leaf-1/E1/1 with Connection/default/a",
    ]


def test_a_claim_on_what_stays_with_another_is_held_back() -> None:
    """Prune is off, so the old cable keeps its port: the new one would be refused."""
    made = plan([cable("new", "E1/1"), cable("other", "E1/9")], [cable("old", "E1/1")])
    assert names(made) == ["other"]
    assert "port leaf-1/E1/1 still belongs to Connection/default/old" in made.blocked[0].reason


def test_an_attachment_waits_for_the_switch_behind_its_connection() -> None:
    """The connection is not written, and admission asks for the switch's VLAN namespaces at its far end."""
    link: JsonObject = {"server": {"port": "a-server/p"}, "switch": {"port": "z-leaf/E1/1"}}
    between = [thing("Connection", "c1", {"unbundled": {"link": link}}), thing("Server", "a-server")]
    spaces: list[Json] = ["new", "old"]
    before = thing("Switch", "z-leaf", {"vlanNamespaces": ["old"]})
    after = thing("Switch", "z-leaf", {"vlanNamespaces": spaces})
    made = plan([*between, after, attachment(), vpc()], [*between, before, vpc()])
    assert [wave[0].name for wave in made.waves] == ["z-leaf", "at"]


def test_a_gateway_is_a_member_of_its_group_before_a_peering_uses_the_group() -> None:
    peering: JsonObject = {"gatewayGroup": "g", "peering": {"blue": {}, "green": {}}}
    standing = [vpc(), vpc("green"), thing("GatewayGroup", "g")]
    gateway = thing("Gateway", "zoe", {"groups": [{"name": "g"}]})
    new = plan([*standing, gateway, thing("GatewayPeering", "at", peering)], standing)
    assert [[key.name for key in wave] for wave in new.waves] == [["zoe"], ["at"]]

    both = [*standing, thing("Gateway", "adam", {"groups": [{"name": "g"}]})]
    beside = plan([*both, gateway, thing("GatewayPeering", "at", peering)], both)
    assert [{key.name for key in wave} for wave in beside.waves] == [{"zoe", "at"}], "the group has a member already"


def spaces(*networks: str) -> JsonObject:
    return thing("IPv4Namespace", "default", {"subnets": [*networks]})


def test_a_namespace_gives_up_a_network_after_the_vpc_that_leaves_it() -> None:
    before = [spaces("10.0.0.0/16", "10.1.0.0/16"), network("blue", "10.1.0.0/24", 1001)]
    after = [spaces("10.0.0.0/16"), network("blue", "10.0.0.0/24", 1001)]
    assert names(plan(after, before)) == ["blue", "default"]


def test_a_vpc_that_needs_the_new_part_of_a_narrowed_namespace_waits_for_it() -> None:
    before = [spaces("10.0.0.0/16", "10.1.0.0/16"), network("blue", "10.1.0.0/24", 1001)]
    after = [spaces("10.0.0.0/16", "10.2.0.0/16"), network("blue", "10.0.0.0/24", 1001),
             network("apple", "10.2.0.0/24", 1002)]  # fmt: skip
    assert names(plan(after, before)) == ["blue", "default", "apple"]


def test_a_vlan_namespace_gives_up_a_vlan_after_the_vpc_that_leaves_it() -> None:
    def ranges(last: int) -> JsonObject:
        return thing("VLANNamespace", "default", {"ranges": [{"from": 1000, "to": last}]})

    before = [ranges(2000), network("blue", "10.1.0.0/24", 1500)]
    assert names(plan([ranges(1400), network("blue", "10.1.0.0/24", 1001)], before)) == ["blue", "default"]


def test_a_namespace_and_its_vpc_that_move_together_are_held_back_with_advice() -> None:
    before = [spaces("10.1.0.0/16"), network("blue", "10.1.0.0/24", 1001), cable("c", "E1/1")]
    after = [spaces("10.2.0.0/16"), network("blue", "10.2.0.0/24", 1001), cable("c", "E1/2")]
    made = plan(after, before)
    assert names(made) == ["c"]
    reasons = {each.key.kind: each.reason for each in made.blocked}
    assert reasons.keys() == {"VPC", "IPv4Namespace"}
    assert "add to it first" in reasons["IPv4Namespace"]


def test_what_one_gateway_peering_shows_is_released_before_another_shows_it() -> None:
    def shows(name: str, cidr: str) -> JsonObject:
        sides: JsonObject = {"blue": {"expose": [{"ips": [{"cidr": cidr}]}]}, "green": {}}
        return thing("GatewayPeering", name, {"peering": sides})

    before = [shows("zoe", "10.0.0.0/24"), shows("adam", "10.0.1.0/24")]
    after = [shows("zoe", "10.0.2.0/24"), shows("adam", "10.0.0.0/25")]
    assert names(plan(after, before)) == ["zoe", "adam"]


def test_an_extra_prefix_of_bgp_hosts_is_released_before_another_vpc_takes_it() -> None:
    def hosts(name: str, subnet: str, extra: str) -> JsonObject:
        values: JsonObject = {"subnet": subnet, "hostBGP": True, "hostBGPExtraPrefixes": {extra: {}}}
        return thing("VPC", name, {"subnets": {"default": values}})

    before = [hosts("zoe", "10.0.0.0/24", "10.9.0.0/24"), hosts("adam", "10.0.1.0/24", "10.9.1.0/24")]
    after = [hosts("zoe", "10.0.0.0/24", "10.9.2.0/24"), hosts("adam", "10.0.1.0/24", "10.9.0.0/24")]
    assert names(plan(after, before)) == ["zoe", "adam"]


def test_two_switches_of_an_mclag_pair_share_address_and_asn() -> None:
    def leaf(name: str) -> JsonObject:
        pair: JsonObject = {"type": "mclag", "group": "pair"}
        return thing("Switch", name, {"redundancy": pair, "vtepIP": "172.30.12.1/32", "asn": 65101})

    made = plan([leaf("one"), leaf("two")], [leaf("one")])
    assert (names(made), made.blocked) == (["two"], ())


def relaying(name: str, through: str = "") -> JsonObject:
    dhcp: JsonObject = {"dhcp": {"relay": "10.9.9.9/32", "relayVPC": through}} if through else {}
    return thing("VPC", name, {"subnets": {"default": {"subnet": f"10.0.{ord(name)}.0/24", **dhcp}}})


def test_new_vpcs_that_relay_through_each_other_are_held_back_with_advice() -> None:
    """Admission refuses the first because the second is not there."""
    made = plan([relaying("a", "b"), relaying("b", "a"), relaying("c", "c"), cable("d", "E1/1")], [])
    assert names(made) == ["d"]
    assert {each.key.name: "second step" in each.reason for each in made.blocked} == dict.fromkeys("abc", True)


def test_vpcs_relay_through_each_other_once_both_are_there() -> None:
    made = plan([relaying("a", "b"), relaying("b", "a")], [relaying("a"), relaying("b")])
    assert (sorted(names(made)), made.blocked) == (["a", "b"], ())


def test_a_new_vpc_is_made_before_the_one_that_is_there_relays_through_it() -> None:
    made = plan([relaying("y", "b"), relaying("b", "y")], [relaying("b")])
    assert ([[key.name for key in wave] for wave in made.waves], made.blocked) == ([["y"], ["b"]], ())


def test_writes_that_wait_for_each_other_for_different_reasons_are_held_back() -> None:
    """`a` needs the new VLANs, `b` the VLAN of `a`, and the namespace waits until `b` has left what it gives up."""

    def vlans(*firsts: int) -> JsonObject:
        ranges: list[Json] = [{"from": first, "to": first + 1} for first in firsts]
        return thing("VLANNamespace", "default", {"ranges": ranges})

    before = [vlans(1000, 1020), network("a", "10.0.0.0/24", 1000), network("b", "10.0.1.0/24", 1020)]
    after = [vlans(1000, 1010), network("a", "10.0.0.0/24", 1010), network("b", "10.0.1.0/24", 1000)]
    made = plan([*after, cable("c", "E1/1")], before)
    assert names(made) == ["c"]
    assert all("second step" in each.reason for each in made.blocked)
    wider = [vlans(1000, 1010, 1020), *after[1:]]
    assert names(plan(wider, before)) == ["default", "a", "b"]
