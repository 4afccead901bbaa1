"""A run that is stopped politely gives its lock back and does not pretend that it ended well."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

from e2e.test_bad_input import VPC
from e2e.workspace import AUTHOR, Workspace, make_workspace


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
