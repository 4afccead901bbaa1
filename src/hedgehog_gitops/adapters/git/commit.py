"""A read-only look at one revision, also in bare and shallow repositories."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from hedgehog_gitops.adapters.git.reading import read_commit
from hedgehog_gitops.adapters.git.repository import Repository, fail
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.tree import Published, Tree, TreeEdit

_LIMITS = Limits()


class Commit:
    """The files as they were at a revision: a commit id, a branch, a tag, `HEAD~1`."""

    def __init__(self, root: Path, revision: str, limits: Limits = _LIMITS) -> None:
        self._repository = Repository(root)
        self._revision = revision
        self._limits = limits

    def read(self, directory: str) -> Tree:
        """All files below a directory; every call looks at the same commit."""
        return read_commit(self._repository, self._commit, directory, self._limits)

    def publish(self, edits: Sequence[TreeEdit], message: str) -> Published:
        """Nothing: a commit that exists does not change."""
        del edits, message
        raise UsageError(f"revision {self._revision} can only be looked at: leave it out to write")

    @cached_property
    def _commit(self) -> str:
        return resolve(self._repository, self._revision)


def resolve(repository: Repository, revision: str) -> str:
    """The commit that a revision names; `UnreachableError` if this repository has none."""
    asked = ["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"]
    if revision.startswith("-") or (ended := repository.attempt(asked)).status != 0:
        fail(f"there is no commit {revision!r} in {repository.root}", "check the name, or fetch it first")
    return ended.out.decode("ascii").strip()
