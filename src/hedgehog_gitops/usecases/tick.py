"""One tick of a scheduler: look at the fabrics that may be due, queue the due ones, remember when to look again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hedgehog_gitops.core.ticking import Known, is_open, next_look, to_look_at, to_queue
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import Lease, SyncState
from hedgehog_gitops.ports import Clock, RunQueue

Memories: TypeAlias = Mapping[str, tuple[SyncState, Lease | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What a tick looked at, what it put into the queue, and whose memory it could not read."""

    looked_at: tuple[str, ...]
    queued: tuple[str, ...]
    unread: tuple[str, ...]


def tick(
    fabrics: Sequence[Fabric], queue: RunQueue, read: Callable[[Sequence[Fabric]], Memories], clock: Clock
) -> Ticked:
    """Queue a run for each fabric that needs one. `read` gives the memories that can be read in good time."""
    queue.sweep()
    requests, now = queue.requests(), clock.now()
    chosen = to_look_at(fabrics, queue.looks(), requests, now)
    memories = read(chosen)
    known = [
        Known(fabric=each, state=state, lease=lease, request=requests.get(each.name))
        for each in chosen
        for state, lease in [memories.get(each.name, (None, None))]
    ]
    queued = tuple(each.fabric for each in to_queue(known, now) if queue.put(each))
    queue.remember({each.fabric.name: next_look(each, now) for each in known})
    for each in known:
        if each.request is not None and each.state is not None and not is_open(each):
            queue.drop(each.request)
    return Ticked(
        looked_at=tuple(each.name for each in chosen),
        queued=queued,
        unread=tuple(each.fabric.name for each in known if each.state is None),
    )
