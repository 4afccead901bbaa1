"""Any set of YAML files as the objects of one fabric, without a layout: for `validate PATH` and `render PATH`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from hedgehog_gitops.core.identify import duplicates, identify
from hedgehog_gitops.core.installer import installer_objects
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.unread import unread
from hedgehog_gitops.model.document import Document, Limits, ReadResult
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.remembered import AtRest
from hedgehog_gitops.model.snapshot import Manifest
from hedgehog_gitops.model.tree import FileMode, SourceFile, Tree

SUFFIXES = (".yaml", ".yml", ".json")


class Gathered(NamedTuple):
    """The objects of a set of files, and what was wrong before they could be judged together.

    `installer` are the objects of the installer, which belong to no fabric's desired state; `resting` the files, by
    path, that have nothing wrong and hold nothing else.
    """

    manifests: dict[ObjectKey, Manifest]
    installer: tuple[Manifest, ...]
    findings: tuple[Finding, ...]
    files: int
    documents: int
    resting: Mapping[str, AtRest]


def gather(tree: Tree, limits: Limits, namespace: str = "default") -> Gathered:
    """All objects below a tree's directory; of two with one identity the first is kept and both are named."""
    results = read_manifests(tree, limits)
    documents = [document for result in results for document in result.documents]
    identified = [identify(document, namespace) for document in documents]
    manifests = [manifest for each in identified for manifest in each.manifests]
    paths = [path for path in sorted(tree.files) if is_manifest(path)]
    blamed = {path for path, result in zip(paths, results, strict=True) if result.findings}
    blamed |= {document.path for document, each in zip(documents, identified, strict=True) if each.findings}
    return Gathered(
        manifests=_first_of_each(manifests),
        installer=installer_objects(zip(documents, identified, strict=True)),
        findings=(
            *(finding for result in results for finding in result.findings),
            *(finding for each in identified for finding in each.findings),
            *duplicates(manifests),
        ),
        files=len(results),
        documents=len(documents),
        resting=_resting([path for path in paths if path not in blamed], documents, manifests),
    )


def _resting(paths: list[str], documents: list[Document], manifests: list[Manifest]) -> dict[str, AtRest]:
    """What the files hold, without those that describe an object which is described elsewhere too."""
    held: dict[str, list[Manifest]] = {path: [] for path in paths}
    described = Counter(manifest.key for manifest in manifests)
    for manifest in manifests:
        if described[manifest.key] > 1:
            held.pop(manifest.document.path, None)
        elif manifest.document.path in held:
            held[manifest.document.path].append(manifest)
    counts = Counter(document.path for document in documents)
    return {path: AtRest(tuple(found), counts[path]) for path, found in held.items()}


def read_manifests(tree: Tree, limits: Limits) -> list[ReadResult]:
    """Every file that may hold manifests, read, in the order of their paths."""
    return [_read(file, limits) for path, file in sorted(tree.files.items()) if is_manifest(path)]


def is_manifest(path: str) -> bool:
    """True for a file that is read: YAML or JSON by its name, and not hidden."""
    hidden = any(part.startswith(".") for part in path.split("/"))
    return path.lower().endswith(SUFFIXES) and not hidden


def _read(file: SourceFile, limits: Limits) -> ReadResult:
    if file.data is not None and file.mode is FileMode.FILE:
        return read_documents(file.data, file.path, limits)
    return ReadResult(documents=(), findings=(unread(file, limits),))


def _first_of_each(manifests: list[Manifest]) -> dict[ObjectKey, Manifest]:
    first: dict[ObjectKey, Manifest] = {}
    for manifest in manifests:
        first.setdefault(manifest.key, manifest)
    return dict(sorted(first.items()))
