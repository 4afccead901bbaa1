"""Sync what is due, sleep until something is, and so on: the schedule of one process without a queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hedgehog_gitops.core.due import is_live
from hedgehog_gitops.core.ticking import Known, next_look, to_look_at, to_queue
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.ports import Clock
from hedgehog_gitops.usecases.tick import Memories

BUSY_LOOK = timedelta(seconds=5)
"""When to look again at a fabric that another process works on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPorts:
    """What the loop needs. `run` syncs one fabric and raises nothing of ours; `pause` returns early when stopped."""

    read: Callable[[Sequence[Fabric]], Memories]
    run: Callable[[Fabric], None]
    pause: Callable[[float], None]
    is_stopped: Callable[[], bool]
    clock: Clock


def watch(fabrics: Sequence[Fabric], ports: WatchPorts, longest: timedelta) -> None:
    """Run due fabrics one by one, longest overdue first, and sleep until the next is due, at most so long."""
    by_name = {fabric.name: fabric for fabric in fabrics}
    looks: dict[str, datetime] = {}
    while not ports.is_stopped():
        chosen = to_look_at(fabrics, looks, {}, ports.clock.now())
        for request in to_queue(_known(chosen, ports), ports.clock.now()):
            if ports.is_stopped():
                return
            ports.run(by_name[request.fabric])
        now = ports.clock.now()
        looks |= {each.fabric.name: _next_look(each, now) for each in _known(chosen, ports)}
        ports.pause(max(0.0, (min([now + longest, *looks.values()]) - now).total_seconds()))


def _known(fabrics: Sequence[Fabric], ports: WatchPorts) -> list[Known]:
    memories = ports.read(fabrics)
    return [
        Known(fabric=each, state=state, lease=lease)
        for each in fabrics
        for state, lease in [memories.get(each.name, (None, None))]
    ]


def _next_look(known: Known, now: datetime) -> datetime:
    return now + BUSY_LOOK if is_live(known.lease, now) else next_look(known, now)
