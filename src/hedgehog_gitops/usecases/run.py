"""The frame of one fabric's run: whether it starts, its lease and stamps, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hedgehog_gitops.core.attempts import Ending, ended, withdrawn
from hedgehog_gitops.core.due import Due, is_live, needs_sync, next_due, public_status
from hedgehog_gitops.model.errors import HedgehogGitopsError, LockHeldError, UnreachableError
from hedgehog_gitops.model.plan import PlanOptions
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.seen import Seen
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import Lease, Outcome, SyncResult, SyncState, SyncStatus, Trigger
from hedgehog_gitops.ports import Clock, Progress, Records, Side, StateStore
from hedgehog_gitops.usecases.ended import Ended
from hedgehog_gitops.usecases.held import LEASE, HeldLock

if TYPE_CHECKING:  # a run that does not start takes nothing in
    from hedgehog_gitops.usecases.ingest import FabricIngestion


def still(_beat: Callable[[], None]) -> AbstractContextManager[None]:
    """No heartbeat: locks are renewed only before writes."""
    return nullcontext()


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricPorts:
    """One fabric with what its run needs.

    `side` opens the cluster when it is wanted, `records` NetBox; None if none is configured. `approved` is the id of
    the only plan that may be applied; empty for any. `options` are what a person asked of the plan. `see` looks
    whether git or a side has moved, before a schedule's run that is not due by its stamps; None: nobody is asked.
    """

    fabric: Fabric
    side: Callable[[], Side] | None
    state: StateStore
    approved: str = ""
    options: PlanOptions = PlanOptions()
    records: Callable[[str], Records] | None = None
    see: Callable[[], Seen] | None = None

    @property
    def is_configured(self) -> bool:
        """True if there is anything to be brought in line."""
        return self.side is not None or self.records is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPorts:
    """What the runs of one repository share.

    `take_in` gives each fabric's files, ingested, by one look at git; it calls what it is given before it publishes
    anything, and publishes nothing if that raises.
    `is_gone` is true of a holder of a lock that surely does not run any more. `heart` calls again and again what it
    is given, for as long as its block lasts.
    """

    take_in: Callable[[Sequence[Fabric], Callable[[], None]], Sequence[FabricIngestion]]
    clock: Clock
    progress: Progress
    release: Release
    holder: str
    is_gone: Callable[[str], bool]
    new_run_id: Callable[[], str]
    random: Callable[[], float]
    sleep: Callable[[float], None]
    heart: Callable[[Callable[[], None]], AbstractContextManager[None]] = still


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that holds its fabric's lock and has stamped its attempt."""

    ports: FabricPorts
    held: HeldLock
    state: SyncState
    trigger: Trigger
    started_at: datetime
    started: float

    @property
    def fabric(self) -> Fabric:
        """Whose run it is."""
        return self.ports.fabric


def begin(ports: FabricPorts, shared: SyncPorts, trigger: Trigger, *, force: bool) -> Run | SyncResult:
    """Take the lock and stamp the attempt; or the result of a run that does not start, and why."""
    fabric, now = ports.fabric, shared.clock.now()
    due = _may_start(ports, trigger, _found_lock(ports, shared), now, force=force)
    if not due:
        return _not_started(ports, Outcome.SKIPPED, trigger, now, reason=due.reason)
    run_id = shared.new_run_id()
    try:
        started = shared.clock.monotonic()
        lease = ports.state.acquire(fabric.name, shared.holder, run_id, now, LEASE)
    except LockHeldError as error:
        return _not_started(ports, Outcome.ALREADY_RUNNING, trigger, now, reason=str(error), run_id=error.run_id)
    held = HeldLock(ports.state, lease, shared.clock)
    try:
        state = ports.state.load(fabric.name)
        if trigger is Trigger.SCHEDULE and not force and (why := _withdraw(held, state, ports, now)):
            return _not_started(ports, Outcome.SKIPPED, trigger, now, reason=why)
    except BaseException:
        held.release()
        raise
    return Run(ports=ports, held=held, state=state, trigger=trigger, started_at=now, started=started)


def _withdraw(held: HeldLock, state: SyncState, ports: FabricPorts, now: datetime) -> str:
    """Why the attempt is taken back, if another run began and ended between the question and the lock; else empty."""
    before = withdrawn(state)
    if before is None or (due := _due(ports, before, None, now)):
        return ""
    ports.state.save(held.lease, before)
    held.release()
    return due.reason


def _found_lock(ports: FabricPorts, shared: SyncPorts) -> Lease | None:
    """The lock as it stands. A killed run's is given back for it: of two that see it, the fence lets one through."""
    left = ports.state.lease(ports.fabric.name)
    if left is not None and shared.is_gone(left.holder):
        ports.state.release(left)
        return None
    return left


def finish(run: Run, shared: SyncPorts, end: Ended) -> SyncResult:
    """Write status, counters and stamps in one step, give the lock back, and say how it went."""
    now, seconds = shared.clock.now(), shared.clock.monotonic() - run.started
    state = ended(run.state, _ending(end), now, seconds, shared.random())
    stored = run.ports.state.save(run.held.lease, state)
    run.held.release()
    sync = run.fabric.sync
    return SyncResult(
        fabric=run.fabric.name,
        run_id=stored.run_id,
        trigger=run.trigger,
        outcome=end.outcome,
        status=public_status(sync, stored, None, now),
        started_at=run.started_at,
        finished_at=now,
        next_sync_at=next_due(sync, stored, now),
        revision=end.revision,
        plan_id=end.plan_id,
        counts=end.counts,
        findings=end.findings,
        failures=end.failures,
        refused=end.refused,
        unreachable=end.is_unreachable,
    )


def unstored(
    ports: FabricPorts, shared: SyncPorts, trigger: Trigger, error: HedgehogGitopsError, run: Run | None = None
) -> SyncResult:
    """The result of a run that could store nothing: its lock was lost, or its memory cannot be used."""
    now = shared.clock.now()
    return SyncResult(
        fabric=ports.fabric.name,
        run_id=run.state.run_id if run is not None else "",
        trigger=trigger,
        outcome=Outcome.FAILED,
        status=SyncStatus.ERROR,
        started_at=run.started_at if run is not None else now,
        finished_at=now,
        next_sync_at=None,
        revision=run.state.desired_revision if run is not None else "",
        plan_id="",
        counts={},
        failures=(str(error),),
        unreachable=isinstance(error, UnreachableError),
    )


def _may_start(ports: FabricPorts, trigger: Trigger, found: Lease | None, now: datetime, *, force: bool) -> Due:
    """Only a schedule asks for the interval; a person or a push runs now, unless sync is off and nobody insists."""
    if not ports.is_configured:
        return Due(is_due=False, reason="not configured: the fabric names no cluster and no NetBox")
    if force:
        return Due(is_due=True, reason="forced")
    if trigger is not Trigger.SCHEDULE:
        is_on = ports.fabric.sync.enabled
        return Due(is_due=is_on, reason="asked for" if is_on else "sync is disabled; --force runs it all the same")
    return _due(ports, ports.state.load(ports.fabric.name), found, now)


def _due(ports: FabricPorts, state: SyncState, lease: Lease | None, now: datetime) -> Due:
    """By its stamps alone, or else by what has moved: only then git and the sides are asked."""
    due = needs_sync(ports.fabric.sync, state, lease, now)
    return due if due or ports.see is None else needs_sync(ports.fabric.sync, state, lease, now, seen=ports.see())


def _ending(end: Ended) -> Ending:
    return Ending(
        outcome=end.outcome,
        agreement=end.agreement,
        revision=end.revision,
        plan_id=end.plan_id,
        counts=end.counts,
        sides=end.sides,
        error="; ".join(end.failures)[:2000],
        category=end.category,
        endpoint=end.endpoint,
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
        status=public_status(sync, state, lease, now, is_configured=ports.is_configured),
        started_at=now,
        finished_at=now,
        next_sync_at=next_due(sync, state, now, is_running=is_live(lease, now)),
        revision=state.desired_revision,
        plan_id=state.plan_id,
        counts={},
        reason=reason,
    )
