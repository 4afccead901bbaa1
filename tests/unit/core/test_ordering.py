from __future__ import annotations

from fakes.fabrics import LAB, attachment, desired, live_side, owned, remembered, thing, vpc
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.planning import Wanted, make_plan
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
