"""The last change of single files: one bounded walk over a commit's history, in any clone."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from hedgehog_gitops.adapters.git.reading import list_entries
from hedgehog_gitops.adapters.git.repository import Repository
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.history import FileChange

STEPS = (100, 400, 1500)
"""How many commits are looked at, step by step until every path is found. What changed before them is not known."""

_STATUS = ("--no-optional-locks", "--literal-pathspecs", "status", "--porcelain", "-z", "--no-renames")
_DIFF = ("diff-tree", "--stdin", "--root", "-r", "-z", "--raw", "-c", "--no-abbrev", "--no-renames", "--no-relative")
_FORMAT = ("--encoding=UTF-8", "--format=%H%x1f%P%x1f%aI%x1f%aN")
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1"}


class _Touch(NamedTuple):
    """One commit that changed one path, and what it left there (all zeros: nothing)."""

    path: str
    blob: str
    change: FileChange
    is_root: bool


class GitHistory:
    """The history of the repository that a directory lies in."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def last_changes(self, revision: str, paths: Collection[str]) -> Mapping[str, FileChange]:
        """The last change of each path (from the directory) at a revision; nothing of what is not certain."""
        commit, _, disk = revision.partition("+")
        if not paths or commit == "worktree":
            return {}
        try:
            repository = Repository(self._root)
            asked = {repository.prefix + path: path for path in sorted(paths)}
            on_disk = _uncommitted(repository, asked) if disk else set()
            found = _walk(repository, commit, [path for path in asked if path not in on_disk])
        except UnreachableError:  # a plan is no worse for not knowing who
            return {}
        unsaved = {
            path: FileChange(is_removal=not (repository.top or self._root).joinpath(path).exists()) for path in on_disk
        }
        return {asked[path]: change for path, change in {**found, **unsaved}.items()}


def _uncommitted(repository: Repository, paths: Collection[str]) -> set[str]:
    """Those of the paths that lie on disk as no commit has them."""
    out = repository.run(*_STATUS, "--untracked-files=all", "--ignored", "--", *paths)
    return {_text(entry[3:]) for entry in out.split(b"\0") if entry} & set(paths)


def _walk(repository: Repository, commit: str, paths: Collection[str]) -> dict[str, FileChange]:
    """The newest commit that made each path what it is. A clone's own end is nobody's change."""
    if not paths:
        return {}
    now = {entry.path: entry.blob for entry in list_entries(repository, commit, tuple(paths))}
    is_shallow = repository.text("rev-parse", "--is-shallow-repository") == "true"
    wanted = set(paths)
    found: dict[str, FileChange] = {}
    for touch in _touches(repository, commit, paths):
        left = "" if touch.change.is_removal else touch.blob
        if touch.path in wanted and left == now.get(touch.path, "") and not (is_shallow and touch.is_root):
            found[touch.path] = touch.change
            wanted.discard(touch.path)
            if not wanted:
                break
    return found


def _touches(repository: Repository, commit: str, paths: Collection[str]) -> Iterator[_Touch]:
    """What the newest commits changed, newest first.

    Git filters by the directory around all paths: to match hundreds of paths in each commit would take much longer.
    """
    around = posixpath.dirname(next(iter(paths))) if len(paths) == 1 else posixpath.commonpath(paths)
    diff = ["--literal-pathspecs", *_DIFF, *_FORMAT, "--", *([around] if around else [])]
    listed = repository.run("rev-list", f"--max-count={sum(STEPS)}", commit, environment=_OFFLINE)
    commits = listed.splitlines(keepends=True)
    for count in STEPS:
        step, commits = b"".join(commits[:count]), commits[count:]
        if step:
            yield from _parsed(repository.run(*diff, data=step, environment=_OFFLINE))


def _parsed(out: bytes) -> Iterator[_Touch]:
    header: list[str] = []
    blob = ""
    for part in map(_text, out.split(b"\0")):
        line = part.lstrip("\n")
        if blob:
            identity, parents, time, author = header
            change = FileChange(commit=identity, author=author, time=time, is_removal=not blob.strip("0"))
            yield _Touch(part, blob, change, not parents)
            blob = ""
        elif line.startswith(":"):
            blob = line.split(" ")[-2]
        elif line:
            header = line.split("\x1f", 3)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")
