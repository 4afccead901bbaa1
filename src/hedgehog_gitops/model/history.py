"""Who changed a file last, as git knows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """The last change of one file: the commit, its author, and when it was written (ISO 8601).

    An empty `commit` is a change on disk that is not committed yet; then nobody is named.
    """

    commit: str = ""
    author: str = ""
    time: str = ""
    is_removal: bool = False
