"""A run that is held up past its lease finds its lock gone, and writes nothing more: real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from e2e.workspace import AUTHOR, Workspace, make_workspace
from hedgehog_gitops.adapters.sqlite_state import SqliteState
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.state import SyncState

ONE_SECOND = """
import os, signal
from datetime import timedelta
from hedgehog_gitops.adapters import directory_cluster
from hedgehog_gitops.cli.main import run
from hedgehog_gitops.usecases import held
from hedgehog_gitops.usecases import run as frame

frame.LEASE = held.LEASE = timedelta(seconds=1)
held.SURE = timedelta(seconds=0.2)
cluster = directory_cluster.DirectoryCluster
write, stops = cluster._write, [signal.SIGSTOP]

def stop_after_the_first(*arguments):
    outcome = write(*arguments)
    if stops:
        os.kill(os.getpid(), stops.pop())
    return outcome

cluster._write = stop_after_the_first
run()
"""

SERVER = """apiVersion: wiring.githedgehog.com/v1beta1
kind: Server
metadata: {{name: {name}, namespace: default}}
spec: {{description: {words}}}
"""


def workspace(directory: Path) -> Workspace:
    space = make_workspace(directory)
    space.write(
        "hedgehog-gitops.yaml",
        "apiVersion: hedgehog-gitops/v1\nfabrics:\n"
        "  - {name: lab, directory: fabrics/lab, cluster: {directory: live}}\n",
    )
    (space.work / "live").mkdir()
    return space


def write_servers(space: Workspace, words: str) -> None:
    for number in range(4):
        name = f"web-{number}"
        space.write(f"fabrics/lab/raw/{name}.yaml", SERVER.format(name=name, words=words))
    space.push()


def stopped_in_the_middle(space: Workspace) -> subprocess.Popen[str]:
    """A `sync` that has written one of its objects and stands still."""
    process = subprocess.Popen(
        [sys.executable, "-c", ONE_SECOND, "--no-progress", "sync"],
        cwd=space.work,
        env={**os.environ, **AUTHOR},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while state_of(process.pid) != "T":
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process


def stored(space: Workspace) -> tuple[SyncState, object]:
    store = SqliteState(space.work / ".git/hedgehog-gitops/state.sqlite")
    return store.load("lab"), store.bases("lab", SideName.CLUSTER)


def state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="tells a stopped process by /proc")
def test_b13_a_run_that_stands_still_past_its_lease_writes_neither_state_nor_object_after_another_run(
    tmp_path: Path,
) -> None:
    """Issue 6, 3: SIGSTOP past the lease, another run completes, SIGCONT: the old one writes nothing."""
    space = workspace(tmp_path)
    write_servers(space, "first")
    process = stopped_in_the_middle(space)
    try:
        held = space.run("lock", "show", "--format", "json").json()["fabrics"][0]
        time.sleep(1.1)
        expired = space.run("lock", "show", "--format", "json").json()["fabrics"][0]
        other = space.run("sync", "--format", "json").json()
        before = (space.fingerprint(), stored(space))
    finally:
        process.send_signal(signal.SIGCONT)
        said = process.communicate(timeout=60)
    after = (space.fingerprint(), stored(space))

    assert held["run_id"] == expired["run_id"] != other["run_id"]
    assert (expired["lock"], other["outcome"]) == ("expired", "applied")
    assert after == before
    assert process.returncode == 1
    assert "lost its lock" in said[0] + said[1]


def test_b13_a_lock_is_taken_from_a_run_by_its_id_only_and_that_run_writes_nothing_more(tmp_path: Path) -> None:
    """Issue 6, scope: `lock show`, `lock release RUN_ID` (by id only)."""
    space = workspace(tmp_path)
    write_servers(space, "first")
    assert space.run("lock", "show").out == "lab: free\n"
    process = stopped_in_the_middle(space)
    try:
        held = space.run("lock", "show", "--format", "json").json()["fabrics"][0]
        wrong = space.run("lock", "release", "another")
        right = space.run("lock", "release", held["run_id"])
        before = space.fingerprint()
    finally:
        time.sleep(1.1)
        process.send_signal(signal.SIGCONT)
        process.communicate(timeout=60)

    assert (wrong.code, right.code, process.returncode) == (64, 0, 1)
    assert "lock show" in wrong.err
    assert space.fingerprint() == before
    assert space.run("lock", "show").out == "lab: free\n"
