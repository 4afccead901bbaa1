"""The cluster moves under a run: what moved is refused, one by one, and everything else goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from e2e.world import API, World, make_world, namespaces, server, thing, title, uids, vpc
from fakes.fault_proxy import FaultProxy, is_write_to, proxying
from fakes.misbehaving_server import Asked, Reply, status
from fixtures_cluster import KubeCluster, managers, object_path
from hedgehog_gitops.model.plain import JsonObject, as_object, get_path

SERVER = API["Server"]
MERGE = "application/merge-patch+json"
HOLD = "example.com/hold"


@pytest.fixture
def proxy(kube_cluster: KubeCluster) -> Iterator[FaultProxy]:
    with proxying(kube_cluster) as made:
        yield made


@pytest.fixture
def hold(kube_cluster: KubeCluster) -> Iterator[Callable[[str], None]]:
    """Puts a finalizer on the object of a path; what is still held at the end is let go."""
    held: list[str] = []

    def put(path: str) -> None:
        held.append(path)
        assert kube_cluster.request("PATCH", path, {"metadata": {"finalizers": [HOLD]}}, MERGE)[0] == 200

    yield put
    for path in held:
        let_go(kube_cluster, path)


@pytest.fixture
def world(tmp_path: Path, kube_cluster: KubeCluster, proxy: FaultProxy) -> World:
    return make_world(tmp_path / "world", kube_cluster, kubeconfig=proxy.kubeconfig(tmp_path))


def change(cluster: KubeCluster, name: str, patch: JsonObject) -> None:
    status_, answer = cluster.request("PATCH", f"{object_path(SERVER, name)}?fieldManager=night-shift", patch, MERGE)
    assert status_ == 200, answer


def let_go(cluster: KubeCluster, path: str) -> None:
    cluster.request("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)


def changed(cluster: KubeCluster, name: str) -> None:
    change(cluster, name, {"spec": {"description": "theirs"}})


def deleted(cluster: KubeCluster, name: str) -> None:
    status_, answer = cluster.request("DELETE", object_path(SERVER, name))
    assert status_ == 200, answer


def made(cluster: KubeCluster, name: str, description: str = "theirs", manager: str = "night-shift") -> None:
    path = f"{object_path(SERVER, name).rpartition('/')[0]}?fieldManager={manager}"
    status_, answer = cluster.request("POST", path, server(name, description))
    assert status_ == 201, answer


def recreated(cluster: KubeCluster, name: str) -> None:
    deleted(cluster, name)
    made(cluster, name)


MOVES: dict[str, Callable[[KubeCluster, str], None]] = {"changed": changed, "deleted": deleted, "recreated": recreated}


def before_writes(proxy: FaultProxy, act: Callable[[], None]) -> None:
    """Do something once the run has looked and planned, before its first write reaches the server."""
    lock, left = threading.Lock(), [act]

    def fault(asked: Asked) -> None:
        if asked.method != "GET":
            with lock:
                if left:
                    left.pop()()

    proxy.fault = fault


def descriptions(world: World) -> dict[str, object]:
    return {name: get_path(each, ("spec", "description")) for name, each in world.live().items() if "Server/" in name}


def test_b37_what_moved_between_look_and_write_is_refused_and_the_rest_is_written(
    world: World, proxy: FaultProxy
) -> None:
    """Issue 5, 5: objects changed, deleted or recreated, or made under a name that is free in the plan."""
    updates, prunes = [f"update-{move}" for move in MOVES], [f"prune-{move}" for move in MOVES]
    world.lay_out([*(server(name, "old") for name in (*updates, *prunes, "update", "prune")), server("still", "x")])
    assert world.command("sync").code == 0
    owned = world.inventory()
    world.lay_out(
        [*(server(name, "new") for name in (*updates, "update", "create", "create-made")), server("still", "x")]
    )

    def move() -> None:
        for name, act in MOVES.items():
            act(proxy.cluster, f"update-{name}")
            act(proxy.cluster, f"prune-{name}")
        made(proxy.cluster, "create-made")

    before_writes(proxy, move)
    done = world.command("sync", "--format", "json")

    assert done.code == 1, done
    assert descriptions(world) == {
        "Server/still": "x",
        "Server/update": "new",
        "Server/create": "new",
        "Server/create-made": "theirs",
        "Server/update-changed": "theirs",
        "Server/update-recreated": "theirs",
        "Server/prune-changed": "theirs",
        "Server/prune-recreated": "theirs",
    }
    failures = "\n".join(done.json()["failures"])
    refused = {"create-made", *updates, "prune-changed", "prune-recreated"}
    assert done.json()["counts"]["refused"] == len(refused)
    assert all(f"{name}: it changed, or was made or deleted, since it was read" in failures for name in refused), (
        failures
    )
    assert world.inventory()["Server/prune-changed"] == owned["Server/prune-changed"], (
        "a failed prune stays on the books"
    )
    assert "Server/prune" not in world.inventory()


@pytest.mark.parametrize("move", MOVES)
def test_b37_a_saved_plan_is_refused_whole_once_its_objects_moved(world: World, proxy: FaultProxy, move: str) -> None:
    """Issue 5, 5: between plan and apply; what was approved is what is applied, so nothing is sent."""
    world.lay_out([server("one", "old"), server("two", "old")])
    assert world.command("sync").code == 0
    world.lay_out([server("one", "new"), server("two", "new")])
    saved = str(world.root / "plan.json")
    assert world.command("plan", "--out", saved).code == 0
    MOVES[move](proxy.cluster, "one")
    asked = len(proxy.asked())

    done = world.command("apply", saved, "--yes")

    assert done.code != 0
    assert "stale" in done.err or "moved" in done.err or "effect" in done.err, done.err
    assert [each.method for each in proxy.asked()[asked:] if each.method != "GET"] == []
    assert world.command("sync").code in {0, 1}
    assert descriptions(world)["Server/two"] == "new", "and a new plan does the rest"


@pytest.mark.parametrize("move", MOVES)
def test_b37_what_moved_while_it_is_adopted_is_refused(world: World, proxy: FaultProxy, move: str) -> None:
    """Issue 5, 5: adopting reads and writes; what moves between the two stays theirs."""
    for name in ("one", "two"):
        made(proxy.cluster, name, "before", "kubectl-create")
    world.lay_out([server("one", "ours"), server("two", "ours")])
    before_writes(proxy, lambda: MOVES[move](proxy.cluster, "one"))

    assert world.command("sync", "--adopt").code == 1

    left = descriptions(world)
    assert left == {"Server/two": "ours", **({} if move == "deleted" else {"Server/one": "theirs"})}
    if move != "deleted":
        assert "hedgehog-gitops" not in managers(world.live()["Server/one"])
    assert list(world.inventory()) == ["Server/two"]


def test_a_prune_that_finalizers_hold_stays_on_the_books_until_the_object_is_gone(
    world: World, proxy: FaultProxy, hold: Callable[[str], None]
) -> None:
    """Issue 5, 5 and 8: reported as refused, then as withheld with what it waits for; forgotten when it is gone."""
    world.lay_out([server("held"), server("gone"), server("still")])
    assert world.command("sync").code == 0
    hold(object_path(SERVER, "held"))
    world.lay_out([server("still")])

    first = world.command("sync", "--format", "json")
    asked = len(proxy.asked())
    plan = world.command("plan", "--format", "json").json()
    second = world.command("sync")

    assert first.code == 1
    assert f"Server/default/held: it is being deleted, and finalizers still hold it: {HOLD}" in str(
        first.json()["failures"]
    )
    (withheld,) = plan["withheld"]
    assert withheld["name"] == "held"
    assert withheld["reason"].endswith(f"and finalizers still hold it: {HOLD}")
    assert second.code == 0
    assert not [each for each in proxy.asked()[asked:] if is_write_to(SERVER, each)], "it was asked for once"
    assert world.inventory().keys() == uids(world.live()).keys() == {"Server/held", "Server/still"}

    let_go(proxy.cluster, object_path(SERVER, "held"))
    assert world.command("sync").code == 0
    assert list(world.inventory()) == ["Server/still"]


def test_an_object_that_is_being_deleted_is_held_back_with_what_needs_it_and_made_again_when_it_is_gone(
    world: World, proxy: FaultProxy, hold: Callable[[str], None]
) -> None:
    """Issue 5, 5: deleted by somebody, held by a finalizer, and git wants it."""
    space = thing("IPv4Namespace", "other", {"subnets": ["10.9.0.0/16"]})
    world.lay_out([*namespaces(), space, server("still", "old")])
    assert world.command("sync").code == 0
    path = object_path(API["IPv4Namespace"], "other")
    hold(path)
    proxy.cluster.request("DELETE", path)
    user = vpc("user", 1)
    as_object(user["spec"])["ipv4Namespace"] = "other"
    as_object(as_object(as_object(user["spec"])["subnets"])["default"])["subnet"] = "10.9.1.0/24"
    wanted = [*namespaces(), space, user, vpc("free", 2), server("still", "new")]
    world.lay_out(wanted)

    done = world.command("sync", "--on-missing", "recreate", "--format", "json")

    assert done.code == 1
    (dying, waiting) = done.json()["failures"]
    assert "IPv4Namespace/default/other: missing: it is being deleted since 20" in dying
    assert dying.endswith(f"{HOLD}; nothing is written to it until it is gone")
    assert "VPC/default/user" in waiting
    assert descriptions(world) == {"Server/still": "new"}
    assert {"VPC/free"} == {name for name in world.live() if name.startswith("VPC/")}

    let_go(proxy.cluster, path)
    assert world.command("sync", "--on-missing", "recreate").code == 0
    assert world.live().keys() == {title(each) for each in wanted}


def test_a_prune_that_a_webhook_refuses_stays_on_the_books_and_is_tried_again(world: World, proxy: FaultProxy) -> None:
    """Issue 5, 5 and 8: failed prunes stay on the books; the others are done."""
    world.lay_out([server("used"), server("gone"), server("still")])
    assert world.command("sync").code == 0
    owned = world.inventory()
    world.lay_out([server("still")])

    def refuse(asked: Asked) -> Reply | None:
        words = 'admission webhook "vserver.kb.io" denied the request: server used is used by 2 connections'
        return status(403, words) if asked.method == "DELETE" and asked.path.endswith("/used") else None

    for _ in range(2):
        proxy.fault = refuse
        done = world.command("sync", "--format", "json")
        assert done.code == 1
        assert "server used is used by 2 connections" in str(done.json()["failures"])
        assert world.live().keys() == {"Server/used", "Server/still"}
        assert world.inventory() == {name: owned[name] for name in ("Server/used", "Server/still")}

    proxy.fault = lambda _: None
    assert world.command("sync").code == 0
    assert world.live().keys() == world.inventory().keys() == {"Server/still"}
