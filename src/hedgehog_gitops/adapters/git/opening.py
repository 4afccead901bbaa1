"""Which branch a directory's desired files are shared on, and what its files on disk are equal to."""

from __future__ import annotations

from pathlib import Path

from hedgehog_gitops.adapters.git.local_branch import LocalBranch
from hedgehog_gitops.adapters.git.remote_branch import TIMEOUT, RemoteBranch
from hedgehog_gitops.adapters.git.repository import Repository
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.settings import GitSettings

_UNNAMED = "worktree"


def open_branch(
    root: Path, settings: GitSettings, limits: Limits, timeout: float = TIMEOUT
) -> RemoteBranch | LocalBranch:
    """The remote's branch; the local one if the repository has no remote at all, and no special one is asked for.

    `timeout` bounds each talk with the remote.
    """
    remotes = Repository(root).text("remote")
    if not remotes and settings.remote == GitSettings().remote:
        return LocalBranch(root, settings.branch, limits)
    return RemoteBranch(root, settings.remote, settings.branch, limits, timeout)


def git_version(root: Path) -> str:
    """The version of the git command."""
    return Repository(root).text("--version").removeprefix("git version ")


def worktree_revision(root: Path, directory: str) -> str:
    """HEAD's commit if the files below a directory are equal to it, else `COMMIT+worktree`; `worktree` outside git."""
    try:
        repository = Repository(root)
        head = repository.text("rev-parse", "--verify", "HEAD^{commit}")
        status = [
            "--no-optional-locks",
            "--literal-pathspecs",
            "status",
            "--porcelain",
            "-z",
            "--untracked-files=all",
            "--ignored",
            "--no-renames",
        ]
        changes = repository.run(*status, "--", repository.prefix + directory or ".")
    except UnreachableError:
        return _UNNAMED
    return f"{head}+{_UNNAMED}" if changes else head
