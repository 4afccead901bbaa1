"""Kill -9 at every moment of a run that creates, updates and prunes: the next run brings the same end state about."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from e2e import killed_runs
from e2e.world import World, make_world, namespaces, peering, server, specs, uids, vpc
from fixtures_cluster import KubeCluster
from hedgehog_gitops.model.plain import Json, JsonObject

TESTS = Path(__file__).resolve().parents[1]


def fabric(side: str) -> list[JsonObject]:
    """One of two sets of objects: 20 are in both and differ, 20 are in this one only and claim what the others have."""
    is_left = side == "left"
    shared = [vpc(f"both-{n}", n, dhcp=is_left) for n in range(10)] + [server(f"both-{n}", side) for n in range(10)]
    own = [vpc(f"{side}-{n}", 100 + n) for n in range(8)] + [server(f"{side}-{n}") for n in range(8)]
    return [*namespaces(), *shared, *own, *(peering(f"{side}-{n}", f"{side}-{n + 1}") for n in range(0, 8, 2))]


SETS = {side: fabric(side) for side in ("left", "right")}
OTHER = {"left": "right", "right": "left"}
CHANGES = {"created": 20, "updated": 20, "pruned": 20}


@dataclass
class Killing:
    """A world at peace with one of the two sets, and the process whose forks run sync and are killed."""

    world: World
    process: subprocess.Popen[str]
    ends: dict[str, dict[str, Json]] = field(default_factory=dict)
    moments: dict[str, dict[str, int]] = field(default_factory=dict)

    def run(self, event: str = "", number: int = 0) -> dict[str, Any]:
        """One run of sync, killed at a moment or not."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"config": str(self.world.config), "event": event, "number": number}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def learn(self) -> None:
        """What an undisturbed run from each set to the other does, and where it ends."""
        for side in ("left", "right", "left"):
            self.world.lay_out(SETS[side])
            done = self.run()
            assert done["outcome"] == "applied", done
            self.ends[side], self.moments[side] = specs(self.world.live()), done["seen"]
        assert {name: done["counts"][name] for name in CHANGES} == CHANGES

    def kill(self, wanted: str, event: str, number: int) -> None:
        """One run towards a set, killed."""
        self.world.lay_out(SETS[wanted])
        assert self.run(event, number)["signal"] == signal.SIGKILL, (event, number)

    def assert_converges(self, wanted: str, at: object) -> None:
        """The next run ends where an undisturbed one does, with nothing that is nobody's and nothing forgotten."""
        self.world.lay_out(SETS[wanted])
        done = self.run()
        assert done.get("outcome") in {"applied", "unchanged"}, (at, done)
        live = self.world.live()
        assert specs(live) == self.ends[wanted], at
        assert self.world.inventory() == uids(live), at


@contextmanager
def killing(directory: Path, cluster: KubeCluster | None) -> Iterator[Killing]:
    world = make_world(directory / "world", cluster)
    command = [sys.executable, str(Path(killed_runs.__file__)), str(world.config)]
    paths = os.pathsep.join([str(TESTS), *sys.path])
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
    ) as process:
        made = Killing(world, process)
        try:
            made.learn()
            yield made
        finally:
            process.kill()


def every(lab: Killing, event: str, step: int = 1) -> None:
    """Kill at every moment of a sort, or at each of so many, towards the one set and the other in turn."""
    numbers = range(1, lab.moments["right"][event] + 1, step)
    for number, wanted in zip(numbers, cycle(["right", "left"]), strict=False):
        lab.kill(wanted, event, number)
        lab.assert_converges(wanted, (event, number))


@pytest.mark.slow
@pytest.mark.parametrize(("event", "step"), [("answered", 1), ("sent", 6)])
def test_a_run_that_is_killed_at_any_of_its_writes_is_made_good_by_the_next_one(
    tmp_path: Path, kube_cluster: KubeCluster, event: str, step: int
) -> None:
    """Issue 5, 3: after each of 60 write requests was answered, and after it was sent and before its answer."""
    with killing(tmp_path, kube_cluster) as lab:
        assert lab.moments["right"][event] == 60
        every(lab, event, step)


@pytest.mark.slow
@pytest.mark.parametrize("event", ["saved", "unsaved"])
def test_a_run_that_is_killed_around_any_write_of_its_state_is_made_good_by_the_next_one(
    tmp_path: Path, kube_cluster: KubeCluster, event: str
) -> None:
    """Issue 5, 3: after every write of the state, and before it, when the side is ahead of the state."""
    with killing(tmp_path, kube_cluster) as lab:
        every(lab, event)


@pytest.mark.slow
def test_a_killed_run_is_made_good_too_when_git_went_back_meanwhile(tmp_path: Path, kube_cluster: KubeCluster) -> None:
    """Issue 5, 3: no orphan, although nobody heard that it was made, and nothing of ours counts as others' deletion."""
    for number in (3, 23, 43, 59):  # each in a world of its own: a field that flips again and again looks like a fight
        kube_cluster.wipe()
        with killing(tmp_path / str(number), kube_cluster) as lab:
            lab.kill("right", "answered", number)
            lab.assert_converges("left", number)


@pytest.mark.slow
@pytest.mark.parametrize(("event", "step"), [("file", 15), ("saved", 3)])
def test_on_a_directory_a_killed_run_is_made_good_too(tmp_path: Path, event: str, step: int) -> None:
    """Issue 5, 3: the same on the side that is a directory, where each object is two files."""
    with killing(tmp_path, None) as lab:
        every(lab, event, step)


@pytest.mark.slow
def test_on_a_directory_a_killed_run_is_made_good_when_git_went_back(tmp_path: Path) -> None:
    """Issue 5, 3: a directory does not know who wrote what, and the state alone says what we meant to make."""
    for number in (10, 50, 90):  # each in a world of its own: a file that flips again and again looks like a fight
        with killing(tmp_path / str(number), None) as lab:
            lab.kill("right", "file", number)
            lab.assert_converges("left", number)
