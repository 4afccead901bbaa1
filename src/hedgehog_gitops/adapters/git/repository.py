"""Runs git in one local repository, through GitPython: no shell, no prompt, a bound on time, no secret in a message."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from hedgehog_gitops.core.repository_url import without_secrets
from hedgehog_gitops.model.errors import UnreachableError

LOCAL_TIMEOUT = 600.0
PLAIN = ("color.ui=false",)
# What runs beside the user's own work: no hooks, and a temporary index leaves nothing in the clone and asks no daemon.
APART = (
    *PLAIN,
    f"core.hooksPath={os.devnull}",
    "core.splitIndex=false",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
)
_LAST_WORDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a git command ended. `err` holds no secrets; `late` is True if it was stopped for taking too long."""

    status: int
    out: bytes
    err: str
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A branch that could be read: its name, its newest commit, and why it could not be written, if that is so."""

    name: str
    revision: str
    refusal: str = ""


class Repository:
    """The git repository, bare or not, that a directory lies in.

    `prefix` is the directory's path from the top of the checkout, with a slash at its end; "" at the top.
    """

    def __init__(self, root: Path) -> None:
        found = _discover(root)
        self.root = root
        self.git_dir = Path(found.git_dir)
        self.top = Path(found.working_tree_dir) if found.working_tree_dir else None
        self.prefix = _prefix(root, self.top)
        self._git = found.git
        self._environment = self._overrides()

    def run(self, *arguments: str, data: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
        """What a local git command prints; `UnreachableError` with git's own reason if it fails. No hooks run."""
        ended = self.attempt(arguments, data=data, environment=environment)
        if ended.status != 0:
            command = next(argument for argument in arguments if not argument.startswith("-"))
            fail(f"git {command} failed: {ended.err or f'exit code {ended.status}'}")
        return ended.out

    def text(self, *arguments: str, data: bytes = b"", environment: Mapping[str, str] | None = None) -> str:
        """The same as `run`, as one line of text."""
        return self.run(*arguments, data=data, environment=environment).decode("utf-8", "replace").strip()

    def attempt(
        self,
        arguments: Sequence[str],
        *,
        data: bytes = b"",
        environment: Mapping[str, str] | None = None,
        settings: Sequence[str] = APART,
        timeout: float = LOCAL_TIMEOUT,
    ) -> Ended:
        """How a git command ended, good or bad. `settings` are configuration for this one command."""
        chosen = [part for setting in settings for part in ("-c", setting)]
        process: Any = self._git.execute(
            [str(self._git.GIT_PYTHON_GIT_EXECUTABLE), *chosen, *arguments],
            istream=subprocess.PIPE,
            as_process=True,
            start_new_session=True,  # so that git can be stopped with all that it started
            env={**self._environment, **(environment or {})},
        )
        try:
            out, err = process.communicate(data, timeout=timeout)
        except subprocess.TimeoutExpired:
            _stop(process)
            return Ended(status=-1, out=b"", err=f"no answer within {timeout:g} s", late=True)
        except BaseException:
            _stop(process)
            raise
        return Ended(status=process.returncode, out=out, err=without_secrets(err.decode("utf-8", "replace")).strip())

    def _overrides(self) -> dict[str, str]:
        """The environment that git gets beside the user's own: no prompts, and this repository.

        Inside a git hook the variables that name a repository and an index are set, to those of the hook.
        """
        own = {"GIT_DIR": str(self.git_dir), "GIT_INDEX_FILE": str(self.git_dir / "index")}
        own |= {"GIT_WORK_TREE": str(self.top)} if self.top else {}
        inherited = {name: value for name, value in own.items() if name in os.environ}
        return {"GIT_TERMINAL_PROMPT": "0", **inherited}


def fail(reason: str, advice: str = "") -> NoReturn:
    """Raise `UnreachableError` about git, without secrets."""
    raise UnreachableError("git", without_secrets(reason), advice)


def _discover(root: Path) -> Any:
    try:
        import git  # noqa: PLC0415 - heavy, and only wanted where there is a repository
    except ImportError as error:
        raise UnreachableError("git", "the git command cannot be run", "install git and put it on PATH") from error
    try:
        return git.Repo(root, search_parent_directories=True, expand_vars=False)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError):
        fail(f"{root} is not in a git repository", "run the command inside a clone of the repository")


def _prefix(root: Path, top: Path | None) -> str:
    if top is None:
        return ""
    relative = os.path.relpath(os.path.realpath(root), os.path.realpath(top))
    return "" if relative == "." else f"{Path(relative).as_posix()}/"


def _stop(process: Any) -> None:
    """End git and its children: politely, so that it removes its lock files, then for good."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired, ValueError):
            process.communicate(timeout=_LAST_WORDS)
            return
