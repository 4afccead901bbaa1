"""`plan --out` and `apply FILE`: what was asked of a plan goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from e2e.world import PRUNE, World, make_world, server


@pytest.fixture
def world(tmp_path: Path) -> World:
    """One object as git says, one that somebody deleted, one that git changes, one that git removes and one new."""
    made = make_world(tmp_path / "world", None)
    made.lay_out([server("same"), server("lost"), server("changes", "old"), server("goes")])
    assert made.command("sync").code == 0
    (made.root / "live" / "servers" / "lost.yaml").unlink()
    made.lay_out([server("same"), server("lost"), server("changes", "new"), server("comes")])
    return made


@pytest.mark.parametrize(
    ("asked", "named", "left"),
    [
        (["--target", "Server/comes"], "targets", {"same", "changes", "goes", "comes"}),
        (["--target", "Server/g*"], "targets", {"same", "changes"}),
        (["--exclude", "Server/comes", "--exclude", "Server/goes"], "excludes", {"same", "changes", "goes"}),
        (["--on-missing", "recreate"], "on_missing", {"same", "changes", "comes", "lost"}),
    ],
    ids=["a target", "a target that goes", "excludes", "on missing"],
)
def test_a_plan_of_a_part_is_carried_out_as_it_was_saved(
    world: World, asked: list[str], named: str, left: set[str]
) -> None:
    """Issue 5, saved plans: what was approved is what is applied, without having to be asked for again."""
    saved = str(world.root / "plan.json")
    shown = world.command("plan", "--out", saved, "--format", "json", *asked).json()
    assert [name for name, value in shown["options"].items() if value] == [named]
    done = world.command("apply", saved, "--yes", "--format", "json")
    assert done.json()["plan_id"] == shown["id"], done
    assert {path.stem for path in (world.root / "live" / "servers").glob("[!.]*.yaml")} == left


def test_what_is_asked_of_apply_is_not_what_was_saved(world: World) -> None:
    """Issue 5, saved plans: other options make another plan, which nobody approved."""
    saved = str(world.root / "plan.json")
    assert world.command("plan", "--out", saved, "--target", "Server/comes").code == 0
    done = world.command("apply", saved, "--yes", "--target", "Server/changes")
    assert (done.code, "make a new plan" in done.err) == (1, True)


def test_an_allowance_is_said_beside_a_saved_plan_and_leaves_its_options_alone(world: World) -> None:
    """Issue 5, prune: `--allow-deletes PLAN_ID` overrides for that plan only, also for a part of all objects."""
    world.config.write_text(world.config.read_text().replace(PRUNE, "{enabled: true, max_objects: 0}"))
    saved = str(world.root / "plan.json")
    shown = world.command("plan", "--out", saved, "--target", "Server/goes", "--format", "json").json()
    assert [each["name"] for each in shown["withheld"]] == ["goes"]
    assert world.command("apply", saved, "--yes").code == 0
    assert (world.root / "live" / "servers" / "goes.yaml").exists()
    assert world.command("apply", saved, "--yes", "--allow-deletes", shown["id"]).code == 0
    assert {path.stem for path in (world.root / "live" / "servers").glob("[!.]*.yaml")} == {"same", "changes"}


@pytest.mark.parametrize("option", ["--target", "--exclude"])
@pytest.mark.parametrize("name", ["Server/typo", "server/comes", "Typo", "Server/x-*"])
def test_a_name_that_nothing_has_is_refused(world: World, option: str, name: str) -> None:
    """Issue 5, apply: `--target`/`--exclude`: a slip must not write what a person meant to leave out."""
    shown = world.command("plan", option, name)
    done = world.command("sync", option, name)
    assert (shown.code, f"lab has no object that is named {name}" in shown.err) == (64, True)
    assert done.code != 0
    assert not (world.root / "live" / "servers" / "comes.yaml").exists()


def test_a_kind_without_objects_and_an_object_that_goes_can_be_named(world: World) -> None:
    """Issue 5, apply: a script may leave out a kind for good; what git removed is still ours."""
    assert world.command("plan", "--exclude", "Switch", "--exclude", "VPC/*").code == 1, "only what is missing"
    assert world.command("sync", "--target", "Server/goes").code == 0
    assert not (world.root / "live" / "servers" / "goes.yaml").exists()


def test_a_plan_of_another_fabric_is_not_applied_to_this_one(world: World) -> None:
    """Issue 5, saved plans: of one fabric, whatever is named beside it."""
    saved = str(world.root / "plan.json")
    assert world.command("plan", "--out", saved).code == 1
    done = world.command("--fabric", "other", "apply", saved, "--yes")
    assert (done.code, "is a plan of lab" in done.err) == (64, True)


def test_a_plan_of_files_that_cannot_be_read_whole_says_that_nothing_is_applied(world: World) -> None:
    """Issue 5, saved plans: what a plan shows is what apply would do, and this one does nothing."""
    (world.fabric / "managed" / "servers" / "broken.yaml").write_text("kind: [\n")
    assert "could not be read whole; nothing is applied until it can" in world.command("plan").out
    done = world.command("apply", "--yes")
    assert (done.code, "nothing was applied" in done.out) == (1, True)
    assert not (world.root / "live" / "servers" / "comes.yaml").exists()
