"""What a plan promises, seen on the API server: each test is one promise, or one class of bugs that breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.world import API, World, make_world, namespaces, peering, server, title, vpc
from fakes.fault_proxy import FaultProxy, proxying
from fixtures_cluster import KubeCluster, collection_path, object_path
from generated_fabric import generate_fabric
from hedgehog_gitops.model.plain import JsonObject, as_object

SERVER = API["Server"]


@pytest.fixture
def proxy(kube_cluster: KubeCluster) -> Iterator[FaultProxy]:
    with proxying(kube_cluster) as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, kube_cluster: KubeCluster, proxy: FaultProxy) -> World:
    return make_world(tmp_path / "world", kube_cluster, kubeconfig=proxy.kubeconfig(tmp_path))


def writes(proxy: FaultProxy, since: int = 0) -> set[tuple[str, str]]:
    """Method and path of every write that was asked for."""
    found = [each for each in proxy.asked()[since:] if each.method != "GET"]
    return {(each.method, each.path.partition("?")[0]) for each in found}


def test_b11_what_was_applied_is_equal_when_it_is_read_again(world: World, proxy: FaultProxy) -> None:
    """Issue 5, 8: a whole fabric, and what the server fills in; a second run, or one without state, writes nothing.

    Static attachments are left out: without Hedgehog's own webhook the server takes none.
    """
    world.lay_out(each for each in generate_fabric(vpcs=6, leaves=4) if "static" not in as_object(each["spec"]))
    assert world.command("sync").code == 0
    asked = len(proxy.asked())

    assert world.command("plan", "--detailed-exitcode").code == 0
    assert world.command("sync", "--format", "json").json()["outcome"] == "unchanged"
    (world.root / "state.sqlite").unlink()
    assert world.command("plan", "--detailed-exitcode").code == 0
    assert world.command("sync").code == 0

    assert writes(proxy, asked) == set()


def test_b38_what_was_deleted_on_the_cluster_is_missing_and_nobody_makes_it_again_unasked(
    world: World, proxy: FaultProxy
) -> None:
    """Issue 5, 8: one object, and all of a kind: both are seen, asked about, and made again when that is said."""
    wanted = [*namespaces(), server("one"), server("two"), vpc("blue", 1)]
    world.lay_out(wanted)
    assert world.command("sync").code == 0
    for path in (object_path(SERVER, "one"), collection_path(API["VPC"])):
        assert proxy.cluster.request("DELETE", path)[0] == 200

    plan = world.command("plan", "--format", "json")
    done = world.command("sync")

    missing = {(each["kind"], each["name"], each["verdict"]) for each in plan.json()["blocked"]}
    assert missing == {("Server", "one", "missing"), ("VPC", "blue", "missing")}
    assert (plan.code, done.code) == (1, 1)
    assert world.live().keys() == {title(each) for each in wanted} - {"Server/one", "VPC/blue"}
    assert world.inventory().keys() == {title(each) for each in wanted}
    assert world.command("sync", "--on-missing", "recreate").code == 0
    assert world.live().keys() == {title(each) for each in wanted}


def test_nothing_is_written_unless_its_closure_validates(world: World) -> None:
    """Issue 5, 8: a VPC with an error holds back itself and the peering that needs it, and nothing else."""
    bad = vpc("bad", 1)
    as_object(as_object(as_object(bad["spec"])["subnets"])["default"])["vlan"] = 99999
    good = [*namespaces(), vpc("good", 2), vpc("fine", 3), peering("fine", "good"), server("free")]
    world.lay_out([*good, bad, peering("bad", "good")])

    assert world.command("sync").code == 1

    assert world.live().keys() == world.inventory().keys() == {title(each) for each in good}


def test_only_what_we_made_is_pruned(world: World, proxy: FaultProxy) -> None:
    """Issue 5, 8: others' objects, and others' objects under a name that was ours, stay, whatever is allowed."""

    def made(name: str) -> None:
        path = f"{collection_path(SERVER)}?fieldManager=kubectl-create"
        assert proxy.cluster.request("POST", path, server(name, "theirs"))[0] == 201

    world.lay_out([server("ours"), server("replaced"), server("still")])
    assert world.command("sync").code == 0
    made("never-ours")
    assert proxy.cluster.request("DELETE", object_path(SERVER, "replaced"))[0] == 200
    made("replaced")
    world.lay_out([server("still")])
    allowed = world.command("plan", "--format", "json").json()["id"]
    asked = len(proxy.asked())

    assert world.command("sync", "--allow-deletes", allowed).code == 0

    assert writes(proxy, asked) == {("DELETE", object_path(SERVER, "ours"))}
    assert world.live().keys() == {"Server/never-ours", "Server/replaced", "Server/still"}


def test_what_was_approved_is_what_is_applied(world: World, proxy: FaultProxy) -> None:
    """Issue 5, 8: a saved plan is carried out to the letter, or, once git has moved, not at all."""
    world.lay_out([server("changes", "old"), server("goes"), server("still")])
    assert world.command("sync").code == 0
    approved: list[JsonObject] = [server("changes", "new"), server("comes"), server("still")]
    world.lay_out(approved)
    saved = str(world.root / "plan.json")
    shown = world.command("plan", "--out", saved, "--format", "json").json()

    world.lay_out([*approved, server("slipped-in")])
    asked = len(proxy.asked())
    assert world.command("apply", saved, "--yes").code != 0
    assert writes(proxy, asked) == set()

    world.lay_out(approved)
    asked = len(proxy.asked())
    assert world.command("apply", saved, "--yes").code == 0
    methods = {"create": "PATCH", "update": "PATCH", "prune": "DELETE"}
    meant = {(methods[each["action"]], object_path(SERVER, each["name"])) for each in shown["changes"]}
    assert len(meant) == 3
    assert writes(proxy, asked) == meant
