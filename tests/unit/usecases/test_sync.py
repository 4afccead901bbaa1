from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import NoReturn

import pytest

from fakes.clock import StoppedClock
from fakes.fabrics import LAB, thing
from fakes.memory_side import MemorySide, key_of
from fakes.memory_source import MemorySource
from fakes.memory_state import MemoryState
from fakes.texts import BROKEN, config_map, switch_group
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.adapters.progress import Silent
from hedgehog_gitops.adapters.state_records import state_from_text, state_text
from hedgehog_gitops.core.validation import schema_judge
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.live import Refusal, SideName
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.settings import Fabric, SyncSettings
from hedgehog_gitops.model.state import Lease, Outcome, SyncResult, SyncStatus, Trigger
from hedgehog_gitops.usecases.held import LEASE
from hedgehog_gitops.usecases.ingest import FabricIngestion, ingest
from hedgehog_gitops.usecases.run import FabricPorts, SyncPorts
from hedgehog_gitops.usecases.status import fabric_status
from hedgehog_gitops.usecases.sync import sync_fabrics

GROUP = switch_group("pair-1")
OTHER = LAB._replace(name="other", directory="fabrics/other")
PAIR: JsonObject = {
    "apiVersion": "wiring.githedgehog.com/v1beta1",
    "kind": "SwitchGroup",
    "metadata": {"name": "pair-1"},
}


@dataclass
class Lab:
    """A repository, two clusters and a memory, all in memory."""

    files: dict[str, str]
    fabrics: tuple[Fabric, ...] = (LAB,)
    clock: StoppedClock = field(default_factory=StoppedClock)
    state: MemoryState = field(default_factory=MemoryState)
    sides: dict[str, MemorySide] = field(default_factory=dict)
    runs: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.source = MemorySource({path: text.encode() for path, text in self.files.items()})
        self.sides = {fabric.name: MemorySide() for fabric in self.fabrics}

    @property
    def side(self) -> MemorySide:
        return self.sides["lab"]

    def sync(
        self, trigger: Trigger = Trigger.MANUAL, *, force: bool = False, approved: str = ""
    ) -> tuple[SyncResult, ...]:
        ports = [
            FabricPorts(
                fabric=each,
                side=lambda name=each.name: self.sides[name],  # type: ignore[misc]
                state=self.state,
                approved=approved,
            )
            for each in self.fabrics
        ]
        return sync_fabrics(ports, self.shared(), trigger=trigger, force=force)

    def shared(self) -> SyncPorts:
        release = package_release()

        def take_in(fabrics: Sequence[Fabric], go_on: Callable[[], None]) -> Sequence[FabricIngestion]:
            judge = schema_judge(release.schemas)
            return ingest(fabrics, self.source, judge=judge, sleep=lambda _: None, go_on=go_on).fabrics

        return SyncPorts(
            take_in=take_in,
            clock=self.clock,
            progress=Silent(),
            release=release,
            holder="here",
            is_gone=lambda holder: holder == "killed",
            new_run_id=lambda: f"run-{next(self.runs)}",
            random=lambda: 0.5,
            sleep=lambda _: None,
        )


def lab(**files: str) -> Lab:
    return Lab({f"fabrics/lab/raw/{name}.yaml": text for name, text in files.items()} | {"fabrics/lab/README.md": ""})


def only(results: tuple[SyncResult, ...]) -> SyncResult:
    (result,) = results
    return result


def test_a_first_run_ingests_and_applies_and_a_second_one_does_nothing() -> None:
    world = lab(group=GROUP)

    first = only(world.sync())
    second = only(world.sync())

    assert (first.outcome, first.status) == (Outcome.APPLIED, SyncStatus.IN_SYNC)
    assert first.counts["created"] == 1
    assert key_of(PAIR) in world.side.objects
    assert (second.outcome, second.status) == (Outcome.UNCHANGED, SyncStatus.IN_SYNC)
    assert len(world.side.seen) == 1
    assert second.revision == first.revision


def test_what_moved_between_the_approval_and_the_lock_is_not_applied() -> None:
    """Issue 5, 8: what was approved is what is applied, judged once more by the run that writes."""
    world = lab(group=GROUP)
    refused = only(world.sync(approved="another-plan"))
    assert (refused.outcome, world.side.objects, world.state.bases("lab", SideName.CLUSTER)) == (Outcome.FAILED, {}, {})
    assert "make a new plan" in refused.failures[0]
    assert only(world.sync(approved=refused.failures[0].split("is ")[-1].split(" now")[0])).outcome is Outcome.APPLIED


def test_an_unchanged_run_looks_once_and_an_applying_one_twice() -> None:
    world = lab(group=GROUP)
    world.sync()
    looks = world.side.looks
    world.sync()
    assert (looks, world.side.looks - looks) == (2, 1)


def test_b19_in_sync_is_said_only_after_the_cluster_was_seen_to_be_equal() -> None:
    world = lab(group=GROUP)
    world.side.is_down = True

    result = only(world.sync())

    assert (result.outcome, result.status) == (Outcome.FAILED, SyncStatus.ERROR)
    assert result.unreachable
    assert world.state.load("lab").agreement == "unknown"


def test_a_failure_consumes_no_success_stamp_and_sets_a_retry() -> None:
    world = lab(group=GROUP)
    world.sync()
    world.clock.advance(400)
    world.side.is_down = True
    world.sync(Trigger.SCHEDULE)

    state = world.state.load("lab")
    assert state.last_success_at is not None
    assert state.last_attempt_started_at is not None
    assert state.last_success_at < state.last_attempt_started_at
    assert state.next_retry_at is not None
    assert state.failures == 1


def test_b15_scheduled_runs_go_on_after_a_failing_one() -> None:
    world = lab(group=GROUP)
    outcomes = []
    for number in range(5):
        world.side.is_down = number == 2
        outcomes.append(only(world.sync(Trigger.SCHEDULE)).outcome)
        world.clock.advance(300)
    assert outcomes == [Outcome.APPLIED, Outcome.UNCHANGED, Outcome.FAILED, Outcome.UNCHANGED, Outcome.UNCHANGED]


def test_a_schedule_that_is_not_due_skips_and_says_so() -> None:
    world = lab(group=GROUP)
    world.sync()
    result = only(world.sync(Trigger.SCHEDULE))
    assert result.outcome is Outcome.SKIPPED
    assert "next due" in result.reason
    assert result.status is SyncStatus.IN_SYNC


def test_a_disabled_fabric_runs_only_by_force() -> None:
    world = lab(group=GROUP)
    world.fabrics = (LAB._replace(sync=SyncSettings(enabled=False)),)
    assert only(world.sync()).outcome is Outcome.SKIPPED
    assert only(world.sync(force=True)).outcome is Outcome.APPLIED


def test_b32_a_fabric_without_a_cluster_is_not_configured_and_nothing_is_published() -> None:
    world = lab(group=GROUP)
    ports = [FabricPorts(fabric=LAB, side=None, state=world.state)]
    result = only(sync_fabrics(ports, world.shared(), trigger=Trigger.MANUAL, force=True))
    assert (result.outcome, result.status) == (Outcome.SKIPPED, SyncStatus.NOT_CONFIGURED)
    assert "raw/group.yaml" in world.source.read("fabrics/lab").files


def test_a_lock_that_another_holds_is_an_outcome_that_names_its_run() -> None:
    world = lab(group=GROUP)
    world.state.acquire("lab", "elsewhere", "their-run", world.clock.now(), LEASE)
    result = only(world.sync())
    assert result.outcome is Outcome.ALREADY_RUNNING
    assert "their-run" in result.reason
    assert world.side.seen == []


def test_b16_a_schedule_that_asked_before_another_run_and_got_the_lock_after_it_does_not_run_again() -> None:
    """Issue 6, scheduling: one run per due time, also where a process stands still before the lock."""
    world = lab(group=GROUP)
    world.sync()
    world.clock.advance(300)
    acquire = world.state.acquire
    late: list[str] = []

    def acquire_late(fabric: str, holder: str, run_id: str, now: datetime, duration: timedelta) -> Lease:
        if not late:
            late.append(run_id)
            assert only(world.sync(Trigger.SCHEDULE)).outcome is Outcome.UNCHANGED
        return acquire(fabric, holder, run_id, now, duration)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MemoryState, "acquire", lambda _, *arguments: acquire_late(*arguments))
        result = only(world.sync(Trigger.SCHEDULE))

    state = world.state.load("lab")
    assert (result.outcome, result.reason[:8]) == (Outcome.SKIPPED, "next due")
    assert state.run_id not in {*late, ""}
    assert [run.outcome for run in state.history] == [Outcome.APPLIED, Outcome.UNCHANGED]
    assert (state.last_outcome, world.state.lease("lab")) == (Outcome.UNCHANGED, None)


def test_b13_a_lock_that_a_killed_run_left_is_taken_at_once_and_a_schedule_is_not_held_up_by_it() -> None:
    world = lab(group=GROUP)
    left = world.state.acquire("lab", "killed", "their-run", world.clock.now(), LEASE)
    result = only(world.sync(Trigger.SCHEDULE))
    assert (result.outcome, world.state.fences["lab"]) == (Outcome.APPLIED, left.fence + 1)


def test_b31_a_failure_with_a_very_long_text_is_stored_bounded_and_the_fabric_stays_usable() -> None:
    """Issue 6, 6: every status is one of the enumeration, and a failure can be stored whatever it says."""
    world = lab(group=GROUP)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MemorySide, "read", lambda *_: _raise(UnreachableError("cluster", "\N{SNOWMAN}\0" * 100_000)))
        failed = only(world.sync())
    stored = world.state.load("lab")

    assert (failed.outcome, failed.status) == (Outcome.FAILED, SyncStatus.ERROR)
    assert 0 < len(stored.error) <= 2000
    assert state_from_text(state_text(stored), stored.version) == stored
    assert only(world.sync()).status is SyncStatus.IN_SYNC
    assert world.state.load("lab").error == ""


def _raise(error: Exception) -> NoReturn:
    raise error


def test_every_run_gives_its_lock_back() -> None:
    world = lab(group=GROUP)
    world.side.is_down = True
    world.sync()
    assert world.state.lease("lab") is None


def test_b24_a_broken_managed_file_stops_the_run_before_anything_is_written() -> None:
    world = lab(group=GROUP)
    world.sync()
    world.source.commit({"fabrics/lab/managed/switchgroups/pair-1.yaml": BROKEN.encode()})
    seen = len(world.side.seen)

    result = only(world.sync())

    assert result.outcome is Outcome.FAILED
    assert len(world.side.seen) == seen
    assert key_of(PAIR) in world.side.objects
    assert fabric_status(LAB, world.state, world.clock.now()).agreement.value == "unknown"


def test_a_rejected_raw_file_makes_the_run_partial_and_the_rest_is_applied() -> None:
    world = lab(group=GROUP, bad=BROKEN)
    result = only(world.sync())
    assert result.outcome is Outcome.PARTIAL
    assert {finding.origin.path for finding in result.findings} >= {"fabrics/lab/raw/bad.yaml"}
    assert key_of(PAIR) in world.side.objects


def test_a_foreign_document_is_set_aside_and_the_run_is_whole() -> None:
    world = lab(group=GROUP, notes=config_map())
    assert only(world.sync()).outcome is Outcome.APPLIED


def test_a_refused_object_is_reported_and_the_status_is_not_in_sync() -> None:
    world = lab(group=GROUP, more=switch_group("pair-2"))
    world.side.refuse(key_of(PAIR), Refusal.INVALID)

    result = only(world.sync())

    assert (result.outcome, result.status) == (Outcome.PARTIAL, SyncStatus.OUT_OF_SYNC)
    assert [refused.key for refused in result.refused] == [key_of(PAIR)]
    assert [key.name for key in world.side.objects] == ["pair-2"]


def two_fabrics() -> Lab:
    return Lab(
        {"fabrics/lab/raw/a.yaml": GROUP, "fabrics/other/raw/b.yaml": switch_group("pair-2")}, fabrics=(LAB, OTHER)
    )


def test_two_fabrics_of_one_repository_share_one_commit() -> None:
    world = two_fabrics()
    before = world.source.revision
    first, second = world.sync()
    assert first.revision == second.revision != before
    assert [key.name for key in world.sides["other"].objects] == ["pair-2"]


def test_one_fabrics_failure_never_reaches_another() -> None:
    world = two_fabrics()
    world.side.is_down = True
    first, second = world.sync()
    assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.APPLIED)


def test_b12_an_unreadable_remote_fails_every_fabric_and_touches_no_cluster() -> None:
    world = two_fabrics()

    def unreachable(_fabrics: Sequence[Fabric], _go_on: Callable[[], None]) -> Sequence[FabricIngestion]:
        raise UnreachableError("origin", "no answer")

    ports = [FabricPorts(fabric=LAB, side=lambda: world.side, state=world.state)]
    result = only(sync_fabrics(ports, replace(world.shared(), take_in=unreachable), trigger=Trigger.MANUAL))
    assert result.outcome is Outcome.FAILED
    assert result.failures == ("origin: no answer",)
    assert world.side.seen == []


def test_a_run_whose_lease_was_taken_over_stops_before_its_next_write() -> None:
    world = lab(group=GROUP)
    shared = world.shared()

    def thief(fabrics: Sequence[Fabric], go_on: Callable[[], None]) -> Sequence[FabricIngestion]:
        parts = shared.take_in(fabrics, go_on)
        world.clock.advance(601)
        world.state.acquire("lab", "thief", "stolen", world.clock.now(), LEASE)
        return parts

    ports = [FabricPorts(fabric=LAB, side=lambda: world.side, state=world.state)]
    result = only(sync_fabrics(ports, replace(shared, take_in=thief), trigger=Trigger.MANUAL))

    assert result.outcome is Outcome.FAILED
    assert "lost its lock" in result.failures[0]
    assert world.side.seen == []
    held = world.state.lease("lab")
    assert held is not None
    assert held.run_id == "stolen"


def test_a_run_that_has_lost_its_lock_publishes_nothing_and_the_others_do() -> None:
    """Issue 6, state: a holder that lost its lock stops before its next write, also to git."""
    world = two_fabrics()
    shared = world.shared()
    stolen: list[str] = []

    def late(fabrics: Sequence[Fabric], go_on: Callable[[], None]) -> Sequence[FabricIngestion]:
        if not stolen:
            world.clock.advance(61)
            stolen.append(world.state.acquire("lab", "thief", "stolen", world.clock.now(), LEASE).run_id)
        return shared.take_in(fabrics, go_on)

    ports = [
        FabricPorts(fabric=each, side=lambda name=each.name: world.sides[name], state=world.state)  # type: ignore[misc]
        for each in world.fabrics
    ]
    first, second = sync_fabrics(ports, replace(shared, take_in=late), trigger=Trigger.MANUAL)
    assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.APPLIED)
    assert "lost its lock" in first.failures[0]
    taken = {path for path in world.source.files if "/managed/" in path}
    assert {path.split("/")[1] for path in taken} == {world.fabrics[1].name}


def test_bases_are_what_was_sent_and_drift_is_put_back_with_proof() -> None:
    server = thing("Server", "web-1", {"description": "front end"})
    world = lab(server=to_yaml(server))
    world.sync()
    (record,) = world.state.bases("lab", SideName.CLUSTER).values()
    assert record.value["spec"] == {"description": "front end"}
    world.side.put({**server, "spec": {"description": "somebody else's words"}})

    result = only(world.sync())

    assert result.outcome is Outcome.APPLIED
    assert world.side.objects[key_of(server)].value["spec"] == {"description": "front end"}
