"""The circuit breaker of each endpoint: what failed in a row is left alone for a while, then tried by one run.

Nothing is stored of it: it follows from the failures, their kind and the stamps. A run that somebody asks for is never
held back; it is the try.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from hedgehog_gitops.model.settings import SyncSettings
from hedgehog_gitops.model.state import SyncState

OPENS_AFTER = 3
"""So many failures in a row open it. One that trying again does not mend opens it at once."""

RETRY_FIRST = timedelta(seconds=30)
RETRY_LAST = timedelta(seconds=300)
JITTER = 0.2
SKEW = timedelta(seconds=60)
"""How far the clocks of two hosts may differ. A stamp further in the future is of a clock that was set back since."""

NO_RETRY = frozenset({"permission", "configuration", "validation", "tls"})
"""Categories of failure that trying again by itself does not mend."""

GIT = "git"


class Breaker(StrEnum):
    """Closed: runs go through. Open: no schedule starts one. Half open: the next run, or the one under way, tries."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


def breakers(settings: SyncSettings, state: SyncState, now: datetime) -> Mapping[str, Breaker]:
    """The breaker of each endpoint that has failed since it last worked; those of all others are closed."""
    return {name: _breaker(settings, state, name, now) for name in sorted(state.endpoint_failures)}


def open_until(settings: SyncSettings, state: SyncState) -> datetime | None:
    """When an open breaker lets one run through: after the pause, or the interval where trying again mends nothing.

    None: only when somebody asks for a run.
    """
    if state.next_retry_at is not None:
        return state.next_retry_at
    started_at = state.last_attempt_started_at
    is_scheduled = settings.interval > 0 and started_at is not None
    return started_at + timedelta(seconds=settings.interval) if is_scheduled and started_at else None


def retry_at(failures: int, category: str, now: datetime, fraction: float) -> datetime | None:
    """When to try again after so many failures in a row; None if trying again would not help.

    `fraction` in [0, 1) places the instant within the jitter.
    """
    if category in NO_RETRY:
        return None
    pause: timedelta = min(RETRY_FIRST * 2 ** min(max(failures - 1, 0), 10), RETRY_LAST)
    jittered = pause * (1 - JITTER + 2 * JITTER * fraction)
    return now + min(jittered, RETRY_LAST)


def last_failed(state: SyncState) -> str:
    """The endpoint that the last failure was of. Git comes before all others, so where it is among them it was git."""
    return GIT if GIT in state.endpoint_failures else next(iter(state.endpoint_failures), "")


def _breaker(settings: SyncSettings, state: SyncState, endpoint: str, now: datetime) -> Breaker:
    is_final = state.error_category in NO_RETRY and endpoint == last_failed(state)
    if state.endpoint_failures[endpoint] < OPENS_AFTER and not is_final:
        return Breaker.CLOSED
    is_tried = state.is_unfinished or _is_over(settings, state, now)
    return Breaker.HALF_OPEN if is_tried else Breaker.OPEN


def _is_over(settings: SyncSettings, state: SyncState, now: datetime) -> bool:
    """True once one run may try; also under a clock that was set back: nobody knows how long it has been."""
    started_at, until = state.last_attempt_started_at, open_until(settings, state)
    if started_at is not None and started_at > now + SKEW:
        return True
    longest = max(RETRY_LAST, timedelta(seconds=settings.interval))
    return until is not None and not now < until <= now + longest + SKEW
