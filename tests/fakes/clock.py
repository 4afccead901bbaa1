"""A clock that stands still until it is told to move."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(slots=True)
class StoppedClock:
    """Time as a test sets it."""

    instant: datetime = field(default=START)
    monotonic_extra: float = 0.0

    def now(self) -> datetime:
        """The instant that was set."""
        return self.instant

    def monotonic(self) -> float:
        """Seconds since the start of the test."""
        return (self.instant - START).total_seconds() + self.monotonic_extra

    def advance(self, seconds: float) -> None:
        """Let time pass, or go back."""
        self.instant += timedelta(seconds=seconds)
