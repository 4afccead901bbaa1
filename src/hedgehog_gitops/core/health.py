"""What is wrong with a fabric's syncs, and what is known of each side: from stamps and counts alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hedgehog_gitops.core.breaker import Breaker, breakers, open_until
from hedgehog_gitops.core.due import Freshness, freshness, is_live
from hedgehog_gitops.model.health import Grade, Health, SideStatus
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.settings import Fabric, SyncSettings
from hedgehog_gitops.model.state import Lease, Outcome, SideState, SyncState

OVERDUE_INTERVALS = 3
"""So many intervals without an attempt, and nobody seems to run syncs any more."""

FOUND = ("in_sync", "pending", "drifted", "conflicts", "missing", "unmanaged")
"""The counters of a run that say how many objects had which verdict when it looked."""

OVERDUE, INTERRUPTED, FAILING, UNREAD = "overdue", "interrupted", "failing", "unread"
BREAKER = "breaker"
CHECKS = (OVERDUE, INTERRUPTED, FAILING, BREAKER, UNREAD)
"""The names of everything that can be wrong here."""


def agreement_known(settings: SyncSettings, state: SyncState, now: datetime) -> Agreement:
    """Whether git and the sides are equal, as far as that is still known."""
    is_fresh = freshness(settings, state, now) is Freshness.FRESH
    return Agreement(state.agreement) if is_fresh else Agreement.UNKNOWN


def side_statuses(fabric: Fabric, state: SyncState, now: datetime) -> tuple[SideStatus, ...]:
    """What is known of each side of a fabric; none of a fabric that names none."""
    is_fresh = freshness(fabric.sync, state, now) is Freshness.FRESH
    return tuple(_side_status(side, state.side(side) if is_fresh else SideState()) for side in fabric.sides)


def _side_status(side: SideName, known: SideState) -> SideStatus:
    agreed = Agreement(known.agreement)
    found = {name: known.counts[name] for name in FOUND if name in known.counts}
    differing = known.counts.get("differing") if agreed is not Agreement.UNKNOWN else None
    return SideStatus(side=side, agreement=agreed, differing=differing, found=found, error=known.error)


def health(fabric: Fabric, state: SyncState, lease: Lease | None, now: datetime) -> tuple[Health, ...]:
    """Everything that is wrong with a fabric's syncs; nothing for one that is not to be synced."""
    if not fabric.sides or not fabric.sync.enabled or is_live(lease, now):
        return ()
    return (*_faults(fabric, state, now), *_broken(fabric, state, now))


def _faults(fabric: Fabric, state: SyncState, now: datetime) -> Iterator[Health]:
    late = _late(fabric.sync, state, now)
    if late is not None:
        yield Health(
            check=OVERDUE,
            grade=Grade.ERROR,
            message=f"no sync was started for {late}, more than {OVERDUE_INTERVALS} intervals",
            advice="see that the scheduler and a worker run (or `sync --watch`, or the workflow's schedule)",
            fabric=fabric.name,
        )
    if state.is_unfinished:
        yield Health(
            check=INTERRUPTED,
            grade=Grade.WARNING,
            message=f"run {state.run_id} was begun and never ended",
            advice="the next run recovers by itself; if this comes back, look at the worker's memory and time limits",
            fabric=fabric.name,
        )
    elif state.last_outcome is Outcome.FAILED:
        category = f" ({state.error_category})" if state.error_category else ""
        yield Health(
            check=FAILING,
            grade=Grade.ERROR,
            message=f"the last run failed{category}: {state.error or 'no reason is known'}",
            advice=_ADVICE.get(state.error_category, "`doctor` looks at everything that a run needs"),
            fabric=fabric.name,
        )


def _broken(fabric: Fabric, state: SyncState, now: datetime) -> Iterator[Health]:
    until = open_until(fabric.sync, state)
    when = f"until {until.isoformat(timespec='seconds')}" if until else "until a run is asked for"
    for endpoint, breaker in breakers(fabric.sync, state, now).items():
        if breaker is not Breaker.CLOSED:
            times = f"{endpoint} failed {state.endpoint_failures[endpoint]} times in a row"
            is_open = breaker is Breaker.OPEN
            yield Health(
                check=BREAKER,
                grade=Grade.WARNING,
                message=f"{times}: no schedule tries it {when}" if is_open else f"{times}: the next run tries it once",
                advice="`sync` tries it now, whatever has failed",
                fabric=fabric.name,
            )


_ADVICE = {
    "permission": "`doctor` says which permission is missing; it is not tried again by itself",
    "tls": "name the server's certificate authority; it is not tried again by itself",
    "configuration": "correct the configuration; it is not tried again by itself",
    "validation": "`validate` shows every finding",
}


def _late(settings: SyncSettings, state: SyncState, now: datetime) -> timedelta | None:
    """How long ago the last attempt was, or was to be made again, if that is too long for a schedule that is on."""
    started_at = state.last_attempt_started_at
    if settings.interval <= 0 or not settings.scheduler_enabled or started_at is None:
        return None
    since = now - max(started_at, state.next_retry_at or started_at)
    return timedelta(seconds=int(since.total_seconds())) if since > _limit(settings) else None


def _limit(settings: SyncSettings) -> timedelta:
    return timedelta(seconds=OVERDUE_INTERVALS * settings.interval)
