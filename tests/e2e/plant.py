"""A plant for tests: a workspace, a real Redis, and our commands as processes on a clock that runs fast."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from e2e.workspace import AUTHOR, Workspace, make_workspace
from fakes import fast_command
from fakes.fast_command import fast_clock
from hedgehog_gitops.adapters.clock import SystemClock
from hedgehog_gitops.assembly.configuration import load_settings
from hedgehog_gitops.assembly.endpoints import open_state
from hedgehog_gitops.jobs import request_sync
from hedgehog_gitops.model.state import Lease, SyncState

GROUP = """\
apiVersion: wiring.githedgehog.com/v1beta1
kind: SwitchGroup
metadata: {name: pair-1}
spec: {}
"""
PATIENCE = 60


@dataclass
class Plant:
    """A workspace, its Redis, and the processes that work on it."""

    space: Workspace
    redis: str
    log: Path
    queue: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def config(self) -> str:
        return str(self.space.work / "hedgehog-gitops.yaml")

    def start(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*self.space.command, *arguments],
                cwd=self.space.work,
                env={**os.environ, **AUTHOR, **self.space.env, **(env or {})},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def worker(self, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        return self.start("worker", "--redis", self.redis, "--queue", self.queue, env=env)

    def scheduler(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        return self.start("schedule", "--redis", self.redis, "--queue", self.queue, "--every", "1", *arguments, env=env)

    def state(self, fabric: str) -> SyncState:
        return self.look(fabric)[0]

    def look(self, fabric: str) -> tuple[SyncState, Lease | None]:
        settings = load_settings(self.config)
        (found,) = [each for each in settings.fabrics if each.name == fabric]
        store = open_state(found, settings)
        return store.load(fabric), store.lease(fabric)

    def request(self, fabric: str) -> bool:
        return request_sync(self.config, fabric, "manual", redis_url=self.redis, queue=self.queue)

    def hold(self, fabric: str) -> Path:
        return self.space.write(f"live/{fabric}.hold", "")

    def wait_for(self, what: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < deadline, self.log.read_text()[-6000:]
            time.sleep(0.05)

    def next_run(self, fabric: str, seen: Sequence[SyncState]) -> SyncState:
        """The state after the next run has ended."""
        known = {each.run_id for each in seen} | {""}

        def has_ended() -> bool:
            state = self.state(fabric)
            began, ended = state.last_attempt_started_at, state.last_attempt_finished_at
            return state.run_id not in known and began is not None and ended is not None and ended >= began

        self.wait_for(has_ended)
        return self.state(fabric)


@contextmanager
def running_plant(directory: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    """A plant whose processes end with the block."""
    since = time.time()
    monkeypatch.setattr(SystemClock, "now", fast_clock(since))
    space = replace(
        make_workspace(directory), command=(sys.executable, fast_command.__file__), env={"FAST_SINCE": str(since)}
    )
    made = Plant(
        space, redis_url, directory / "log", f"plant-{uuid.uuid4().hex}"
    )  # a run that outlives its worker meets none
    try:
        yield made
    finally:
        for process in made.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
