"""Files that were judged before and have not changed since: what is known of them without reading them again.

Only a file in which nothing was found is remembered, and only what it says by itself: what its objects mean together
with others is judged anew in every run. A file whose object is described elsewhere too is read again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from hedgehog_gitops.core.identify import identify
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.semantics.faces import vpc_face
from hedgehog_gitops.core.semantics.watched import EVERY_KIND, VPC_FACES
from hedgehog_gitops.core.suppression import MARKER
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.remembered import AtRest, Recollection, Remembered
from hedgehog_gitops.model.snapshot import Manifest
from hedgehog_gitops.model.tree import FileMode, SourceFile, Tree

_MARKER = MARKER.encode()
"""A file that holds this may ask for findings to be left out; whether it gets any is to be seen in every run."""


def unchanged(tree: Tree, known: Mapping[str, Remembered]) -> dict[str, Remembered]:
    """What is known of files whose content is the same, unless another path differs from theirs in case only."""
    same = {
        path: entry
        for path, entry in known.items()
        if (file := tree.files.get(path)) is not None and file.blob == entry.blob and file.mode is FileMode.FILE
    }
    alike = _alike(tree.files) if same else set()
    return {path: entry for path, entry in same.items() if path.casefold() not in alike} if alike else same


def _alike(paths: Collection[str]) -> set[str]:
    """What paths that differ in case only have in common."""
    folded = [path.casefold() for path in paths]
    return set() if len({*folded}) == len(folded) else {path for path, times in Counter(folded).items() if times > 1}


def rest_of(tree: Tree, proven: Container[str]) -> Tree:
    """The tree without the files of which enough is known."""
    return tree._replace(files={path: file for path, file in tree.files.items() if path not in proven})


def unshared(proven: dict[str, Remembered], described: Container[ObjectKey]) -> dict[str, Remembered]:
    """Without the files that hold an object which another file describes too."""
    shared = {path for path, entry in proven.items() for key in entry.keys if key in described}
    return {path: entry for path, entry in proven.items() if path not in shared} if shared else proven


class Moved(NamedTuple):
    """What to judge anew of a set: all kinds but the `settled` ones, and the references of `sources` (None: all)."""

    settled: frozenset[str] = frozenset()
    sources: frozenset[ObjectKey] | None = None


def moved(known: Recollection, proven: Mapping[str, Remembered], specs: Specs) -> Moved:
    """What the objects that changed, came or went since the last run leave to be judged.

    A file whose objects are stored as before has moved nothing. A name that led to an object still does if all objects
    that were there are there, with the subnets that they had.
    """
    left = [entry for path, entry in known.files.items() if path not in proven]
    gone = {key: spec for entry in left for key, spec in entry.objects().items()}
    fresh = specs.fresh
    touched = {each for key in {*gone, *fresh} for each in _touched(key.kind, gone.get(key), specs.get(key))}
    settled = {kind for kind, read in known.reads.items() if EVERY_KIND not in read and not read & touched}
    is_new = any(key.kind == "VPC" and key not in gone for key in fresh)
    holds = known.is_closed and not is_new and all(_still_has(specs.get(key), spec) for key, spec in gone.items())
    return Moved(frozenset(settled), fresh if holds else None)


def _touched(kind: str, before: JsonObject | None, now: JsonObject | None) -> Iterator[str]:
    """What a judge may have looked at, and would now see another way."""
    if before != now:
        yield kind
        if kind == "VPC" and (before is None or now is None or vpc_face(before) != vpc_face(now)):
            yield VPC_FACES


def _still_has(now: JsonObject | None, before: JsonObject) -> bool:
    return now is not None and as_object(before.get("subnets")).keys() <= as_object(now.get("subnets")).keys()


class Specs(Mapping[ObjectKey, JsonObject]):
    """The specs as stored of a set: `made` of what was read, and those that are known, each when it is asked for."""

    def __init__(self, made: Mapping[ObjectKey, JsonObject], proven: Mapping[str, Remembered]) -> None:
        self._homes = {key: entry for entry in proven.values() for key in entry.keys}
        self.fresh = frozenset(made.keys() - self._homes.keys())
        self._found = {key: made[key] for key in made if key in self.fresh}
        self._keys = (*self._found, *self._homes)

    def __getitem__(self, key: ObjectKey) -> JsonObject:
        if key not in self._found:
            self._found.update(self._homes[key].objects())
        return self._found[key]

    def __contains__(self, key: object) -> bool:
        return key in self._found or key in self._homes

    def __iter__(self) -> Iterator[ObjectKey]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def remember(
    resting: Mapping[str, AtRest],
    blamed: Container[ObjectKey],
    specs: Mapping[ObjectKey, JsonObject],
    files: Mapping[str, SourceFile],
) -> dict[str, Remembered]:
    """What to remember of files that were just judged; `blamed` objects have something wrong by themselves."""
    return {
        path: Remembered(
            files[path].blob,
            files[path].stamp,
            found.documents,
            tuple(manifest.key for manifest in found.manifests),
            _text([specs[manifest.key] for manifest in found.manifests]),
        )
        for path, found in resting.items()
        if not any(manifest.key in blamed for manifest in found.manifests) and _MARKER not in (files[path].data or b"")
    }


def _text(specs: list[JsonObject]) -> bytes:
    return json.dumps(specs, separators=(",", ":")).encode("ascii")


def restamped(proven: Mapping[str, Remembered], files: Mapping[str, SourceFile]) -> dict[str, Remembered]:
    """The same with how the files lie on disk now."""
    return {
        path: entry if (stamp := files[path].stamp) is entry.stamp or not stamp else entry._replace(stamp=stamp)
        for path, entry in proven.items()
    }


class Objects(Mapping[ObjectKey, Manifest]):
    """All objects of a set; those of files that were not read are read when somebody asks for them."""

    def __init__(
        self,
        fresh: Mapping[ObjectKey, Manifest],
        proven: Mapping[str, Remembered],
        files: Mapping[str, SourceFile],
        limits: Limits,
        namespace: str = "default",
    ) -> None:
        self._found = dict(fresh)
        self._homes = {key: path for path, entry in proven.items() for key in entry.keys}
        self._files = files
        self._limits = limits
        self._namespace = namespace

    def __getitem__(self, key: ObjectKey) -> Manifest:
        if key not in self._found:
            for manifest in self._read(self._homes[key]):
                self._found.setdefault(manifest.key, manifest)
        return self._found[key]

    def __contains__(self, key: object) -> bool:
        return key in self._found or key in self._homes

    def __iter__(self) -> Iterator[ObjectKey]:
        return iter(sorted({*self._found, *self._homes}))

    def __len__(self) -> int:
        return len({*self._found, *self._homes})

    def _read(self, path: str) -> Iterable[Manifest]:
        documents = read_documents(self._files[path].data or b"", path, self._limits).documents
        return (manifest for each in documents for manifest in identify(each, self._namespace).manifests)
