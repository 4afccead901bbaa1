"""What is known of fabrics as a table for people, and below it what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from hedgehog_gitops.core.status import FabricStatus
from hedgehog_gitops.model.health import Grade, Health, SideStatus
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.state import SyncStatus
from hedgehog_gitops.render.text import cut, one_line

_RESET = "\x1b[0m"
_RED, _AMBER, _GREEN, _BLUE, _GREY = "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[34m", "\x1b[90m"
_COLOURS = {
    SyncStatus.NOT_CONFIGURED: _GREY,
    SyncStatus.DISABLED: _GREY,
    SyncStatus.SYNCING: _BLUE,
    SyncStatus.NEVER_SYNCED: _AMBER,
    SyncStatus.ERROR: _RED,
    SyncStatus.OUT_OF_SYNC: _AMBER,
    SyncStatus.IN_SYNC: _GREEN,
    SyncStatus.UNKNOWN: _RED,
}
_GRADES = {Grade.OK: _GREEN, Grade.WARNING: _AMBER, Grade.ERROR: _RED}
_HEAD = ("FABRIC", "STATUS", "AGREEMENT", "DIFFERING", "LAST ATTEMPT", "LAST SUCCESS", "NEXT DUE", "LOCK")
_STATUS = 1
_LONGEST = 600
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def statuses_text(known: Sequence[FabricStatus], *, has_colours: bool = False) -> str:
    """A line for each fabric in aligned columns, then what is wrong. Times are from the instant of the look."""
    table = [_HEAD, *(_cells(each) for each in known)]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
    paints = ["", *(_COLOURS[each.status] if has_colours else "" for each in known)]
    lines = [_line(row, widths, paint) for row, paint in zip(table, paints, strict=True)]
    unknown = [f"  unknown {each.fabric}: {_why_unknown(side)}" for each in known for side in each.sides if side.error]
    return "".join([*lines, *unknown]) + "".join(
        health_line(found, has_colours=has_colours) for each in known for found in each.health
    )


def health_line(found: Health, *, has_colours: bool = False) -> str:
    """What was found, and below it what to do."""
    about = f"{found.fabric}: " if found.fabric else ""
    word = _painted(found.grade.value, _GRADES[found.grade] if has_colours else "")
    advice = f"    → {one_line(found.advice)}\n" if found.advice else ""
    return f"  {word} {about}{found.check}: {one_line(cut(found.message, _LONGEST))}\n{advice}"


def relative(instant: datetime, now: datetime) -> str:
    """`5 minutes ago`, `in 2 hours`, `now`: whole units, never more than has passed."""
    seconds = int(abs((instant - now).total_seconds()))
    if seconds == 0:
        return "now"
    name, size = next(unit for unit in _UNITS if seconds >= unit[1])
    number = seconds // size
    words = f"{number} {name}{'' if number == 1 else 's'}"
    return f"in {words}" if instant > now else f"{words} ago"


def _cells(known: FabricStatus) -> tuple[str, ...]:
    if known.unread:
        return (known.fabric, known.status.value, *[Agreement.UNKNOWN.value] * (len(_HEAD) - 2))
    state, now = known.state, known.at
    attempt = f", {state.last_outcome.value}" if state.last_outcome else ""
    return (
        known.fabric,
        known.status.value,
        ", ".join(map(_agreement, known.sides)) or Agreement.UNKNOWN.value,
        ", ".join(map(_differing, known.sides)) or "-",
        relative(state.last_attempt_started_at, now) + attempt if state.last_attempt_started_at else "never",
        relative(state.last_success_at, now) if state.last_success_at else "never",
        relative(known.next_sync_at, now) if known.next_sync_at else _by_hand(known),
        one_line(f"run {known.running.run_id} of {known.running.holder}") if known.running else "-",
    )


def _by_hand(known: FabricStatus) -> str:
    return "-" if known.status in {SyncStatus.NOT_CONFIGURED, SyncStatus.DISABLED} else "by hand"


def _agreement(side: SideStatus) -> str:
    return f"{side.side.value} {side.agreement.value}"


def _why_unknown(side: SideStatus) -> str:
    """Why the last look does not know a side, as one line."""
    return f"{side.side.value}: {one_line(cut(side.error, _LONGEST))}\n"


def _differing(side: SideStatus) -> str:
    """How many objects differ now, and what the last look found that had moved on the side."""
    if side.differing is None:
        return Agreement.UNKNOWN.value
    drifted = side.found.get("drifted", 0)
    return f"{side.differing}" + (f" ({drifted} had drifted)" if drifted else "")


def _line(row: Sequence[str], widths: Sequence[int], paint: str) -> str:
    return "  ".join(_padded(row, widths, paint)).rstrip() + "\n"


def _padded(row: Sequence[str], widths: Sequence[int], paint: str) -> Iterator[str]:
    for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
        padding = " " * (width - len(cell))
        yield (_painted(cell, paint) if column == _STATUS else cell) + padding


def _painted(text: str, colour: str) -> str:
    return f"{colour}{text}{_RESET}" if colour else text
