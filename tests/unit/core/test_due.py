from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.clock import START
from hedgehog_gitops.core.breaker import retry_at
from hedgehog_gitops.core.due import Freshness, freshness, needs_sync, next_due, public_status
from hedgehog_gitops.model.settings import SyncSettings
from hedgehog_gitops.model.state import Lease, Outcome, SyncState, SyncStatus

NOW = START
EVERY_FIVE_MINUTES = SyncSettings(interval=300)


def attempted(seconds_ago: float, outcome: Outcome = Outcome.UNCHANGED, agreement: str = "equal") -> SyncState:
    at = NOW - timedelta(seconds=seconds_ago)
    return SyncState(
        last_attempt_started_at=at,
        last_attempt_finished_at=at,
        last_success_at=at if outcome in {Outcome.APPLIED, Outcome.UNCHANGED} else None,
        last_outcome=outcome,
        agreement=agreement,
    )


def lease(expires_in: float) -> Lease:
    expires_at = NOW + timedelta(seconds=expires_in)
    return Lease(fabric="lab", holder="h", run_id="r", fence=1, acquired_at=NOW, renewed_at=NOW, expires_at=expires_at)


@pytest.mark.parametrize(("seconds", "is_due"), [(299, False), (300, True), (301, True)])
def test_exactly_at_the_interval_a_run_is_due(seconds: int, is_due: bool) -> None:  # noqa: FBT001 - a table's column
    assert needs_sync(EVERY_FIVE_MINUTES, attempted(seconds), None, NOW).is_due is is_due


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (SyncSettings(enabled=False), "disabled"),
        (SyncSettings(scheduler_enabled=False, scheduler_reason="change freeze"), "change freeze"),
        (SyncSettings(interval=0), "by hand"),
    ],
    ids=["disabled", "scheduler", "manual"],
)
def test_a_schedule_that_is_off_says_why(settings: SyncSettings, reason: str) -> None:
    due = needs_sync(settings, SyncState(), None, NOW)
    assert not due
    assert reason in due.reason


def test_a_fabric_that_was_never_synced_is_due() -> None:
    assert needs_sync(EVERY_FIVE_MINUTES, SyncState(), None, NOW)


def test_a_live_lease_means_not_now_and_an_expired_one_does_not_count() -> None:
    assert not needs_sync(EVERY_FIVE_MINUTES, SyncState(), lease(1), NOW)
    assert needs_sync(EVERY_FIVE_MINUTES, SyncState(), lease(0), NOW)


def test_a_fabric_without_a_cluster_is_never_due() -> None:
    assert not needs_sync(EVERY_FIVE_MINUTES, SyncState(), None, NOW, is_configured=False)


@given(st.integers(0, 10**8))
def test_a_clock_that_was_set_back_delays_a_run_by_one_interval_at_most(seconds: int) -> None:
    state = attempted(-seconds)
    due = next_due(EVERY_FIVE_MINUTES, state, NOW)
    assert due is not None
    assert due <= NOW + timedelta(seconds=300)


@given(st.integers(1, 40), st.floats(0, 0.999))
def test_a_retry_comes_after_24_to_300_seconds(failures: int, fraction: float) -> None:
    at = retry_at(failures, "network", NOW, fraction)
    assert at is not None
    assert timedelta(seconds=24) <= at - NOW <= timedelta(seconds=300)


@pytest.mark.parametrize("category", ["permission", "configuration", "validation", "tls"])
def test_b35_what_trying_again_does_not_mend_is_not_tried_again(category: str) -> None:
    assert retry_at(1, category, NOW, 0.5) is None


def test_b17_every_combination_has_one_status_and_in_sync_needs_fresh_and_equal() -> None:
    outcomes = [None, *Outcome]
    ages = [None, 0, 599, 600, 601, 10**6]
    for outcome, age, agreement, held, enabled, configured in product(
        outcomes, ages, ["equal", "different", "unknown"], [None, lease(5), lease(-5)], [True, False], [True, False]
    ):
        state = SyncState() if age is None or outcome is None else attempted(age, outcome, agreement)
        settings = SyncSettings(enabled=enabled, interval=300)
        status = public_status(settings, state, held, NOW, is_configured=configured)
        fresh = freshness(settings, state, NOW)
        assert status in SyncStatus
        if status is SyncStatus.IN_SYNC:
            assert (fresh, agreement, enabled, configured) == (Freshness.FRESH, "equal", True, True)
        if not configured:
            assert status is SyncStatus.NOT_CONFIGURED


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (SyncState(), SyncStatus.NEVER_SYNCED),
        (attempted(10), SyncStatus.IN_SYNC),
        (attempted(601), SyncStatus.OUT_OF_SYNC),
        (attempted(10, Outcome.PARTIAL, "different"), SyncStatus.OUT_OF_SYNC),
        (attempted(10, Outcome.FAILED, "unknown"), SyncStatus.ERROR),
        (attempted(10, Outcome.FAILED, "equal"), SyncStatus.ERROR),
        (SyncState(last_attempt_started_at=NOW - timedelta(seconds=900)), SyncStatus.ERROR),
    ],
    ids=["never", "fresh and equal", "stale", "different", "failed", "failed after equal", "b18 interrupted"],
)
def test_the_status_of_a_fabric_that_nobody_is_syncing(state: SyncState, status: SyncStatus) -> None:
    assert public_status(EVERY_FIVE_MINUTES, state, None, NOW) is status


def test_b18_syncing_ends_with_the_lease() -> None:
    started = SyncState(last_attempt_started_at=NOW)
    assert public_status(EVERY_FIVE_MINUTES, started, lease(1), NOW) is SyncStatus.SYNCING
    assert public_status(EVERY_FIVE_MINUTES, started, lease(-1), NOW) is SyncStatus.ERROR
