"""Schedulers, workers and a loop at once, as processes on a real Redis; a minute takes two seconds here."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from e2e.plant import GROUP, PATIENCE, Plant, running_plant
from hedgehog_gitops.adapters.rq_queue import BEAT_SECONDS
from hedgehog_gitops.model.state import Outcome, SyncState


@pytest.fixture
def plant(tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    with running_plant(tmp_path, redis_url, monkeypatch) as made:
        yield made


def configure(plant: Plant, **intervals: int) -> None:
    fabrics = [
        f"  - {{name: {name}, directory: fabrics/{name}, sync: {{interval: {interval}}}, "
        f"cluster: {{directory: live/{name}}}}}\n"
        for name, interval in intervals.items()
    ]
    plant.space.write("hedgehog-gitops.yaml", "apiVersion: hedgehog-gitops/v1\nfabrics:\n" + "".join(fabrics))
    for name in intervals:
        plant.space.write(f"fabrics/{name}/managed/switchgroups/pair-1.yaml", GROUP)
    plant.space.push()


def began(state: SyncState) -> datetime:
    assert state.last_attempt_started_at is not None
    return state.last_attempt_started_at


def working_on(plant: Plant, fabric: str) -> int:
    """The process, a child of a worker, that runs a fabric."""
    lease = plant.look(fabric)[1]
    assert lease is not None
    return int(lease.holder.partition(":")[2].partition("@")[0])


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def kill_worker_of(plant: Plant, fabric: str) -> subprocess.Popen[bytes]:
    """Kill, as `kill -9` does, the worker that runs a fabric, and for its child that does the work."""
    child = working_on(plant, fabric)
    parent = int(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(parent, signal.SIGKILL)
    os.kill(child, signal.SIGKILL)
    (killed,) = [process for process in plant.processes if process.pid == parent]
    killed.wait()
    return killed


def test_b15_b16_scheduled_runs_go_on_past_a_failure_a_killed_worker_and_a_restarted_scheduler(plant: Plant) -> None:
    """Issue 6, 4: five and more scheduled runs, one failing in the middle, one worker killed, one run per due time.

    Two schedulers, two workers and a `sync --watch` work at once, and another fabric hangs all the time.
    """
    configure(plant, lab=60, stuck=60)
    plant.hold("stuck")
    live, aside = plant.space.work / "live/lab", plant.space.work / "live/aside"
    schedulers = [plant.scheduler(), plant.scheduler()]
    plant.worker()
    plant.worker()
    plant.start("--no-progress", "--fabric", "lab", "sync", "--watch", "1")

    runs: list[SyncState] = []
    for number in range(6):
        if number == 2:
            live.rename(aside)
            live.write_text("not a directory")
        runs.append(plant.next_run("lab", runs))
        if number == 2:
            live.unlink()
            aside.rename(live)
        if number == 3:
            plant.wait_for(lambda: plant.state("stuck").run_id != "")
            kill_worker_of(plant, "stuck")
        if number == 4:
            schedulers[0].kill()
            plant.scheduler()

    outcomes = [run.last_outcome for run in runs]
    assert outcomes == [Outcome.APPLIED, Outcome.UNCHANGED, Outcome.FAILED, *[Outcome.UNCHANGED] * 3]
    gaps = [began(after) - began(before) for before, after in pairwise(runs)]
    assert min(gaps) >= timedelta(seconds=60), "no due time is served twice"
    assert max(gaps) < timedelta(seconds=120 + 60), "and none is left out, but for the slowness of a test's machine"


def test_b16_ten_requests_during_a_run_lead_to_one_more(plant: Plant) -> None:
    """Issue 6, 4: ten manual triggers during a run, one follow-up."""
    configure(plant, lab=0)
    hold = plant.hold("lab")
    plant.scheduler()
    plant.worker()
    plant.worker()
    assert plant.request("lab")
    plant.wait_for(lambda: plant.state("lab").run_id != "")
    during = [plant.request("lab") for _ in range(10)]
    hold.unlink()

    first = plant.next_run("lab", [])
    second = plant.next_run("lab", [first])
    time.sleep(2.5)  # two ticks and more: whatever else waits would run
    assert during == [False] * 10
    assert plant.state("lab") == second


def test_a_run_that_is_longer_than_the_heartbeat_of_its_worker_keeps_the_worker(plant: Plant) -> None:
    """The worker waits for the process of a run, a heartbeat at a time; only a run has a limit."""
    configure(plant, lab=0)
    hold = plant.hold("lab")
    plant.scheduler()
    worker = plant.worker()
    assert plant.request("lab")
    plant.wait_for(lambda: plant.state("lab").run_id != "")
    time.sleep(BEAT_SECONDS + 1)
    hold.unlink()
    assert plant.next_run("lab", []).last_outcome is Outcome.APPLIED
    assert worker.poll() is None


def test_b16_a_request_whose_run_is_killed_is_repeated_where_nothing_is_scheduled(plant: Plant) -> None:
    """Issue 6, scheduling and 4: one worker's run is killed; its lock holds nobody up on the same host."""
    configure(plant, lab=0)
    hold = plant.hold("lab")
    plant.scheduler()
    plant.worker()
    assert plant.request("lab")
    plant.wait_for(lambda: plant.state("lab").run_id != "")
    killed = plant.state("lab").run_id
    os.kill(working_on(plant, "lab"), signal.SIGKILL)
    hold.unlink()
    repeated = plant.next_run("lab", [plant.state("lab")])
    assert [(run.run_id, run.outcome) for run in repeated.history] == [
        (killed, Outcome.INTERRUPTED), (repeated.run_id, Outcome.APPLIED),
    ]  # fmt: skip


def test_a_worker_counts_its_runs_serves_them_and_logs_nothing_but_json(plant: Plant, tmp_path: Path) -> None:
    """Issue 6, scope: metrics to a file and an HTTP port for workers, JSON logs: RQ's own lines too."""
    configure(plant, lab=0)
    file, port = tmp_path / "worker.prom", free_port()
    at = ("--redis", plant.redis, "--queue", plant.queue)
    plant.start("--log-format", "json", "worker", *at, "--metrics", str(file), "--metrics-port", str(port))
    plant.request("lab")
    plant.next_run("lab", [])
    plant.wait_for(file.exists)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        served = answer.read().decode()

    for text in (served, file.read_text()):
        assert 'hedgehog_gitops_runs_total{fabric="lab",outcome="applied"} 1\n' in text
        assert 'hedgehog_gitops_status{fabric="lab",status="in_sync"} 1\n' in text
    told = [json.loads(line) for line in plant.log.read_text().splitlines()]
    assert {"rq.worker"} <= {each.get("logger") for each in told}
    assert [each["outcome"] for each in told if each["event"] == "run.finished"] == ["applied"]


def test_a_worker_ends_its_run_before_it_stops(plant: Plant) -> None:
    configure(plant, lab=0)
    hold = plant.hold("lab")
    worker = plant.worker()
    plant.request("lab")
    plant.wait_for(lambda: plant.state("lab").run_id != "")
    worker.terminate()
    time.sleep(0.5)
    assert worker.poll() is None
    hold.unlink()
    assert worker.wait(PATIENCE) == 0
    assert plant.state("lab").last_outcome is Outcome.APPLIED


def test_b33_a_hanging_run_ends_as_a_failed_one_and_its_worker_serves_the_others(plant: Plant) -> None:
    """Issue 6, scheduling: one hanging fabric delays no other; here there is one worker for both."""
    configure(plant, hanging=600, lab=60)
    plant.hold("hanging")
    plant.scheduler("--run-seconds", "2")
    plant.worker()

    hung = plant.next_run("hanging", [])
    runs: list[SyncState] = []
    for _ in range(2):
        runs.append(plant.next_run("lab", runs))
    assert (hung.last_outcome, hung.last_success_at) == (Outcome.FAILED, None)
    assert "longer than 2 s" in hung.error
    assert [run.last_outcome for run in runs] == [Outcome.APPLIED, Outcome.UNCHANGED]
    assert plant.state("hanging").run_id == hung.run_id, "it is not run again at once"


def test_a_push_and_an_edit_of_the_cluster_are_followed_by_the_next_tick(plant: Plant) -> None:
    """Issue 6, scope: also due when the git head or a side's recorded version moved; each gives one run."""
    configure(plant, lab=86400)
    plant.scheduler()
    plant.worker()
    runs = [plant.next_run("lab", [])]
    plant.space.write("fabrics/lab/managed/switchgroups/pair-2.yaml", GROUP.replace("pair-1", "pair-2"))
    plant.space.push()
    runs.append(plant.next_run("lab", runs))
    plant.space.write("live/lab/switchgroups/pair-3.yaml", GROUP.replace("pair-1", "pair-3"))
    runs.append(plant.next_run("lab", runs))
    time.sleep(2)  # two ticks: whatever else were due would run

    assert [run.last_outcome for run in runs] == [Outcome.APPLIED, Outcome.APPLIED, Outcome.UNCHANGED]
    assert (runs[-1].counts["in_sync"], runs[-1].counts["unmanaged"]) == (2, 1)
    assert plant.state("lab") == runs[-1]
    assert runs[-1].desired_revision == plant.space.remote_head()
