"""Files on disk, in a git checkout or in a plain directory; git itself is not needed.

`reading` walks, `writing` checks and stages changes, `journal` carries them out so that a crash leaves no half state.
"""

from hedgehog_gitops.adapters.worktree.journal import Effects
from hedgehog_gitops.adapters.worktree.loose import read_paths
from hedgehog_gitops.adapters.worktree.source import Worktree

__all__ = ["Effects", "Worktree", "read_paths"]
