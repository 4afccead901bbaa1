"""A scratch git remote with a clone, and our command run in it: what the end-to-end tests share."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

AUTHOR = {
    "GIT_AUTHOR_NAME": "test",
    "GIT_AUTHOR_EMAIL": "test@localhost",
    "GIT_COMMITTER_NAME": "test",
    "GIT_COMMITTER_EMAIL": "test@localhost",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Workspace:
    """A clone with its bare remote beside it."""

    work: Path
    remote: Path
    command: tuple[str, ...] = (sys.executable, "-m", "hedgehog_gitops")
    env: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, timeout: float = 120) -> Ended:
        return ended([*self.command, "--no-progress", *arguments], self.work, self.env, timeout)

    def git(self, *arguments: str) -> str:
        return git(self.work, *arguments)

    def write(self, path: str, text: str | bytes) -> Path:
        file = self.work / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def push(self, message: str = "change") -> str:
        """Commit everything and push it; returns the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        self.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
        return self.remote_head()

    def remote_head(self) -> str:
        return git(self.remote, "rev-parse", "refs/heads/main").strip()

    def remote_commits(self) -> int:
        return int(git(self.remote, "rev-list", "--count", "refs/heads/main"))

    def remote_files(self) -> list[str]:
        return git(self.remote, "ls-tree", "-r", "--name-only", "-z", "refs/heads/main").rstrip("\0").split("\0")

    def remote_text(self, path: str) -> str:
        return git(self.remote, "show", f"refs/heads/main:{path}")

    def fingerprint(self) -> str:
        """A digest of every file of the clone outside .git, to prove that nothing was written."""
        digest = hashlib.sha256()
        for file in sorted(self.work.rglob("*")):
            if ".git" in file.relative_to(self.work).parts or ".hedgehog-gitops" in file.parts:
                continue
            digest.update(str(file.relative_to(self.work)).encode() + b"\0")
            if file.is_file() and not file.is_symlink():
                digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()


def make_workspace(
    directory: Path, *, command: Sequence[str] | None = None, env: Mapping[str, str] | None = None
) -> Workspace:
    """An empty bare remote and a clone of it on branch main."""
    remote, work = directory / "remote.git", directory / "work"
    git(directory, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    git(directory, "clone", "--quiet", str(remote), str(work))
    git(work, "checkout", "--quiet", "-B", "main")
    chosen = tuple(command) if command else (sys.executable, "-m", "hedgehog_gitops")
    return Workspace(work=work, remote=remote, command=chosen, env=env or {})


def git(directory: Path, *arguments: str) -> str:
    done = ended(["git", *arguments], directory, {}, 60)
    assert done.code == 0, done.err
    return done.out


def ended(command: Sequence[str], directory: Path, env: Mapping[str, str], timeout: float) -> Ended:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GIT_"))}
    done = subprocess.run(
        list(command),
        cwd=directory,
        env={**clean, **AUTHOR, **env},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
