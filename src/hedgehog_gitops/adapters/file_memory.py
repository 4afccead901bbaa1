"""What a validation remembers, as one file in the user's cache directory.

A line with a digest over everything else, one about the whole, and two for each remembered file, all but the first in
JSON: what is known of the file, and the specs in it, which are read only where they are needed. A memory that is
damaged, cut short, of another version or of other settings counts as none. It is written aside and renamed, so that
runs at the same time do not see halves.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.remembered import Recollection, Remembered
from hedgehog_gitops.model.tree import Stamp

HEAD = b"hedgehog-gitops memory 2"
_MOST_FILES = 64
_MOST_BYTES = 256 * 1024 * 1024
_SETTLED_AFTER = 2_000_000_000
"""A file that changed so shortly before it was read, in nanoseconds, may change again without a new time."""


class KeptFile:
    """A file that may be lost at any time. `meaning` names everything that what it says depends on."""

    def __init__(self, file: Path, meaning: str) -> None:
        self._file = file
        self._meaning = meaning.encode()

    def read(self) -> bytes:
        """What was written with the same meaning; ValueError if that cannot be told for certain."""
        try:
            head, _, body = self._file.read_bytes().partition(b"\n")
        except OSError as error:
            raise ValueError(error.strerror) from error
        if head != self._head(body):
            raise ValueError(head[:80])
        return body

    def write(self, body: bytes) -> None:
        """Keep this, and nothing else. What cannot be written is not kept."""
        with contextlib.suppress(OSError):
            _write(self._file, b"%s\n%s" % (self._head(body), body))
            _make_room(self._file.parent)

    def _head(self, body: bytes) -> bytes:
        digest = hashlib.sha256(b"%d %s" % (len(self._meaning), self._meaning))
        digest.update(body)
        return b"%s %s" % (HEAD, digest.hexdigest().encode("ascii"))


class FileMemory:
    """A memory that lies in one file. `meaning` names everything that the remembered results depend on."""

    def __init__(self, file: Path, meaning: str) -> None:
        self._file = KeptFile(file, meaning)
        self._recalled: Recollection | None = None
        self._lines: list[bytes] = []
        self._began = time.time_ns()

    def recall(self) -> Recollection:
        """What was kept by the last run with the same meaning; nothing if that cannot be told for certain."""
        if self._recalled is None:
            self._began = time.time_ns()
            try:
                self._lines = self._file.read().split(b"\n")
                self._recalled = _decoded(self._lines)
            except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
                self._recalled = Recollection()
        return self._recalled

    def keep(self, found: Recollection) -> None:
        """Remember this for the next run, and nothing else. A memory that cannot be written is none."""
        known = self.recall()
        if (found.reads, found.is_closed) == known[1:] and _are_same(found.files, known.files):
            return
        self._file.write(self._encoded(found, known))

    def _encoded(self, found: Recollection, known: Recollection) -> bytes:
        """What to write; the line of a file that was known before is the same."""
        lines = dict(zip(known.files, self._lines[1::2], strict=True)) if known.files else {}
        whole = [{kind: sorted(kinds) for kind, kinds in found.reads.items()}, found.is_closed]
        body = [_json(whole)]
        for path, entry in found.files.items():
            body += (lines[path] if known.files.get(path) is entry else _line(path, entry, self._began), entry.text)
        return b"\n".join(body)


def _are_same(files: Mapping[str, Remembered], known: Mapping[str, Remembered]) -> bool:
    return len(files) == len(known) and all(known.get(path) is entry for path, entry in files.items())


def _line(path: str, entry: Remembered, began: int) -> bytes:
    return _json([path, entry.blob, entry.documents, _settled(entry.stamp, began), *entry.keys])


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _settled(stamp: Stamp, began: int) -> Stamp:
    """The stamp, unless the file changed when, or after, it was read."""
    return stamp if stamp and max(stamp[1:3]) < began - _SETTLED_AFTER else ()


def _decoded(lines: list[bytes]) -> Recollection:
    reads, is_closed = json.loads(lines[0])
    files = json.loads((b"[%s]" % b",".join(lines[1::2])).decode("ascii"))
    return Recollection(
        {
            path: Remembered(blob, tuple(stamp), documents, tuple([_key(key) for key in keys]), text)
            for (path, blob, documents, stamp, *keys), text in zip(files, lines[2::2], strict=True)
        },
        {kind: frozenset(kinds) for kind, kinds in reads.items()},
        is_closed,
    )


_key = ObjectKey._make


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = f"{file}.{os.getpid()}.new"
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        Path(aside).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(aside).unlink()
        raise


def _make_room(directory: Path) -> None:
    """Forget what was not used for longest until little enough is left."""
    entries = sorted((entry.stat().st_mtime_ns, entry.stat().st_size, entry.path) for entry in os.scandir(directory))
    size = sum(entry[1] for entry in entries)
    while entries and (len(entries) > _MOST_FILES or size > _MOST_BYTES):
        _, freed, name = entries.pop(0)
        size -= freed
        Path(name).unlink()
