"""Stage 7: the verdicts as changes to the tree. Nothing is written here; the change set is published as one commit."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hedgehog_gitops.core.layout import ARCHIVE, KEEP, LOG_PATH, RAW
from hedgehog_gitops.core.metadata_files import (
    Operation,
    append_operations,
    first_log_text,
    log_operations,
    operation_value,
)
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.plain import Json
from hedgehog_gitops.model.tree import DeleteFile, FileMode, SourceFile, Tree, TreeChange, WriteFile

MAX_OPERATIONS = 1000
"""How many operations a log holds before it is put aside, whole, and a new one is begun."""


class ChangeSet:
    """The tree as it is to be, told as writes and removals; it lives for one plan.

    `folded` holds every path that is or will be there without its case: not every file system keeps it.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.writes: dict[str, bytes] = {}
        self.removals: set[str] = set()
        self.folded: set[str] = set()

    def write(self, path: str, data: bytes) -> None:
        """This file is to have this content."""
        self.writes[path] = data
        self.folded.add(path.casefold())

    def remove(self, path: str) -> None:
        """This file is to go, unless something is written there."""
        self.removals.add(path)

    def free_path(self, path: str, data: bytes) -> str:
        """The path itself if nothing else is or will be there, else one with the content's digest in its name."""
        blob = git_blob_id(data)
        stem, dot, suffix = path.rpartition(".")
        numbered = (f"{stem}.{blob[:12]}-{number}{dot}{suffix}" for number in itertools.count(2))
        candidates = itertools.chain((path, f"{stem}.{blob[:12]}{dot}{suffix}"), numbered)
        return next(candidate for candidate in candidates if self._is_free(candidate, blob))

    def _is_free(self, path: str, blob: str) -> bool:
        if path in self.writes:
            return git_blob_id(self.writes[path]) == blob
        existing = self.tree.files.get(path)
        if existing is not None:
            return existing.blob == blob and existing.mode is FileMode.FILE
        if len(self.folded) <= len(self.writes):
            self.folded.update(other.casefold() for other in (*self.tree.files, *self.writes))
        return path.casefold() not in self.folded

    def move(self, path: str, target: str) -> str:
        """Move a file as it is; where it ends up. A file that is there already is a no-op."""
        source = self.tree.files[path]
        if path == target or source.data is None:
            return path
        free = self.free_path(target, source.data)
        self.write(free, source.data)
        self.remove(path)
        return free

    def changes(self) -> tuple[TreeChange, ...]:
        """The changes in path order, without those that would change nothing."""
        return tuple(sorted((*self._deletes(), *self._writes()), key=lambda change: change.path))

    def _deletes(self) -> Iterator[TreeChange]:
        for path in self.removals - self.writes.keys():
            yield DeleteFile(path=path, expected=self.tree.files[path].blob)

    def _writes(self) -> Iterator[TreeChange]:
        for path, data in self.writes.items():
            existing = self.tree.files.get(path)
            if existing is None or existing.blob != git_blob_id(data):
                yield WriteFile(path=path, data=data, expected=existing.blob if existing else None)

    def paths_after(self) -> frozenset[str]:
        """Every path of the tree once the changes are made."""
        return frozenset((self.tree.files.keys() - self.removals) | self.writes.keys())


def git_blob_id(data: bytes) -> str:
    """The id that git gives to this content."""
    head = f"blob {len(data)}\0".encode()
    return hashlib.sha1(head + data, usedforsecurity=False).hexdigest()


def operation_id(source: str, blob: str) -> str:
    """The id of taking in this content from this path: the same on every machine and at any time."""
    return hashlib.sha256(f"{source}\0{blob}".encode()).hexdigest()[:16]


def archive_path(operation: Operation, path: str) -> str:
    """Where a copy of an ingested file is kept."""
    return f"{ARCHIVE}/{operation.id}/{path}"


def add_log(changes: ChangeSet, operations: Sequence[Operation], limits: Limits) -> None:
    """Append what is new to the log. The log has been read without errors before."""
    file = changes.tree.files.get(LOG_PATH)
    logged, _ = log_operations(file, limits)
    known = {_fingerprint(value) for value in logged}
    fresh = [operation for operation in operations if _fingerprint(operation_value(operation)) not in known]
    if not fresh:
        return
    if file is None or file.data is None:
        changes.write(LOG_PATH, first_log_text(fresh).encode())
    elif len(logged) + len(fresh) > MAX_OPERATIONS and logged:
        changes.write(_next_rotated(changes.tree.files), file.data)
        changes.write(LOG_PATH, first_log_text(fresh).encode())
    else:
        text = file.data.decode("utf-8-sig")
        changes.write(LOG_PATH, append_operations(text, fresh, limits).encode())


def keep_raw(changes: ChangeSet) -> None:
    """Leave a marker in raw/ when its last file goes, so that git keeps the directory."""
    had_raw = any(path.startswith(f"{RAW}/") for path in changes.tree.files)
    if had_raw and not any(path.startswith(f"{RAW}/") for path in changes.paths_after()):
        changes.write(f"{RAW}/{KEEP}", b"")


def _fingerprint(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


def _next_rotated(files: Mapping[str, SourceFile]) -> str:
    """The first free place for a full log."""
    numbers: Iterable[int] = range(1, len(files) + 2)
    paths = (f"{ARCHIVE}/log-{number:04}/archive-log.yaml" for number in numbers)
    return next(path for path in paths if path not in files)
