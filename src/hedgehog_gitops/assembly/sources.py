"""Which files are read: those on disk, one revision, or the tip of the remote branch."""

from __future__ import annotations

from pathlib import Path

from hedgehog_gitops.adapters.worktree import Worktree
from hedgehog_gitops.model.settings import Settings
from hedgehog_gitops.ports import Source


def files_or_revision(settings: Settings, revision: str | None) -> Source:
    """The files on disk, or a read-only look at a git revision."""
    if revision is None:
        return files(settings)
    from hedgehog_gitops.adapters.git import Commit  # noqa: PLC0415 - git only when a revision is asked for

    return Commit(Path(settings.root), revision, settings.limits)


def files(settings: Settings) -> Source:
    """The files on disk, named after the commit that they are equal to, if there is one."""
    return Worktree(Path(settings.root), settings.limits, revision=_worktree_revision(settings))


def shared_branch(settings: Settings) -> Source:
    """What sync reads and publishes to: the remote's branch, the local branch without a remote, files without git."""
    if not in_git(Path(settings.root)):
        return files(settings)
    from hedgehog_gitops.adapters.git import open_branch  # noqa: PLC0415 - git only in a git checkout

    return open_branch(Path(settings.root), settings.git, settings.limits)


def in_git(root: Path) -> bool:
    """True if a directory lies in a git checkout."""
    return any((directory / ".git").exists() for directory in (root, *root.parents))
