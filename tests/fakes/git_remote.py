"""Bare remotes and clones in a scratch directory, made and looked at with plain git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

IDENTITY = {
    "GIT_AUTHOR_NAME": "someone",
    "GIT_AUTHOR_EMAIL": "someone@localhost",
    "GIT_COMMITTER_NAME": "someone",
    "GIT_COMMITTER_EMAIL": "someone@localhost",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(directory: Path, *arguments: str, data: bytes | None = None) -> bytes:
    """What plain git prints; fails the test with git's message if git fails."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments],
        cwd=directory,
        env={**inherited, **IDENTITY},
        input=data,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"git {arguments}: {done.stderr.decode()}"
    return done.stdout


@dataclass(frozen=True)
class GitRemote:
    """A bare repository with one branch, `main`, that everybody pushes to."""

    bare: Path

    @property
    def head(self) -> str:
        """The newest commit of main."""
        return git(self.bare, "rev-parse", "refs/heads/main").decode().strip()

    def commits(self) -> int:
        """How many commits main has."""
        return int(git(self.bare, "rev-list", "--count", "refs/heads/main"))

    def listing(self, revision: str = "refs/heads/main") -> dict[str, str]:
        """Every path of main with its mode and object, as `ls-tree` prints them."""
        out = git(self.bare, "ls-tree", "-r", "-z", "--full-tree", revision).decode()
        lines = (line.partition("\t") for line in out.split("\0") if line)
        return {path: meta for meta, _, path in lines}

    def content(self, path: str) -> bytes:
        """A file's bytes in main."""
        return git(self.bare, "cat-file", "blob", f"refs/heads/main:{path}")

    def commit(self, files: Mapping[str, bytes | None], message: str = "by someone else") -> str:
        """Push a commit that writes and (None) deletes files, as another clone would; returns its id."""
        work = self.bare.parent / "someone"
        if not work.exists():
            git(self.bare.parent, "clone", "--quiet", "--no-local", str(self.bare), str(work))
        git(work, "fetch", "--quiet", "origin")
        git(work, "checkout", "--quiet", "--force", "-B", "main", *(["origin/main"] if self._has_main() else []))
        write_files(work, files)
        git(work, "add", "--all", "--force")
        git(work, "commit", "--quiet", "--allow-empty", "--message", message)
        git(work, "push", "--quiet", "origin", "main")
        return self.head

    def clone(self, to: Path, *options: str) -> Path:
        """A clone of the remote; `options` are those of `git clone`."""
        git(self.bare.parent, "clone", "--quiet", *options, self.bare.as_uri(), str(to))
        return to

    def _has_main(self) -> bool:
        return bool(git(self.bare, "for-each-ref", "refs/heads/main"))


def make_remote(directory: Path, files: Mapping[str, bytes] | None = None) -> GitRemote:
    """An empty bare remote, or one with a first commit that holds the files."""
    remote = GitRemote(directory / "remote.git")
    git(directory, "init", "--quiet", "--bare", "--initial-branch=main", str(remote.bare))
    if files is not None:
        remote.commit(files, "first")
    return remote


def write_files(directory: Path, files: Mapping[str, bytes | None]) -> None:
    """Write and (None) delete files below a directory on disk."""
    for path, data in files.items():
        target = directory / path
        if data is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
