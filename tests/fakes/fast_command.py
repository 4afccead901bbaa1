"""`hedgehog-gitops` on a clock thirty times as fast: a minute of a schedule is two seconds of a test.

The clock is the same in all processes that are started with the same $FAST_SINCE. A directory that stands for a
cluster answers only while there is no file `DIRECTORY.hold` beside it. $FAST_HOST is this machine's name, if it is set.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hedgehog_gitops.adapters.clock import SystemClock
from hedgehog_gitops.adapters.directory_cluster import DirectoryCluster
from hedgehog_gitops.cli import main
from hedgehog_gitops.model.kind import Kind, ObjectKey
from hedgehog_gitops.model.live import LiveSide
from hedgehog_gitops.usecases import held, run

SPEED = 30
read_at_once = DirectoryCluster.read


def fast_clock(since: float) -> Callable[[SystemClock], datetime]:
    """The time, as it would be if it had run faster since then."""
    return lambda _: datetime.fromtimestamp(since, UTC) + timedelta(seconds=(time.time() - since) * SPEED)


def read_when_released(side: DirectoryCluster, kinds: Sequence[Kind], ours: Collection[ObjectKey] = ()) -> LiveSide:
    """The cluster's answer, as late as the test wants it."""
    while Path(f"{side.root}.hold").exists():
        time.sleep(0.05)
    return read_at_once(side, kinds, ours)


if __name__ == "__main__":
    for module in (held, run):  # a minute: the pause of a heartbeat is no faster here
        vars(module)["LEASE"] = timedelta(minutes=30)
    if host := os.environ.get("FAST_HOST", ""):
        socket.gethostname = host.strip
    SystemClock.now = fast_clock(float(os.environ["FAST_SINCE"]))  # type: ignore[method-assign, assignment]
    DirectoryCluster.read = read_when_released  # type: ignore[method-assign, assignment]
    sys.argv[0] = "hedgehog-gitops"
    main.run()
