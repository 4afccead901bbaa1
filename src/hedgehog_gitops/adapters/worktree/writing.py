"""Checks changes against the disk and stages them beside their targets; the journal carries them out."""

from __future__ import annotations

import os
import posixpath
import secrets
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from hedgehog_gitops.adapters.worktree.journal import (
    Effects,
    Journal,
    Step,
    blob_on_disk,
    discard,
    roll_forward,
    save,
    sync_directory,
    write_durably,
)
from hedgehog_gitops.adapters.worktree.reading import OURS, blob_id, fail
from hedgehog_gitops.model.errors import FileMovedError, HedgehogGitopsError, UsageError
from hedgehog_gitops.model.tree import DeleteFile, TreeChange, WriteFile


def write_changes(
    root: str, changes: Mapping[str, TreeChange], kept: Sequence[str], journal_file: Path, effects: Effects
) -> bool:
    """Write all changes (by path from the root) or none; False if the files are like that already.

    `kept` are the directories that stay even if they become empty. `FileMovedError` if a file is not the expected one.
    """
    for path, change in changes.items():
        _check(root, path, change.expected)
    wanted = {path: change for path, change in changes.items() if not _is_done(change)}
    if not wanted:
        return False
    journal = _planned(root, wanted, kept)
    _stage(journal_file, journal, wanted, effects)
    try:
        foreign = roll_forward(journal_file, journal, effects)
    except OSError as error:
        fail(f"not all files are written: {error}", error, "remove the cause: the next run finishes the work")
    if foreign:
        fail(f"{foreign[0]} was changed at the same moment and left alone; the rest is written", advice="run it again")
    return True


def _check(root: str, path: str, expected: str | None) -> None:
    for parent in reversed(PurePosixPath(path).parents):
        try:
            mode = os.lstat(f"{root}/{parent}").st_mode
        except FileNotFoundError:
            break
        if not stat.S_ISDIR(mode):
            what = "a symbolic link" if stat.S_ISLNK(mode) else "a file"
            raise UsageError(f"{parent} is {what}, so {path!r} is no place to write to: nothing was written")
    target = Path(root, path)
    if target.is_dir() and not target.is_symlink():
        raise UsageError(f"a directory is in the way at {path!r}: nothing was written")
    if blob_on_disk(f"{root}/{path}") != expected:
        raise FileMovedError(path)


def _is_done(change: TreeChange) -> bool:
    return isinstance(change, WriteFile) and blob_id(change.data) == change.expected


def _planned(root: str, changes: Mapping[str, TreeChange], kept: Sequence[str]) -> Journal:
    """The journal: writes in path order, then deletions. Its staged names are this run's alone."""
    token = secrets.token_hex(4)
    ordered = sorted(changes, key=lambda path: (isinstance(changes[path], DeleteFile), path))
    return Journal(
        root=root,
        complete=True,
        steps=tuple(_step(path, changes[path], f"{OURS}-{token}-{number}") for number, path in enumerate(ordered)),
        made=_missing(root, [path for path, change in changes.items() if isinstance(change, WriteFile)]),
        kept=tuple(kept),
    )


def _step(path: str, change: TreeChange, name: str) -> Step:
    match change:
        case WriteFile():
            return Step(path=path, before=change.expected, staged=posixpath.join(posixpath.dirname(path), name))
        case DeleteFile():
            return Step(path=path, before=change.expected, staged="")


def _missing(root: str, paths: Sequence[str]) -> tuple[str, ...]:
    """The directories that are not there yet, outermost first."""
    parents = {str(parent) for path in paths for parent in PurePosixPath(path).parents}
    return tuple(sorted(parent for parent in parents if not Path(root, parent).is_dir()))


def _stage(journal_file: Path, journal: Journal, changes: Mapping[str, TreeChange], effects: Effects) -> None:
    """Everything short of touching the tree; after it the journal is complete. On a failure nothing is left."""
    started = Journal(root=journal.root, complete=False, steps=journal.steps, made=journal.made, kept=journal.kept)
    try:
        save(journal_file, started, effects)
        _write_staged(journal, changes)
        for step in journal.steps:
            _check(journal.root, step.path, step.before)
        save(journal_file, journal, effects)
    except (OSError, HedgehogGitopsError) as error:
        discard(journal_file, started, effects)
        if isinstance(error, OSError):
            fail(f"nothing was written: {error}", error, "check the permissions and the space on the disk")
        raise


def _write_staged(journal: Journal, changes: Mapping[str, TreeChange]) -> None:
    for directory in journal.made:
        Path(journal.root, directory).mkdir(exist_ok=True)
    for step in journal.steps:
        change = changes[step.path]
        if isinstance(change, WriteFile):
            write_durably(Path(journal.root, step.staged), change.data, _mode(f"{journal.root}/{step.path}"))
        elif not _may_delete(Path(journal.root, step.path)):
            raise PermissionError(f"no permission to delete {step.path}")
    for directory in {posixpath.dirname(step.staged) for step in journal.steps if step.staged}:
        sync_directory(f"{journal.root}/{directory}")


def _mode(name: str) -> int | None:
    """The permission bits of the file that will be replaced; None if there is none."""
    try:
        status = os.lstat(name)
    except FileNotFoundError:
        return None
    return stat.S_IMODE(status.st_mode) if stat.S_ISREG(status.st_mode) else None


def _may_delete(file: Path) -> bool:
    return os.access(file.parent, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)
