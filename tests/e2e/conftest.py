"""The built wheel in an environment of its own, made once for a test run."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def installed_command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`hedgehog-gitops` as a user has it: built as a wheel, installed into a fresh environment."""
    with shared_directory(tmp_path_factory, "installed") as directory:
        command = directory / "venv/bin/hedgehog-gitops"
        if not command.exists():
            install(directory)
        return command


@contextmanager
def shared_directory(factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A directory of all processes of one test run; the block is gone through by one at a time."""
    own = factory.getbasetemp()
    directory = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    directory.mkdir(exist_ok=True)
    with (directory.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield directory


def install(directory: Path) -> None:
    uv = uv_command()
    run(uv, "build", "--quiet", "--wheel", "--out-dir", str(directory), str(ROOT))
    run(uv, "venv", "--quiet", "--python", sys.executable, str(directory / "venv"))
    (wheel,) = directory.glob("*.whl")
    run(uv, "pip", "install", "--quiet", "--python", str(directory / "venv/bin/python"), str(wheel))


def uv_command() -> str:
    found = next((str(path) for path in (ROOT / ".tools/uv/bin/uv",) if path.exists()), shutil.which("uv"))
    assert found, "uv is missing; run the tests through make test, which brings it"
    return found


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
