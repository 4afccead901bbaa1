"""Schedulers, workers and people at one fabric, with crashes, lost locks and a clock that jumps: what always holds."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fakes.clock import START
from fakes.fabrics import LAB
from fakes.memory_side import MemorySide
from fakes.memory_state import MemoryState
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.adapters.progress import Silent
from hedgehog_gitops.adapters.sqlite_state import SqliteState
from hedgehog_gitops.core.due import needs_sync, next_due, public_status
from hedgehog_gitops.model.errors import HedgehogGitopsError, LeaseLostError
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.state import Outcome, SyncStatus, Trigger
from hedgehog_gitops.ports import StateStore
from hedgehog_gitops.usecases.ended import Ended
from hedgehog_gitops.usecases.held import BEAT, LEASE, SURE
from hedgehog_gitops.usecases.run import FabricPorts, Run, SyncPorts, begin, finish

INTERVAL = timedelta(seconds=LAB.sync.interval)
TICK = timedelta(seconds=60)
WORKERS = st.sampled_from(["one", "two", "three"])
SCHEDULERS = st.sampled_from(["first", "second"])
ENDINGS = {
    "works": Ended(outcome=Outcome.APPLIED, agreement=Agreement.EQUAL, revision="abc", counts={"created": 1}),
    "finds nothing": Ended(outcome=Outcome.UNCHANGED, agreement=Agreement.EQUAL, revision="abc", counts={"created": 0}),
    "is refused": Ended(outcome=Outcome.PARTIAL, agreement=Agreement.DIFFERENT, revision="abc"),
    "fails": Ended(outcome=Outcome.FAILED, agreement=Agreement.UNKNOWN, category="network", endpoint="cluster"),
}
PROVEN = {Outcome.APPLIED, Outcome.UNCHANGED}


@dataclass
class TwoClocks:
    """A clock that can be set, and a counter that cannot."""

    instant: datetime = START
    counter: float = 0.0

    def now(self) -> datetime:
        return self.instant

    def monotonic(self) -> float:
        return self.counter

    def pass_by(self, pause: timedelta) -> None:
        self.instant += pause
        self.counter += pause.total_seconds()


@dataclass
class Worker:
    """A process: what it was asked to do, the run it is in, and whether it stands still."""

    is_still: bool = False
    run: Run | None = None


@dataclass
class World:
    """Everything that the machine knows better than the program."""

    queue: set[str] = field(default_factory=set)
    workers: dict[str, Worker] = field(default_factory=lambda: {name: Worker() for name in ("one", "two", "three")})
    latest_fence: int = 0
    writes: list[int] = field(default_factory=list)
    successes: dict[datetime, str] = field(default_factory=dict)


class SyncMachine(RuleBasedStateMachine):
    """One fabric, two schedulers that ask for runs, three workers that do them, and people."""

    def make_store(self) -> StateStore:
        return MemoryState()

    @initialize()
    def begin_world(self) -> None:
        self.world, self.clock, self.store = World(), TwoClocks(), self.make_store()
        runs = count(1)
        self.shared = SyncPorts(
            take_in=lambda _, __: (),
            clock=self.clock,
            progress=Silent(),
            release=package_release(),
            holder="here",
            is_gone=lambda _: False,
            new_run_id=lambda: f"run-{next(runs)}",
            random=lambda: 0.5,
            sleep=lambda _: None,
        )
        self.ports = FabricPorts(fabric=LAB, side=MemorySide, state=self.store)

    @rule(scheduler=SCHEDULERS)
    def tick(self, scheduler: str) -> None:
        """A scheduler asks for a run if one is due; requests of both are one."""
        del scheduler
        if self.is_due():
            self.world.queue.add("lab")

    @rule(name=WORKERS)
    def take_request(self, name: str) -> None:
        """A free worker takes a request: it runs exactly if there is still cause."""
        worker = self.world.workers[name]
        if worker.run is None and not worker.is_still and self.world.queue:
            self.world.queue.clear()
            was_due = self.is_due()
            assert self.start(worker, Trigger.SCHEDULE) is was_due, "no run without cause, and none that is left out"

    @rule(name=WORKERS)
    def run_by_hand(self, name: str) -> None:
        """A person runs a sync: it starts exactly if no other run holds the lock."""
        worker = self.world.workers[name]
        if worker.run is None and not worker.is_still:
            found = self.store.lease("lab")
            is_held = found is not None and found.is_live(self.clock.now())
            assert self.start(worker, Trigger.MANUAL) is not is_held

    @rule(name=WORKERS)
    def write(self, name: str) -> None:
        """A write to the side: only of the run that took the lock last."""
        worker = self.world.workers[name]
        if worker.run is None or worker.is_still:
            return
        try:
            worker.run.held.check()
        except LeaseLostError:
            worker.run = None
            return
        assert worker.run.held.lease.fence == self.world.latest_fence, "at most one writer at a time"
        self.world.writes.append(worker.run.held.lease.fence)

    @rule(name=WORKERS, how=st.sampled_from(sorted(ENDINGS)))
    def end(self, name: str, how: str) -> None:
        """A run ends, and stores how; unless it lost its lock."""
        worker = self.world.workers[name]
        run = worker.run
        if run is None or worker.is_still:
            return
        worker.run = None
        before = self.store.load("lab")
        try:
            result = finish(run, self.shared, ENDINGS[how])
        except HedgehogGitopsError:
            assert self.store.load("lab") == before, "a run that lost its lock stores nothing"
            run.held.release()
            return
        assert run.held.lease.fence == self.world.latest_fence
        if result.outcome in PROVEN:
            self.world.successes[result.finished_at] = result.run_id
        found = self.store.lease("lab")
        assert found is None, "a run that ended has given its lock back"

    @rule(name=WORKERS)
    def crash(self, name: str) -> None:
        """A process is killed: its lock stays until it expires."""
        self.world.workers[name] = Worker()

    @rule(name=WORKERS)
    def stop(self, name: str) -> None:
        """SIGSTOP, or a host that hangs: no heartbeat, and it does not know."""
        self.world.workers[name].is_still = True

    @rule(name=WORKERS)
    def go_on(self, name: str) -> None:
        """SIGCONT."""
        self.world.workers[name].is_still = False

    @rule()
    def lose(self) -> None:
        """A person takes the lock from whoever holds it; typing the next command takes a second."""
        if (found := self.store.lease("lab")) is not None:
            self.store.release(found)
            self.clock.pass_by(SURE)

    @rule(seconds=st.sampled_from([1, 14, 59, 60, 61, 299, 300, 301, 700]))
    def wait(self, seconds: int) -> None:
        """Time passes; processes that do not stand still renew their locks."""
        left = timedelta(seconds=seconds)
        while left > timedelta():
            pause = min(left, BEAT)
            self.clock.pass_by(pause)
            left -= pause
            for worker in self.world.workers.values():
                if worker.run is not None and not worker.is_still:
                    worker.run.held.beat()

    @rule(seconds=st.sampled_from([-7200, -301, -61, -59, -1, 1, 61, 7200]))
    def jump(self, seconds: int) -> None:
        """Somebody sets the clock."""
        self.clock.instant += timedelta(seconds=seconds)

    @precondition(lambda self: all(worker.run is None for worker in self.world.workers.values()))
    @rule()
    def recover(self) -> None:
        """Nobody runs: within a lease and an interval a tick starts a run, whatever happened before."""
        ticks = 0
        while not self.is_due():
            self.clock.pass_by(TICK)
            ticks += 1
            assert ticks <= (LEASE + INTERVAL) / TICK, "no due time is missed by more than one tick"
        worker = Worker()
        assert self.start(worker, Trigger.SCHEDULE)
        assert worker.run is not None
        result = finish(worker.run, self.shared, ENDINGS["works"])
        self.world.successes[result.finished_at] = result.run_id
        assert result.status is SyncStatus.IN_SYNC
        assert not self.is_due()

    @invariant()
    def writes_are_in_the_order_of_fences(self) -> None:
        assert self.world.writes == sorted(self.world.writes)

    @invariant()
    def a_success_has_evidence(self) -> None:
        state = self.store.load("lab")
        if state.last_success_at is not None:
            run_id = self.world.successes[state.last_success_at]
            (proof,) = (run for run in state.history if run.run_id == run_id)
            assert proof.outcome in PROVEN
            assert proof.revision
            assert proof.counts

    @invariant()
    def the_next_run_is_never_further_away_than_an_interval(self) -> None:
        now = self.clock.now()
        at = next_due(LAB.sync, self.store.load("lab"), now)
        assert at is not None
        assert at <= now + INTERVAL

    @invariant()
    def syncing_lasts_no_longer_than_a_lease(self) -> None:
        found, now = self.store.lease("lab"), self.clock.now()
        if public_status(LAB.sync, self.store.load("lab"), found, now) is SyncStatus.SYNCING:
            assert found is not None
            assert found.expires_at - now <= 2 * LEASE

    def is_due(self) -> bool:
        now = self.clock.now()
        return bool(needs_sync(LAB.sync, self.store.load("lab"), self.store.lease("lab"), now))

    def start(self, worker: Worker, trigger: Trigger) -> bool:
        begun = begin(self.ports, self.shared, trigger, force=False)
        if not isinstance(begun, Run):
            return False
        worker.run = begun
        assert begun.held.lease.fence > self.world.latest_fence
        self.world.latest_fence = begun.held.lease.fence
        return True


class SqliteMachine(SyncMachine):
    """The same with a file."""

    def make_store(self) -> StateStore:
        self.directory = tempfile.TemporaryDirectory()
        return SqliteState(Path(self.directory.name) / "state.sqlite")

    def teardown(self) -> None:
        if hasattr(self, "directory"):
            self.directory.cleanup()


def test_b13_b15_at_most_one_writer_and_no_run_missed_or_without_cause_in_memory() -> None:
    """Issue 6, 2: one writer at a time, no due time missed, no run without cause, success only with evidence."""
    run_state_machine_as_test(SyncMachine, settings=settings(max_examples=250, stateful_step_count=50, deadline=None))


def test_b13_b15_at_most_one_writer_and_no_run_missed_or_without_cause_in_a_file() -> None:
    """Issue 6, 2: the same on sqlite."""
    run_state_machine_as_test(SqliteMachine, settings=settings(max_examples=25, stateful_step_count=40, deadline=None))
