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
from fixtures_cluster import KubeCluster, collection_path
from hedgehog_gitops.adapters.sqlite_state import SqliteState
from hedgehog_gitops.model.kind import find_kind
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object
from hedgehog_gitops.model.state import SyncState

STOPPING = """
import os, signal, sys
from datetime import timedelta
from hedgehog_gitops.adapters import directory_cluster
from hedgehog_gitops.adapters.kubernetes import cluster
from hedgehog_gitops.cli.main import run
from hedgehog_gitops.usecases import held
from hedgehog_gitops.usecases import run as frame

frame.LEASE = held.LEASE = timedelta(seconds=float(sys.argv.pop(1)))
held.SURE = timedelta(seconds=0.2)
stops = [signal.SIGSTOP]

def stopping(write):
    def written(*arguments):
        outcome = write(*arguments)
        if stops:
            os.kill(os.getpid(), stops.pop())
        return outcome
    return written

directory_cluster.DirectoryCluster._write = stopping(directory_cluster.DirectoryCluster._write)
cluster.write_change = stopping(cluster.write_change)
run()
"""

SERVER = """apiVersion: wiring.githedgehog.com/v1beta1
kind: Server
metadata: {{name: {name}, namespace: default}}
spec: {{description: {words}}}
"""


def workspace(directory: Path, cluster: str = "{directory: live}") -> Workspace:
    space = make_workspace(directory)
    space.write(
        "hedgehog-gitops.yaml",
        f"apiVersion: hedgehog-gitops/v1\nfabrics:\n  - {{name: lab, directory: fabrics/lab, cluster: {cluster}}}\n",
    )
    (space.work / "live").mkdir()
    return space


def write_servers(space: Workspace, words: str, count: int = 4) -> None:
    for number in range(count):
        name = f"web-{number}"
        space.write(f"fabrics/lab/raw/{name}.yaml", SERVER.format(name=name, words=words))
    space.push()


def stopped_in_the_middle(space: Workspace, lease: float = 1) -> subprocess.Popen[str]:
    """A `sync` that has written one of its objects and stands still; its lease is of so many seconds."""
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPING, str(lease), "--no-progress", "sync"],
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


def test_b13_a_run_that_stands_still_past_its_lease_sends_the_api_server_nothing_after_another_run(
    tmp_path: Path, kube_cluster: KubeCluster
) -> None:
    """Issue 6, 3: the same with the state in the cluster; neither state nor object, checked at the API server."""
    space = workspace(tmp_path, f"{{kubeconfig: {kube_cluster.server.kubeconfig}}}")
    write_servers(space, "first", 40)
    process = stopped_in_the_middle(space)
    try:
        time.sleep(1.1)
        other = space.run("sync", "--format", "json").json()
        before = everything(kube_cluster)
    finally:
        process.send_signal(signal.SIGCONT)
        said = process.communicate(timeout=60)

    assert other["outcome"] == "applied"
    assert everything(kube_cluster) == before
    assert process.returncode == 1
    assert "lost its lock" in said[0] + said[1]


def everything(cluster: KubeCluster) -> list[JsonObject]:
    server = find_kind("wiring.githedgehog.com", "Server")
    assert server is not None
    paths = [
        collection_path(server),
        "/api/v1/namespaces/default/configmaps",
        "/apis/coordination.k8s.io/v1/namespaces/default/leases",
    ]
    return [as_object(item) for path in paths for item in as_list(cluster.request("GET", path)[1]["items"])]


def test_b13_of_two_syncs_at_once_one_works_and_the_other_exits_75_and_names_the_holder(tmp_path: Path) -> None:
    """Issue 6, 3: two `sync` at once: one works, the other exits 75 and names the holder."""
    space = workspace(tmp_path)
    write_servers(space, "first")
    process = stopped_in_the_middle(space, lease=60)
    try:
        held = space.run("lock", "show", "--format", "json").json()["fabrics"][0]
        other = space.run("sync")
    finally:
        process.send_signal(signal.SIGCONT)
        process.communicate(timeout=60)

    assert (process.returncode, other.code) == (0, 75)
    assert held["run_id"] in other.out + other.err
    assert f":{process.pid}" in other.out + other.err
