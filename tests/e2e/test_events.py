"""`--log-format`: stderr is events and nothing else, and no secret is in them."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from e2e.workspace import Workspace, make_workspace

CONFIGURATION = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - {name: lab, directory: fabrics/lab, cluster: {directory: live}}
  - {name: far, directory: fabrics/far, cluster: {context: nowhere, kubeconfig: missing}, state: {backend: sqlite}}
"""
VPC = """\
apiVersion: vpc.githedgehog.com/v1beta1
kind: IPv4Namespace
metadata: {name: default}
spec: {subnets: [10.0.0.0/16]}
"""


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = make_workspace(tmp_path_factory.mktemp("logs"))
    made.write("hedgehog-gitops.yaml", CONFIGURATION)
    made.write("fabrics/lab/raw/one.yaml", VPC)
    made.write("fabrics/far/managed/.gitkeep", "")
    made.push()
    return made


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_each_line_is_one_object_that_says_when_how_bad_what_and_of_which_run(space: Workspace) -> None:
    """Issue 6, scope: structured logs."""
    done = space.run("--log-format", "json", "sync", "--format", "json")

    told = events(done.err)
    result = json.loads(done.out)["runs"][0]
    assert all(list(event)[:3] == ["time", "level", "event"] for event in told)
    ours = [event for event in told if event.get("run_id") == result["run_id"]]
    assert [event["event"] for event in ours][:2] == ["run.started", "run.step"]
    (ended,) = [event for event in ours if event["event"] == "run.finished"]
    assert {name: ended[name] for name in ("fabric", "outcome", "status", "counts", "plan_id")} == {
        name: result[name] for name in ("fabric", "outcome", "status", "counts", "plan_id")
    }
    (failed,) = [event for event in told if event["event"] == "run.finished" and event["fabric"] == "far"]
    assert (failed["level"], failed["outcome"], bool(failed["failures"])) == ("warning", "failed", True)


def test_text_has_the_same_events(space: Workspace) -> None:
    space.run("sync", "--fabric", "lab")
    lines = space.run("--log-format", "text", "sync", "--force", "--fabric", "lab").err.splitlines()
    assert any(" info run.finished fabric=lab " in line and " outcome=unchanged " in line for line in lines)


def test_an_error_that_ends_the_command_is_an_event_too(space: Workspace) -> None:
    done = space.run("--log-format", "json", "plan", "--fabric", "nobody")
    (told,) = events(done.err)
    assert (done.code, told["level"], "no fabric nobody" in told["message"]) == (64, "error", True)


def test_without_the_option_nothing_is_logged(space: Workspace) -> None:
    assert space.run("sync", "--fabric", "lab").err == ""


def test_watching_counts_and_serves_what_it_does(space: Workspace, tmp_path: Path) -> None:
    """Issue 6, scope: metrics on an HTTP port for workers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    file = tmp_path / "watch.prom"
    command = ("sync", "--fabric", "lab", "--watch", "1", "--metrics", str(file), "--metrics-port", str(port))
    with subprocess.Popen([*space.command, *command], cwd=space.work, stdout=subprocess.DEVNULL) as process:
        try:
            text = scraped(f"http://127.0.0.1:{port}/metrics")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    assert 'hedgehog_gitops_interval_seconds{fabric="lab"} 300\n' in text
    assert process.returncode == 0


def test_one_sync_has_no_port(space: Workspace) -> None:
    assert space.run("sync", "--metrics-port", "0").code == 64


def scraped(address: str) -> str:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - loopback
                return str(answer.read().decode())
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
