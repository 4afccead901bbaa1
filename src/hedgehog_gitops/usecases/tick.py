"""One tick of a scheduler: look at the fabrics that may be due, queue the due ones, remember when to look again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hedgehog_gitops.core.ticking import Known, is_open, marks, next_look, to_look_at, to_queue
from hedgehog_gitops.model.request import Request
from hedgehog_gitops.model.seen import UNSEEN, Seen
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import Lease, SyncState
from hedgehog_gitops.ports import Clock, RunQueue

Memories: TypeAlias = Mapping[str, tuple[SyncState, Lease | None]]
"""State and lock of each fabric whose memory could be read."""

Sights: TypeAlias = Mapping[str, Seen]
"""What was seen of git and of each fabric's sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What a tick looked at, what it put into the queue, and whose memory it could not read."""

    looked_at: tuple[str, ...]
    queued: tuple[str, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How a tick looks around: `see` is a cheap look at git and the sides, `read` gives memories; both in good time."""

    see: Callable[[Sequence[Fabric]], Sights]
    read: Callable[[Sequence[Fabric]], Memories]


def tick(fabrics: Sequence[Fabric], queue: RunQueue, looking: Looking, clock: Clock) -> Ticked:
    """Queue a run for each fabric that needs one. Memories are read of those that may be due, or where it moved."""
    queue.sweep()
    requests, seen, now = queue.requests(), looking.see(fabrics), clock.now()
    wanted = {*requests, *moved(seen, queue.marks())}
    known = know(to_look_at(fabrics, queue.looks(), wanted, now), looking, seen, requests)
    queued = tuple(each.fabric for each in to_queue(known, now) if queue.put(each))
    queue.remember({each.fabric.name: next_look(each, now) for each in known})
    queue.mark(marks(seen))  # only now: what a killed tick saw is seen again by the next
    for each in known:
        if each.request is not None and each.state is not None and not is_open(each):
            queue.drop(each.request)
    return Ticked(
        looked_at=tuple(each.fabric.name for each in known),
        queued=queued,
        unread=tuple(each.fabric.name for each in known if each.state is None),
    )


def know(
    fabrics: Sequence[Fabric], looking: Looking, seen: Sights, requests: Mapping[str, Request]
) -> tuple[Known, ...]:
    """Everything that decides about these fabrics, with their memories as they are now."""
    memories = looking.read(fabrics)
    return tuple(
        Known(
            fabric=each,
            state=state,
            lease=lease,
            request=requests.get(each.name),
            seen=seen.get(each.name, UNSEEN),
        )
        for each in fabrics
        for state, lease in [memories.get(each.name, (None, None))]
    )


def moved(seen: Sights, before: Mapping[str, str]) -> set[str]:
    """The fabrics of which something else is seen than before."""
    return {name for name, mark in marks(seen).items() if before.get(name) != mark}
