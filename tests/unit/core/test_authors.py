from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fakes.fabrics import LAB, desired, manifest, owned, remembered, thing, vpc
from fakes.memory_side import MemorySide, key_of
from fakes.memory_source import MemorySource
from fakes.memory_state import MemoryState
from fakes.texts import switch_group
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.authors import MOST_FILES, files_of, with_authors
from hedgehog_gitops.core.effects import plan_id
from hedgehog_gitops.core.saved_plan import plan_from_value, plan_value
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.history import FileChange, FileVersion, HistoryStep
from hedgehog_gitops.model.kind import kind_of
from hedgehog_gitops.model.plan import Author, Plan
from hedgehog_gitops.model.snapshot import Snapshot
from hedgehog_gitops.render.plan_text import plan_text
from hedgehog_gitops.usecases.plan import preview
from hedgehog_gitops.usecases.sides import Sides
from unit.core.test_planning import planned

ANN = FileChange(commit="3f2a1b9c" * 5, author="Ann Lee", time="2026-11-20T10:00:00+01:00")


def named(plan: Plan, snapshot: Snapshot, change: FileChange) -> Plan:
    files = files_of(plan, snapshot, "fabrics/lab")
    return with_authors(plan, snapshot, files, dict.fromkeys(files.values(), change))


def test_a_change_from_git_names_its_author_commit_and_day() -> None:
    """Issue 5, reasons and authors: each change says why."""
    plan = planned([vpc(vlan=1002)], [vpc()], [vpc()]).plan
    text = plan_text(named(plan, desired(vpc(vlan=1002)), ANN))
    assert "changed in git: spec.subnets.default.vlan, by Ann Lee in 3f2a1b9c on 2026-11-20\n" in text


def test_what_is_not_committed_says_so() -> None:
    plan = planned([vpc(vlan=1002)], [vpc()], [vpc()]).plan
    assert "vlan, not committed yet\n" in plan_text(named(plan, desired(vpc(vlan=1002)), FileChange()))


def test_a_prune_names_who_removed_the_file_at_its_home() -> None:
    plan = planned([vpc("red")], [vpc(), vpc("red")], [vpc(), vpc("red")]).plan
    assert files_of(plan, desired(vpc("red")), "fabrics/lab") == {key_of(vpc()): "fabrics/lab/managed/vpcs/blue.yaml"}
    removed = named(plan, desired(vpc("red")), replace(ANN, is_removal=True))
    assert "prune is off; removed by Ann Lee in 3f2a1b9c on 2026-11-20\n" in plan_text(removed)
    assert named(plan, desired(vpc("red")), ANN) == plan, "the file is still there, so nobody removed it"


def test_drift_alone_and_a_deleted_object_have_no_author_in_git() -> None:
    drifted = planned([vpc()], [vpc(vlan=1002)], [vpc()]).plan
    assert files_of(drifted, desired(vpc()), "") == {}


def test_drift_beside_a_change_in_git_is_told_apart() -> None:
    git, there, base = vpc(vlan=1002, mode="l2vni"), vpc(mode="l3vni"), vpc(mode="l2vni")
    plan = named(planned([git], [there], [base]).plan, desired(git), ANN)
    assert "drift, by somebody; changed in git by Ann Lee in 3f2a1b9c" in plan_text(plan)


def test_a_file_of_several_objects_is_not_said_to_be_this_ones_change() -> None:
    objects = [vpc(vlan=1002), thing("Server", "s1")]
    parts = {key_of(each): manifest(each) for each in objects}
    together = {key: each._replace(document=each.document._replace(path="raw/all.yaml")) for key, each in parts.items()}
    snapshot = Snapshot(fabric="lab", revision="r1", manifests=together)
    plan = planned([vpc(vlan=1002)], [vpc()], [vpc()]).plan
    assert ", its file last changed by Ann Lee in 3f2a1b9c" in plan_text(named(plan, snapshot, ANN))


def test_the_name_of_an_author_forges_no_line() -> None:
    plan = planned([vpc(vlan=1002)], [vpc()], [vpc()]).plan
    text = plan_text(named(plan, desired(vpc(vlan=1002)), replace(ANN, author="A\n##[error]\x1b[2J" + "x" * 500)))
    assert "##[" not in text
    assert "\x1b" not in text
    assert len(text.splitlines()) == len(plan_text(plan).splitlines())
    assert max(map(len, text.splitlines())) < 250


def test_an_author_is_saved_and_moves_no_plan_id() -> None:
    plan = planned([vpc(vlan=1002)], [vpc()], [vpc()]).plan
    told = named(plan, desired(vpc(vlan=1002)), ANN)
    assert told != plan
    assert plan_id(told) == plan.id
    assert plan_from_value(plan_value(told)) == told
    assert told.changes[0].author == Author(name="Ann Lee", commit="3f2a1b9c" * 5, time="2026-11-20T10:00:00+01:00")


def test_no_more_files_are_asked_for_than_fit() -> None:
    many = [thing("SwitchGroup", f"g{number:03}") for number in range(MOST_FILES + 5)]
    assert len(files_of(planned(many, []).plan, desired(*many), "")) == MOST_FILES


class Historian:
    """A history that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = self.walked = 0

    def last_changes(self, revision: str, paths: Collection[str]) -> Mapping[str, FileChange]:
        del revision
        self.asked += 1
        return dict.fromkeys(paths, ANN)

    def steps(self, revision: str, directory: str) -> Iterator[HistoryStep]:
        """The newest commit took all of one file away but its last object."""
        self.walked += 1
        path = f"{directory}/raw/all.yaml"
        both = "---\n".join(map(switch_group, ("pair-1", "gone"))).encode()
        after = (FileVersion(path, switch_group("pair-1").encode()),)
        yield HistoryStep(replace(ANN, author=f"Bo at {revision}"), before=((FileVersion(path, both),),), after=after)


@pytest.mark.parametrize(("there", "asked"), [([], 1), ([thing("SwitchGroup", "pair-1")], 0)], ids=["new", "equal"])
def test_history_is_asked_once_and_only_where_something_differs(there: list[object], asked: int) -> None:
    """Issue 5, reasons and authors: a no-op plan costs nothing."""
    source = MemorySource({"fabrics/lab/raw/group.yaml": switch_group("pair-1").encode()})
    side, historian = MemorySide(), Historian()
    side.put(*there)  # type: ignore[arg-type]
    plan, _ = preview(LAB, source, Sides(cluster=side), MemoryState(), package_release(), Limits(), history=historian)
    assert historian.asked == asked
    assert [change.author.name for change in plan.changes if change.author] == ["Ann Lee"] * asked
    assert historian.walked == 0, "only for an object that went without its file"


def test_an_object_that_was_taken_out_of_a_file_of_several_has_the_author_of_that() -> None:
    """Issue 5, reasons and authors: each change says why, also where no file went."""
    source = MemorySource({"fabrics/lab/raw/all.yaml": switch_group("pair-1").encode()})
    side, state, historian = MemorySide(), MemoryState(), Historian()
    gone = owned(thing("SwitchGroup", "gone"), {"f:spec": {}})
    side.put(thing("SwitchGroup", "pair-1"), gone)
    kind = kind_of(key_of(gone))
    record = replace(remembered(gone)[key_of(gone)], uid=side.read([kind]).objects[key_of(gone)].uid)
    now = datetime(2026, 11, 20, tzinfo=UTC)
    lease = state.acquire(LAB.name, "me", "run", now, timedelta(minutes=1))
    state.record(lease, [record], [])
    plan, _ = preview(LAB, source, Sides(cluster=side), state, package_release(), Limits(), history=historian)
    (withheld,) = plan.withheld
    assert withheld.author == Author(name=f"Bo at {plan.revision}", commit=ANN.commit, time=ANN.time)
    assert plan_id(plan) == plan.id
    assert "; removed by Bo at " in plan_text(plan)
