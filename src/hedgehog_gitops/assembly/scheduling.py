"""Schedules, put together from adapters. RQ is loaded only by what needs it: the extra `rq` brings it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from types import ModuleType

from hedgehog_gitops.adapters.clock import SystemClock
from hedgehog_gitops.adapters.holders import is_gone
from hedgehog_gitops.assembly.endpoints import peek_state
from hedgehog_gitops.assembly.in_good_time import in_good_time
from hedgehog_gitops.assembly.sights import see
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.request import Request
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.state import Lease, SyncState, Trigger
from hedgehog_gitops.ports import RunQueue
from hedgehog_gitops.usecases.tick import Looking, Memories, Ticked, tick

URL_VARIABLE = "HEDGEHOG_GITOPS_REDIS_URL"
QUEUE = "hedgehog-gitops"
RUN_SECONDS = 600
"""How long a worker lets a run go on."""

RUN = "hedgehog_gitops.jobs.sync_fabric"
LOOK_SECONDS = 15.0
"""How long the memories of a tick are waited for, all together."""


def read_memories(fabrics: Sequence[Fabric], settings: Settings) -> Memories:
    """State and lock of the fabrics, those that can be read in good time; one that hangs holds back no other."""
    return in_good_time({each.name: partial(_read_memory, each, settings) for each in fabrics}, LOOK_SECONDS)[0]


def look_around(settings: Settings) -> Looking:
    """How the schedulers of a configuration look around."""
    return Looking(see=lambda fabrics: see(fabrics, settings), read=lambda fabrics: read_memories(fabrics, settings))


def request_run(fabric: str, config: str, trigger: Trigger, *, url: str = "", queue: str = QUEUE) -> bool:
    """Ask for a run, and queue it if none waits or works; False if one does: then one more follows that run."""
    request = Request(fabric=fabric, trigger=trigger, at=SystemClock().now())
    runs = _rq().open_queue(redis_url(url), _checked(queue), _job(config, RUN_SECONDS))
    runs.ask(request)
    return bool(runs.put(request))


def tick_in_worker(settings: Settings, config: str, queue: str, seconds: int) -> Ticked:
    """One tick, in the worker that this is called in."""
    runs: RunQueue = _rq().queue_of_worker(queue, _job(config, seconds))
    return tick(settings.fabrics, runs, look_around(settings), SystemClock())


def serve_queue(url: str, queue: str, *, is_burst: bool) -> None:
    """Work: ticks first, then runs, until a polite stop. Slow clients are loaded once, not in each run."""
    rq = _rq()
    for slow in ("hedgehog_gitops.adapters.kubernetes", "hedgehog_gitops.adapters.git"):
        import_module(slow)
    rq.serve(redis_url(url), (_ticks(queue), _checked(queue)), is_burst=is_burst)


def keep_schedule(
    job: Callable[..., JsonObject], config: str, *, url: str, queue: str, every: int, run_seconds: int
) -> None:
    """Have workers tick every so many seconds, until a polite stop."""
    arguments = {"config": config, "queue": _checked(queue), "run_seconds": run_seconds}
    _rq().keep_time(redis_url(url), _ticks(queue), job, every, arguments)


def redis_url(given: str) -> str:
    """The URL as given, else of the environment, else this host's Redis."""
    return given or os.environ.get(URL_VARIABLE) or "redis://127.0.0.1:6379/0"


def _read_memory(fabric: Fabric, settings: Settings) -> tuple[SyncState, Lease | None]:
    """State and lock; the lock of a run that was killed on this host holds nobody up."""
    store = peek_state(fabric, settings)
    state, lease = store.load(fabric.name), store.lease(fabric.name)
    return state, None if lease is not None and is_gone(lease.holder) else lease


def _job(config: str, seconds: int) -> tuple[str, str, int]:
    return RUN, config, seconds


def _ticks(queue: str) -> str:
    return f"{_checked(queue)}-ticks"


def _checked(queue: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", queue):
        raise UsageError(f"{queue!r} is no name of a queue; use letters, digits, - and _")
    return queue


def _rq() -> ModuleType:
    try:
        return import_module("hedgehog_gitops.adapters.rq_queue")
    except ModuleNotFoundError as error:
        if error.name not in {"redis", "rq"}:
            raise
        raise UsageError("RQ is not installed; `pip install 'hedgehog-gitops[rq]'` brings it") from error
