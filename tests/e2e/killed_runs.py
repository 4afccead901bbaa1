"""Runs in processes of their own that end by SIGKILL at the one moment that is asked for.

Started as a program; reads one JSON line for each run, `{"config": FILE, "event": NAME, "number": N}`, and answers
with one: how many events of each sort there were, the outcome, and the signal that ended the process. Each run is a
fork of this process, which has loaded everything before, so that hundreds of runs take no hundreds of starts.

Events: `sent` a write request has left, its answer has not been read; `answered` it has been, nothing else has
happened; `unsaved` and `saved` before and after a write of the state; `file` after a write to a directory.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import kubernetes.client  # loaded once, for all forks
import urllib3.connection

from hedgehog_gitops.adapters import directory_cluster, sqlite_state
from hedgehog_gitops.adapters.kubernetes import transport
from hedgehog_gitops.assembly.configuration import load_settings
from hedgehog_gitops.assembly.releases import release_of
from hedgehog_gitops.assembly.syncing import run_sync
from hedgehog_gitops.model.state import Trigger

WRITES = frozenset({"PATCH", "DELETE", "POST", "PUT"})
LATER = (
    "pynetbox",
    "hedgehog_gitops.adapters.netbox",
    "hedgehog_gitops.adapters.worktree.writing",
    "hedgehog_gitops.usecases.converge",
    "hedgehog_gitops.usecases.ingest",
    "hedgehog_gitops.usecases.netbox",
)
"""What a run loads only when it comes to it; loaded once, for all forks."""


@dataclass
class Moments:
    """Counts what happens, and ends the process at the moment that was asked for."""

    event: str
    number: int
    seen: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, event: str) -> None:
        with self.lock:
            self.seen[event] += 1
            if (event, self.seen[event]) == (self.event, self.number):
                os.kill(os.getpid(), signal.SIGKILL)


def around(owner: Any, name: str, before: Callable[..., None], after: Callable[..., None]) -> None:
    """Have a function tell when it begins and when it has ended well."""
    original = getattr(owner, name)

    def told(*args: Any, **named: Any) -> Any:
        before(*args)
        result = original(*args, **named)
        after(*args)
        return result

    setattr(owner, name, told)


def watch(moment: Moments) -> None:
    """Put the moments in place."""

    def nothing(*_: object) -> None:
        pass

    def sent(_: object, method: str, *__: object) -> None:
        if method in WRITES:
            moment("sent")

    def answered(_: object, request: Any, *__: object) -> None:
        if request.method in WRITES:
            moment("answered")

    around(urllib3.connection.HTTPConnection, "request", nothing, sent)
    around(transport.Transport, "_send", nothing, answered)
    for name in ("acquire", "save", "record", "release"):  # how often a lock is renewed depends on the time
        around(sqlite_state.SqliteState, name, lambda *_: moment("unsaved"), lambda *_: moment("saved"))
    around(directory_cluster, "_replace", nothing, lambda *_: moment("file"))
    around(Path, "unlink", nothing, lambda *_: moment("file"))


def run(config: str, event: str, number: int) -> dict[str, Any]:
    """One run, in this process."""
    moment = Moments(event, number)
    watch(moment)
    settings = load_settings(config)
    (result,) = run_sync(settings.fabrics, settings, trigger=Trigger.MANUAL)
    failures = [*result.failures, *(f"{each.key}: {each.message}" for each in result.refused), result.reason]
    return {"seen": moment.seen, "outcome": result.outcome.value, "counts": dict(result.counts), "failures": failures}


def in_a_fork(asked: dict[str, Any]) -> dict[str, Any]:
    """One run in a child of this process; how the child ended is in `signal`."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(writing, "w") as answer:
            json.dump(run(**asked), answer)
            answer.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        told = answer.read()
    ended = os.waitpid(child, 0)[1]
    return {**(json.loads(told) if told else {}), "signal": os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0}


def main() -> None:
    """Serve until the input ends."""
    for name in LATER:
        import_module(name)
    kubernetes.client.ApiClient(kubernetes.client.Configuration())
    release_of(load_settings(Path(sys.argv[1])))
    gc.freeze()  # forks leave alone what they share
    for line in sys.stdin:
        print(json.dumps(in_a_fork(json.loads(line))), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
