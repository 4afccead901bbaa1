"""Clients that fight for one lock: a process with threads, each a client of its own. Run as a program by the soak.

Arguments: `sqlite FILE` or `kubernetes KUBECONFIG`, a directory for the proof, clients, attempts. Whoever has the lock
makes a file that must not be there yet, and takes it away before giving the lock back. Prints each fencing number won.
"""

from __future__ import annotations

import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hedgehog_gitops.adapters.kubernetes import KubernetesState
from hedgehog_gitops.adapters.sqlite_state import SqliteState
from hedgehog_gitops.model.errors import LockHeldError
from hedgehog_gitops.model.settings import ClusterSettings
from hedgehog_gitops.ports import StateStore


def open_store(backend: str, place: str) -> StateStore:
    """A store of this client's own."""
    if backend == "sqlite":
        return SqliteState(Path(place))
    return KubernetesState(ClusterSettings(kubeconfig=place, context="admin"))


def fight(store: StateStore, name: str, proof: Path, attempts: int) -> list[int]:
    """Fencing numbers of the attempts that won."""
    won = []
    for number in range(attempts):
        try:
            lease = store.acquire("lab", name, f"{name}-{number}", datetime.now(UTC), timedelta(minutes=5))
        except LockHeldError:
            time.sleep(random.uniform(0, 0.02))  # noqa: S311 - spreads load, hides nothing
            continue
        os.close(os.open(proof, os.O_CREAT | os.O_EXCL))
        won.append(lease.fence)
        time.sleep(0.01)
        proof.unlink()
        store.release(lease)
    return won


def main() -> None:
    """All clients of this process."""
    backend, place, proof, clients, attempts = sys.argv[1:]
    with ThreadPoolExecutor(int(clients)) as pool:
        fights = [
            pool.submit(fight, open_store(backend, place), f"{os.getpid()}-{number}", Path(proof), int(attempts))
            for number in range(int(clients))
        ]
        for each in fights:
            print(*each.result())  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
