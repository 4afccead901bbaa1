"""actionlint and act, built from their Go modules into the cache, and the linters of the environment.

    workflow_tools.py --build    put the programs into the cache (under a minute, once)

act runs workflows on this machine without containers, as a second opinion beside our own interpreter.
"""

# ruff: noqa: T201 - a command prints its result

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from servers.kube import ServerUnavailableError, go_program

PROGRAMS = {"actionlint": "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12", "act": "github.com/nektos/act@v0.2.89"}


def find_program(name: str) -> Path:
    """One of the programs; `ServerUnavailableError` if it is not built yet."""
    program = _cache() / name
    if not program.exists():
        raise ServerUnavailableError(
            f"{name} is not in the cache; `python -m servers.workflow_tools --build` below tests/"
        )
    return program


def build() -> None:
    """Build what is missing."""
    _cache().mkdir(parents=True, exist_ok=True)
    for name, module in PROGRAMS.items():
        if not (_cache() / name).exists():
            command = [go_program(_cache()), "install", "-trimpath", "-ldflags", "-s -w", module]
            subprocess.run(command, env={**os.environ, "GOBIN": str(_cache())}, check=True, stdout=sys.stderr)


def _cache() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "hedgehog-gitops-workflow-tools"


def main() -> int:
    """The command line of this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", action="store_true", required=True)
    parser.parse_args()
    try:
        build()
    except (ServerUnavailableError, subprocess.CalledProcessError, OSError) as error:
        print(f"actionlint and act cannot be built, and what needs them is skipped: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
