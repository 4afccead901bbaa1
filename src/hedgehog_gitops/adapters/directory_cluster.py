"""A directory of manifests that stands for a cluster: complete, on disk, to be read and edited by hand.

One object per file, `<plural>/<name>.yaml`. An object's version is the digest of its file, so an edit by hand is a new
version like any other. What we applied last is kept beside the objects in `.applied/`: an apply removes what an
earlier one set and this one leaves out, and lets everything else stand, as server-side apply does.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from hedgehog_gitops.core.defaulting import with_defaults
from hedgehog_gitops.core.layout import is_yaml, managed_path
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.errors import HedgehogGitopsError, UnreachableError
from hedgehog_gitops.model.finding import has_errors
from hedgehog_gitops.model.kind import Kind, ObjectKey, kind_of
from hedgehog_gitops.model.live import (
    Doubt,
    LiveObject,
    LiveSide,
    Refusal,
    Refused,
    SideName,
    WriteOutcome,
    Written,
    doubted,
)
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text
from hedgehog_gitops.model.plan import Change, Precondition

_APPLIED = ".applied"
_DIGEST_LENGTH = 16


def directory_version(root: Path) -> str:
    """A digest of what the file system says of the files, none of which is read; empty where it cannot be had."""
    if root.exists() and not root.is_dir():
        return ""
    try:
        stamps = "".join(sorted(_stamps(root)))
    except OSError:
        return ""
    return hashlib.sha256(stamps.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGEST_LENGTH]


def _stamps(root: Path) -> Iterator[str]:
    for place, directories, files in os.walk(root, onerror=_fail):
        directories[:] = [name for name in directories if not name.startswith(".")]
        for name in files:
            if not name.startswith("."):
                path = os.path.join(place, name)  # noqa: PTH118 - for each file of each tick
                found = os.stat(path)  # noqa: PTH116 - the same
                yield f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0{found.st_ino}\n"


def _fail(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


@dataclass(frozen=True, slots=True)
class DirectoryCluster:
    """The objects below one directory, which need not exist yet: then it is an empty cluster."""

    root: Path

    @property
    def name(self) -> SideName:
        """The cluster."""
        return SideName.CLUSTER

    def read(self, kinds: Sequence[Kind], ours: Collection[ObjectKey] = ()) -> LiveSide:
        """All objects of these kinds; a kind with a file that is broken or misplaced is unknown as a whole.

        A kind's own directory without a file proves that none is left; that of a missing directory nobody knows.
        """
        del ours
        if self.root.exists() and not self.root.is_dir():
            raise UnreachableError(SideName.CLUSTER, f"{self.root} is not a directory", "check cluster.directory")
        version = directory_version(self.root)  # before anything is read: what moves meanwhile is another version
        objects: dict[ObjectKey, LiveObject] = {}
        unknown: dict[tuple[str, str], str] = {}
        for kind in kinds:
            try:
                objects |= _read_kind(self.root / kind.plural, kind)
            except _UnreadableError as error:
                unknown[kind.group, kind.kind] = doubted(Doubt.MALFORMED, str(error))
        proven = frozenset((kind.group, kind.kind) for kind in kinds if (self.root / kind.plural).is_dir())
        return LiveSide(side=SideName.CLUSTER, objects=objects, unknown=unknown, proven=proven, version=version)

    def write(self, changes: Sequence[Change], go_on: Callable[[], None] = lambda: None) -> Iterator[WriteOutcome]:
        """Carry out changes one by one, each file in one step; what a file says now decides whether it is stale."""
        strays = _Strays(self.root)
        for change in changes:
            go_on()
            try:
                yield self._write(change, strays)
            except _UnreadableError as error:
                yield Refused(key=change.key, refusal=Refusal.UNREACHABLE, message=str(error))
            except OSError as error:
                yield Refused(key=change.key, refusal=Refusal.UNREACHABLE, message=error.strerror or "cannot write")

    def _write(self, change: Change, strays: _Strays) -> WriteOutcome:
        if not _is_file_name(change.key.name) or not _is_file_name(change.key.namespace):
            return Refused(key=change.key, refusal=Refusal.INVALID, message="the name is no Kubernetes name")
        kind = kind_of(change.key)
        path = self.root / managed_path(change.key).partition("/")[2]
        current = _find(path, kind, change.key, strays)
        applied = (self.root / _APPLIED / path.relative_to(self.root)).with_suffix(".json")
        if change.manifest is None:
            return _prune(change, current, applied)
        if (reason := _objection(change.precondition, current)) is not None:
            return Refused(key=change.key, refusal=Refusal.STALE, message=reason)
        before = _load(applied)
        value = _merged(kind, change, None if current is None else current.live, before)
        _keep(applied, _laid_over(before, change.manifest))  # whoever is stopped between the two has set all of it
        stored = _store(path if current is None else current.path, kind, value)
        _keep(applied, change.manifest)
        return Written(key=change.key, object=stored)


class _UnreadableError(HedgehogGitopsError):
    """A file that cannot be taken as an object of its kind, and why."""


@dataclass(frozen=True, slots=True)
class _Stored:
    path: Path
    live: LiveObject


class _Strays:
    """Files that a person named differently than we do; each directory is read once, when an object is not at home."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[Kind, dict[ObjectKey, Path]] = {}

    def find(self, kind: Kind, key: ObjectKey) -> Path | None:
        """The file that holds an object, if there is one."""
        if kind not in self._known:
            self._known[kind] = dict(self._scan(kind))
        return self._known[kind].get(key)

    def _scan(self, kind: Kind) -> Iterator[tuple[ObjectKey, Path]]:
        for path in _files(self._root / kind.plural):
            with suppress(_UnreadableError):  # what it holds is not known, so it is not this object
                yield _read_file(path, kind).key, path


def _read_kind(directory: Path, kind: Kind) -> dict[ObjectKey, LiveObject]:
    objects: dict[ObjectKey, LiveObject] = {}
    for path in _files(directory):
        live = _read_file(path, kind)
        if live.key in objects:
            raise _UnreadableError(f"{path}: {live.key} is in another file of {directory} as well")
        objects[live.key] = live
    return objects


def _files(directory: Path) -> list[Path]:
    try:
        names = sorted(path.name for path in directory.iterdir() if is_yaml(path.name) and path.name[0] != ".")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _UnreadableError(f"{directory}: {error.strerror}") from error
    return [directory / name for name in names]


def _read_file(path: Path, kind: Kind) -> LiveObject:
    if path.is_symlink():
        raise _UnreadableError(f"{path} is a symbolic link, which is not followed")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _UnreadableError(f"{path}: {error.strerror}") from error
    result = read_documents(data, str(path))
    if has_errors(result.findings):
        raise _UnreadableError(f"{path}:{result.findings[0].origin.line}: {result.findings[0].message}")
    values = [document.value for document in result.documents if document.value is not None]
    value = values[0] if len(values) == 1 else None
    if not isinstance(value, dict) or value.get("kind") != kind.kind or not _is_of_group(value, kind):
        raise _UnreadableError(f"{path} does not hold exactly one {kind.api_version} {kind.kind}")
    return _live(kind, value, data, path)


def _is_of_group(value: JsonObject, kind: Kind) -> bool:
    group, _, version = as_text(value.get("apiVersion")).partition("/")
    return group == kind.group and kind.accepts(version)


def _live(kind: Kind, value: JsonObject, data: bytes, path: Path) -> LiveObject:
    metadata = as_object(value.get("metadata"))
    name, namespace = as_text(metadata.get("name")), as_text(metadata.get("namespace", "default"))
    if not name or not namespace:
        raise _UnreadableError(f"{path} names no object")
    key = ObjectKey(group=kind.group, kind=kind.kind, namespace=namespace, name=name)
    uid = as_text(metadata.get("uid")) or str(uuid.uuid5(uuid.NAMESPACE_URL, str(key)))
    version = hashlib.sha256(data).hexdigest()[:_DIGEST_LENGTH]
    return LiveObject(key=key, value=value, version=version, uid=uid)


def _find(path: Path, kind: Kind, key: ObjectKey, strays: _Strays) -> _Stored | None:
    """Where an object stands right now, and what it is."""
    for place in (path, strays.find(kind, key)):
        if place is not None and place.exists() and (live := _read_file(place, kind)).key == key:
            return _Stored(place, live)
    return None


def _prune(change: Change, current: _Stored | None, applied: Path) -> WriteOutcome:
    """Delete the file; one that is gone already is what a prune wants."""
    if current is not None:
        if (reason := _objection(change.precondition, current)) is not None:
            return Refused(key=change.key, refusal=Refusal.STALE, message=reason)
        current.path.unlink()
    applied.unlink(missing_ok=True)
    return Written(key=change.key, object=None)


def _objection(precondition: Precondition, current: _Stored | None) -> str | None:
    """Why a write must not happen: the object is not what the plan saw."""
    if not precondition.uid and not precondition.version:
        return None if current is None else "it exists already"
    if current is None:
        return "it was deleted since it was read"
    if precondition.uid != current.live.uid:
        return "it was deleted and made anew since it was read"
    return None if precondition.version == current.live.version else "it was changed since it was read"


def _merged(kind: Kind, change: Change, live: LiveObject | None, applied: JsonObject) -> JsonObject:
    """What the object becomes: the live value, without what we set before and leave out now, under the manifest."""
    manifest = change.manifest or {}
    fixed: JsonObject = {"uid": str(uuid.uuid4()) if live is None else live.uid}
    before: JsonObject = {} if live is None else live.value
    merged = as_object(_laid_over(_without(before, applied, manifest), manifest))
    metadata: JsonObject = {**as_object(merged.get("metadata")), **fixed}
    return with_defaults(kind, {**merged, "metadata": metadata})


def _without(live: Json, applied: Json, manifest: Json) -> Json:
    """The live value without the fields that `applied` has and `manifest` has not."""
    if not isinstance(live, dict) or not isinstance(applied, dict) or not isinstance(manifest, dict):
        return live
    return {
        key: _without(below, applied.get(key), manifest.get(key))
        for key, below in live.items()
        if key in manifest or key not in applied
    }


def _laid_over(live: Json, manifest: Json) -> Json:
    """Mappings are merged; lists and scalars are the manifest's."""
    if not isinstance(live, dict) or not isinstance(manifest, dict):
        return manifest
    return {**live, **{key: _laid_over(live.get(key), value) for key, value in manifest.items()}}


def _store(path: Path, kind: Kind, value: JsonObject) -> LiveObject:
    data = to_yaml(value).encode()
    _replace(path, data)
    return _live(kind, value, data, path)


def _load(applied: Path) -> JsonObject:
    """What we applied last; nothing if that is not known."""
    with suppress(OSError, ValueError):
        return as_object(cast("Json", json.loads(applied.read_bytes())))
    return {}


def _keep(applied: Path, value: Json) -> None:
    if _load(applied) != value:
        _replace(applied, json.dumps(value, sort_keys=True).encode())


def _replace(path: Path, data: bytes) -> None:
    """Put a whole file in place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _is_file_name(name: str) -> bool:
    return bool(name) and not name.startswith(".") and not set(name) & {"/", "\\", "\0"}
