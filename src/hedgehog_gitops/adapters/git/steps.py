"""Manifests as commits changed them, newest first, as far as there are no gaps and not too much to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from hedgehog_gitops.adapters.git.reading import blob_sizes, list_entries, read_blobs
from hedgehog_gitops.adapters.git.repository import Repository
from hedgehog_gitops.adapters.git.walking import Touch, walk
from hedgehog_gitops.core.gathering import is_manifest
from hedgehog_gitops.core.layout import UNMANAGED
from hedgehog_gitops.model.history import FileChange, FileVersion, HistoryStep

MOST_BYTES = 16 * 1024 * 1024
"""How much of old files is read; a file that this clone does not have is too much."""


def manifests_below(paths: Iterable[str], top: str) -> list[str]:
    """Those of the paths that a fabric at `top` takes objects from."""
    start = len(top) + 1 if top else 0
    return [path for path in paths if is_manifest(path[start:]) and not path[start:].startswith(f"{UNMANAGED}/")]


def unsaved_step(repository: Repository, root: Path, commit: str, paths: Sequence[str]) -> HistoryStep | None:
    """What lies on disk alone, as a step that nobody has committed; None if it is too much."""
    files = {path: file for path in paths if (file := root.joinpath(path)).is_file() and not file.is_symlink()}
    if sum(file.stat().st_size for file in files.values()) > MOST_BYTES:
        return None
    entries = list_entries(repository, commit, paths) if paths else []
    contents = read_blobs(repository, (entry.blob for entry in entries))
    return HistoryStep(
        change=FileChange(is_removal=True),
        before=(tuple(FileVersion(each.path, contents[each.blob]) for each in entries if each.blob in contents),),
        after=tuple(FileVersion(path, file.read_bytes()) for path, file in files.items()),
    )


def committed_steps(repository: Repository, commit: str, top: str) -> Iterator[HistoryStep]:
    """A step for each commit that changed a manifest below `top`."""
    left = MOST_BYTES
    for touches in walk(repository, commit, top):
        kept = [each for each in touches if manifests_below((each.path,), top)]
        sizes = blob_sizes(repository, _blobs(kept))
        groups: list[list[Touch]] = []
        for _, group in groupby(kept, key=lambda each: each.change.commit):
            groups.append(list(group))
            left -= sum(sizes.get(blob, MOST_BYTES + 1) for blob in _blobs(groups[-1]))
            if left < 0:
                groups.pop()
                break
        contents = read_blobs(repository, (blob for group in groups for blob in _blobs(group)))
        yield from (_step(group, contents) for group in groups)
        if left < 0:
            return


def _step(group: Sequence[Touch], contents: Mapping[str, bytes]) -> HistoryStep:
    def versions(blobs: Iterable[tuple[str, str]]) -> tuple[FileVersion, ...]:
        return tuple(FileVersion(path, contents[blob]) for path, blob in blobs if blob in contents)

    parents = range(len(group[0].before))
    return HistoryStep(
        change=replace(group[0].change, is_removal=True),
        before=tuple(versions((each.path, each.before[parent]) for each in group) for parent in parents),
        after=versions((each.path, each.blob) for each in group),
    )


def _blobs(touches: Iterable[Touch]) -> set[str]:
    """The contents that commits replaced or left; nothing is no content."""
    return {blob for each in touches for blob in (*each.before, each.blob) if blob.strip("0")}
