"""The frame of one fabric's run: whether it starts, its lease and stamps, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hedgehog_gitops.core.due import Due, needs_sync, next_due, public_status, retry_at
from hedgehog_gitops.model.errors import LeaseLostError, LockHeldError
from hedgehog_gitops.model.plan import PlanOptions
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import Lease, Outcome, SyncResult, SyncState, Trigger
from hedgehog_gitops.ports import Clock, Progress, Side, StateStore
from hedgehog_gitops.usecases.ended import Ended
from hedgehog_gitops.usecases.ingest import FabricIngestion

LEASE = timedelta(seconds=600)
"""How long a run holds the lock without renewing it; the same as the longest run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricPorts:
    """One fabric with what its run needs.

    `side` opens the target when it is wanted; None if none is configured. `approved` is the id of the only plan that
    may be applied; empty for any. `options` are what a person asked of the plan.
    """

    fabric: Fabric
    side: Callable[[], Side] | None
    state: StateStore
    approved: str = ""
    options: PlanOptions = PlanOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPorts:
    """What the runs of one repository share. `take_in` gives each fabric's files, ingested, by one look at git.

    `is_gone` is true of a holder of a lock that surely does not run any more.
    """

    take_in: Callable[[Sequence[Fabric]], Sequence[FabricIngestion]]
    clock: Clock
    progress: Progress
    release: Release
    holder: str
    is_gone: Callable[[str], bool]
    new_run_id: Callable[[], str]
    random: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that holds its fabric's lock and has stamped its attempt."""

    ports: FabricPorts
    lease: Lease
    state: SyncState
    trigger: Trigger
    started_at: datetime

    @property
    def fabric(self) -> Fabric:
        """Whose run it is."""
        return self.ports.fabric


def begin(ports: FabricPorts, shared: SyncPorts, trigger: Trigger, *, force: bool) -> Run | SyncResult:
    """Take the lock and stamp the attempt; or the result of a run that does not start, and why."""
    fabric, now = ports.fabric, shared.clock.now()
    _drop_abandoned(ports, shared)
    due = _may_start(ports, trigger, now, force=force)
    if not due:
        return _not_started(ports, Outcome.SKIPPED, trigger, now, reason=due.reason)
    run_id = shared.new_run_id()
    try:
        lease = ports.state.acquire(fabric.name, shared.holder, run_id, now, LEASE)
    except LockHeldError as error:
        return _not_started(ports, Outcome.ALREADY_RUNNING, trigger, now, reason=str(error), run_id=error.run_id)
    stamped = replace(ports.state.load(fabric.name), last_attempt_started_at=now, run_id=run_id)
    state = ports.state.save(lease, stamped)
    return Run(ports=ports, lease=lease, state=state, trigger=trigger, started_at=now)


def _drop_abandoned(ports: FabricPorts, shared: SyncPorts) -> None:
    """Give a killed run's lock back for it. Of two that see it, the fence lets one through."""
    left = ports.state.lease(ports.fabric.name)
    if left is not None and shared.is_gone(left.holder):
        ports.state.release(left)


def finish(run: Run, shared: SyncPorts, ended: Ended) -> SyncResult:
    """Write status, counters and stamps in one step, give the lock back, and say how it went."""
    now = shared.clock.now()
    stored = run.ports.state.save(run.lease, _ended_state(run, ended, now, shared.random()))
    run.ports.state.release(run.lease)
    sync = run.fabric.sync
    return SyncResult(
        fabric=run.fabric.name,
        run_id=run.lease.run_id,
        trigger=run.trigger,
        outcome=ended.outcome,
        status=public_status(sync, stored, None, now),
        started_at=run.started_at,
        finished_at=now,
        next_sync_at=next_due(sync, stored, now),
        revision=ended.revision,
        plan_id=ended.plan_id,
        counts=ended.counts,
        findings=ended.findings,
        failures=ended.failures,
        refused=ended.refused,
        unreachable=ended.is_unreachable,
    )


def lost(run: Run, shared: SyncPorts, error: LeaseLostError) -> SyncResult:
    """The result of a run that another one overtook: it wrote no state, so it says only what happened to it."""
    result = _not_started(run.ports, Outcome.FAILED, run.trigger, shared.clock.now(), run_id=run.lease.run_id)
    return replace(result, started_at=run.started_at, failures=(str(error),))


def _may_start(ports: FabricPorts, trigger: Trigger, now: datetime, *, force: bool) -> Due:
    """Only a schedule asks for the interval; a person or a push runs now, unless sync is off and nobody insists."""
    if ports.side is None:
        return Due(is_due=False, reason="not configured: the fabric names no cluster")
    if force:
        return Due(is_due=True, reason="forced")
    if trigger is not Trigger.SCHEDULE:
        is_on = ports.fabric.sync.enabled
        return Due(is_due=is_on, reason="asked for" if is_on else "sync is disabled; --force runs it all the same")
    name, state = ports.fabric.name, ports.state
    return needs_sync(ports.fabric.sync, state.load(name), state.lease(name), now)


def _ended_state(run: Run, ended: Ended, now: datetime, fraction: float) -> SyncState:
    is_failed = ended.outcome is Outcome.FAILED
    is_success = ended.outcome in {Outcome.APPLIED, Outcome.UNCHANGED}
    failures = run.state.failures + 1 if is_failed else 0
    return replace(
        run.state,
        last_attempt_finished_at=now,
        last_success_at=now if is_success else run.state.last_success_at,
        last_outcome=ended.outcome,
        agreement=ended.agreement.value,
        error="; ".join(ended.failures)[:2000] if not is_success else "",
        error_category=ended.category if not is_success else "",
        failures=failures,
        next_retry_at=retry_at(failures, ended.category, now, fraction) if is_failed else None,
        desired_revision=ended.revision or run.state.desired_revision,
        plan_id=ended.plan_id,
        counts=ended.counts,
    )


def _not_started(
    ports: FabricPorts, outcome: Outcome, trigger: Trigger, now: datetime, *, reason: str = "", run_id: str = ""
) -> SyncResult:
    name, sync = ports.fabric.name, ports.fabric.sync
    state, lease = ports.state.load(name), ports.state.lease(name)
    return SyncResult(
        fabric=name,
        run_id=run_id,
        trigger=trigger,
        outcome=outcome,
        status=public_status(sync, state, lease, now, is_configured=ports.side is not None),
        started_at=now,
        finished_at=now,
        next_sync_at=next_due(sync, state, now),
        revision=state.desired_revision,
        plan_id=state.plan_id,
        counts={},
        reason=reason,
    )
