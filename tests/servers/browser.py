"""A headless Chromium for tests of pages, and the accessibility checks of axe-core.

    browser.py --install    get what is missing: Debian's chromium and chromium-driver (as root), axe-core from npm

The cache for axe-core lies below $XDG_CACHE_HOME.
"""

# ruff: noqa: T201 - a command prints its result

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

AXE = "4.10.3"
_PROGRAMS = ("chromium", "chromedriver")


class ServerUnavailableError(Exception):
    """There is no browser, and why."""


@contextmanager
def browsing(profile: Path) -> Iterator[Any]:
    """A driver of a headless browser with an own profile, which writes down what its pages say and ask for."""
    from selenium import webdriver  # noqa: PLC0415 - only where a browser is wanted

    chromium, driver = find_programs()
    options = webdriver.ChromeOptions()
    options.binary_location = str(chromium)
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1500,1000"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={profile}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(driver)))
    try:
        yield started
    finally:
        started.quit()


def find_programs() -> Sequence[Path]:
    """Chromium and its driver; `ServerUnavailableError` where they are not there."""
    found = [shutil.which(name) for name in _PROGRAMS]
    if None in found:
        raise ServerUnavailableError("chromium and chromium-driver are not there; `apt-get install` them")
    return [Path(str(each)) for each in found]


def axe_source() -> str:
    """The text of axe-core; `ServerUnavailableError` before it was installed."""
    try:
        return _axe().read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ServerUnavailableError(
            "axe-core is not in the cache; `python tests/servers/browser.py --install`"
        ) from None


def install() -> None:
    """Get what is missing."""
    if any(shutil.which(name) is None for name in _PROGRAMS):
        _run("apt-get", "update", "-q")
        _run("apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium", "chromium-driver")
    if not _axe().exists():
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
        _run("npm", "install", *quiet, "--prefix", str(_cache()), f"axe-core@{AXE}")
    find_programs()


def _run(*command: str) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise ServerUnavailableError(f"{command[0]} is not on PATH")
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise ServerUnavailableError(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")


def _axe() -> Path:
    return _cache() / "node_modules" / "axe-core" / "axe.min.js"


def _cache() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "axe-core-test" / AXE


def main() -> int:
    """Install what is missing if that is asked for; 1 if there is no browser."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", action="store_true", help="get what is missing")
    args = parser.parse_args()
    try:
        if args.install:
            install()
        print(*find_programs())
    except ServerUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
