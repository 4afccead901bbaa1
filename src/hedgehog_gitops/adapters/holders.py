"""Who holds a lock, as text that also says whether that process can still be there."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

_DEAD = frozenset({"Z", "X"})
"""States of a process that was killed and whose parent has not asked for it yet."""


def this_holder() -> str:
    """This host and process; where the system tells, also the namespace in which the process has its number."""
    return f"{socket.gethostname()}:{os.getpid()}{_namespace()}"


def is_gone(holder: str) -> bool:
    """True only if a holder was a process of this very host and namespace, and no such process lives any more."""
    host, _, rest = holder.partition(":")
    pid = rest.partition("@")[0]
    if host != socket.gethostname() or not _namespace() or rest != f"{pid}{_namespace()}" or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it lives, and is another user's
        return False
    return _state(pid) in _DEAD


def _namespace() -> str:
    with suppress(OSError):
        return "@" + os.readlink("/proc/self/ns/pid").strip("pid:[]")  # noqa: PTH115 - a name that is no path
    return ""


def _state(pid: str) -> str:
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    return ""
