"""Changes to a repository's files, as paths from its root, judged before anything is written."""

from __future__ import annotations

from collections.abc import Sequence

from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.tree import DeleteFile, TreeChange, TreeEdit


def changes_by_path(edits: Sequence[TreeEdit]) -> dict[str, TreeChange]:
    """All changes by their path from the repository's root, deletions first, each group in path order.

    `UsageError` for a path that leaves its fabric's directory, reaches into `.git`, or is changed twice.
    """
    placed = [(place(edit.base.directory, change.path), change) for edit in edits for change in edit.changes]
    changes = dict(sorted(placed, key=lambda pair: (not isinstance(pair[1], DeleteFile), pair[0])))
    if len(changes) != len(placed):
        raise UsageError("one file is changed twice in one publication")
    return changes


def place(directory: str, path: str) -> str:
    """The path of a directory's file from the repository's root; `UsageError` if it leads elsewhere."""
    if not path or _is_unsafe(path) or (directory and _is_unsafe(directory)):
        raise UsageError(f"{path!r} is no path below {directory or 'the root'!r}")
    return f"{directory}/{path}" if directory else path


def _is_unsafe(path: str) -> bool:
    parts = path.split("/")
    return any(part in {"", ".", ".."} or part.lower() == ".git" for part in parts) or "\0" in path
