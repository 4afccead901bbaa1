"""Jobs for RQ, and how other programs ask for one. Each does one thing and gives plain data back."""

from __future__ import annotations

from functools import partial

from hedgehog_gitops.assembly.api import execute_fabric_sync
from hedgehog_gitops.assembly.configuration import load_settings
from hedgehog_gitops.assembly.scheduling import QUEUE, request_run, tick_in_worker
from hedgehog_gitops.assembly.sights import see_one
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.state import Trigger
from hedgehog_gitops.render.sync_json import sync_value


def sync_fabric(config: str, fabric: str, trigger: str = "api") -> JsonObject:
    """Sync one fabric of a configuration file; the result in the form of `sync --format json`."""
    settings = load_settings(config)
    look = partial(see_one, settings=settings)
    return sync_value(execute_fabric_sync(fabric, trigger=Trigger(trigger), settings=settings, see=look))


def tick(config: str, queue: str, run_seconds: int) -> JsonObject:
    """Queue a run for each fabric that needs one; says whom it looked at, queued, and could not read."""
    done = tick_in_worker(load_settings(config), config, queue, run_seconds)
    return {"looked_at": [*done.looked_at], "queued": [*done.queued], "unread": [*done.unread]}


def request_sync(config: str, fabric: str, trigger: str = "api", *, redis_url: str = "", queue: str = QUEUE) -> bool:
    """Ask for a run of a fabric: queued now, or after the one that works (then False). Many requests make one run."""
    return request_run(fabric, config, Trigger(trigger), url=redis_url, queue=queue)
