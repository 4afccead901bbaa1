"""When a fabric is synced next, and what its status is: computed from stamps, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hedgehog_gitops.core.breaker import RETRY_LAST, SKEW, Breaker, breakers
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.seen import UNSEEN, Seen
from hedgehog_gitops.model.settings import SyncSettings
from hedgehog_gitops.model.state import Lease, Outcome, SyncState, SyncStatus

STALE_INTERVALS = 2
"""Knowledge older than this many intervals counts as stale."""

_NO_LOOK = frozenset({Outcome.FAILED, Outcome.INTERRUPTED})
"""Outcomes after which nothing is known of the sides."""


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
    seen: Seen = UNSEEN,
) -> Due:
    """Whether a scheduled run is due. Exactly at the due instant it is.

    `seen` is what a caller that looked knows of git and the sides: what no run has looked at is due at once.
    """
    if not is_configured:
        return _no("not configured")
    if (why_not := _why_not(settings)) is not None:
        return _no(why_not)
    if is_live(lease, now):
        return _no("another run is under way")
    if state.is_unfinished:
        return _yes("the last run was interrupted")
    due_at = next_due(settings, state, now)
    if due_at is None or due_at <= now:
        return _yes("never synced" if state.last_attempt_started_at is None else "the interval has passed")
    if moved := _moved(seen, settings, state, now):
        return _yes(moved)
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
    if state.is_unfinished and not is_running:
        return now
    if state.last_attempt_started_at > now + SKEW:
        return now
    due_at = min(state.last_attempt_started_at, now) + interval
    retry = state.next_retry_at
    return due_at if retry is None or retry > now + RETRY_LAST else max(due_at, min(retry, now + interval))


def is_live(lease: Lease | None, now: datetime) -> bool:
    """True if somebody holds the lock and has not let it expire."""
    return lease is not None and lease.is_live(now)


def freshness(settings: SyncSettings, state: SyncState, now: datetime) -> Freshness:
    """How old the last finished look at all sides is. An attempt that never finished counts as failed."""
    if state.last_attempt_started_at is None:
        return Freshness.NEVER
    finished_at = state.last_attempt_finished_at
    if finished_at is None or state.is_unfinished or state.last_outcome in _NO_LOOK:
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


def _moved(seen: Seen, settings: SyncSettings, state: SyncState, now: datetime) -> str:
    """What has moved since a run looked at it; empty if nothing has. What is not known has not moved."""
    if not _is_followed(settings, state, now):
        return ""
    if seen.head and seen.head != state.desired_revision:
        return f"git has moved to {seen.head[:12]}"
    known = {name: side.version for name, side in state.sides.items() if side.version}
    moved = [name for name, version in sorted(seen.sides.items()) if version and known.get(name, version) != version]
    return f"{moved[0]} has moved since the last run looked" if moved else ""


def _is_followed(settings: SyncSettings, state: SyncState, now: datetime) -> bool:
    """False while a failing endpoint is to be left alone, and after what no newer commit mends."""
    if state.last_outcome is not Outcome.FAILED or state.error_category == "validation":
        return True
    is_paused = state.next_retry_at is not None and now < state.next_retry_at <= now + RETRY_LAST
    is_open = Breaker.OPEN in breakers(settings, state, now).values()
    return bool(state.endpoint_failures) and not is_paused and not is_open


def _no(reason: str) -> Due:
    return Due(is_due=False, reason=reason)


def _yes(reason: str) -> Due:
    return Due(is_due=True, reason=reason)
