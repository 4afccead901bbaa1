"""Which files are read: those on disk, one revision, or the tip of the shared branch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hedgehog_gitops.adapters.worktree import Worktree
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.remembered import Remembered
from hedgehog_gitops.model.settings import Settings
from hedgehog_gitops.model.tree import Tree
from hedgehog_gitops.ports import History, Source


def files(settings: Settings, known: Mapping[str, Remembered] | None = None) -> Source:
    """The files on disk; of what is known of one fabric's files only what lies there as it did is taken as read."""
    return Worktree(Path(settings.root), settings.limits, known=known or {})


def files_or_revision(settings: Settings, revision: str | None) -> Source:
    """The files on disk, or a read-only look at a git revision."""
    if revision is None:
        return files(settings)
    from hedgehog_gitops.adapters.git import Commit  # noqa: PLC0415 - git only when a revision is asked for

    return Commit(Path(settings.root), revision, settings.limits)


def base_files(settings: Settings, base: str | None) -> Source | None:
    """A read-only look at the revision that something is judged against, or None without one."""
    return None if base is None else files_or_revision(settings, base)


def base_paths(paths: Sequence[Path], base: str | None, limits: Limits) -> Tree | None:
    """Files and directories named by hand as they were at a revision, or None without one."""
    if base is None:
        return None
    from hedgehog_gitops.adapters.git import read_paths_at  # noqa: PLC0415 - git only when a revision is asked for

    return read_paths_at(paths, base, limits)


def named_files(settings: Settings, revision: str | None) -> Source:
    """The same, with the files on disk named after the commit that they are equal to, or differ from."""
    root = Path(settings.root)
    if revision is not None or not in_git(root):
        return files_or_revision(settings, revision)
    from hedgehog_gitops.adapters.git import worktree_revision  # noqa: PLC0415 - git only in a git checkout

    return Worktree(root, settings.limits, revision=lambda directory: worktree_revision(root, directory))


def open_history(settings: Settings) -> History | None:
    """Who changed the files, where they are kept in git; nothing is run until it is asked."""
    root = Path(settings.root)
    if not in_git(root):
        return None
    from hedgehog_gitops.adapters.git import GitHistory  # noqa: PLC0415 - git only in a git checkout

    return GitHistory(root)


def shared_branch(settings: Settings) -> Source:
    """What sync reads and publishes to: the remote's branch, the local branch without a remote, files without git."""
    root = Path(settings.root)
    if not in_git(root):
        return files(settings)
    from hedgehog_gitops.adapters.git import open_branch  # noqa: PLC0415 - git only in a git checkout

    return open_branch(root, settings.git, settings.limits)


def in_git(root: Path) -> bool:
    """True if a directory lies in a git checkout, or is a bare repository."""
    return (root / "HEAD").is_file() or any((directory / ".git").exists() for directory in (root, *root.parents))
