from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from fakes.clock import StoppedClock
from fakes.fabrics import LAB
from fakes.memory_queue import MemoryQueue
from fakes.memory_state import MemoryState
from hedgehog_gitops.core.attempts import Ending, ended
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.request import Request
from hedgehog_gitops.model.seen import Seen
from hedgehog_gitops.model.settings import Fabric, SyncSettings
from hedgehog_gitops.model.state import Outcome, Trigger
from hedgehog_gitops.usecases.tick import Looking, Memories, Sights, Ticked, tick


@dataclass
class Scheduler:
    """A queue and memories to tick over."""

    fabrics: tuple[Fabric, ...] = (LAB,)
    clock: StoppedClock = field(default_factory=StoppedClock)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    state: MemoryState = field(default_factory=MemoryState)
    unread: frozenset[str] = frozenset()
    seen: Sights = field(default_factory=dict)
    revision: str = ""

    def tick(self) -> Ticked:
        return tick(self.fabrics, self.queue, Looking(see=lambda _: self.seen, read=self._read), self.clock)

    def ask(self) -> None:
        request = Request(fabric="lab", trigger=Trigger.WEBHOOK, at=self.clock.now())
        self.queue.ask(request)
        self.queue.put(request)

    def work(self, seconds: float = 2) -> list[Trigger]:
        """Everything that waits is run; the triggers."""
        done = []
        while request := self.queue.take():
            lease = self.state.acquire(request.fabric, "w", "r", self.clock.now(), timedelta(seconds=60))
            self.clock.advance(seconds)
            ending = Ending(outcome=Outcome.UNCHANGED, agreement=Agreement.EQUAL, revision=self.revision)
            state = ended(self.state.load(request.fabric), ending, self.clock.now(), seconds, 0.5)
            self.state.save(lease, state)
            self.state.release(lease)
            self.queue.end(request.fabric)
            done.append(request.trigger)
        return done

    def _read(self, fabrics: Sequence[Fabric]) -> Memories:
        names = [each.name for each in fabrics if each.name not in self.unread]
        return {name: (self.state.load(name), self.state.lease(name)) for name in names}


def test_b16_however_many_ticks_there_are_a_due_time_gives_one_run() -> None:
    """Issue 6, scheduling: two schedulers are two who tick."""
    plant = Scheduler()
    assert [plant.tick().queued for _ in range(3)] == [("lab",), (), ()]
    assert plant.work() == [Trigger.SCHEDULE]
    assert [plant.tick().queued for _ in range(3)] == [(), (), ()]
    plant.clock.advance(298)
    assert [plant.tick().queued for _ in range(3)] == [("lab",), (), ()]


def test_b16_a_burst_of_requests_during_a_run_is_answered_by_one_run() -> None:
    """Issue 6, scheduling: at most one follow-up run."""
    plant = Scheduler(fabrics=(LAB._replace(sync=SyncSettings(interval=0)),))
    plant.ask()
    running = plant.queue.take()
    assert running is not None
    lease = plant.state.acquire("lab", "w", "r", plant.clock.now(), timedelta(seconds=60))
    for _ in range(10):
        plant.clock.advance(0.1)
        plant.ask()
        plant.tick()
    ending = Ending(outcome=Outcome.UNCHANGED, agreement=Agreement.EQUAL)
    plant.state.save(lease, ended(plant.state.load("lab"), ending, plant.clock.now(), 1.0, 0.5))
    plant.state.release(lease)
    plant.queue.end("lab")

    followed = []
    for _ in range(5):
        plant.tick()
        followed += plant.work()
        plant.clock.advance(15)
    assert followed == [Trigger.WEBHOOK]
    assert plant.queue.requests() == {}


def test_a_request_for_a_fabric_that_is_off_is_forgotten() -> None:
    plant = Scheduler(fabrics=(LAB._replace(sync=SyncSettings(enabled=False)),))
    plant.queue.ask(Request(fabric="lab", trigger=Trigger.API, at=plant.clock.now()))
    assert plant.tick().queued == ()
    assert plant.queue.requests() == {}


def test_a_fabric_is_not_looked_at_before_it_can_be_due() -> None:
    plant = Scheduler()
    plant.tick()
    plant.work()
    assert plant.tick().looked_at == ("lab",)
    plant.clock.advance(100)
    assert plant.tick().looked_at == ()


def test_what_cannot_be_read_is_queued_and_said() -> None:
    plant = Scheduler(unread=frozenset({"lab"}))
    done = plant.tick()
    assert (done.queued, done.unread) == (("lab",), ("lab",))
    assert plant.tick().looked_at == ()


def test_an_emptied_redis_costs_nothing_but_a_look() -> None:
    plant = Scheduler()
    plant.tick()
    plant.work()
    plant.queue = MemoryQueue()
    assert plant.tick() == Ticked(looked_at=("lab",), queued=(), unread=())


def test_a_moved_head_is_run_once_whatever_is_planned_and_an_unknown_one_changes_nothing() -> None:
    """Issue 6, scope: also due when the git head moved; a failed question is no answer."""
    plant = Scheduler(seen={"lab": Seen(head="r1")}, revision="r1")
    plant.tick()
    plant.work()
    plant.tick()
    for seen in (Seen(), Seen(head="r1")):
        plant.seen = {"lab": seen}
        plant.clock.advance(15)
        assert plant.tick() == Ticked(looked_at=(), queued=(), unread=())
    plant.seen, plant.revision = {"lab": Seen(head="r2")}, "r2"
    assert [plant.tick().queued for _ in range(3)] == [("lab",), (), ()]
    assert plant.work() == [Trigger.SCHEDULE]
    assert [plant.tick().queued for _ in range(3)] == [(), (), ()]


def test_a_head_that_moves_during_a_run_is_followed_after_it() -> None:
    plant = Scheduler(seen={"lab": Seen(head="r1")}, revision="r1")
    plant.tick()
    assert plant.queue.take() is not None
    lease = plant.state.acquire("lab", "w", "r", plant.clock.now(), timedelta(seconds=60))
    plant.seen = {"lab": Seen(head="r2")}
    assert plant.tick().queued == ()
    ending = Ending(outcome=Outcome.UNCHANGED, agreement=Agreement.EQUAL, revision="r1")
    plant.state.save(lease, ended(plant.state.load("lab"), ending, plant.clock.now(), 1.0, 0.5))
    plant.state.release(lease)
    plant.queue.end("lab")
    assert plant.tick().queued == ("lab",)


def test_a_tick_that_was_killed_before_it_queued_loses_no_move() -> None:
    plant = Scheduler(seen={"lab": Seen(head="r1")}, revision="r1")
    plant.tick()
    plant.work()
    plant.tick()
    plant.seen = {"lab": Seen(head="r2")}
    with pytest.raises(RuntimeError):
        tick(plant.fabrics, plant.queue, Looking(see=lambda _: plant.seen, read=_killed), plant.clock)
    assert plant.tick().queued == ("lab",)


def test_a_request_whose_run_is_killed_is_repeated_also_where_nothing_is_scheduled() -> None:
    """Issue 6, scheduling: a request is open until a run that began after it has ended."""
    plant = Scheduler(fabrics=(LAB._replace(sync=SyncSettings(interval=0)),))
    plant.ask()
    assert plant.queue.take() is not None
    plant.clock.advance(1)
    plant.state.acquire("lab", "w", "r", plant.clock.now(), timedelta(seconds=60))
    assert plant.tick().queued == ()
    plant.queue.end("lab")
    assert plant.tick().queued == (), "its lock may still be somebody's"
    plant.clock.advance(61)
    assert plant.tick().queued == ("lab",)
    assert plant.work() == [Trigger.WEBHOOK]
    assert plant.tick().queued == ()
    assert plant.queue.requests() == {}


def _killed(_fabrics: Sequence[Fabric]) -> Memories:
    raise RuntimeError
