"""Files of one fabric directory at one revision, and the changes to be made to them.

Paths are POSIX, relative to the fabric directory, without a leading slash.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias


class FileMode(StrEnum):
    """What an entry of a tree is."""

    FILE = "file"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"
    OTHER = "other"


Stamp: TypeAlias = tuple[int, ...]
"""How a file lies on disk: size, time of its last change, time of its inode's last change, inode. Empty: not known."""


class SourceFile(NamedTuple):
    """One file. `data` is None when it was not read; then `problem` says why (too large, unreadable, ...).

    `blob` is the git blob id (SHA-1 of the content with git's header), also for a plain directory, so equal
    content has an equal id everywhere. For a symlink `data` is the target. Of a file that lies on disk as it did when
    its content was last looked at (`stamp`), `data` is read when it is asked for, from the file of this `name`.
    """

    path: str
    blob: str
    mode: FileMode
    size: int
    data: bytes | None
    problem: str = ""
    stamp: Stamp = ()
    name: str = ""


class Tree(NamedTuple):
    """All files below one directory at one revision, by path. `exists` is False if the directory is not there.

    `revision` is a commit id; `COMMIT+worktree` or `worktree` for files on disk that no commit holds.
    """

    revision: str
    directory: str
    files: Mapping[str, SourceFile]
    exists: bool = True


class WriteFile(NamedTuple):
    """Create a file, or replace it if it still has the blob that was read (`expected` None: must not exist)."""

    path: str
    data: bytes
    expected: str | None


class DeleteFile(NamedTuple):
    """Delete a file if it still has the blob that was read."""

    path: str
    expected: str


TreeChange: TypeAlias = WriteFile | DeleteFile


class TreeEdit(NamedTuple):
    """The changes to one fabric's directory, and the tree that they were computed from."""

    base: Tree
    changes: tuple[TreeChange, ...]


class Published(NamedTuple):
    """What a publish left behind: the new revision, and whether anything was written at all."""

    revision: str
    changed: bool
    attempts: int = 1
