"""`--strict` is one rule over the one plan of both sides: all of it, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

from e2e.two_sides import Place
from hedgehog_gitops.adapters.directory_cluster import DirectoryCluster
from hedgehog_gitops.adapters.netbox_file import NetboxFile
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.live import Refusal, Refused, SideName, WriteOutcome
from hedgehog_gitops.model.plan import Change

DEVICE, WEB = "prod/Switch/default/leaf-1", "servers/web-1.yaml"


@pytest.fixture(scope="module")
def in_line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = Place(tmp_path_factory.mktemp("strict"))
    assert found.command("sync").code == 0
    return found.root


@pytest.fixture
def place(in_line: Path, tmp_path: Path) -> Place:
    """Both sides are as git says, in a directory of the test's own."""
    return Place(shutil.copytree(in_line, tmp_path / "own"))


def in_git(place: Place, name: str, before: str, after: str) -> None:
    text = place.managed(name).read_text()
    assert before in text
    place.managed(name).write_text(text.replace(before, after))


def on_cluster(place: Place, name: str, before: str, after: str) -> None:
    file = place.root / "live/prod" / name
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))


def sides(place: Place) -> tuple[bytes, dict[str, bytes]]:
    live = (place.root / "live/prod").rglob("*.yaml")
    return place.netbox.read_bytes(), {str(file): file.read_bytes() for file in live}


def planned(place: Place, *options: str) -> Any:
    return place.command("plan", "--format", "json", *options).json()


def moved_in_git(place: Place) -> None:
    """Something to write on both sides."""
    in_git(place, WEB, "web front end", "moved")


def conflict_in_netbox(place: Place) -> str:
    in_git(place, "switches/leaf-1.yaml", "row B, rack 1", "row C")
    place.edit(DEVICE, "dcim.device", description="row D")
    return "netbox: 1 object"


def conflict_on_the_cluster(place: Place) -> str:
    in_git(place, "servers/db-1.yaml", "database", "a")
    on_cluster(place, "servers/db-1.yaml", "database", "b")
    return "cluster: 1 object"


def error_in_git(place: Place) -> str:
    in_git(place, "vpcs/data.yaml", "vlan: 1002", "vlan: 20")
    return "git: 1 object with errors"


def deleted_on_the_cluster(place: Place) -> str:
    (place.root / "live/prod/servers/db-1.yaml").unlink()
    return "cluster: 1 object"


def unreadable_on_the_cluster(place: Place) -> str:
    (place.root / "live/prod/servers/db-1.yaml").write_text("<html>")
    return "cluster: 1 kind unknown"


def no_netbox(place: Place) -> str:
    place.netbox.write_text("<html>Sign in</html>")
    return "kinds unknown"


HELD = [
    conflict_in_netbox, conflict_on_the_cluster, error_in_git, deleted_on_the_cluster, unreadable_on_the_cluster,
    no_netbox,
]  # fmt: skip


@pytest.mark.parametrize("hold", HELD, ids=[each.__name__ for each in HELD])
def test_what_is_held_back_on_either_side_holds_back_both(place: Place, hold: Callable[[Place], str]) -> None:
    """Issue 5, "apply", and issue 7, scope: `--strict` stops all of the one plan, and says why in the same words."""
    moved_in_git(place)
    for file in place.managed("vpcattachments").glob("*backup*.yaml"):
        file.unlink()
    cause = hold(place)
    before = sides(place)
    loose = {(each["side"], each["name"]) for each in planned(place)["changes"]}
    assert loose, "without --strict something is written"

    made = planned(place, "--strict")
    assert (made["changes"], made["waves"]) == ([], [])
    held = [*made["blocked"], *made["withheld"]]
    (words,) = {each["reason"].partition("--strict: ")[2] for each in held} - {""}
    assert words.startswith("nothing is written while something is held back (")
    assert cause in words
    assert loose <= {(each["side"], each["name"]) for each in held}

    done = place.command("sync", "--strict", "--format", "json")
    assert (done.code != 0, done.json()["outcome"], sides(place)) == (True, "partial", before)


@pytest.mark.parametrize("refusal", [Refusal.INVALID, Refusal.STALE, Refusal.UNREACHABLE])
def test_what_the_cluster_does_not_take_keeps_netbox_from_being_written(
    place: Place, monkeypatch: pytest.MonkeyPatch, refusal: Refusal
) -> None:
    """Issue 5, "apply": a refusal, a stale object or a lost answer stops all, and all that was not tried is told."""
    moved_in_git(place)
    refuse(monkeypatch, DirectoryCluster, "web-1", refusal)
    before = sides(place)

    done = place.command("sync", "--strict", "--format", "json")
    assert (done.json()["outcome"], sides(place)) == ("partial", before)
    untried = "dcim.device/default/Server/web-1: held back, --strict: Server/default/web-1 was refused"
    assert [each for each in done.json()["failures"] if "--strict" in each] == [untried], done.out

    assert place.command("sync").code == 1
    assert (sides(place)[1], place.one("prod/Server/default/web-1", "dcim.device")["description"]) == (
        before[1],
        "moved",
    )


def test_what_netbox_does_not_take_stops_what_is_left_of_it_after_the_cluster(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 7, scope: the sides are written in one order; the cluster is in line by then, NetBox goes no further."""
    moved_in_git(place)
    in_git(place, "vpcs/data.yaml", "vlan: 1002", "vlan: 1077")
    refuse(monkeypatch, NetboxFile, "Server/web-1", Refusal.STALE)
    done = place.command("sync", "--strict", "--format", "json").json()
    assert "moved" in (place.root / "live/prod" / WEB).read_text()
    assert (done["outcome"], done["counts"]["refused"]) == ("partial", 1)
    assert done["counts"]["blocked"] == len([each for each in done["failures"] if "--strict" in each]) > 0
    assert place.one("prod/VPC/default/data#vlan/default", "ipam.vlan")["vid"] == 1002


@pytest.mark.parametrize("options", [(), ("--strict",)], ids=["plain", "strict"])
def test_a_cluster_that_cannot_be_reached_keeps_netbox_as_it_is(
    place: Place, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    """Issue 7, 6: one order for both sides; the run ends before anything is written, strictly or not."""
    moved_in_git(place)
    before = sides(place)

    def read(*_: object) -> NoReturn:
        raise UnreachableError(SideName.CLUSTER, "down for the test")

    monkeypatch.setattr(DirectoryCluster, "read", read)
    assert (place.command("sync", *options).code, sides(place)) == (69, before)


def refuse(patch: pytest.MonkeyPatch, side: type[DirectoryCluster | NetboxFile], name: str, refusal: Refusal) -> None:
    """From now on the side does not take one object."""
    really = side.write

    def write(self: Any, changes: Sequence[Change], go_on: Callable[[], None] = lambda: None) -> Iterator[WriteOutcome]:
        yield from (Refused(each.key, refusal, "by the test") for each in changes if each.key.name == name)
        yield from really(self, [each for each in changes if each.key.name != name], go_on)

    patch.setattr(side, "write", write)
