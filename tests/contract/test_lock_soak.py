"""Many clients at one lock, for a while."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from fixtures_cluster import KubeCluster

CLIENTS = Path(__file__).parent / "lock_clients.py"
PROCESSES = 4


def soak(backend: str, place: Path, proof: Path, *, clients: int, attempts: int) -> list[int]:
    """Fencing numbers of all that won. Fails if two clients had the lock at once, or one did not come to its end."""
    arguments = [backend, str(place), str(proof), str(clients // PROCESSES), str(attempts)]
    command = [sys.executable, str(CLIENTS), *arguments]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(PROCESSES)
    ]
    answers = [process.communicate(timeout=240) for process in running]
    assert [process.returncode for process in running] == [0] * PROCESSES, answers
    lines = [line for said, _ in answers for line in said.splitlines()]
    assert len(lines) == clients
    return [int(fence) for line in lines for fence in line.split()]


def test_b13_a_hundred_clients_with_a_hundred_attempts_each_never_overlap_in_a_file(tmp_path: Path) -> None:
    """Issue 6, 3: 100 clients x 100 lock attempts, no overlap, no deadlock."""
    fences = soak("sqlite", tmp_path / "state.sqlite", tmp_path / "proof", clients=100, attempts=100)
    assert sorted(fences) == list(range(1, len(fences) + 1)), "each fencing number is given once, and none is left out"


def test_b13_clients_of_several_processes_never_overlap_in_the_cluster(
    kube_cluster: KubeCluster, tmp_path: Path
) -> None:
    """Issue 6, 3: the soak on the kubernetes backend, with fewer clients."""
    fences = soak("kubernetes", kube_cluster.server.kubeconfig, tmp_path / "proof", clients=20, attempts=10)
    assert fences
    assert len(set(fences)) == len(fences)
