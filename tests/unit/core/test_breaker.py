"""Issue 6, state: the circuit breaker of each endpoint, a pure function of what is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.clock import START as NOW
from fakes.fabrics import LAB
from hedgehog_gitops.core.attempts import Ending, begun, ended
from hedgehog_gitops.core.breaker import NO_RETRY, OPENS_AFTER, Breaker, breakers, open_until
from hedgehog_gitops.core.due import needs_sync, next_due
from hedgehog_gitops.core.metrics import gauges
from hedgehog_gitops.core.status import status_of
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.seen import Seen
from hedgehog_gitops.model.settings import SyncSettings
from hedgehog_gitops.model.state import Outcome, SyncState
from hedgehog_gitops.render.status_json import status_value
from hedgehog_gitops.render.status_text import statuses_text

MINUTELY, HOURLY = SyncSettings(interval=60), SyncSettings(interval=3600)
FINE = Ending(outcome=Outcome.UNCHANGED, agreement=Agreement.EQUAL, revision="r1")
SECOND = timedelta(seconds=1)


def failing(endpoint: str = "git", category: str = "network") -> Ending:
    return Ending(
        outcome=Outcome.FAILED,
        agreement=Agreement.UNKNOWN,
        error="no answer",
        endpoint=endpoint,
        category=category,
    )


def after(*endings: Ending, at: datetime = NOW) -> SyncState:
    """The state once runs have ended so, all at one instant."""
    state = SyncState()
    for number, ending in enumerate(endings):
        state = ended(begun(state, f"r{number}", at), ending, at, 1.0, 0.5)
    return state


def breaker(state: SyncState, now: datetime = NOW, settings: SyncSettings = MINUTELY) -> Breaker:
    return breakers(settings, state, now).get("git", Breaker.CLOSED)


def test_closed_then_open_after_some_failures_then_half_open_then_closed_or_open_again() -> None:
    """Issue 6, state: per-endpoint circuit breaker."""
    for number in range(OPENS_AFTER):
        assert breaker(after(*[failing()] * number)) is Breaker.CLOSED
    state = after(*[failing()] * OPENS_AFTER)
    until = open_until(MINUTELY, state)
    assert until == NOW + timedelta(seconds=30 * 2 ** (OPENS_AFTER - 1))
    assert [breaker(state, at) for at in (NOW, until - SECOND, until)] == [
        Breaker.OPEN, Breaker.OPEN, Breaker.HALF_OPEN,
    ]  # fmt: skip
    trying = begun(state, "probe", until)
    assert breaker(trying, until) is Breaker.HALF_OPEN
    assert breaker(ended(trying, failing(), until, 1.0, 0.5), until) is Breaker.OPEN
    assert breaker(ended(trying, FINE, until, 1.0, 0.5), until) is Breaker.CLOSED


def test_its_pauses_double_from_half_a_minute_to_five_minutes() -> None:
    """Issue 6, state: back-off 30 s x 2^n, cap 300 s."""
    pauses = [open_until(MINUTELY, after(*[failing()] * number)) for number in range(3, 7)]
    assert [(at - NOW).total_seconds() for at in pauses if at] == [120, 240, 300, 300]


@pytest.mark.parametrize("category", sorted(NO_RETRY - {"validation"}))
def test_what_trying_again_does_not_mend_opens_it_at_once_for_a_whole_interval(category: str) -> None:
    """Issue 6, state: no retry on 401, 403, bad configuration, TLS."""
    state = after(failing(category=category))
    end = NOW + timedelta(seconds=3600)
    assert state.next_retry_at is None
    assert [breaker(state, at, HOURLY) for at in (NOW, end - SECOND, end)] == [
        Breaker.OPEN, Breaker.OPEN, Breaker.HALF_OPEN,
    ]  # fmt: skip
    by_hand = SyncSettings(interval=0)
    assert breaker(state, NOW + timedelta(days=9), by_hand) is Breaker.OPEN, "until somebody asks"


def test_each_endpoint_has_its_own() -> None:
    state = after(*[failing("cluster")] * 2, *[failing()] * OPENS_AFTER)
    assert breakers(MINUTELY, state, NOW) == {"cluster": Breaker.CLOSED, "git": Breaker.OPEN}
    assert breakers(MINUTELY, after(failing("git", "tls"), failing("cluster")), NOW) == {"cluster": Breaker.CLOSED}


@given(
    st.integers(0, 8),
    st.sampled_from(["network", "tls", "git"]),
    st.integers(-7200, 7200),
    st.sampled_from([MINUTELY, HOURLY]),
)
def test_no_schedule_and_no_move_starts_a_run_while_it_is_open(
    failures: int, category: str, seconds: int, settings: SyncSettings
) -> None:
    now = NOW + timedelta(seconds=seconds)
    state = after(*[failing(category=category)] * failures)
    if breaker(state, now, settings) is Breaker.OPEN:
        assert not needs_sync(settings, state, None, now, seen=Seen(head="new"))
        due_at = next_due(settings, state, now)
        assert due_at is not None
        assert due_at > now


def test_a_move_is_followed_after_the_pause_and_one_of_the_files_mistakes_at_once() -> None:
    state, seen = after(FINE, failing()), Seen(head="r2")
    assert not needs_sync(HOURLY, state, None, NOW, seen=seen)
    assert needs_sync(HOURLY, state, None, NOW + timedelta(seconds=30), seen=seen)
    assert not needs_sync(HOURLY, after(FINE, failing("")), None, NOW + timedelta(seconds=60), seen=seen)
    assert needs_sync(HOURLY, after(FINE, failing("", "validation")), None, NOW, seen=seen)


def test_a_clock_that_was_set_back_leaves_no_breaker_open_for_ever() -> None:
    state = after(*[failing()] * 9)
    assert breaker(state, NOW - timedelta(days=2)) is Breaker.HALF_OPEN


def test_status_json_and_metrics_show_it() -> None:
    """Issue 6, 1: every output agrees."""
    known = status_of(LAB, after(*[failing()] * OPENS_AFTER), None, NOW)
    assert status_value(known)["endpoints"] == [{"endpoint": "git", "breaker": "open", "failures": 3}]
    assert "breaker: git failed 3 times in a row: no schedule tries it until 20" in statuses_text([known])
    shown = {series: value for series, value in gauges([known]).items() if "_breaker{" in series}
    assert shown == {
        f'hedgehog_gitops_breaker{{fabric="lab",endpoint="git",breaker="{each.value}"}}': float(each is Breaker.OPEN)
        for each in Breaker
    }
    later = replace(known.state, next_retry_at=NOW - SECOND)
    shown_later = statuses_text([status_of(LAB, later, None, NOW)])
    assert "git failed 3 times in a row: the next run tries it once" in shown_later
