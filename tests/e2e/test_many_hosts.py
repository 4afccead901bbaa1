"""Everybody at once, on several hosts, with state and lock in a real cluster: a host is a name that processes have."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from e2e.action_runner import ROOT, Action, Event
from e2e.plant import GROUP, Plant, running_plant
from fakes import fast_command
from fakes.fast_command import SPEED
from fixtures_cluster import KubeCluster
from hedgehog_gitops.model.kind import find_kind
from hedgehog_gitops.model.state import Outcome, SyncState

INTERVAL = timedelta(seconds=60)


@pytest.fixture
def plant(
    tmp_path: Path, redis_url: str, kube_cluster: KubeCluster, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Plant]:
    """One fabric, every minute, in the real cluster."""
    with running_plant(tmp_path, redis_url, monkeypatch) as made:
        made.space.write(
            "hedgehog-gitops.yaml",
            "apiVersion: hedgehog-gitops/v1\nfabrics:\n  - {name: lab, directory: fabrics/lab, sync: {interval: 60}, "
            f"cluster: {{kubeconfig: {kube_cluster.server.kubeconfig}}}}}\n",
        )
        write_group(made, "pair-1")
        yield made


def test_b16_two_hosts_a_loop_cron_and_the_action_at_once_give_one_run_per_due_time(
    plant: Plant, kube_cluster: KubeCluster, tmp_path: Path
) -> None:
    """Issue 6, scheduling: two schedulers, two workers, the CLI and the Action at once: one run per due time.

    Each scheduler has a worker on a host of its own; state and lock are in the cluster.
    """
    hosts = [{"FAST_HOST": name} for name in ("one", "two", "three")]
    first = [plant.scheduler(env=hosts[0]), plant.worker(env=hosts[0])]
    plant.scheduler(env=hosts[1])
    plant.worker(env=hosts[1])
    first.append(plant.start("--no-progress", "sync", "--watch", "1", env=hosts[2]))
    runs = [plant.next_run("lab", [])]
    cron = plant.space.run("sync", "--trigger", "schedule")

    write_group(plant, "pair-2")
    told = action(plant, tmp_path).run(Event("push"), command="sync")
    pushed = plant.space.remote_head()
    plant.wait_for(lambda: plant.state("lab").desired_revision == pushed and not plant.state("lab").is_unfinished)

    for process in first:
        process.terminate()
    for process in first:
        process.wait()
    runs = [plant.state("lab")]
    runs += [plant.next_run("lab", runs)]

    assert cron.code in {0, 75}, cron.err
    assert told.code in {0, 75}, told.raw
    assert one_after_another(runs[-1])
    ended = [run for run in runs[-1].history if run.outcome is not Outcome.INTERRUPTED]
    since, until = ended[0].started_at, ended[-1].started_at
    assert len(ended) <= (until - since) / INTERVAL + 3, "those due, one for the push, and the Action's own"
    assert {run.outcome for run in ended} == {Outcome.APPLIED, Outcome.UNCHANGED}
    kind = find_kind("wiring.githedgehog.com", "SwitchGroup")
    assert kind is not None
    assert all(kube_cluster.get(kind, name) for name in ("pair-1", "pair-2"))


def one_after_another(state: SyncState) -> bool:
    """No run began before the one before it had ended; a start is stamped as it was before the lock was asked for."""
    asking = timedelta(seconds=0.5 * SPEED)
    return all(
        before.started_at + timedelta(seconds=(before.seconds or 0) * SPEED) <= after.started_at + asking
        for before, after in pairwise(state.history)
    )


def write_group(plant: Plant, name: str) -> None:
    plant.space.write(f"fabrics/lab/managed/switchgroups/{name}.yaml", GROUP.replace("pair-1", name))
    plant.space.push()


def action(plant: Plant, directory: Path) -> Action:
    """The Action in the plant's checkout, on its clock."""
    command = directory / "runner/hedgehog-gitops/venv/bin/hedgehog-gitops"
    command.parent.mkdir(parents=True)
    since = plant.space.env["FAST_SINCE"]
    command.write_text(f'#!/bin/sh\nFAST_SINCE={since} exec "{sys.executable}" "{fast_command.__file__}" "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return Action(directory=ROOT, workspace=plant.space.work, temp=directory / "runner")
