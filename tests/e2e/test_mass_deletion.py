"""Attempts to delete a lot by mistake, with prune on: nothing goes without the word that names the very plan."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from e2e.workspace import Ended
from e2e.world import World, make_world, namespaces, peering, server, thing, title, vpc
from fixtures_cluster import KubeCluster

OBJECTS = [
    *namespaces(),
    *(thing("SwitchGroup", f"group-{n}") for n in range(4)),
    *(server(f"server-{n}", "in the east hall") for n in range(20)),
    *(vpc(f"vpc-{n}", n) for n in range(8)),
    *(peering(f"vpc-{n}", f"vpc-{n + 1}") for n in range(0, 8, 2)),
]
NAMES = {title(each) for each in OBJECTS}
KINDS = ("IPv4Namespace", "VLANNamespace", "SwitchGroup", "Server", "VPC", "VPCPeering")
LEAVES = ("Server", "SwitchGroup", "VPCPeering")
"""Kinds that nothing else here needs: taking them away leaves no fault behind."""


@pytest.fixture(params=["cluster", "directory"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """36 objects that git and the side agree about; prune is on, with the budget that it has by default."""
    cluster: KubeCluster | None = request.getfixturevalue("kube_cluster") if request.param == "cluster" else None
    made = make_world(tmp_path / "world", cluster, prune="{enabled: true}")
    made.lay_out(OBJECTS)
    assert made.command("sync").code == 0
    assert made.inventory().keys() == NAMES
    return made


def file(world: World, kind: str, name: str) -> Path:
    return world.file(thing(kind, name))


def managed(world: World) -> list[Path]:
    return sorted((world.fabric / "managed").rglob("*.yaml"))


def ninety_percent_gone(world: World) -> None:
    for number, path in enumerate(managed(world)):
        if number % 10:
            path.unlink()


def an_empty_directory(world: World) -> None:
    shutil.rmtree(world.fabric / "managed")
    (world.fabric / "managed").mkdir()


def a_renamed_directory(world: World) -> None:
    (world.fabric / "managed").rename(world.fabric / "managed.old")


def a_renamed_fabric(world: World) -> None:
    world.fabric.rename(world.fabric.with_name("lab.old"))


def all_moved_to_unmanaged(world: World) -> None:
    (world.fabric / "unmanaged").mkdir(exist_ok=True)
    (world.fabric / "managed").rename(world.fabric / "unmanaged" / "managed")


def half_of_the_servers(world: World) -> None:
    for number in range(10):
        file(world, "Server", f"server-{number}").unlink()


def twelve_of_several_kinds(world: World) -> None:
    for number in range(4):
        file(world, "Server", f"server-{number}").unlink()
    for kind in LEAVES[1:]:
        for path in sorted(file(world, kind, "x").parent.glob("*.yaml"))[1:]:
            path.unlink()


SHRUNK = (
    ninety_percent_gone,
    an_empty_directory,
    a_renamed_directory,
    a_renamed_fabric,
    all_moved_to_unmanaged,
    half_of_the_servers,
    twelve_of_several_kinds,
)


def assert_nothing_went(world: World) -> None:
    assert world.live().keys() == NAMES
    assert world.inventory().keys() == NAMES


def withheld(world: World) -> tuple[str, set[str]]:
    """The id of the plan as things are, and what it would prune if it may."""
    plan = world.command("plan", "--format", "json").json()
    assert [change for change in plan["changes"] if change["action"] == "prune"] == []
    return plan["id"], {f"{each['kind']}/{each['name']}" for each in plan["withheld"]}


@pytest.mark.parametrize("shrink", SHRUNK)
def test_b24_a_source_that_shrank_deletes_nothing(world: World, shrink: Callable[[World], None]) -> None:
    """Issue 5, 6: not by sync, not by apply, not with the name of another plan; every kept object is named."""
    shrink(world)

    world.command("sync")
    world.command("apply", "--yes")
    world.command("sync", "--allow-deletes", "0123456789ab")

    assert_nothing_went(world)


@pytest.mark.parametrize("shrink", [half_of_the_servers, twelve_of_several_kinds, all_moved_to_unmanaged])
def test_an_allowance_deletes_exactly_what_its_plan_showed(world: World, shrink: Callable[[World], None]) -> None:
    """Issue 5, 6 and 8: the plan-bound override; a plan that deletes one object more is another plan."""
    shrink(world)
    allowed, going = withheld(world)
    assert len(going) >= 10
    spare = file(world, "Server", "server-19")
    if spare.exists():
        text = spare.read_bytes()
        spare.unlink()
        assert withheld(world)[0] != allowed
        world.command("sync", "--allow-deletes", allowed)
        assert_nothing_went(world)
        spare.write_bytes(text)

    done = world.command("sync", "--allow-deletes", allowed)

    assert done.code == 0, done
    assert world.live().keys() == world.inventory().keys() == NAMES - going


def test_a_fabric_whose_directory_is_not_there_deletes_nothing_whatever_is_allowed(world: World) -> None:
    """Issue 5, 6: a path that is wrong says nothing about what is wanted; `sync` makes it anew, and it is empty."""
    a_renamed_fabric(world)
    allowed, _ = withheld(world)
    world.command("apply", "--yes", "--allow-deletes", allowed)
    world.command("sync", "--allow-deletes", allowed)
    assert_nothing_went(world)


def test_b24_a_kind_that_is_emptied_keeps_its_objects_until_somebody_allows_it(world: World) -> None:
    """Issue 5, 6: each kind in turn; what others need is kept by the fault that it leaves, whatever is allowed."""
    for kind in KINDS:
        world.lay_out(each for each in OBJECTS if each["kind"] != kind)
        allowed, _ = withheld(world)
        world.command("sync")
        assert_nothing_went(world)
        if kind not in LEAVES:
            world.command("sync", "--allow-deletes", allowed)
            assert_nothing_went(world)
    for number, kind in enumerate(LEAVES):
        world.lay_out(each for each in OBJECTS if each["kind"] not in LEAVES[: number + 1])
        allowed, going = withheld(world)
        assert {name.partition("/")[0] for name in going} == {kind}
        assert world.command("sync", "--allow-deletes", allowed).code == 0
        assert not [name for name in world.live() if name.startswith(f"{kind}/")]


def a_dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere.yaml")


def a_link_out(path: Path) -> None:
    text = path.read_bytes()
    path.unlink()
    outside = path.parents[4] / "outside.yaml"
    outside.write_bytes(text)
    path.symlink_to(outside)


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def too_large(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"# " + b"x" * (17 * 1024 * 1024))


def written(data: bytes) -> Callable[[Path], None]:
    return lambda path: (path.write_bytes(data), None)[1]


def with_text(old: str, new: str) -> Callable[[Path], None]:
    return lambda path: (path.write_text(path.read_text().replace(old, new)), None)[1]


SPOILED: dict[str, Callable[[Path], None]] = {
    "a dangling link": a_dangling_link,
    "a link to outside": a_link_out,
    "a named pipe": a_pipe,
    "too large": too_large,
    "not UTF-8": written(b"apiVersion: \xff\xfe\n"),
    "NUL bytes": written(b"\0" * 100),
    "a parse error": written(b"apiVersion: [\nkind: Server\n"),
    "cut in the middle": written(b"apiVersion: wiring.githedgehog.com/v1beta1\nkind: Server\nmetadata:\n"),
    "conflict markers": written(b"<<<<<<< HEAD\nkind: Server\n=======\nkind: Server\n>>>>>>> other\n"),
    "emptied": written(b""),
    "a misspelt kind": with_text("kind: Server", "kind: Sever"),
    "another version": with_text("v1beta1", "v7"),
    "no name": with_text("  name: server-0\n", ""),
    "a wrong type": with_text("description: in the east hall", "description: [east]"),
}


@pytest.mark.parametrize("spoil", SPOILED)
def test_b24_a_file_that_cannot_be_taken_at_its_word_deletes_nothing_whatever_is_allowed(
    world: World, spoil: str
) -> None:
    """Issue 5, 6: one spoilt file, and beside it one removed as it should be: neither goes, nor with an allowance."""
    SPOILED[spoil](file(world, "Server", "server-0"))
    file(world, "Server", "server-1").unlink()

    plan = world.command("plan", "--format", "json")
    allowed = plan.json()["id"] if plan.out else "0123456789ab"
    done: list[Ended] = [world.command("sync"), world.command("sync", "--allow-deletes", allowed)]

    assert_nothing_went(world)
    assert all(each.code != 0 for each in done), done


def test_b24_one_file_removed_as_it_should_be_is_one_prune(world: World) -> None:
    """Issue 5, 6: the guards let through what they should."""
    file(world, "Server", "server-1").unlink()
    assert world.command("sync").code == 0
    assert world.live().keys() == world.inventory().keys() == NAMES - {"Server/server-1"}
