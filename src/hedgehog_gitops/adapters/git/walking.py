"""One bounded walk over a commit's history: which commits changed which paths, and from what to what."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from hedgehog_gitops.adapters.git.repository import Repository
from hedgehog_gitops.model.history import FileChange

STEPS = (100, 400, 1500)
"""How many commits are looked at, step by step until every path is found. What changed before them is not known."""

_DIFF = ("diff-tree", "--stdin", "--root", "-r", "-z", "--raw", "-c", "--no-abbrev", "--no-renames", "--no-relative")
_FORMAT = ("--encoding=UTF-8", "--format=%H%x1f%P%x1f%aI%x1f%aN")
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1"}


class Touch(NamedTuple):
    """One commit that changed one path: what each parent has there, and what it left (all zeros: nothing)."""

    path: str
    before: tuple[str, ...]
    blob: str
    change: FileChange
    is_root: bool


def touches(repository: Repository, commit: str, around: str) -> Iterator[Touch]:
    """What the newest commits changed below a directory, newest first.

    Git filters by the directory around all paths: to match hundreds of paths in each commit would take much longer.
    """
    return chain.from_iterable(walk(repository, commit, around))


def walk(repository: Repository, commit: str, around: str) -> Iterator[list[Touch]]:
    """The same, a step of commits at a time."""
    diff = ["--literal-pathspecs", *_DIFF, *_FORMAT, "--", *([around] if around else [])]
    listed = repository.run("rev-list", f"--max-count={sum(STEPS)}", "--end-of-options", commit, environment=_OFFLINE)
    commits = listed.splitlines(keepends=True)
    for count in STEPS:
        step, commits = b"".join(commits[:count]), commits[count:]
        if step:
            yield list(_parsed(repository.run(*diff, data=step, environment=_OFFLINE)))


def as_text(data: bytes) -> str:
    """A path or name as git prints it, fit to be shown whatever its bytes are."""
    return data.decode("utf-8", "backslashreplace")


def _parsed(out: bytes) -> Iterator[Touch]:
    header: list[str] = []
    blobs: list[str] = []
    for part in map(as_text, out.split(b"\0")):
        line = part.lstrip("\n")
        if blobs:
            identity, parents, time, author = header
            *before, blob = blobs
            change = FileChange(commit=identity, author=author, time=time, is_removal=not blob.strip("0"))
            yield Touch(part, tuple(before), blob, change, not parents)
            blobs = []
        elif line.startswith(":"):
            modes = line.rindex(":") + 2  # a colon for each parent, then a mode for each and one more, then blobs alike
            blobs = line.split(" ")[modes:-1]
        elif line:
            header = line.split("\x1f", 3)
