"""What one tick of a scheduler does: which fabrics need a run, the longest waiting first, and when to look again.

Nothing here is remembered from tick to tick but what may be lost: a fabric is due by its own stamps, and a request is
open until a run began after it. So any number of schedulers may tick, stop and start again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hedgehog_gitops.core.due import is_live, needs_sync, next_due
from hedgehog_gitops.model.request import Request
from hedgehog_gitops.model.seen import UNSEEN, Seen
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import Lease, SyncState, Trigger

LOOK_AGAIN = timedelta(seconds=300)
"""Each fabric is looked at this often at least, so that a changed configuration or a lost state is seen."""

RETRY_LOOK = timedelta(seconds=60)
"""How long a fabric is left alone whose state could not be read."""

_ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a tick knows of a fabric: its memory (None if that could not be read), its lock, and an open request.

    `seen` is what it saw of git and the fabric's sides.
    """

    fabric: Fabric
    state: SyncState | None
    lease: Lease | None = None
    request: Request | None = None
    seen: Seen = UNSEEN


def marks(seen: Mapping[str, Seen]) -> dict[str, str]:
    """What was seen of each fabric as one text, to be compared with that of the next tick; none of what is unknown."""
    return {name: mark for name, each in seen.items() if (mark := _mark(each))}


def to_look_at(
    fabrics: Iterable[Fabric],
    looks: Mapping[str, datetime],
    wanted: Collection[str],
    now: datetime,
) -> tuple[Fabric, ...]:
    """The fabrics whose memory has to be read in this tick: those `wanted` by name, and those whose look is due.

    One that was never looked at is among them.
    """
    limit = now + LOOK_AGAIN  # a look further off was planned by a clock that has been set back since
    return tuple(
        fabric for fabric in fabrics if fabric.name in wanted or not now < looks.get(fabric.name, _ALWAYS) <= limit
    )


def to_queue(known: Sequence[Known], now: datetime) -> tuple[Request, ...]:
    """A run for each fabric that needs one, the one that has waited longest first."""
    wanted = [(each, since) for each in known if (since := waiting_since(each, now)) is not None]
    ordered = sorted(wanted, key=lambda pair: (pair[1], pair[0].fabric.name))
    return tuple(Request(fabric=each.fabric.name, trigger=_trigger(each), at=since) for each, since in ordered)


def waiting_since(known: Known, now: datetime) -> datetime | None:
    """The instant since which the fabric waits for a run; None if it does not.

    Where the memory cannot be read a run is wanted too: only a run tells everybody what is wrong.
    """
    if not _can_run(known.fabric):
        return None
    if known.state is None:
        return now
    if is_live(known.lease, now):
        return None
    since = [known.request.at] if known.request is not None and is_open(known) else []
    if needs_sync(known.fabric.sync, known.state, known.lease, now, seen=known.seen):
        since.append(_due_since(known.fabric, known.state, now))
    return min(since, default=None)


def is_open(known: Known) -> bool:
    """True while no run began after the request, and until that one has ended: a killed run answers nothing.

    Nobody waits for a fabric that cannot run.
    """
    if known.request is None or not _can_run(known.fabric):
        return False
    began = known.state.last_attempt_started_at if known.state else None
    return began is None or began < known.request.at or (known.state is not None and known.state.is_unfinished)


def next_look(known: Known, now: datetime) -> datetime:
    """When the fabric's memory has to be read again: now (that is, in the next tick) while something goes on there."""
    if known.state is None:
        return now + RETRY_LOOK
    if is_live(known.lease, now) or waiting_since(known, now) is not None:
        return now
    due_at = next_due(known.fabric.sync, known.state, now) if _can_run(known.fabric) else None
    pause_ends = known.state.next_retry_at  # then what has moved meanwhile is followed
    later = pause_ends if pause_ends is not None and pause_ends > now else now + LOOK_AGAIN
    return min(due_at or later, later, now + LOOK_AGAIN)


def _can_run(fabric: Fabric) -> bool:
    return fabric.sync.enabled and bool(fabric.sides)


def _due_since(fabric: Fabric, state: SyncState, now: datetime) -> datetime:
    if state.last_attempt_started_at is None:
        return _ALWAYS
    return min(next_due(fabric.sync, state, now) or now, now)


def _mark(seen: Seen) -> str:
    known = [("git", seen.head), *sorted(seen.sides.items())]
    return " ".join(f"{name}:{version}" for name, version in known if version)


def _trigger(known: Known) -> Trigger:
    return known.request.trigger if known.request is not None and is_open(known) else Trigger.SCHEDULE
