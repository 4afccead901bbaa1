"""Files and directories named by hand, as one tree."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hedgehog_gitops.adapters.worktree.reading import read_file, walk
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.remembered import Remembered
from hedgehog_gitops.model.tree import SourceFile, Tree

_NOTHING: Mapping[str, Remembered] = {}


def read_paths(paths: Sequence[Path], limits: Limits, known: Mapping[str, Remembered] = _NOTHING) -> Tree:
    """The files, and all files below the directories, under the paths by which they were named.

    A link that is named itself is followed; links found below a directory are not. `UsageError` for a path that is
    not there. What is `known` and lies there as it did is not read again.
    """
    files = {file.path: file for path in paths for file in _files(path, limits, known)}
    return Tree(revision="worktree", directory="", files=dict(sorted(files.items())))


def _files(path: Path, limits: Limits, known: Mapping[str, Remembered]) -> Iterator[SourceFile]:
    real = os.path.realpath(path)
    named = path.as_posix()
    if path.is_dir():
        prefix = "" if named == "." else f"{named.rstrip('/')}/"
        yield from walk(real, real, limits, known, prefix)
        return
    if (file := read_file(real, named, str(Path(real).parent), limits, known)) is None:
        raise UsageError(f"there is no file or directory {named!r}")
    yield file
