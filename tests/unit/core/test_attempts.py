from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.clock import START as NOW
from hedgehog_gitops.core.attempts import HISTORY, Ending, begun, ended
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.state import Outcome, SyncState

FINE = Ending(outcome=Outcome.APPLIED, agreement=Agreement.EQUAL, revision="abc", counts={"created": 1})


def failing(endpoint: str = "cluster", category: str = "network") -> Ending:
    return Ending(
        outcome=Outcome.FAILED, agreement=Agreement.UNKNOWN, error="no answer", category=category, endpoint=endpoint
    )


def after(*endings: Ending) -> SyncState:
    state = SyncState()
    for number, ending in enumerate(endings):
        at = NOW + timedelta(minutes=5 * number)
        state = ended(begun(state, f"r{number}", at), ending, at + timedelta(seconds=2), 2.0, 0.5)
    return state


def test_start_end_and_success_are_kept_apart() -> None:
    """Issue 6, scope: attempt start, attempt end, success kept apart; cleared only by success."""
    state = after(FINE, failing())
    assert state.last_attempt_started_at == NOW + timedelta(minutes=5)
    assert state.last_attempt_finished_at == NOW + timedelta(minutes=5, seconds=2)
    assert state.last_success_at == NOW + timedelta(seconds=2)
    assert (state.error, state.error_category, state.desired_revision) == ("no answer", "network", "abc")
    assert after(FINE, failing(), FINE).error == ""


def test_beginning_moves_no_success_stamp_and_hides_no_error() -> None:
    state = begun(after(FINE, failing()), "r9", NOW + timedelta(hours=1))
    assert state.is_unfinished
    assert (state.last_success_at, state.error) == (NOW + timedelta(seconds=2), "no answer")


@pytest.mark.parametrize("outcome", [Outcome.PARTIAL, Outcome.FAILED])
def test_only_a_proven_run_moves_the_success_stamp(outcome: Outcome) -> None:
    """Issue 6, 2: success stamp only with evidence."""
    assert after(Ending(outcome=outcome, agreement=Agreement.DIFFERENT)).last_success_at is None


def test_failures_are_counted_by_endpoint_and_back_off_doubles_to_its_cap() -> None:
    """Issue 6, scope: per-endpoint circuit breaker and back-off (30 s x 2^n, jitter, cap 300 s)."""
    pauses = []
    for number in range(1, 7):
        state = after(*[failing()] * number)
        assert state.endpoint_failures == {"cluster": number}
        assert state.next_retry_at is not None
        assert state.last_attempt_finished_at is not None
        pauses.append((state.next_retry_at - state.last_attempt_finished_at).total_seconds())
    assert pauses == [30, 60, 120, 240, 300, 300]


def test_an_endpoint_that_works_again_starts_anew_and_one_that_was_not_reached_does_not() -> None:
    assert after(failing("git"), failing("cluster")).endpoint_failures == {"cluster": 1}
    assert after(failing("cluster"), failing("git")).endpoint_failures == {"cluster": 1, "git": 1}
    assert after(failing(), FINE).endpoint_failures == {}


def test_faults_of_the_files_count_against_no_endpoint() -> None:
    state = after(failing(), failing("git"), failing(endpoint="", category="validation"))
    assert (state.endpoint_failures, state.next_retry_at) == ({"cluster": 1}, None), "git has given the files"


def test_the_history_has_the_last_fifty_runs_with_counts_and_durations() -> None:
    """Issue 6, scope: run history of the last 50 runs with counts and durations."""
    state = after(*[FINE] * (HISTORY + 3))
    assert [run.run_id for run in state.history] == [f"r{number}" for number in range(3, HISTORY + 3)]
    assert (state.history[-1].seconds, state.history[-1].counts) == (2.0, {"created": 1})


def test_a_clock_that_is_set_back_during_a_run_does_not_make_it_look_killed() -> None:
    state = ended(begun(SyncState(), "r1", NOW), FINE, NOW - timedelta(hours=1), 2.0, 0.5)
    assert not state.is_unfinished
