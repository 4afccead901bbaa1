"""Files in a git repository: a remote's branch, the local branch, or one commit. The only home of GitPython.

Read in this order: `repository` (running git), `reading`, `committing`, then the sources `remote_branch`,
`local_branch` and `commit`; `opening` picks one of them, `loose` reads single paths at a
revision, and `history` says who changed a path last (`walking` goes through commits, `steps` reads what they changed).
"""

from hedgehog_gitops.adapters.git.commit import Commit
from hedgehog_gitops.adapters.git.history import GitHistory
from hedgehog_gitops.adapters.git.local_branch import LocalBranch
from hedgehog_gitops.adapters.git.loose import read_paths_at
from hedgehog_gitops.adapters.git.opening import git_version, open_branch, worktree_revision
from hedgehog_gitops.adapters.git.remote_branch import RemoteBranch

__all__ = [
    "Commit",
    "GitHistory",
    "LocalBranch",
    "RemoteBranch",
    "git_version",
    "open_branch",
    "read_paths_at",
    "worktree_revision",
]
