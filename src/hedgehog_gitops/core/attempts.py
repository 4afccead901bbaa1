"""What a run changes of the remembered state: when it begins, and when it ends. Nobody else writes these fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from hedgehog_gitops.core.breaker import GIT, retry_at
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.state import Outcome, PastRun, SideState, SyncState

HISTORY = 50
"""How many runs are remembered."""

PROVEN = frozenset({Outcome.APPLIED, Outcome.UNCHANGED})
"""Outcomes that are a success: only these move the success stamp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What is stored of how a run ended. `endpoint` is the one that did not work, if that ended it."""

    outcome: Outcome
    agreement: Agreement
    revision: str = ""
    plan_id: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    sides: Mapping[str, SideState] = field(default_factory=dict)
    error: str = ""
    category: str = ""
    endpoint: str = ""


def begun(state: SyncState, run_id: str, now: datetime) -> SyncState:
    """The state with an attempt under way. One that never ended goes into the history as interrupted."""
    return replace(
        state,
        last_attempt_started_at=now,
        last_outcome=None,
        run_id=run_id,
        history=_longer(state, _interrupted(state)) if state.is_unfinished else state.history,
    )


def withdrawn(state: SyncState) -> SyncState | None:
    """The state as it was before an attempt that shall not go on; None if no run had ended well or ill before it."""
    if not state.history or state.history[-1].outcome is Outcome.INTERRUPTED:
        return None
    last = state.history[-1]
    return replace(state, last_attempt_started_at=last.started_at, last_outcome=last.outcome, run_id=last.run_id)


def ended(state: SyncState, ending: Ending, now: datetime, seconds: float, fraction: float) -> SyncState:
    """The state once its run has ended, after so many seconds; `fraction` places a retry within its jitter."""
    started_at = state.last_attempt_started_at or now
    is_proven = ending.outcome in PROVEN
    failures = _failures(state, ending)
    worst = max(failures.values(), default=0)
    return replace(
        state,
        last_attempt_finished_at=max(now, started_at),
        last_success_at=now if is_proven else state.last_success_at,
        last_outcome=ending.outcome,
        agreement=ending.agreement.value,
        error="" if is_proven else ending.error,
        error_category="" if is_proven else ending.category,
        failures=worst,
        endpoint_failures=failures,
        next_retry_at=retry_at(worst, ending.category, now, fraction) if ending.outcome is Outcome.FAILED else None,
        desired_revision=ending.revision or state.desired_revision,
        plan_id=ending.plan_id,
        counts=ending.counts,
        sides=ending.sides,
        history=_longer(
            state,
            PastRun(
                run_id=state.run_id,
                started_at=started_at,
                outcome=ending.outcome,
                seconds=round(seconds, 3),
                revision=ending.revision,
                counts=ending.counts,
            ),
        ),
    )


def _interrupted(state: SyncState) -> PastRun:
    assert state.last_attempt_started_at is not None  # noqa: S101 - it is unfinished
    return PastRun(run_id=state.run_id, started_at=state.last_attempt_started_at, outcome=Outcome.INTERRUPTED)


def _longer(state: SyncState, run: PastRun) -> tuple[PastRun, ...]:
    return (*state.history, run)[-HISTORY:]


def _failures(state: SyncState, ending: Ending) -> dict[str, int]:
    """Failures in a row of each endpoint. A run that did not fail has seen them all work; git comes before the rest.

    Files that were judged were read: git works then.
    """
    if ending.outcome is not Outcome.FAILED:
        return {}
    if not ending.endpoint:
        is_read = ending.category == "validation"
        return {name: number for name, number in state.endpoint_failures.items() if not (is_read and name == GIT)}
    others = {} if ending.endpoint != GIT else state.endpoint_failures
    return {**others, ending.endpoint: state.endpoint_failures.get(ending.endpoint, 0) + 1}
