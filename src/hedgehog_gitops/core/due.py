"""When a fabric is synced next, and what its status is: computed from stamps, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.settings import SyncSettings
from hedgehog_gitops.model.state import Lease, Outcome, SyncState, SyncStatus

STALE_INTERVALS = 2
"""Knowledge older than this many intervals counts as stale."""

RETRY_FIRST = timedelta(seconds=30)
RETRY_LAST = timedelta(seconds=300)
JITTER = 0.2
NO_RETRY = frozenset({"permission", "configuration", "validation", "tls"})
"""Categories of failure that trying again by itself does not mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Whether a scheduled run should start now, and why or why not."""

    is_due: bool
    reason: str

    def __bool__(self) -> bool:
        return self.is_due


class Freshness(StrEnum):
    """How far what is known can be trusted; says nothing about whether the sides are equal."""

    FRESH = "fresh"
    STALE = "stale"
    NEVER = "never"
    FAILED = "failed"


def needs_sync(
    settings: SyncSettings, state: SyncState, lease: Lease | None, now: datetime, *, is_configured: bool = True
) -> Due:
    """Whether a scheduled run is due. Exactly at the due instant it is."""
    if not is_configured:
        return _no("not configured")
    if not settings.enabled:
        return _no("sync is disabled")
    if not settings.scheduler_enabled:
        return _no(f"the scheduler is disabled: {settings.scheduler_reason or 'no reason given'}")
    if settings.interval <= 0:
        return _no("the interval is 0: by hand only")
    if is_live(lease, now):
        return _no("another run is under way")
    due_at = next_due(settings, state, now)
    if due_at is None or due_at <= now:
        return _yes("never synced" if state.last_attempt_started_at is None else "the interval has passed")
    return _no(f"next due at {due_at.isoformat(timespec='seconds')}")


def next_due(settings: SyncSettings, state: SyncState, now: datetime) -> datetime | None:
    """The instant from which a scheduled run is due; None if no schedule will start one.

    A clock that was set back delays a run by one interval at most.
    """
    if not settings.enabled or not settings.scheduler_enabled or settings.interval <= 0:
        return None
    interval = timedelta(seconds=settings.interval)
    if state.last_attempt_started_at is None:
        return now
    due_at = min(state.last_attempt_started_at, now) + interval
    retry = state.next_retry_at
    return due_at if retry is None else max(due_at, min(retry, now + interval))


def retry_at(failures: int, category: str, now: datetime, fraction: float) -> datetime | None:
    """When to try again after so many failures in a row; None if trying again would not help.

    `fraction` in [0, 1) places the instant within the jitter.
    """
    if category in NO_RETRY:
        return None
    pause: timedelta = min(RETRY_FIRST * 2 ** min(max(failures - 1, 0), 10), RETRY_LAST)
    jittered = pause * (1 - JITTER + 2 * JITTER * fraction)
    return now + min(jittered, RETRY_LAST)


def is_live(lease: Lease | None, now: datetime) -> bool:
    """True if somebody holds the lock and has not let it expire."""
    return lease is not None and lease.expires_at > now


def freshness(settings: SyncSettings, state: SyncState, now: datetime) -> Freshness:
    """How old the last finished look at all sides is. An attempt that never finished counts as failed."""
    if state.last_attempt_started_at is None:
        return Freshness.NEVER
    finished_at = state.last_attempt_finished_at
    if finished_at is None or finished_at < state.last_attempt_started_at or state.last_outcome is Outcome.FAILED:
        return Freshness.FAILED
    limit = timedelta(seconds=STALE_INTERVALS * settings.interval)
    is_old = settings.interval > 0 and now - finished_at > limit
    return Freshness.STALE if is_old else Freshness.FRESH


def public_status(
    settings: SyncSettings, state: SyncState, lease: Lease | None, now: datetime, *, is_configured: bool = True
) -> SyncStatus:
    """The one status that everybody is shown. `in_sync` needs fresh and equal."""
    if not is_configured:
        return SyncStatus.NOT_CONFIGURED
    if not settings.enabled:
        return SyncStatus.DISABLED
    if is_live(lease, now):
        return SyncStatus.SYNCING
    return _known_status(freshness(settings, state, now), Agreement(state.agreement))


def _known_status(fresh: Freshness, agreed: Agreement) -> SyncStatus:
    match fresh, agreed:
        case Freshness.NEVER, _:
            return SyncStatus.NEVER_SYNCED
        case Freshness.FAILED, _:
            return SyncStatus.ERROR
        case Freshness.FRESH, Agreement.EQUAL:
            return SyncStatus.IN_SYNC
        case _:
            return SyncStatus.OUT_OF_SYNC


def _no(reason: str) -> Due:
    return Due(is_due=False, reason=reason)


def _yes(reason: str) -> Due:
    return Due(is_due=True, reason=reason)
