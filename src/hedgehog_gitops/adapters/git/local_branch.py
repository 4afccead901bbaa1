"""The branch of a repository without a remote: read from its newest commit, written as a new one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hedgehog_gitops.adapters.git.committing import make_commit
from hedgehog_gitops.adapters.git.reading import read_commit
from hedgehog_gitops.adapters.git.repository import Probe, Repository, fail
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import PushRejectedError, UsageError
from hedgehog_gitops.model.tree import Published, Tree, TreeEdit

_LIMITS = Limits()


class LocalBranch:
    """A local branch; an empty name means the one that is checked out.

    Publishing moves the branch. If it is checked out the files on disk follow, as in a fast-forward merge: files with
    changes that are not committed are never overwritten; then nothing moves at all.
    """

    def __init__(self, root: Path, branch: str = "", limits: Limits = _LIMITS) -> None:
        self._repository = Repository(root)
        self._branch = branch or checked_out(self._repository)
        self._limits = limits

    def read(self, directory: str) -> Tree:
        """All files below a directory in the branch's newest commit; what is only on disk is not seen."""
        return read_commit(self._repository, self._tip(), directory, self._limits)

    def publish(self, edits: Sequence[TreeEdit], message: str) -> Published:
        """One commit with all changes, if the branch is still where the edits' bases were read."""
        changed = [edit for edit in edits if edit.changes]
        if not changed:
            return Published(revision=self._tip(), changed=False)
        base = common_base(changed, self._branch)
        if self._tip() != base:
            raise PushRejectedError(self._branch, base)
        commit = make_commit(self._repository, base, changed, message)
        if commit != base:
            self._move(base, commit)
        return Published(revision=commit, changed=commit != base)

    def head(self) -> str:
        """The branch's newest commit."""
        return self._tip()

    def probe(self) -> Probe:
        """Where the branch is. That it can be written is taken for granted."""
        return Probe(name=self._branch, revision=self._tip())

    def _tip(self) -> str:
        ended = self._repository.attempt(["rev-parse", "--verify", "--quiet", f"refs/heads/{self._branch}^{{commit}}"])
        if ended.status != 0:
            fail(f"branch {self._branch!r} has no commit in {self._repository.root}", "make a first commit")
        return ended.out.decode("ascii").strip()

    def _move(self, base: str, commit: str) -> None:
        repository = self._repository
        if repository.top is not None and _head(repository) == self._branch:
            # Files first, then the branch, is what this merge does: a crash between leaves staged changes, which the
            # next run commits.
            ended = repository.attempt(
                ["merge", "--ff-only", "--quiet", "--no-stat", "--no-autostash", "--no-verify-signatures",
                 "--no-overwrite-ignore", commit],
            )  # fmt: skip
        else:
            ended = repository.attempt(
                ["update-ref", "-m", "hedgehog-gitops", f"refs/heads/{self._branch}", commit, base]
            )
        if ended.status == 0:
            return
        if self._tip() != base:
            raise PushRejectedError(self._branch, base)
        fail(f"the branch was not moved: {ended.err}", "commit or put aside your own changes to these files first")


def common_base(edits: Sequence[TreeEdit], branch: str) -> str:
    """The one commit that all edits were computed from; `PushRejectedError` if the branch moved between them."""
    revisions = dict.fromkeys(edit.base.revision for edit in edits)
    if len(revisions) > 1:
        raise PushRejectedError(branch, next(iter(revisions)))
    return next(iter(revisions))


def checked_out(repository: Repository) -> str:
    """The branch that HEAD names, also before its first commit; `UsageError` if HEAD is a commit."""
    branch = _head(repository)
    if not branch:
        raise UsageError("no branch is checked out: name one with git.branch in the configuration")
    return branch


def _head(repository: Repository) -> str:
    ended = repository.attempt(["symbolic-ref", "--quiet", "HEAD"])
    return ended.out.decode("utf-8", "replace").strip().removeprefix("refs/heads/")
