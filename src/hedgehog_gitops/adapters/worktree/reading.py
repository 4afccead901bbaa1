"""Reads files from disk as they are: nothing is followed, nothing large is read, nothing is left out silently."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from hedgehog_gitops.core.edits import place
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.remembered import Remembered
from hedgehog_gitops.model.tree import FileMode, SourceFile, Stamp

OURS = ".hedgehog-gitops"
"""How the names of our own files on disk start; they are never part of a tree."""

_NOTHING: Mapping[str, Remembered] = {}
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def locate(root: str, directory: str) -> str | None:
    """The path on disk of a directory below `root`; None without one, `UnreachableError` for a file or a link."""
    at = os.path.realpath(root)
    if not Path(at).is_dir():
        fail(f"{root} is no directory")
    for part in place("", directory).split("/") if directory else ():
        at = f"{at}/{part}"
        try:
            mode = os.lstat(at).st_mode
        except FileNotFoundError:
            return None
        except OSError as error:
            fail(f"{at} cannot be read: {error.strerror}", error)
        if not stat.S_ISDIR(mode):
            fail(f"{at} is {'a symbolic link' if stat.S_ISLNK(mode) else 'no directory'}")
    return at


def walk(
    top: str, boundary: str, limits: Limits, known: Mapping[str, Remembered] = _NOTHING, named: str = ""
) -> Iterator[SourceFile]:
    """Every file below `top`, in no order, with paths from there, behind what `top` is `named` (with a slash).

    A link that leads out of `boundary` has a problem. Links are not followed, and `.git` is not entered. What is
    `known` and lies there as it did is not read. `UnreachableError` if a directory cannot be listed: nobody could say
    what is in it.
    """
    pending = [(top, named)]
    while pending:
        directory, prefix = pending.pop()
        entries = _entries(directory)
        if prefix != named and any(entry.name == ".git" for entry in entries):
            yield _unread(prefix.rstrip("/"), FileMode.SUBMODULE, "a nested repository is not read")
            continue
        for entry in entries:
            name = entry.name
            if (seen := known.get(prefix + name)) is not None and _lies_as_before(entry, seen.stamp):
                yield _unread_yet(prefix + name, seen.blob, seen.stamp, entry.path)
            elif name == ".git" or name.startswith(OURS):
                continue
            elif entry.is_dir(follow_symlinks=False):
                pending.append((entry.path, f"{prefix}{_shown(name)}/"))
            elif (file := read_file(entry.path, prefix + _shown(name), boundary, limits)) is not None:
                yield file


def _lies_as_before(entry: os.DirEntry[str], stamp: Stamp) -> bool:
    try:
        return entry.is_file(follow_symlinks=False) and _stamp(entry.stat(follow_symlinks=False)) == stamp
    except OSError:
        return False


def read_file(
    name: str, path: str, boundary: str, limits: Limits, known: Mapping[str, Remembered] = _NOTHING
) -> SourceFile | None:
    """One file of disk, listed under `path`; None if it has gone."""
    try:
        status = os.lstat(name)
        mode = status.st_mode
        if stat.S_ISLNK(mode):
            return _link(name, path, boundary)
        if not stat.S_ISREG(mode):
            return _unread(path, FileMode.OTHER, "it is no plain file")
        if (entry := known.get(path)) is not None and entry.stamp == _stamp(status):
            return _unread_yet(path, entry.blob, entry.stamp, name)
        return _regular(name, path, limits)
    except FileNotFoundError:
        return None
    except OSError as error:
        return _unread(path, FileMode.FILE, f"it cannot be read: {error.strerror}")


class Unread(SourceFile):
    """A file that lies on disk as it did when its content had this blob id; read when somebody asks for its content."""

    __slots__ = ()

    @property
    def data(self) -> bytes | None:
        """The content; `UnreachableError` if it is no longer what it was."""
        try:
            content = Path(self.name).read_bytes()
        except OSError as error:
            fail(f"{self.path} cannot be read: {error.strerror}", error)
        if blob_id(content) != self.blob:
            fail(f"{self.path} changed while it was judged", advice="run again")
        return content


def _unread_yet(path: str, blob: str, stamp: Stamp, name: str) -> SourceFile:
    return tuple.__new__(Unread, (path, blob, FileMode.FILE, stamp[0], None, "", stamp, name))  # thousands in a run


def blob_id(data: bytes) -> str:
    """The id that git gives to this content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def link_target(name: str) -> bytes:
    """What a symbolic link says, byte for byte."""
    return os.fsencode(os.readlink(name))  # noqa: PTH115 - a Path would drop "./" and a slash at the end


def fail(reason: str, cause: OSError | None = None, advice: str = "check the path and its permissions") -> NoReturn:
    """Raise `UnreachableError` about the files on disk."""
    raise UnreachableError("files", reason, advice) from cause


def _entries(directory: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return list(entries)
    except FileNotFoundError:
        return []
    except OSError as error:
        fail(f"{directory} cannot be read: {error.strerror}", error)


def _regular(name: str, path: str, limits: Limits) -> SourceFile:
    descriptor = os.open(name, _OPEN)
    try:
        status = os.fstat(descriptor)
        size = status.st_size
        if size > limits.file_bytes:
            problem = f"it has {size} bytes, more than the limit of {limits.file_bytes}"
            return SourceFile(path=path, blob="", mode=FileMode.FILE, size=size, data=None, problem=problem)
        data = _read(descriptor, size)
    finally:
        os.close(descriptor)
    if len(data) != size:
        return _unread(path, FileMode.FILE, "it changed while it was read")
    if not _is_text(name):
        return _unread(path, FileMode.FILE, "its name is not UTF-8")
    return SourceFile(path=path, blob=blob_id(data), mode=FileMode.FILE, size=size, data=data, stamp=_stamp(status))


def _stamp(status: os.stat_result) -> Stamp:
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _read(descriptor: int, size: int) -> bytes:
    """`size` bytes, or one more if the file has grown, or fewer if it has shrunk."""
    data = os.read(descriptor, size + 1)
    while len(data) < size and (more := os.read(descriptor, size + 1 - len(data))):
        data += more
    return data


def _link(name: str, path: str, boundary: str) -> SourceFile:
    target = link_target(name)
    real = os.path.realpath(name)
    inside = real == boundary or real.startswith(boundary.rstrip("/") + "/")
    problem = "" if inside else "the link leaves the repository"
    return SourceFile(
        path=path, blob=blob_id(target), mode=FileMode.SYMLINK, size=len(target), data=target, problem=problem
    )


def _unread(path: str, mode: FileMode, problem: str) -> SourceFile:
    return SourceFile(path=path, blob="", mode=mode, size=0, data=None, problem=problem)


def _is_text(name: str) -> bool:
    return name.isascii() or _shown(name) == name


def _shown(name: str) -> str:
    """The name as text; bytes that are no UTF-8 are written out."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")
