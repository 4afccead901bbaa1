"""Kill -9 after every write request to a real NetBox: the next run goes on where it stood."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from e2e import killed_runs
from e2e.netbox_place import Place, ours
from e2e.test_netbox_server import KINDS
from fixtures_netbox import Netbox

TESTS = Path(__file__).resolve().parents[1]
OPEN = frozenset({"01", "08"})  # established, and closed by the other end only
PATIENCE = 60
LISTS = ("dcim/interfaces", *KINDS)


@contextmanager
def runner(config: Path) -> Iterator[Callable[[int], dict[str, Any]]]:
    """Runs of sync, each in a process of its own that ends right after so many write requests have left it."""
    command = [sys.executable, killed_runs.__file__, str(config)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asking, answering = process.stdin, process.stdout

        def run(number: int) -> dict[str, Any]:
            asking.write(json.dumps({"config": str(config), "event": "sent", "number": number}) + "\n")
            asking.flush()
            told: dict[str, Any] = json.loads(answering.readline())
            return told

        yield run
        asking.close()


def settled(netbox: Netbox) -> None:
    """NetBox goes on with a request whose sender is gone; wait until it has closed what the killed run opened."""
    port = urlsplit(netbox.url).port
    deadline = time.monotonic() + PATIENCE
    while connections(f":{port:04X}"):
        assert time.monotonic() < deadline, "NetBox is still at work"
        time.sleep(0.02)


def connections(local: str) -> list[str]:
    """The server's ends of connections that are open or half closed; it listens on, and closes its ends last."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [row[3] for row in rows if row[1].endswith(local) and row[3] in OPEN]


@pytest.mark.slow
def test_a_run_that_is_killed_after_every_write_request_leaves_nothing_doubled_or_half(
    netbox_module: Netbox, tmp_path: Path
) -> None:
    """Issue 7, 4: kill -9 after every write request: the next run converges, no doubled object, no half cable."""
    place = Place(tmp_path, netbox_module, "killed")
    place.lay_out()
    assert place.command("normalize").code == 0
    kills = 0
    with runner(place.config) as run:
        while (told := run(1))["signal"] == signal.SIGKILL:
            kills += 1
            assert kills < 100, "it never gets any further"
            settled(netbox_module)
    assert kills >= 20
    assert (told["outcome"], told["failures"]) == ("unchanged", [""]), told

    marks = Counter(
        (path, each["custom_fields"]["hedgehog_key"]) for path in LISTS for each in ours(netbox_module, path, "killed")
    )
    assert set(marks.values()) == {1}
    cables = ours(netbox_module, "dcim/cables", "killed")
    assert [len(each["a_terminations"]) + len(each["b_terminations"]) for each in cables] == [2] * 16
    assert place.command("plan", "--format", "json").json()["changes"] == []
