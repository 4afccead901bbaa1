"""Who changed a file last, and files as single commits changed them, as git knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """The last change of one file: the commit, its author, and when it was written (ISO 8601).

    An empty `commit` is a change on disk that is not committed yet; then nobody is named.
    """

    commit: str = ""
    author: str = ""
    time: str = ""
    is_removal: bool = False


class FileVersion(NamedTuple):
    """A file as one commit has it."""

    path: str
    data: bytes


class HistoryStep(NamedTuple):
    """One commit, and the manifests that it changed: as each of its parents has them, and as it left them."""

    change: FileChange
    before: tuple[tuple[FileVersion, ...], ...]
    after: tuple[FileVersion, ...]
