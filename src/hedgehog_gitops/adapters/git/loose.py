"""Files and directories named by hand, as they were at a revision of the checkouts that they lie in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from hedgehog_gitops.adapters.git.commit import resolve
from hedgehog_gitops.adapters.git.reading import read_entries
from hedgehog_gitops.adapters.git.repository import Repository
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.tree import SourceFile, Tree


def read_paths_at(paths: Sequence[Path], revision: str, limits: Limits) -> Tree:
    """The files at and below the paths at a revision, under the paths by which they were named.

    A path that the revision does not have adds nothing. `UnreachableError` outside git, or without such a revision.
    """
    files = {file.path: file for path in paths for file in _files(path, revision, limits)}
    return Tree(revision=revision, directory="", files=dict(sorted(files.items())))


def _files(path: Path, revision: str, limits: Limits) -> Iterator[SourceFile]:
    real = Path(os.path.realpath(path))
    directory = real if real.is_dir() else real.parent
    repository = Repository(directory)
    name = repository.prefix + ("" if real.is_dir() else real.name)
    named = "" if path == Path() else path.as_posix()
    for file in read_entries(repository, resolve(repository, revision), name.rstrip("/"), limits):
        yield file._replace(path="/".join(part for part in (named, file.path) if part))
