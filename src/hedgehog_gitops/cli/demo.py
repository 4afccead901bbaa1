"""`demo`: a tour on a scratch copy of the quick-start fabric, with the real commands and a real git remote."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from hedgehog_gitops.adapters.package_files import package_directory
from hedgehog_gitops.cli.demo_story import STORY, Act, Edit, Git, Ours
from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.model.errors import UsageError

AUTHOR = ("-c", "user.name=demo", "-c", "user.email=demo@localhost")
QUIET = ("-c", "advice.detachedHead=false", "-c", "init.defaultBranch=main")


def demo(args: Namespace) -> int:
    """Run the tour; 0 if every step ended as it should."""
    if args.keep:
        return _tour(_new_directory(Path(args.keep)))
    with tempfile.TemporaryDirectory(prefix="hedgehog-gitops-demo-") as scratch:
        return _tour(Path(scratch))


def _tour(scratch: Path) -> int:
    work = _checkout(scratch)
    for number, step in enumerate(STORY, start=1):
        _say(f"\n── {number}. {step.title} " + "─" * max(0, 66 - len(step.title)))
        for act in step.acts:
            if not _do(act, work):
                _say(f"the tour ends here: step {number} did not go as it should")
                return Exit.FAILED
    _say("\nThat is all. Your own fabric: hedgehog-gitops.yaml, then init, validate, plan, sync.")
    return Exit.DONE


def _do(act: Act, work: Path) -> bool:
    match act:
        case Ours():
            _say("$ hedgehog-gitops " + " ".join(act.arguments))
            command = [sys.executable, "-m", "hedgehog_gitops", "--no-progress", *act.arguments]
            return _run(command, work) == act.ends
        case Git():
            _say("$ git " + " ".join(act.arguments))
            return _git(act.arguments, work) == 0
        case Edit():
            return _edit(act, work)
        case _:
            assert_never(act)


def _edit(edit: Edit, work: Path) -> bool:
    file = work / edit.path
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(edit.before, edit.after, 1), encoding="utf-8")
    _say(f"$ edit {edit.path}\n  - {edit.before.strip()}\n  + {edit.after.strip()}")
    return edit.before in text


def _checkout(scratch: Path) -> Path:
    remote, work = scratch / "remote.git", scratch / "work"
    shutil.copytree(package_directory("examples/quickstart"), work)
    _git(("init", "--quiet", "--bare", str(remote)), scratch)
    for arguments in (
        ("init", "--quiet"),
        ("add", "--all"),
        ("commit", "--quiet", "--message", "Raw files of the fabric"),
        ("remote", "add", "origin", str(remote)),
        ("push", "--quiet", "--set-upstream", "origin", "main"),
    ):
        _git(arguments, work)
    return work


def _git(arguments: Sequence[str], directory: Path) -> int:
    return _run(["git", *AUTHOR, *QUIET, *arguments], directory)


def _run(command: Sequence[str], directory: Path) -> int:
    sys.stdout.flush()
    return subprocess.run(command, cwd=directory, check=False).returncode  # noqa: S603 - a fixed list of our own


def _new_directory(directory: Path) -> Path:
    if directory.exists() and any(directory.iterdir()):
        raise UsageError(f"{directory} is not empty; name a new directory")
    directory.mkdir(parents=True, exist_ok=True)
    return directory.resolve()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
