"""A run that is stopped politely gives its lock back and does not pretend that it ended well."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from itertools import takewhile
from pathlib import Path

from e2e.test_bad_input import VPC
from e2e.workspace import AUTHOR, Workspace, make_workspace
from fakes.texts import switch_group


def waiting_for(listener: socket.socket, space: Workspace) -> subprocess.Popen[str]:
    """`sync`, running, at the moment when it has connected to the cluster."""
    process = subprocess.Popen(
        [*space.command, "sync", "--no-progress"],
        cwd=space.work,
        env={**os.environ, **AUTHOR},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    listener.settimeout(60)
    listener.accept()
    return process


def test_b18_a_stopped_sync_gives_its_lock_back_and_is_not_left_syncing(tmp_path: Path) -> None:
    space = make_workspace(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        cluster = {"server": f"http://127.0.0.1:{listener.getsockname()[1]}"}
        kubeconfig = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "c",
            "clusters": [{"name": "c", "cluster": cluster}],
            "users": [{"name": "c", "user": {}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
        }
        space.write("kubeconfig", json.dumps(kubeconfig))
        space.write(
            "hedgehog-gitops.yaml",
            "apiVersion: hedgehog-gitops/v1\nfabrics:\n"
            "  - {name: lab, directory: fabrics/lab, cluster: {kubeconfig: kubeconfig}, state: {backend: sqlite}}\n",
        )
        space.write("fabrics/lab/managed/vpcs/blue.yaml", VPC)
        space.push()
        process = waiting_for(listener, space)
        running = space.run("status", "--format", "json").json()["fabrics"][0]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    stopped = space.run("status", "--format", "json").json()["fabrics"][0]

    assert (running["status"], bool(running["running"])) == ("syncing", True)
    assert process.returncode == 130
    assert (stopped["status"], stopped["running"], stopped["agreement"]) == ("error", "", "unknown")


def test_b15_watch_goes_on_past_a_failure_and_ends_between_runs(tmp_path: Path) -> None:
    """Issue 6, scheduling: `sync --watch` in one process."""
    space = make_workspace(tmp_path)
    space.write(
        "hedgehog-gitops.yaml",
        "apiVersion: hedgehog-gitops/v1\nfabrics:\n"
        "  - {name: down, directory: fabrics/down, cluster: {directory: live/down}}\n"
        "  - {name: lab, directory: fabrics/lab, cluster: {directory: live/lab}}\n",
    )
    for name in ("down", "lab"):
        space.write(f"fabrics/{name}/managed/switchgroups/pair.yaml", switch_group("pair"))
    space.write("live/down", "no directory")
    space.push()
    watching = subprocess.Popen(
        [*space.command, "sync", "--watch"],
        cwd=space.work,
        env={**os.environ, **AUTHOR},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert watching.stdout is not None
    said = list(takewhile(lambda line: not line.startswith("lab:"), watching.stdout))
    watching.send_signal(signal.SIGTERM)
    _, err = watching.communicate(timeout=60)
    known = space.run("status", "--format", "json").json()["fabrics"]

    assert watching.returncode == 0, err
    assert any(line.startswith("down: failed") for line in said)
    assert [each["status"] for each in known] == ["error", "in_sync"]
