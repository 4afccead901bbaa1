from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from fakes.clock import StoppedClock
from fakes.fabrics import LAB
from fakes.memory_state import MemoryState
from hedgehog_gitops.core.attempts import Ending, ended
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.seen import Seen
from hedgehog_gitops.model.settings import Fabric, SyncSettings
from hedgehog_gitops.model.state import Outcome
from hedgehog_gitops.usecases.tick import Looking, Memories, Sights
from hedgehog_gitops.usecases.watch import WatchPorts, watch

HOUR = timedelta(hours=1)


def fabric(name: str, interval: int = 300) -> Fabric:
    return LAB._replace(name=name, sync=SyncSettings(interval=interval))


@dataclass
class World:
    """A clock that moves by the pauses, and runs that take a second each."""

    until: int
    clock: StoppedClock = field(default_factory=StoppedClock)
    state: MemoryState = field(default_factory=MemoryState)
    runs: list[tuple[int, str]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    outcome: Callable[[Fabric], Outcome] = lambda _: Outcome.UNCHANGED
    unread: frozenset[str] = frozenset()
    seen: Sights = field(default_factory=dict)
    moves: dict[int, Sights] = field(default_factory=dict)
    revision: str = ""

    def watch(self, *fabrics: Fabric, longest: timedelta = HOUR) -> None:
        ports = WatchPorts(
            looking=Looking(see=lambda _: self._see(), read=self._read),
            run=self._run,
            pause=self._pause,
            is_stopped=lambda: self.clock.monotonic() >= self.until,
            clock=self.clock,
        )
        watch(fabrics, ports, longest)

    def _see(self) -> Sights:
        for at in [at for at in self.moves if at <= self.clock.monotonic()]:
            self.seen = self.moves.pop(at)
            self.revision = "r2"
        return self.seen

    def _read(self, fabrics: Sequence[Fabric]) -> Memories:
        names = [each.name for each in fabrics if each.name not in self.unread]
        return {name: (self.state.load(name), self.state.lease(name)) for name in names}

    def _run(self, fabric: Fabric) -> None:
        self.runs.append((int(self.clock.monotonic()), fabric.name))
        now, name = self.clock.now(), fabric.name
        if name in self.unread:
            return
        lease = self.state.acquire(name, "here", f"r{len(self.runs)}", now, timedelta(seconds=60))
        self.clock.advance(1)
        ending = Ending(outcome=self.outcome(fabric), agreement=Agreement.EQUAL, revision=self.revision)
        self.state.save(lease, ended(self.state.load(name), ending, self.clock.now(), 1.0, 0.5))
        self.state.release(lease)

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.advance(seconds)


def test_it_runs_what_is_due_and_sleeps_until_the_next_is() -> None:
    """Issue 6, scheduling: `sync --watch` is a plain loop over the same decision."""
    world = World(until=900)
    world.watch(fabric("a"), fabric("b", interval=60))
    assert [at for at, name in world.runs if name == "a"] == [0, 300, 600]
    assert [at for at, name in world.runs if name == "b"] == [1 + 60 * number for number in range(15)]
    assert world.pauses[:2] == [59, 59]


def test_it_sleeps_no_longer_than_asked() -> None:
    world = World(until=100)
    world.watch(fabric("a"), longest=timedelta(seconds=10))
    assert max(world.pauses) == 10


def test_b15_a_failing_fabric_is_tried_again_in_its_turn_and_the_others_as_ever() -> None:
    world = World(until=900, outcome=lambda each: Outcome.FAILED if each.name == "a" else Outcome.UNCHANGED)
    world.watch(fabric("a"), fabric("b"))
    assert [name for _, name in world.runs].count("a") >= 3
    assert [name for _, name in world.runs].count("b") == 3


def test_what_cannot_be_read_is_run_to_tell_why_and_then_left_alone_for_a_minute() -> None:
    world = World(until=179, unread=frozenset({"a"}))
    world.watch(fabric("a"), fabric("b", interval=60))
    assert [at for at, name in world.runs if name == "a"] == [1, 61, 121]


def test_b16_another_processs_run_is_not_doubled() -> None:
    """The lock decides."""
    world = World(until=30)
    world.state.acquire("a", "elsewhere", "r0", world.clock.now(), timedelta(seconds=600))
    world.watch(fabric("a"))
    assert world.runs == []
    assert world.pauses == [5] * 6


def test_it_stops_between_two_runs() -> None:
    world = World(until=1)
    world.watch(fabric("a"), fabric("b"))
    assert [name for _, name in world.runs] == ["a"]


def test_what_has_moved_is_run_in_the_next_turn_and_only_that() -> None:
    """Issue 6, scope: also due when the git head or a side's recorded version moved."""
    world = World(until=100, seen={"a": Seen(head="r1"), "b": Seen(head="r1")}, revision="r1")
    world.moves = {50: {"a": Seen(head="r2"), "b": Seen()}}
    world.watch(fabric("a"), fabric("b"), longest=timedelta(seconds=10))
    assert world.runs == [(0, "a"), (1, "b"), (52, "a")]
