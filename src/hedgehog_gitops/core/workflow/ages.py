"""How long ago a fabric's last good run was: a schedule that stopped says nothing by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

_STEPS = ((timedelta(days=2), timedelta(days=1), "days"), (timedelta(hours=2), timedelta(hours=1), "hours"))


def age_text(last: datetime | None, now: datetime) -> str:
    """`last good run 3 hours ago`, or that none is known."""
    if last is None:
        return "no good run is known"
    return f"last good run {ago(max(timedelta(), now - last))} ago"


def ago(age: timedelta) -> str:
    """`5 days`, `3 hours`, `12 minutes`."""
    for least, unit, word in _STEPS:
        if age >= least:
            return f"{age // unit} {word}"
    return f"{age // timedelta(minutes=1)} minutes"
