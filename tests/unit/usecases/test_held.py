from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

import pytest

from fakes.clock import StoppedClock
from fakes.memory_state import MemoryState
from hedgehog_gitops.adapters.heart import beating
from hedgehog_gitops.model.errors import LeaseLostError, StateError
from hedgehog_gitops.model.state import Lease
from hedgehog_gitops.usecases.held import LEASE, SURE, HeldLock


@dataclass(slots=True)
class CountedState(MemoryState):
    """Counts renewals, and fails them when told to."""

    renewals: int = 0
    is_down: bool = False
    clock: StoppedClock = field(default_factory=StoppedClock)

    def renew(self, lease: Lease, now: datetime, duration: timedelta) -> Lease:
        self.renewals += 1
        if self.is_down:
            raise StateError("state", "down for the test")
        return MemoryState.renew(self, lease, now, duration)

    def held(self) -> HeldLock:
        return HeldLock(self, self.acquire("lab", "here", "r1", self.clock.now(), LEASE), self.clock)


def test_a_lock_that_surely_holds_is_not_asked_for() -> None:
    store = CountedState()
    held = store.held()
    held.check()
    assert store.renewals == 0
    store.clock.advance(SURE.total_seconds())
    held.check()
    held.check()
    assert store.renewals == 1
    assert held.lease.expires_at == store.clock.now() + LEASE


def test_a_run_that_slept_past_its_lease_writes_nothing_if_another_took_the_lock() -> None:
    """Issue 6, 3: a holder that lost the lock stops before its next write."""
    store = CountedState()
    held = store.held()
    store.clock.advance(LEASE.total_seconds())
    store.acquire("lab", "thief", "r2", store.clock.now(), LEASE)
    for _ in range(2):
        with pytest.raises(LeaseLostError):
            held.check()
    held.release()
    found = store.lease("lab")
    assert found is not None
    assert found.run_id == "r2"


def test_a_run_that_slept_past_its_lease_goes_on_if_nobody_wanted_the_lock() -> None:
    store = CountedState()
    held = store.held()
    store.clock.advance(2 * LEASE.total_seconds())
    held.check()
    assert store.renewals == 1


def test_a_clock_that_was_set_back_does_not_make_a_lease_longer() -> None:
    """Issue 6, 2: time is taken from a clock that cannot be set."""
    store = CountedState()
    held = store.held()
    store.clock.monotonic_extra = 7200
    store.clock.advance(-3600)
    held.check()
    assert store.renewals == 1


def test_a_failing_heartbeat_is_found_by_the_check_before_a_write() -> None:
    store = CountedState(is_down=True)
    held = store.held()
    store.clock.advance(50)
    held.beat()
    with pytest.raises(StateError):
        held.check()
    store.is_down = False
    held.check()


def test_a_lost_beat_is_never_forgotten() -> None:
    store = CountedState()
    held = store.held()
    store.release(held.lease)
    held.beat()
    with pytest.raises(LeaseLostError):
        held.check()


def test_a_released_lock_is_not_renewed_by_a_beat_that_comes_late() -> None:
    store = CountedState()
    held = store.held()
    held.release()
    held.beat()
    assert store.renewals == 0
    assert store.lease("lab") is None


def test_the_heart_beats_while_the_work_goes_on_and_not_after_it() -> None:
    beaten = Event()
    with beating(beaten.set, pause=0.001):
        assert beaten.wait(10)
