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
SKEW = timedelta(seconds=60)
"""How far the clocks of two hosts may differ. A stamp further in the future is of a clock that was set back since."""

JITTER = 0.2
_NO_LOOK = frozenset({Outcome.FAILED, Outcome.INTERRUPTED})
"""Outcomes after which nothing is known of the sides."""

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
    settings: SyncSettings,
    state: SyncState,
    lease: Lease | None,
    now: datetime,
    *,
    is_configured: bool = True,
    head: str = "",
) -> Due:
    """Whether a scheduled run is due. Exactly at the due instant it is.

    `head` is the revision that git has now, of a caller that knows: one that no run has looked at is due at once.
    """
    if not is_configured:
        return _no("not configured")
    if (why_not := _why_not(settings)) is not None:
        return _no(why_not)
    if is_live(lease, now):
        return _no("another run is under way")
    if is_unfinished(state):
        return _yes("the last run was interrupted")
    due_at = next_due(settings, state, now)
    if due_at is None or due_at <= now:
        return _yes("never synced" if state.last_attempt_started_at is None else "the interval has passed")
    if _is_new(head, state):
        return _yes(f"git has moved to {head[:12]}")
    return _no(f"next due at {due_at.isoformat(timespec='seconds')}")


def next_due(settings: SyncSettings, state: SyncState, now: datetime, *, is_running: bool = False) -> datetime | None:
    """The instant from which a scheduled run is due; None if no schedule will start one.

    After a clock was set back a run is due at once: when the last one really was, nobody knows any more. A run that
    was killed is made up for at once.
    """
    if _why_not(settings) is not None:
        return None
    interval = timedelta(seconds=settings.interval)
    if state.last_attempt_started_at is None:
        return now
    if is_unfinished(state) and not is_running:
        return now
    if state.last_attempt_started_at > now + SKEW:
        return now
    due_at = min(state.last_attempt_started_at, now) + interval
    retry = state.next_retry_at
    return due_at if retry is None or retry > now + RETRY_LAST else max(due_at, min(retry, now + interval))


def retry_at(failures: int, category: str, now: datetime, fraction: float) -> datetime | None:
    """When to try again after so many failures in a row; None if trying again would not help.

    `fraction` in [0, 1) places the instant within the jitter.
    """
    if category in NO_RETRY:
        return None
    pause: timedelta = min(RETRY_FIRST * 2 ** min(max(failures - 1, 0), 10), RETRY_LAST)
    jittered = pause * (1 - JITTER + 2 * JITTER * fraction)
    return now + min(jittered, RETRY_LAST)


def is_unfinished(state: SyncState) -> bool:
    """True if an attempt began and never ended: it is under way, or it was killed."""
    started_at, finished_at = state.last_attempt_started_at, state.last_attempt_finished_at
    if started_at is None:
        return False
    return state.last_outcome is None or finished_at is None or finished_at < started_at


def is_live(lease: Lease | None, now: datetime) -> bool:
    """True if somebody holds the lock and has not let it expire."""
    return lease is not None and lease.is_live(now)


def freshness(settings: SyncSettings, state: SyncState, now: datetime) -> Freshness:
    """How old the last finished look at all sides is. An attempt that never finished counts as failed."""
    if state.last_attempt_started_at is None:
        return Freshness.NEVER
    finished_at = state.last_attempt_finished_at
    if finished_at is None or is_unfinished(state) or state.last_outcome in _NO_LOOK:
        return Freshness.FAILED
    limit = timedelta(seconds=STALE_INTERVALS * settings.interval)
    is_old = settings.interval > 0 and abs(now - finished_at) > limit  # a stamp of the future proves as little
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


def _why_not(settings: SyncSettings) -> str | None:
    """Why no schedule ever starts a run; None if one does."""
    if not settings.enabled:
        return "sync is disabled"
    if not settings.scheduler_enabled:
        return f"the scheduler is disabled: {settings.scheduler_reason or 'no reason given'}"
    return "the interval is 0: by hand only" if settings.interval <= 0 else None


def _is_new(head: str, state: SyncState) -> bool:
    """True of a revision that no run has seen. After a failing endpoint the schedule stands: it is not hammered."""
    has_failed = state.last_outcome is Outcome.FAILED and state.error_category != "validation"
    return bool(head) and head != state.desired_revision and not has_failed


def _no(reason: str) -> Due:
    return Due(is_due=False, reason=reason)


def _yes(reason: str) -> Due:
    return Due(is_due=True, reason=reason)
