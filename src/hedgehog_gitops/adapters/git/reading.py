"""A commit's files below a directory: one `ls-tree`, and one `cat-file` for all contents."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hedgehog_gitops.adapters.git.repository import Repository, fail
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.tree import FileMode, SourceFile, Tree

_WHOLE = 3
"""Id, type and size; "ID missing" has two words."""

_MODES = {"100644": FileMode.FILE, "100755": FileMode.FILE, "120000": FileMode.SYMLINK, "160000": FileMode.SUBMODULE}


class Entry(NamedTuple):
    """One entry of a commit's tree: its path from the top, its mode as git writes it, and its object.

    `is_text` is False if the name is no UTF-8; then `path` is only fit to be shown.
    """

    path: str
    mode: str
    blob: str
    size: int
    is_text: bool


def read_commit(repository: Repository, revision: str, directory: str, limits: Limits) -> Tree:
    """All files below a directory (relative to the repository's `root`) at a commit; large ones unread."""
    top = (repository.prefix + directory).rstrip("/")
    entries = list_entries(repository, revision, (top,))
    if len(entries) == 1 and entries[0].path == top:
        fail(f"{top} is no directory at {revision[:12]}", "name the directory itself in the configuration")
    files = {file.path: file for file in _read(repository, entries, top, limits)}
    return Tree(revision=revision, directory=directory, files=files, exists=bool(files) or not top)


def read_entries(repository: Repository, revision: str, top: str, limits: Limits) -> list[SourceFile]:
    """The file of this path from the top of the repository, or all files below it; paths count from there.

    The file itself has an empty path.
    """
    return _read(repository, list_entries(repository, revision, (top,)), top, limits)


def _read(repository: Repository, entries: Sequence[Entry], top: str, limits: Limits) -> list[SourceFile]:
    contents = read_blobs(repository, (entry.blob for entry in entries if _is_read(entry, limits)))
    start = len(top) + 1 if top else 0
    return [_file(entry, start, contents, limits) for entry in entries]


def list_entries(repository: Repository, revision: str, directories: Sequence[str]) -> list[Entry]:
    """Every entry below the directories (from the top; "" is the top itself) at a commit."""
    named = [directory for directory in directories if directory]
    paths = ("--", *named) if len(named) == len(directories) else ()
    out = repository.run("--literal-pathspecs", "ls-tree", "-r", "-z", "-l", "--full-tree", revision, *paths)
    return [_entry(line) for line in out.split(b"\0") if line]


def _entry(line: bytes) -> Entry:
    meta, _, name = line.partition(b"\t")
    mode, _, blob, size = meta.decode("ascii").split()
    try:
        path, is_text = name.decode(), True
    except UnicodeDecodeError:
        path, is_text = name.decode("utf-8", "backslashreplace"), False
    return Entry(path, mode, blob, int(size) if size.isdigit() else 0, is_text)


def _is_read(entry: Entry, limits: Limits) -> bool:
    return entry.mode != "160000" and entry.size <= limits.file_bytes and entry.is_text


def read_blobs(repository: Repository, blobs: Iterable[str]) -> Mapping[str, bytes]:
    """The contents of blobs; those that this clone does not have are left out."""
    wanted = dict.fromkeys(blobs)
    if not wanted:
        return {}
    asked = "".join(f"{blob}\n" for blob in wanted).encode("ascii")
    return dict(_answers(repository.run("cat-file", "--batch", "--buffer", data=asked)))


def blob_sizes(repository: Repository, blobs: Iterable[str]) -> Mapping[str, int]:
    """How large blobs are; the same."""
    asked = "".join(f"{blob}\n" for blob in sorted(blobs)).encode("ascii")
    lines = repository.run("cat-file", "--batch-check", data=asked).decode("ascii").splitlines() if asked else []
    return {parts[0]: int(parts[2]) for line in lines if len(parts := line.split()) == _WHOLE}


def _answers(out: bytes) -> Iterator[tuple[str, bytes]]:
    """Each object's id and content; an object that is not there is left out."""
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        header = out[at:end].decode("ascii").split()
        at = end + 1
        if len(header) == _WHOLE:
            size = int(header[2])
            yield header[0], out[at : at + size]
            at += size + 1


def _file(entry: Entry, start: int, contents: Mapping[str, bytes], limits: Limits) -> SourceFile:
    mode = _MODES.get(entry.mode, FileMode.OTHER)
    data = contents.get(entry.blob) if _is_read(entry, limits) else None
    return SourceFile(
        path=entry.path[start:],
        blob=entry.blob,
        mode=mode,
        size=entry.size,
        data=data,
        problem="" if mode is FileMode.FILE and data is not None else _problem(entry, mode, data, limits),
    )


def _problem(entry: Entry, mode: FileMode, data: bytes | None, limits: Limits) -> str:
    if not entry.is_text:
        return "its name is not UTF-8"
    if mode is FileMode.SUBMODULE:
        return "a submodule is not read"
    if entry.size > limits.file_bytes:
        return f"it has {entry.size} bytes, more than the limit of {limits.file_bytes}"
    if data is None:
        return "its content is not in this clone"
    return "the link leaves the repository" if _leaves(entry.path, data) else ""


def _leaves(path: str, target: bytes) -> bool:
    if target.startswith(b"/"):
        return True
    joined = posixpath.join(posixpath.dirname(path), target.decode("utf-8", "replace"))
    return posixpath.normpath(joined).split("/")[0] == ".."
