"""The files on disk as a source: read as they are, written all or nothing."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path

from hedgehog_gitops.adapters.worktree.journal import Effects, is_left, journal_path, recover
from hedgehog_gitops.adapters.worktree.reading import fail, locate, walk
from hedgehog_gitops.core.edits import changes_by_path
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.remembered import Remembered
from hedgehog_gitops.model.tree import Published, Tree, TreeChange, TreeEdit

_LIMITS = Limits()
_EFFECTS = Effects()
_NOTHING: Mapping[str, Remembered] = {}
_PATIENCE = 30.0
_PAUSE = 0.02


class Worktree:
    """The files below `root`, as they are on disk now.

    `revision` names them: a text, or a function of the fabric's directory that is asked after every read. What a
    stopped run has left half done is brought to its end first. `known` are files of the one directory that will be
    read: what lies there as it did is not read again.
    """

    def __init__(
        self,
        root: Path,
        limits: Limits = _LIMITS,
        *,
        revision: str | Callable[[str], str] = "worktree",
        effects: Effects = _EFFECTS,
        known: Mapping[str, Remembered] = _NOTHING,
    ) -> None:
        self._root = os.path.realpath(root)
        self._limits = limits
        self._revision = revision
        self._effects = effects
        self._known = known

    def read(self, directory: str) -> Tree:
        """All files below a directory of the root."""
        self._finish_what_is_left()
        with _locked(self._root, fcntl.LOCK_SH):
            top = locate(self._root, directory)
            found = [] if top is None else list(walk(top, self._root, self._limits, self._known))
        files = {file.path: file for file in sorted(found, key=attrgetter("path"))}
        return Tree(revision=self._name(directory), directory=directory, files=files, exists=top is not None)

    def publish(self, edits: Sequence[TreeEdit], message: str) -> Published:
        """All changes on disk, or none; the message goes nowhere, since there is no commit."""
        del message
        changes = changes_by_path(edits)
        directories = tuple(edit.base.directory for edit in edits)
        wrote = bool(changes) and self._write(changes, directories)
        return Published(revision=self._name(directories[0] if directories else ""), changed=wrote)

    def _write(self, changes: Mapping[str, TreeChange], directories: Sequence[str]) -> bool:
        from hedgehog_gitops.adapters.worktree.writing import write_changes  # noqa: PLC0415 - most runs only read

        self._finish_what_is_left()
        with _locked(self._root, fcntl.LOCK_EX):
            return write_changes(self._root, changes, directories, journal_path(self._root), self._effects)

    def _finish_what_is_left(self) -> None:
        locate(self._root, "")
        journal = journal_path(self._root)
        if not is_left(journal):
            return
        with _locked(self._root, fcntl.LOCK_EX):
            if is_left(journal):  # still, now that nobody is at work
                try:
                    recover(self._root, journal, self._effects)
                except OSError as error:
                    fail(f"what a stopped run has left cannot be finished: {error}", error)

    def _name(self, directory: str) -> str:
        return self._revision if isinstance(self._revision, str) else self._revision(directory)


@contextlib.contextmanager
def _locked(root: str, how: int) -> Iterator[None]:
    """Hold the root's lock: alone to write, together to read. It lives in the kernel and ends with the process."""
    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        fail(f"{root} cannot be read: {error.strerror}", error)
    try:
        _wait_for(descriptor, how, root)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, how: int, root: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                fail(f"another run is writing below {root}", advice="wait for it to end")
            time.sleep(_PAUSE)
        except OSError:
            return  # a file system without locks
        else:
            return
