"""Carries staged changes out, and again after a crash: the journal on disk decides between the old and the new tree.

Without a complete journal nothing of the tree has been touched and the staged files are thrown away; with one every
step can be repeated until all are done. Renames come first and deletions last, so nothing is ever lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import posixpath
import stat
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from hedgehog_gitops.adapters.worktree.reading import OURS, blob_id, link_target
from hedgehog_gitops.core.edits import place
from hedgehog_gitops.model.errors import UsageError

_NOT_A_FILE = "-"


class Effects(NamedTuple):
    """The two calls that change a tree: a test takes them over to stop in the middle."""

    replace: Callable[[str, str], None] = os.replace
    unlink: Callable[[str], None] = os.unlink


class Step(NamedTuple):
    """One file's change: from blob `before` (None: not there) to the content of the file `staged` ("": deleted).

    Paths count from the root.
    """

    path: str
    before: str | None
    staged: str


class Journal(NamedTuple):
    """All steps in their order, the directories made for them, and those that stay even if they become empty."""

    root: str
    complete: bool
    steps: tuple[Step, ...]
    made: tuple[str, ...]
    kept: tuple[str, ...]


def journal_path(root: str) -> Path:
    """Where the journal of a root lies: inside `.git` of the checkout, else in a directory of ours below the root."""
    name = f"journal-{hashlib.sha1(os.fsencode(root), usedforsecurity=False).hexdigest()[:12]}.json"
    top = Path(root)
    for directory in (top, *top.parents):
        if (inside := _git_directory(directory / ".git")) is not None:
            return inside / "hedgehog-gitops" / name
    return top / OURS / name


def is_left(path: Path) -> bool:
    """True if a run has not come to its end: it was stopped, or it is still at work."""
    return path.exists() or _new(path).exists()


def save(path: Path, journal: Journal, effects: Effects) -> None:
    """Put the journal in place, whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    value = journal._asdict() | {"steps": [step._asdict() for step in journal.steps]}
    write_durably(_new(path), json.dumps(value).encode())
    effects.replace(str(_new(path)), str(path))
    sync_directory(str(path.parent))


def recover(root: str, path: Path, effects: Effects) -> None:
    """Bring what a stopped run has left to its end: forward if its journal is complete, else back."""
    journal = _load(root, path)
    if journal is None:
        _forget(path, effects)
    elif journal.complete:
        roll_forward(path, journal, effects)
    else:
        discard(path, journal, effects)


def roll_forward(path: Path, journal: Journal, effects: Effects) -> tuple[str, ...]:
    """Carry out every step that is not done yet, then forget the journal.

    The answer names files that somebody else has changed since the check: theirs stay.
    """
    foreign = tuple(step.path for step in journal.steps if not _carry_out(journal.root, step, effects))
    for directory in sorted({posixpath.dirname(step.path) for step in journal.steps}):
        sync_directory(f"{journal.root}/{directory}")
    _remove_emptied(journal)
    _forget(path, effects)
    return foreign


def discard(path: Path, journal: Journal, effects: Effects) -> None:
    """Throw staged files and the directories made for them away, then the journal."""
    for step in journal.steps:
        if step.staged:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                effects.unlink(f"{journal.root}/{step.staged}")
    for directory in reversed(journal.made):
        with contextlib.suppress(OSError):
            Path(journal.root, directory).rmdir()
    _forget(path, effects)


def blob_on_disk(name: str) -> str | None:
    """The blob id of a file or link; None if there is nothing, and no id at all for anything else."""
    try:
        mode = os.lstat(name).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISLNK(mode):
        return blob_id(link_target(name))
    return blob_id(Path(name).read_bytes()) if stat.S_ISREG(mode) else _NOT_A_FILE


def write_durably(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file and wait until the disk has it. `mode` is its permission bits; None means the usual ones."""
    with path.open("wb") as file:
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_directory(name: str) -> None:
    """Wait until the disk has the names of a directory; some file systems cannot say."""
    with contextlib.suppress(OSError):
        descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _carry_out(root: str, step: Step, effects: Effects) -> bool:
    """True if the step is done now, False if somebody else's file is in its place."""
    target = f"{root}/{step.path}"
    if step.staged:
        return _put(f"{root}/{step.staged}", target, step.before, effects)
    now = blob_on_disk(target)
    if now == step.before:
        effects.unlink(target)
    return now in {step.before, None}


def _put(staged: str, target: str, before: str | None, effects: Effects) -> bool:
    if not os.path.lexists(staged):
        return True  # done before a crash
    if blob_on_disk(target) == before:
        effects.replace(staged, target)
        return True
    effects.unlink(staged)
    return False


def _remove_emptied(journal: Journal) -> None:
    for step in journal.steps:
        directory = posixpath.dirname(step.path)
        while not step.staged and directory and directory not in journal.kept:
            try:
                Path(journal.root, directory).rmdir()
            except FileNotFoundError:
                pass  # gone with another step's file
            except OSError:
                break
            directory = posixpath.dirname(directory)


def _forget(path: Path, effects: Effects) -> None:
    for leftover in (_new(path), path):
        with contextlib.suppress(FileNotFoundError):
            effects.unlink(str(leftover))
    with contextlib.suppress(OSError):
        path.parent.rmdir()


def _load(root: str, path: Path) -> Journal | None:
    """The journal; None if it is damaged, of another root, or names files outside: then it is no work of ours."""
    try:
        raw = json.loads(path.read_bytes())
        steps = tuple(Step(**step) for step in raw.pop("steps"))
        journal = Journal(steps=steps, made=tuple(raw.pop("made")), kept=tuple(raw.pop("kept")), **raw)
        named = [name for step in steps for name in (step.path, step.staged) if name]
        is_ours = journal.root == root and _are_inside(root, (*named, *journal.made))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, UsageError):
        return None
    return journal if is_ours and all(_is_ours(step.staged) for step in steps) else None


def _are_inside(root: str, paths: Iterable[str]) -> bool:
    return not any(
        Path(root, parent).is_symlink() for path in paths for parent in PurePosixPath(place("", path)).parents
    )


def _is_ours(staged: str) -> bool:
    return not staged or posixpath.basename(staged).startswith(OURS)


def _git_directory(dot_git: Path) -> Path | None:
    """The directory that `.git` is or names, if it looks like one of git's."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        named = dot_git.read_text().partition("gitdir:")[2].strip() if dot_git.is_file() else ""
        inside = dot_git.parent / named if named else dot_git
        return inside if (inside / "HEAD").is_file() else None
    return None


def _new(path: Path) -> Path:
    return path.with_suffix(".new")
