"""All stored values times all positions of the clock: exactly one status, and one answer to whether a run is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

from fakes.clock import START as NOW
from hedgehog_gitops.core.due import needs_sync, next_due, public_status
from hedgehog_gitops.model.seen import Seen
from hedgehog_gitops.model.settings import SyncSettings
from hedgehog_gitops.model.state import Lease, Outcome, SideState, SyncState, SyncStatus

INTERVAL = timedelta(seconds=300)
MINUTE = timedelta(seconds=60)
AGES = [-3600, -601, -61, -60, -1, 0, 1, 299, 300, 301, 599, 600, 601, 10**6]
"""Seconds since the attempt was started: of the future after the clock was set back, and around each limit."""

ENDS = [None, -1, 0]
"""Seconds from start to end: no end, the end of an earlier attempt, an end."""

OUTCOMES = [None, *Outcome]
AGREEMENTS = ["equal", "different", "unknown"]
RETRIES = [None, -1, 0, 1, 300, 301, 10**5]
FAILED = {None, Outcome.FAILED, Outcome.INTERRUPTED}


def held(renewed: int) -> Lease:
    at = NOW + timedelta(seconds=renewed)
    return Lease(fabric="lab", holder="h", run_id="r", fence=1, acquired_at=at, renewed_at=at, expires_at=at + MINUTE)


LEASES = [(None, False), (held(0), True), (held(-59), True), (held(-60), False), (held(60), True), (held(61), False)]
"""The lock and whether it holds: fresh, at its end, of a clock that was set back by little and by much."""


def states() -> Iterator[SyncState]:
    yield SyncState()
    for age, end, outcome, agreement in product(AGES, ENDS, OUTCOMES, AGREEMENTS):
        started = NOW - timedelta(seconds=age)
        yield SyncState(
            last_attempt_started_at=started,
            last_attempt_finished_at=None if end is None else started + timedelta(seconds=end),
            last_outcome=outcome,
            agreement=agreement,
        )


def expected(state: SyncState, *, configured: bool, enabled: bool, is_live: bool, interval: int) -> SyncStatus:
    """The first that holds, in the order of the contract."""
    started, finished = state.last_attempt_started_at, state.last_attempt_finished_at
    has_ended = started is not None and finished is not None and finished >= started
    is_old = interval > 0 and finished is not None and abs(NOW - finished) > 2 * INTERVAL
    order = [
        (not configured, SyncStatus.NOT_CONFIGURED),
        (not enabled, SyncStatus.DISABLED),
        (is_live, SyncStatus.SYNCING),
        (started is None, SyncStatus.NEVER_SYNCED),
        (not has_ended or state.last_outcome in FAILED, SyncStatus.ERROR),
        (is_old or state.agreement != "equal", SyncStatus.OUT_OF_SYNC),
        (True, SyncStatus.IN_SYNC),
    ]
    return next(status for holds, status in order if holds)


def test_b17_every_combination_of_stored_values_and_clock_positions_has_exactly_one_status() -> None:
    """Issue 6, 1: all combinations of stored values x clock positions -> exactly one status."""
    for state in states():
        for (lease, is_live), configured, enabled, interval in product(LEASES, (True, False), (True, False), (0, 300)):
            settings = SyncSettings(enabled=enabled, interval=interval)
            status = public_status(settings, state, lease, NOW, is_configured=configured)
            wanted = expected(state, configured=configured, enabled=enabled, is_live=is_live, interval=interval)
            assert status is wanted, (state, lease, configured, enabled, interval)


def due_at(state: SyncState) -> datetime:
    """When a run of a schedule is due, if nothing forbids it."""
    started, finished = state.last_attempt_started_at, state.last_attempt_finished_at
    if started is None or finished is None or finished < started or state.last_outcome is None:
        return NOW
    if started > NOW + MINUTE:
        return NOW
    at, retry = min(started, NOW) + INTERVAL, state.next_retry_at
    return at if retry is None or retry > NOW + INTERVAL else max(at, retry)


def test_b15_every_combination_of_stamps_has_one_due_time_and_a_run_is_due_exactly_from_it() -> None:
    """Issue 6, scope: exactly equal is due; a clock that stepped back never delays longer than one interval."""
    settings = SyncSettings(interval=300)
    for age, end, outcome, retry in product(AGES, ENDS, OUTCOMES, RETRIES):
        started = NOW - timedelta(seconds=age)
        state = SyncState(
            last_attempt_started_at=started,
            last_attempt_finished_at=None if end is None else started + timedelta(seconds=end),
            last_outcome=outcome,
            next_retry_at=None if retry is None else NOW + timedelta(seconds=retry),
        )
        at = next_due(settings, state, NOW)
        assert at == due_at(state), state
        assert at <= NOW + INTERVAL
        for lease, is_live in LEASES:
            assert needs_sync(settings, state, lease, NOW).is_due is (at <= NOW and not is_live), (state, lease)


def test_b33_what_forbids_a_schedule_forbids_it_whatever_is_stored() -> None:
    """Issue 6, scope: not enabled, scheduler off with its reason, interval 0, not configured."""
    off = [
        SyncSettings(enabled=False),
        SyncSettings(scheduler_enabled=False, scheduler_reason="freeze"),
        SyncSettings(interval=0),
    ]
    for state in states():
        assert not any(needs_sync(settings, state, None, NOW) for settings in off)
        assert not needs_sync(SyncSettings(), state, None, NOW, is_configured=False)


def test_a_head_that_no_run_has_looked_at_is_due_at_once_unless_an_endpoint_fails() -> None:
    """Issue 6, scope: also due when the git head moved (digest, not only time)."""
    settings, seen = SyncSettings(interval=300), "a" * 40
    fine = SyncState(
        last_attempt_started_at=NOW,
        last_attempt_finished_at=NOW,
        last_outcome=Outcome.UNCHANGED,
        desired_revision=seen,
    )
    failing = SyncState(
        last_attempt_started_at=NOW,
        last_attempt_finished_at=NOW,
        last_outcome=Outcome.FAILED,
        error_category="network",
        desired_revision=seen,
    )
    assert not needs_sync(settings, fine, None, NOW, seen=Seen(head=seen))
    assert needs_sync(settings, fine, None, NOW, seen=Seen(head="b" * 40)).reason == "git has moved to bbbbbbbbbbbb"
    assert not needs_sync(settings, failing, None, NOW, seen=Seen(head="b" * 40))


def test_a_side_of_another_version_than_the_last_look_found_is_due_at_once() -> None:
    """Issue 6, scope: also due when a side's recorded version moved; what nobody knows has not moved."""
    settings = SyncSettings(interval=300)
    looked = SyncState(
        last_attempt_started_at=NOW,
        last_attempt_finished_at=NOW,
        last_outcome=Outcome.PARTIAL,
        sides={"cluster": SideState(version="v1"), "netbox": SideState()},
    )
    for found, is_due in (("v1", False), ("", False), ("v2", True)):
        assert needs_sync(settings, looked, None, NOW, seen=Seen(sides={"cluster": found})).is_due is is_due
    assert not needs_sync(settings, looked, None, NOW, seen=Seen(sides={"netbox": "v9"}))
    assert not needs_sync(settings, replace(looked, sides={}), None, NOW, seen=Seen(sides={"cluster": "v2"}))
    assert not needs_sync(SyncSettings(interval=0), looked, None, NOW, seen=Seen(head="r2"))
