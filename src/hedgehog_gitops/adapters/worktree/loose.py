"""Files and directories named by hand, as one tree."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hedgehog_gitops.adapters.worktree.reading import read_file, walk
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.tree import SourceFile, Tree


def read_paths(paths: Sequence[Path], limits: Limits) -> Tree:
    """The files, and all files below the directories, under the paths by which they were named.

    A link that is named itself is followed; links found below a directory are not. `UsageError` for a path that is
    not there.
    """
    files = {file.path: file for path in paths for file in _files(path, limits)}
    return Tree(revision="worktree", directory="", files=dict(sorted(files.items())))


def _files(path: Path, limits: Limits) -> Iterator[SourceFile]:
    real = os.path.realpath(path)
    named = path.as_posix()
    if path.is_dir():
        prefix = "" if named == "." else f"{named.rstrip('/')}/"
        yield from (replace(file, path=prefix + file.path) for file in walk(real, real, limits))
        return
    if (file := read_file(real, named, str(Path(real).parent), limits)) is None:
        raise UsageError(f"there is no file or directory {named!r}")
    yield file
