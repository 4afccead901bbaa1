"""`worker`, `schedule`, and the loop of `sync --watch`."""

from __future__ import annotations

import os
import signal
import time
from argparse import Namespace
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import FrameType

from hedgehog_gitops.adapters.clock import SystemClock
from hedgehog_gitops.assembly.configuration import FILE_NAME, choose_fabrics, find_configuration
from hedgehog_gitops.assembly.observing import METRICS_VARIABLE, serve_metrics
from hedgehog_gitops.assembly.scheduling import keep_schedule, look_around, serve_queue
from hedgehog_gitops.assembly.sights import see_one
from hedgehog_gitops.assembly.syncing import run_sync
from hedgehog_gitops.cli.configured import configured
from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.cli.options import plan_options
from hedgehog_gitops.cli.output import note, write_result
from hedgehog_gitops.cli.progress import progress_of
from hedgehog_gitops.cli.results import results_text
from hedgehog_gitops.jobs import tick
from hedgehog_gitops.model.errors import HedgehogGitopsError, UsageError
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.state import Trigger
from hedgehog_gitops.usecases.watch import WatchPorts, watch

_NAP = 0.5
"""A stop during a pause is seen this soon, in seconds."""


def worker(args: Namespace) -> int:
    """Take runs from the queue, one at a time, until a polite stop."""
    if args.metrics:
        os.environ[METRICS_VARIABLE] = str(Path(args.metrics).resolve())  # jobs run in processes of their own
    with _metrics_served(args):
        serve_queue(args.redis, args.queue, is_burst=args.burst)
    return Exit.DONE


def schedule(args: Namespace) -> int:
    """Have the workers look every few seconds which fabrics are due, until a polite stop."""
    configured(args)
    keep_schedule(tick, _place(args), url=args.redis, queue=args.queue, every=args.every, run_seconds=args.run_seconds)
    return Exit.DONE


def watch_sync(args: Namespace) -> int:
    """Sync whatever is due, in this process, until a polite stop; a run under way is ended before."""
    if args.force:
        raise UsageError("--watch runs what is due; leave --force away, or sync once without --watch")
    settings, stopper = configured(args), _Stopper()
    signal.signal(signal.SIGTERM, stopper.stop)
    signal.signal(signal.SIGINT, stopper.stop)
    ports = WatchPorts(
        looking=look_around(settings),
        run=lambda fabric: _run_one(args, fabric, settings),
        pause=stopper.pause,
        is_stopped=lambda: stopper.is_stopped,
        clock=SystemClock(),
    )
    with _metrics_served(args):
        watch(choose_fabrics(settings, args.fabric), ports, timedelta(seconds=args.watch))
    return Exit.DONE


def _metrics_served(args: Namespace) -> AbstractContextManager[object]:
    return serve_metrics(args.metrics_port, configured(args), args.metrics) if args.metrics_port else nullcontext()


def _run_one(args: Namespace, fabric: Fabric, settings: Settings) -> None:
    try:
        with progress_of(args) as progress:
            results = run_sync(
                [fabric],
                settings,
                trigger=Trigger.SCHEDULE,
                options=plan_options(args),
                progress=progress,
                metrics=args.metrics,
                see=partial(see_one, settings=settings),
            )
    except HedgehogGitopsError as error:
        note(f"{fabric.name}: {error}")
    else:
        write_result(args, lambda form: results_text(form, results))


@dataclass(slots=True)
class _Stopper:
    """Remembers that somebody asked for an end."""

    is_stopped: bool = False

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopped = True

    def pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.is_stopped and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _NAP))


def _place(args: Namespace) -> str:
    """The configuration's absolute path: workers read it anew in every run."""
    found = Path(args.config) if args.config else find_configuration(Path.cwd())
    if found is None:
        raise UsageError(f"no {FILE_NAME} here or above; name it with --config")
    return str(found.resolve())
