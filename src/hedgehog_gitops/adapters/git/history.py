"""Who changed single files last, and how commits changed manifests, in any clone."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from hedgehog_gitops.adapters.git.reading import list_entries
from hedgehog_gitops.adapters.git.repository import Repository
from hedgehog_gitops.adapters.git.steps import committed_steps, manifests_below, unsaved_step
from hedgehog_gitops.adapters.git.walking import as_text, touches
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.history import FileChange, HistoryStep

_STATUS = ("--no-optional-locks", "--literal-pathspecs", "status", "--porcelain", "-z", "--no-renames")


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

    def steps(self, revision: str, directory: str) -> Iterator[HistoryStep]:
        """The commits that changed manifests below a directory, newest first, what is not committed yet before them."""
        commit, _, disk = revision.partition("+")
        if commit == "worktree":
            return
        with suppress(UnreachableError, OSError):  # the same
            repository = Repository(self._root)
            top = (repository.prefix + directory).rstrip("/")
            if disk:
                lying = _lying(repository, ["--", top] if top else [])
                unsaved = unsaved_step(repository, repository.top or self._root, commit, manifests_below(lying, top))
                if unsaved is None:
                    return
                yield unsaved
            yield from committed_steps(repository, commit, top)


def _uncommitted(repository: Repository, paths: Collection[str]) -> set[str]:
    """Those of the paths that lie on disk as no commit has them."""
    return set(_lying(repository, ["--ignored", "--", *paths])) & set(paths)


def _lying(repository: Repository, which: Sequence[str]) -> list[str]:
    out = repository.run(*_STATUS, "--untracked-files=all", *which)
    return [as_text(entry[3:]) for entry in out.split(b"\0") if entry]


def _walk(repository: Repository, commit: str, paths: Collection[str]) -> dict[str, FileChange]:
    """The newest commit that made each path what it is. A clone's own end is nobody's change."""
    if not paths:
        return {}
    now = {entry.path: entry.blob for entry in list_entries(repository, commit, tuple(paths))}
    is_shallow = repository.text("rev-parse", "--is-shallow-repository") == "true"
    wanted = set(paths)
    found: dict[str, FileChange] = {}
    around = posixpath.dirname(next(iter(paths))) if len(paths) == 1 else posixpath.commonpath(paths)
    for touch in touches(repository, commit, around):
        left = "" if touch.change.is_removal else touch.blob
        if touch.path in wanted and left == now.get(touch.path, "") and not (is_shallow and touch.is_root):
            found[touch.path] = touch.change
            wanted.discard(touch.path)
            if not wanted:
                break
    return found
