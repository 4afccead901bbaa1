"""A branch of a remote: fetched for reading, written by one push that only succeeds if the branch has not moved."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from hedgehog_gitops.adapters.git.committing import make_commit
from hedgehog_gitops.adapters.git.local_branch import checked_out, common_base
from hedgehog_gitops.adapters.git.reading import read_commit
from hedgehog_gitops.adapters.git.repository import APART, PLAIN, Ended, Probe, Repository, fail
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import PushRejectedError, UsageError
from hedgehog_gitops.model.tree import Published, Tree, TreeEdit

TIMEOUT = 60.0
"""How long one talk with a remote may take, in seconds."""

_LIMITS = Limits()
_ATTEMPTS = 5
_PAUSE = 0.05
_BUSY = ("cannot lock ref", "shallow.lock", "shallow file has changed")
# What git and servers say of a branch that another push has moved.
_MOVED = (
    "stale info", "fetch first", "non-fast-forward", "needs force", "cannot lock ref", "failed to lock",
    "failed to update ref", "incorrect old value", "already exists",
)  # fmt: skip


class RemoteBranch:
    """A branch of a remote of the local repository; an empty name means the branch that is checked out.

    The local branch, the index and the files on disk are not touched. `timeout` bounds each talk with the remote.
    """

    def __init__(
        self, root: Path, remote: str = "origin", branch: str = "", limits: Limits = _LIMITS, timeout: float = TIMEOUT
    ) -> None:
        self._repository = Repository(root)
        self._remote = _known(self._repository, remote)
        self._branch = _checked(self._repository, branch)
        self._limits = limits
        self._timeout = timeout

    def read(self, directory: str) -> Tree:
        """All files below a directory at the remote's newest commit."""
        return read_commit(self._repository, self._fetch(), directory, self._limits)

    def publish(self, edits: Sequence[TreeEdit], message: str) -> Published:
        """One commit with all changes, pushed on top of the bases' revision.

        On `UnreachableError` without an answer the remote has either the old or the new tree.
        """
        changed = [edit for edit in edits if edit.changes]
        if not changed:
            return Published(revision=edits[0].base.revision if edits else self._fetch(), changed=False)
        base = common_base(changed, self._name)
        commit = make_commit(self._repository, base, changed, message)
        if commit != base:
            self._push(base, commit)
        return Published(revision=commit, changed=commit != base)

    def head(self) -> str:
        """The remote's newest commit, by one question to it; nothing is fetched."""
        name = f"refs/heads/{self._branch}"
        ended = self._talk("ls-remote", self._remote, name)
        lines = ended.out.decode("utf-8", "replace").splitlines()
        found = {ref: commit for commit, _, ref in (line.partition("\t") for line in lines)}
        if ended.status != 0 or name not in found:
            fail(f"{self._name} cannot be asked: {ended.err or 'there is no such branch'}", _advice(ended))
        return found[name]

    def probe(self) -> Probe:
        """Where the remote's branch is, and whether a push to it would be taken; nothing is pushed."""
        revision = self._fetch()
        target = f"{revision}:refs/heads/{self._branch}"
        ended = self._talk("push", "--porcelain", "--dry-run", "--no-follow-tags", self._remote, target)
        refusal = "" if ended.status == 0 else f"{_refusal(ended)} {ended.err}".strip()
        return Probe(name=self._name, revision=revision, refusal=refusal)

    @property
    def _name(self) -> str:
        return f"{self._remote}/{self._branch}"

    def _fetch(self) -> str:
        """The remote's newest commit, kept by a reference of our own."""
        ours = f"refs/hedgehog-gitops/{self._remote}/{self._branch}"
        for attempt in range(1, _ATTEMPTS + 1):
            ended = self._talk(
                "fetch", "--quiet", "--no-tags", "--no-prune", "--no-recurse-submodules", "--no-write-fetch-head",
                "--refmap=", self._remote, f"+refs/heads/{self._branch}:{ours}",
            )  # fmt: skip
            if not any(word in ended.err for word in _BUSY):  # another run fetches at the same time
                break
            time.sleep(_PAUSE * attempt)
        if ended.status != 0:
            self._explain_fetch(ended)
        return self._repository.text("rev-parse", "--verify", f"{ours}^{{commit}}")

    def _explain_fetch(self, ended: Ended) -> None:
        if "couldn't find remote ref" not in ended.err:
            fail(f"{self._remote} cannot be read: {ended.err}", _advice(ended))
        heads = self._talk("ls-remote", "--heads", self._remote)
        if heads.status == 0 and not heads.out:
            fail(f"{self._remote} has no commit yet", f"push a first commit to its branch {self._branch}")
        fail(f"{self._remote} has no branch {self._branch!r}", "check git.branch in the configuration")

    def _push(self, base: str, commit: str) -> None:
        """Move the branch from `base` to `commit`, its child, or not at all.

        The lease makes this an exact compare-and-swap. It never overwrites: where the branch is at `base` the push
        is a fast-forward, and everywhere else it is refused, even where a plain push would bring back a commit that
        somebody has taken out of the branch.
        """
        target = f"refs/heads/{self._branch}"
        ended = self._talk(
            "push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no", f"--force-with-lease={target}:{base}",
            self._remote, f"{commit}:{target}", settings=(*PLAIN, f"remote.{self._remote}.mirror=false"),
        )  # fmt: skip
        if ended.status == 0:
            return
        refusal = _refusal(ended)
        if any(word in refusal for word in _MOVED):
            raise PushRejectedError(self._name, base)
        said = f"{refusal} {ended.err}".strip()
        fail(f"{self._name} cannot be written: {said}", _advice(ended, refusal))

    def _talk(self, *arguments: str, settings: Sequence[str] = APART) -> Ended:
        return self._repository.attempt(arguments, settings=settings, timeout=self._timeout)


def _refusal(ended: Ended) -> str:
    """Why the branch was not moved, in git's short form; empty if the push did not get that far."""
    lines = ended.out.decode("utf-8", "replace").splitlines()
    return " ".join(line.split("\t")[-1] for line in lines if line.startswith("!"))


def _advice(ended: Ended, refusal: str = "") -> str:
    if ended.late:
        return "check the network; the next run starts from what the remote has"
    said = f"{refusal} {ended.err}".lower()
    if any(word in said for word in ("authentication", "could not read username", "permission denied", "403", "401")):
        return "check the credentials that git uses for this remote"
    if "hook declined" in said or "protected branch" in said:
        return "the server's rules forbid this push: allow it, or set git.branch to another branch"
    return "check the remote's address, the network and the credentials"


def _known(repository: Repository, remote: str) -> str:
    if not has_remote(repository, remote):
        fail(f"there is no remote {remote!r} in {repository.root}", "check git.remote in the configuration")
    return remote


def has_remote(repository: Repository, remote: str) -> bool:
    """True if the local repository has a remote of this name."""
    return remote in repository.text("remote").splitlines()


def _checked(repository: Repository, branch: str) -> str:
    name = branch or checked_out(repository)
    if repository.attempt(["check-ref-format", f"refs/heads/{name}"]).status != 0:
        raise UsageError(f"{name!r} is no name for a branch")
    return name
