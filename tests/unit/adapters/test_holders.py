from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from hedgehog_gitops.adapters.holders import is_gone, this_holder

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/ns/pid"), reason="the system does not tell")  # noqa: PTH110
PRINT = "import sys; from hedgehog_gitops.adapters.holders import this_holder; print(this_holder(), flush=True); "


def other(rest: str = "") -> tuple[subprocess.Popen[str], str]:
    """Another process, and what it calls itself."""
    process = subprocess.Popen(
        [sys.executable, "-c", PRINT + rest], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_a_process_that_runs_is_not_gone() -> None:
    process, holder = other("sys.stdin.read()")
    try:
        assert not is_gone(holder)
        assert not is_gone(this_holder())
    finally:
        process.kill()
        process.communicate()


def test_a_process_that_was_killed_is_gone_whether_or_not_its_parent_has_heard_of_it() -> None:
    process, holder = other("sys.stdin.read()")
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert is_gone(holder), "dead, and not yet buried"
    process.communicate()
    assert is_gone(holder)


@pytest.mark.parametrize(
    "holder",
    [
        "",
        "somewhere",
        "elsewhere:{pid}@{space}",
        "{host}:{pid}",
        "{host}:{pid}@1",
        "{host}:@{space}",
        "{host}:-1@{space}",
    ],
)
def test_what_cannot_be_known_counts_as_running(holder: str) -> None:
    process, known = other()
    process.communicate()
    space = known.rpartition("@")[2]
    assert is_gone(known)
    assert not is_gone(holder.format(pid=process.pid, space=space, host=socket.gethostname()))
