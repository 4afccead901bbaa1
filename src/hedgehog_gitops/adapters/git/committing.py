"""Builds a commit out of changes, with an index of its own: the user's branch, index and files are not touched."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from hedgehog_gitops.adapters.git.reading import Entry, list_entries
from hedgehog_gitops.adapters.git.repository import Repository
from hedgehog_gitops.core.edits import changes_by_path
from hedgehog_gitops.model.errors import FileMovedError, UsageError
from hedgehog_gitops.model.tree import DeleteFile, TreeChange, TreeEdit, WriteFile

_NAME, _EMAIL = "hedgehog-gitops", "hedgehog-gitops@localhost"
_PLAIN = "100644"


def make_commit(repository: Repository, base: str, edits: Sequence[TreeEdit], message: str) -> str:
    """The id of a commit on top of `base` with all changes; `base` itself if they change nothing.

    `FileMovedError` if a file at `base` is not the one that a change expects. Nothing points at the commit yet.
    """
    prefix = repository.prefix
    changes = {prefix + path: change for path, change in changes_by_path(edits).items()}
    there = _entries_below(repository, base, edits)
    for path, change in changes.items():
        if (there[path].blob if path in there else None) != change.expected:
            raise FileMovedError(path.removeprefix(prefix))
    tree = _make_tree(repository, base, changes, there)
    moved = _differences(repository, base, tree)
    if strays := sorted(moved - changes.keys()):
        raise UsageError(f"a file or link is in the way at {strays[0]!r}: nothing was written")
    if not moved:
        return base
    return repository.text(
        "commit-tree", tree, "-p", base, "-F", "-", data=_ended(message), environment=_identity(repository)
    )


def _entries_below(repository: Repository, base: str, edits: Sequence[TreeEdit]) -> dict[str, Entry]:
    directories = dict.fromkeys((repository.prefix + edit.base.directory).rstrip("/") for edit in edits)
    return {entry.path: entry for entry in list_entries(repository, base, tuple(directories))}


def _make_tree(repository: Repository, base: str, changes: Mapping[str, TreeChange], there: Mapping[str, Entry]) -> str:
    with tempfile.TemporaryDirectory(prefix="hedgehog-gitops-") as directory:
        index = {"GIT_INDEX_FILE": os.path.join(directory, "index")}  # noqa: PTH118 - an environment value is text
        repository.run("read-tree", base, environment=index)
        written = {path: change.data for path, change in changes.items() if isinstance(change, WriteFile)}
        blobs = dict(zip(written, _store(repository, written.values(), Path(directory)), strict=True))
        lines = (_index_line(path, change, blobs, there) for path, change in changes.items())
        repository.run("update-index", "-z", "--index-info", data=b"".join(lines), environment=index)
        return repository.text("write-tree", environment=index)


def _store(repository: Repository, contents: Iterable[bytes], directory: Path) -> list[str]:
    """Store each content as it is, without line-end or other filters; their ids in the same order."""
    paths = []
    for number, data in enumerate(contents):
        path = directory / f"{number}.blob"
        path.write_bytes(data)
        paths.append(path)
    if not paths:
        return []
    named = b"".join(os.fsencode(path) + b"\n" for path in paths)
    return repository.text("hash-object", "-w", "--no-filters", "--stdin-paths", data=named).split()


def _index_line(path: str, change: TreeChange, blobs: Mapping[str, str], there: Mapping[str, Entry]) -> bytes:
    match change:
        case DeleteFile():
            return f"0 {'0' * len(change.expected)}\t{path}\0".encode()
        case WriteFile():
            before = there[path].mode if path in there else _PLAIN
            mode = before if before.startswith("100") else _PLAIN
            return f"{mode} {blobs[path]}\t{path}\0".encode()


def _differences(repository: Repository, base: str, tree: str) -> set[str]:
    """The paths whose entry differs: asked of git, so that a commit holds what was meant and nothing else."""
    out = repository.run("diff-tree", "-r", "-z", "--no-renames", "--name-only", base, tree)
    return {path.decode("utf-8", "backslashreplace") for path in out.split(b"\0") if path}


def _identity(repository: Repository) -> dict[str, str]:
    """The author and committer that neither git's configuration nor the environment names."""
    ended = repository.attempt(
        ["config", "-z", "--name-only", "--get-regexp", r"^(user|author|committer)\.(name|email)$"]
    )
    known = set(ended.out.decode("utf-8", "replace").lower().split("\0"))
    own = {
        (role, field): value
        for role in ("author", "committer")
        for field, value in (("name", _NAME), ("email", _EMAIL))
    }
    return {
        variable: value
        for (role, field), value in own.items()
        if (variable := f"GIT_{role}_{field}".upper()) not in os.environ
        and not known & {f"user.{field}", f"{role}.{field}"}
    }


def _ended(message: str) -> bytes:
    return (message.rstrip("\n") + "\n").encode()
