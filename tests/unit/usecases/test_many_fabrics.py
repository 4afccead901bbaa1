"""A thousand fabrics for an hour: two schedulers, thirty workers, a clock that jumps from event to event."""

from __future__ import annotations

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count, pairwise

from fakes.clock import START, StoppedClock
from fakes.fabrics import LAB
from fakes.memory_queue import MemoryQueue
from fakes.memory_state import MemoryState
from hedgehog_gitops.core.attempts import Ending, ended
from hedgehog_gitops.core.due import needs_sync, next_due
from hedgehog_gitops.model.errors import LockHeldError
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.settings import Fabric, SyncSettings
from hedgehog_gitops.model.state import Lease, Outcome, Trigger
from hedgehog_gitops.usecases.tick import Looking, Memories, tick

TICK, INTERVAL, HOUR, LEASE = 15, 300, 3600, timedelta(seconds=600)
FABRICS = tuple(LAB._replace(name=f"f{number:04}", sync=SyncSettings(interval=INTERVAL)) for number in range(1000))
FAILING, HANGING = frozenset({"f0013", "f0500"}), frozenset({"f0042", "f0900"})


@dataclass(frozen=True)
class Start:
    """A run that began: when, and when it was due."""

    fabric: str
    at: datetime
    due_at: datetime


@dataclass
class Plant:
    """The queue, the memories and the workers, and everything that began."""

    workers: int = 30
    clock: StoppedClock = field(default_factory=StoppedClock)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    state: MemoryState = field(default_factory=MemoryState)
    starts: list[Start] = field(default_factory=list)
    events: list[tuple[float, int, str, Lease | None]] = field(default_factory=list)
    numbers: count[int] = field(default_factory=count)
    random: random.Random = field(default_factory=lambda: random.Random(6))  # noqa: S311 - a repeatable hour

    def run_for(self, seconds: float, schedulers: Sequence[float]) -> None:
        for offset in schedulers:
            self._at(offset, "tick")
        while self.events[0][0] <= seconds:
            at, _, what, lease = heapq.heappop(self.events)
            self.clock.instant = START + timedelta(seconds=at)
            if lease is None:
                tick(FABRICS, self.queue, Looking(see=lambda _: {}, read=self._read), self.clock)
                self._at(at + TICK, what)
            else:
                self._end(lease)
            self._work(at)

    def _at(self, seconds: float, what: str, lease: Lease | None = None) -> None:
        heapq.heappush(self.events, (seconds, next(self.numbers), what, lease))

    def _read(self, fabrics: Sequence[Fabric]) -> Memories:
        return {each.name: (self.state.load(each.name), self.state.lease(each.name)) for each in fabrics}

    def _work(self, at: float) -> None:
        """Idle workers take what waits, and begin as every run does: due, lock, stamp."""
        while len(self.queue.working) < self.workers and (request := self.queue.take()):
            name, now = request.fabric, self.clock.now()
            state = self.state.load(name)
            settings = FABRICS[0].sync
            assert request.trigger is Trigger.SCHEDULE
            if not needs_sync(settings, state, self.state.lease(name), now):
                self.queue.end(name)
                continue
            try:
                lease = self.state.acquire(name, "worker", "run", now, LEASE)
            except LockHeldError:
                self.queue.end(name)
                continue
            self.starts.append(Start(name, now, next_due(settings, state, now) or now))
            seconds = 600.0 if name in HANGING else self.random.uniform(1, 10)
            self._at(at + seconds, "end", lease)

    def _end(self, lease: Lease) -> None:
        now, state = self.clock.now(), self.state.load(lease.fabric)
        is_failed = lease.fabric in FAILING | HANGING
        ending = Ending(
            outcome=Outcome.FAILED if is_failed else Outcome.UNCHANGED,
            agreement=Agreement.UNKNOWN if is_failed else Agreement.EQUAL,
            category="external" if is_failed else "",
            endpoint="cluster" if is_failed else "",
        )
        self.state.save(lease, ended(state, ending, now, (now - lease.acquired_at).total_seconds(), 0.5))
        self.state.release(lease)
        self.queue.end(lease.fabric)


@cache
def an_hour() -> Plant:
    """The usual hour: two schedulers, and workers to spare."""
    plant = Plant()
    plant.run_for(HOUR, schedulers=(0, 7))
    return plant


def test_b16_a_thousand_fabrics_run_for_an_hour_without_a_missed_or_a_doubled_run() -> None:
    """Issue 6, scheduling: the simulation; no missed, no doubled run, fair order (longest overdue first)."""
    by_fabric: dict[str, list[Start]] = defaultdict(list)
    for start in an_hour().starts:
        by_fabric[start.fabric].append(start)

    for name, starts in by_fabric.items():
        gaps = [(after.at - before.at).total_seconds() for before, after in pairwise(starts)]
        assert min(gaps) >= INTERVAL, f"{name} ran twice for one due time"
    healthy = [each for each in FABRICS if each.name not in FAILING | HANGING]
    first = max(by_fabric[each.name][0].at for each in healthy)
    assert (first - START).total_seconds() < INTERVAL, "the thousand first runs fit into the first interval"
    late = [(s.at - s.due_at).total_seconds() for each in healthy for s in by_fabric[each.name][1:]]
    assert max(late) <= 2 * TICK, "each later run began within a tick of its due time, and a wait for a worker"
    counts = {len(by_fabric[each.name]) for each in healthy}
    assert counts <= {11, 12, 13}, "an hour has twelve intervals"


def test_b33_hanging_fabrics_hold_back_no_other() -> None:
    """Issue 6, scheduling: one failing or hanging fabric delays no other."""
    plant = an_hour()
    hanging = [each for each in plant.starts if each.fabric in HANGING]
    assert len(hanging) <= 2 * (HOUR // 600 + 1)
    others = {each.fabric for each in plant.starts if each.at - START > timedelta(seconds=HOUR - INTERVAL - 60)}
    assert len(others | HANGING) == len(FABRICS)


def test_b16_runs_begin_in_the_order_in_which_they_became_due() -> None:
    """Issue 6, scheduling: of two due fabrics the one due more than a tick earlier begins first, also under load."""
    plant = Plant(workers=12)  # fewer than the load needs: runs are late, and all of them equally
    plant.run_for(HOUR, schedulers=(0, 7))
    latest = START
    for start in plant.starts[len(FABRICS) :]:
        assert start.due_at > latest - timedelta(seconds=TICK)
        latest = max(latest, start.due_at)
    counts = Counter(start.fabric for start in plant.starts)
    usual = [runs for name, runs in counts.items() if name not in FAILING | HANGING]
    assert max(usual) - min(usual) <= 1, "nobody is served twice before everybody was"
