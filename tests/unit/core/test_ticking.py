from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from fakes.clock import START
from fakes.fabrics import LAB
from fakes.memory_state import MemoryState
from hedgehog_gitops.core.ticking import LOOK_AGAIN, RETRY_LOOK, Known, is_open, next_look, to_look_at, to_queue
from hedgehog_gitops.model.request import Request
from hedgehog_gitops.model.settings import Fabric, SyncSettings
from hedgehog_gitops.model.state import Lease, Outcome, SyncState, Trigger

NOW = START


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def fabric(name: str = "lab", **sync: Any) -> Fabric:
    return LAB._replace(name=name, sync=SyncSettings(**sync))


def begun(seconds: float) -> SyncState:
    """A run began so many seconds ago and ended well."""
    at = ago(seconds)
    return SyncState(
        last_attempt_started_at=at,
        last_attempt_finished_at=at + timedelta(seconds=1),
        last_success_at=at,
        last_outcome=Outcome.UNCHANGED,
    )


def asked(seconds: float, name: str = "lab") -> Request:
    return Request(fabric=name, trigger=Trigger.MANUAL, at=ago(seconds))


def held() -> Lease:
    return MemoryState().acquire("lab", "elsewhere", "r1", NOW, timedelta(seconds=600))


def queued(*known: Known) -> list[tuple[str, Trigger]]:
    return [(each.fabric, each.trigger) for each in to_queue(known, NOW)]


def test_the_fabric_that_waits_longest_comes_first_and_one_that_never_ran_before_all() -> None:
    """Issue 6, scheduling: longest overdue first."""
    known = [
        Known(fabric=fabric("a"), state=begun(310)),
        Known(fabric=fabric("b"), state=begun(700)),
        Known(fabric=fabric("c"), state=SyncState()),
        Known(fabric=fabric("d"), state=begun(299)),
        Known(fabric=fabric("e", interval=60), state=begun(310)),
    ]
    assert [name for name, _ in queued(*known)] == ["c", "b", "e", "a"]


@pytest.mark.parametrize(("seconds", "is_queued"), [(299, False), (300, True), (301, True)])
def test_exactly_at_the_interval_a_fabric_is_queued(seconds: int, *, is_queued: bool) -> None:
    assert bool(queued(Known(fabric=fabric(), state=begun(seconds)))) is is_queued


@pytest.mark.parametrize(
    "known",
    [
        Known(fabric=fabric(enabled=False), state=SyncState(), request=asked(5)),
        Known(fabric=fabric()._replace(cluster=None), state=SyncState(), request=asked(5)),
        Known(fabric=fabric(interval=0), state=SyncState()),
        Known(fabric=fabric(scheduler_enabled=False, scheduler_reason="x"), state=SyncState()),
        Known(fabric=fabric(), state=begun(900), lease=held()),
        Known(fabric=fabric(), state=begun(900), lease=held(), request=asked(5)),
        Known(fabric=fabric(enabled=False), state=None),
    ],
    ids=["disabled", "not configured", "by hand only", "scheduler off", "running", "running and asked", "unread"],
)
def test_nothing_is_queued_for_a_fabric_that_cannot_run_now(known: Known) -> None:
    assert queued(known) == []


def test_a_request_is_open_until_a_run_began_after_it() -> None:
    """Issue 6, scheduling: a burst of triggers during a run leads to one follow-up."""
    before, after = (Known(fabric=fabric(), state=begun(seconds), request=asked(10)) for seconds in (20, 5))
    assert (is_open(before), is_open(after)) == (True, False)
    assert queued(before) == [("lab", Trigger.MANUAL)]
    assert queued(after) == []


@pytest.mark.parametrize("sync", [{"interval": 0}, {"scheduler_enabled": False}], ids=["by hand only", "scheduler off"])
def test_a_request_runs_a_fabric_that_no_schedule_runs(sync: dict[str, Any]) -> None:
    known = Known(fabric=fabric(**sync), state=begun(20), request=asked(10))
    assert queued(known) == [("lab", Trigger.MANUAL)]
    assert next_look(replace(known, request=None), NOW) == NOW + LOOK_AGAIN


def test_a_fabric_whose_memory_cannot_be_read_is_queued_and_then_left_alone_for_a_while() -> None:
    """A run tells everybody what is wrong; a tick cannot."""
    known = Known(fabric=fabric(), state=None)
    assert queued(known) == [("lab", Trigger.SCHEDULE)]
    assert next_look(known, NOW) == NOW + RETRY_LOOK


def test_a_fabric_is_looked_at_again_when_it_is_due_and_in_every_tick_while_it_waits() -> None:
    assert next_look(Known(fabric=fabric(), state=begun(100)), NOW) == NOW + timedelta(seconds=200)
    assert next_look(Known(fabric=fabric(interval=86400), state=begun(100)), NOW) == NOW + LOOK_AGAIN
    assert next_look(Known(fabric=fabric(), state=begun(400)), NOW) == NOW
    assert next_look(Known(fabric=fabric(), state=begun(10), lease=held()), NOW) == NOW


def test_only_fabrics_whose_look_has_come_are_looked_at() -> None:
    fabrics = [fabric(name) for name in ("new", "later", "come", "asked", "set-back")]
    looks = {
        "later": NOW + timedelta(seconds=1),
        "come": NOW,
        "asked": NOW + timedelta(seconds=1),
        "set-back": NOW + timedelta(days=1),
    }
    chosen = to_look_at(fabrics, looks, {"asked": asked(1, "asked")}, NOW)
    assert [each.name for each in chosen] == ["new", "come", "asked", "set-back"]
