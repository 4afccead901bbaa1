"""Sync what is due, sleep until something is, and so on: the schedule of one process without a queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hedgehog_gitops.core.due import is_live
from hedgehog_gitops.core.ticking import Known, marks, next_look, to_look_at, to_queue
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.ports import Clock
from hedgehog_gitops.usecases.tick import Looking, know, moved

BUSY_LOOK = timedelta(seconds=5)
"""When to look again at a fabric that another process works on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPorts:
    """What the loop needs. `run` syncs one fabric and raises nothing of ours; `pause` returns early when stopped."""

    looking: Looking
    run: Callable[[Fabric], None]
    pause: Callable[[float], None]
    is_stopped: Callable[[], bool]
    clock: Clock


def watch(fabrics: Sequence[Fabric], ports: WatchPorts, longest: timedelta) -> None:
    """Run due fabrics one by one, longest overdue first, and sleep until the next is due, at most so long."""
    by_name = {fabric.name: fabric for fabric in fabrics}
    looks: dict[str, datetime] = {}
    marked: dict[str, str] = {}
    while not ports.is_stopped():
        seen = ports.looking.see(fabrics)
        chosen = to_look_at(fabrics, looks, moved(seen, marked), ports.clock.now())
        for request in to_queue(know(chosen, ports.looking, seen, {}), ports.clock.now()):
            if ports.is_stopped():
                return
            ports.run(by_name[request.fabric])
        now = ports.clock.now()
        looks |= {each.fabric.name: _next_look(each, now) for each in know(chosen, ports.looking, {}, {})}
        marked |= marks(seen)
        ports.pause(max(0.0, (min([now + longest, *looks.values()]) - now).total_seconds()))


def _next_look(known: Known, now: datetime) -> datetime:
    return now + BUSY_LOOK if is_live(known.lease, now) else next_look(known, now)
