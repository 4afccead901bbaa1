"""Metrics in a file that is never half written: what node_exporter's textfile collector reads."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hedgehog_gitops.model.errors import UsageError

_MODE = 0o644  # the collector is another user


class MetricsFile:
    """One text file. Runs that update it at the same time wait for each other, so that none is forgotten."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def text(self) -> str:
        """What it holds; nothing if it is not there yet."""
        try:
            return self._path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise self._unusable(error) from error

    def update(self, change: Callable[[str], str]) -> None:
        """Replace the text by what `change` makes of it."""
        try:
            with self._alone():
                self._replace(change(self.text()))
        except OSError as error:
            raise self._unusable(error) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Locks a file beside it, since the file itself is a new one each time."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with (self._path.parent / f".{self._path.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _replace(self, text: str) -> None:
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                os.fchmod(file.fileno(), _MODE)
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _unusable(self, error: OSError) -> UsageError:
        return UsageError(f"the metrics file {self._path} cannot be written: {error.strerror}")
