"""Validate: read the files, judge every layer once, answer with all findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.gathering import Gathered, gather, is_manifest
from hedgehog_gitops.core.ingest import Ingestion, plan_ingestion
from hedgehog_gitops.core.installer import described_constants, judge_installer
from hedgehog_gitops.core.remembering import Objects, Specs, moved, remember, rest_of, restamped, unchanged, unshared
from hedgehog_gitops.core.rules.layout_rules import DIRECTORY_MISSING
from hedgehog_gitops.core.structure import plan_structure
from hedgehog_gitops.core.suppression import Settled, comments_in, fabric_comments, settle, unused
from hedgehog_gitops.core.validation import below, judge_each, judge_set, schema_judge
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding, Origin, in_file_order
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.remembered import AtRest, Recollection, Remembered
from hedgehog_gitops.model.report import Validation, summarize
from hedgehog_gitops.model.settings import Fabric, FabricConstants
from hedgehog_gitops.model.snapshot import Manifest, Snapshot
from hedgehog_gitops.model.tree import Tree
from hedgehog_gitops.ports import Memory, Source
from hedgehog_gitops.usecases.since import fabric_since, files_since


def validate_fabric(
    fabric: Fabric,
    source: Source,
    release: Release,
    limits: Limits,
    base: Source | None = None,
    memory: Memory | None = None,
) -> Validation:
    """All findings about one fabric's directory, with a base also about what changed since.

    Paths count from the repository's root. With a memory, files that have not changed are not read again.
    """
    tree = source.read(fabric.directory)
    if not tree.exists:
        return _absent(fabric, tree)
    proven = _proven(tree, memory, base)
    ingestion, proven = _ingested(tree, proven, fabric, release, limits)
    namespace = fabric.cluster.namespace if fabric.cluster else "default"
    objects = Objects(ingestion.snapshot.manifests, proven, tree.files, limits, namespace)
    found = _judged(ingestion.snapshot.manifests, objects, proven, release, fabric.constants, _recalled(memory))
    _keep(memory, tree, proven, ingestion.resting, found)
    since = fabric_since(base, tree, ingestion, fabric, release, limits)
    findings = (*ingestion.findings, *plan_structure(tree, fabric).findings, *found.findings, *since)
    comments = fabric_comments(rest_of(tree, proven), fabric.ingest.layout_roots)
    settled = settle(findings, (*comments.ignores, *fabric.ignores))
    told = (*settled.kept, *comments.findings, *unused(comments.ignores, settled))
    own = [entry for entry in fabric.ignores if not entry.is_shared]
    return _validation(
        in_file_order((*below(fabric.directory, told), *unused(own, settled))),
        Snapshot(fabric=fabric.name, revision=tree.revision, manifests=objects, directory=fabric.directory),
        files=len(ingestion.files) + len(proven),
        documents=ingestion.documents + sum(entry.documents for entry in proven.values()),
        settled=settled._replace(suppressed=below(fabric.directory, settled.suppressed)),
    )


def validate_tree(
    tree: Tree,
    release: Release,
    constants: FabricConstants | None,
    limits: Limits,
    base: Tree | None = None,
    memory: Memory | None = None,
) -> Validation:
    """All findings about a set of files that is one fabric without a layout.

    Without constants they are those of the one Fabricator among the files, or the defaults. What is remembered was
    judged with the defaults, so beside a Fabricator everything is read.
    """
    proven = _proven(tree, memory, base)
    gathered, proven = _gathered(tree, proven, limits)
    known = constants or described_constants(gathered.installer)
    if constants is None and known != FabricConstants():
        memory = None
        gathered, proven = _gathered(tree, {}, limits)
    objects = Objects(gathered.manifests, proven, tree.files, limits)
    found = _judged(gathered.manifests, objects, proven, release, known, _recalled(memory))
    _keep(memory, tree, proven, gathered.resting, found)
    since = files_since(base, gathered, release, limits)
    findings = (*gathered.findings, *found.findings, *judge_installer(gathered.installer), *since)
    comments = comments_in(
        (path for path in sorted(tree.files) if path not in proven and is_manifest(path)),
        lambda path: tree.files[path].data,
    )
    settled = settle(findings, comments.ignores)
    return _validation(
        in_file_order((*settled.kept, *comments.findings, *unused(comments.ignores, settled))),
        Snapshot(fabric="", revision=tree.revision, manifests=objects),
        files=gathered.files + len(proven),
        documents=gathered.documents + sum(entry.documents for entry in proven.values()),
        settled=settled,
    )


class _Found(NamedTuple):
    """What was found in all objects, the specs as stored, and which objects have something wrong by themselves.

    `reads` and `is_closed` are those of a `Recollection`.
    """

    findings: tuple[Finding, ...]
    specs: Mapping[ObjectKey, JsonObject]
    blamed: frozenset[ObjectKey]
    reads: Mapping[str, frozenset[str]]
    is_closed: bool


def _recalled(memory: Memory | None) -> Recollection:
    return Recollection() if memory is None else memory.recall()


def _proven(tree: Tree, memory: Memory | None, base: object) -> dict[str, Remembered]:
    """What is known of files without reading them. What changed since a base is told of objects that were read."""
    return {} if memory is None or base is not None else unchanged(tree, memory.recall().files)


def _ingested(
    tree: Tree, proven: dict[str, Remembered], fabric: Fabric, release: Release, limits: Limits
) -> tuple[Ingestion, dict[str, Remembered]]:
    """The ingestion of all files that are not proven, and those that are, without any that it has to do with."""
    while True:
        ingestion = plan_ingestion(rest_of(tree, proven), fabric, limits, schema_judge(release.schemas))
        apart = unshared(proven, ingestion.described)
        if len(apart) == len(proven):
            return ingestion, proven
        proven = apart


def _gathered(tree: Tree, proven: dict[str, Remembered], limits: Limits) -> tuple[Gathered, dict[str, Remembered]]:
    """The same for files without a layout."""
    while True:
        gathered = gather(rest_of(tree, proven), limits)
        apart = unshared(proven, gathered.manifests)
        if len(apart) == len(proven):
            return gathered, proven
        proven = apart


def _judged(
    fresh: Mapping[ObjectKey, Manifest],
    objects: Mapping[ObjectKey, Manifest],
    proven: Mapping[str, Remembered],
    release: Release,
    constants: FabricConstants,
    recalled: Recollection,
) -> _Found:
    """Each object that was read by itself, and all objects together as far as something has moved."""
    made = default_specs(fresh)
    each = judge_each(fresh.values(), made, release, constants)
    specs = Specs({key: spec for key, spec in made.items() if key not in each.undecodable}, proven)
    now = moved(recalled, proven, specs)
    among = judge_set(specs, objects, release, constants, now)
    blamed = frozenset(finding.key for finding in each.findings if finding.key is not None)
    reads = {**{kind: recalled.reads[kind] for kind in now.settled}, **among.reads}
    return _Found((*each.findings, *among.findings), specs, blamed | each.undecodable, reads, among.is_closed)


def _keep(
    memory: Memory | None,
    tree: Tree,
    proven: Mapping[str, Remembered],
    resting: Mapping[str, AtRest],
    found: _Found,
) -> None:
    if memory is not None:
        fresh = remember(resting, found.blamed, found.specs, tree.files)
        files = {**restamped(proven, tree.files), **fresh}
        is_whole = sum(len(entry.keys) for entry in files.values()) == len(found.specs)
        memory.keep(Recollection(files, found.reads, found.is_closed) if is_whole else Recollection(files))


def _absent(fabric: Fabric, tree: Tree) -> Validation:
    finding = DIRECTORY_MISSING.at(
        Origin(path=fabric.directory, line=1, column=1),
        f"the directory of fabric {fabric.name} does not exist at {tree.revision[:12]}",
        hint="run hedgehog-gitops init, or correct `directory` in the configuration",
    )
    snapshot = Snapshot(fabric=fabric.name, revision=tree.revision, manifests={})
    return _validation((finding,), snapshot, files=0, documents=0, settled=Settled((finding,)))


def _validation(
    findings: tuple[Finding, ...], snapshot: Snapshot, *, files: int, documents: int, settled: Settled
) -> Validation:
    objects, suppressed = len(snapshot.manifests), len(settled.suppressed)
    return Validation(
        findings=findings,
        summary=summarize(findings, files=files, documents=documents, objects=objects, suppressed=suppressed),
        suppressed=settled.suppressed,
        used=settled.used,
        snapshots=(snapshot,),
    )
