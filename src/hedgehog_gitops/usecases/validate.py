"""Validate: read the files, judge every layer once, answer with all findings."""

from __future__ import annotations

from collections.abc import Mapping

from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.gathering import gather
from hedgehog_gitops.core.ingest import plan_ingestion
from hedgehog_gitops.core.rules.layout_rules import DIRECTORY_MISSING
from hedgehog_gitops.core.structure import plan_structure
from hedgehog_gitops.core.validation import below, schema_judge, validate_manifests
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding, Origin, in_file_order
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.report import Validation, summarize
from hedgehog_gitops.model.settings import Fabric, FabricConstants
from hedgehog_gitops.model.snapshot import Manifest, Snapshot
from hedgehog_gitops.model.tree import Tree
from hedgehog_gitops.ports import Source
from hedgehog_gitops.usecases.since import fabric_since, files_since


def validate_fabric(
    fabric: Fabric, source: Source, release: Release, limits: Limits, base: Source | None = None
) -> Validation:
    """All findings about one fabric's directory, with a base also about what changed since.

    Paths count from the repository's root.
    """
    tree = source.read(fabric.directory)
    if not tree.exists:
        return _absent(fabric, tree)
    ingestion = plan_ingestion(tree, fabric, limits, schema_judge(release.schemas))
    together = _together(ingestion.snapshot.manifests, release, fabric.constants)
    since = fabric_since(base, ingestion, fabric, release, limits)
    findings = (*ingestion.findings, *plan_structure(tree, fabric).findings, *together, *since)
    return _validation(
        in_file_order(below(fabric.directory, findings)),
        ingestion.snapshot,
        files=len(ingestion.files),
        documents=ingestion.documents,
    )


def validate_tree(
    tree: Tree, release: Release, constants: FabricConstants, limits: Limits, base: Tree | None = None
) -> Validation:
    """All findings about a set of files that is one fabric without a layout."""
    gathered = gather(tree, limits)
    since = files_since(base, gathered, release, limits)
    findings = (*gathered.findings, *_together(gathered.manifests, release, constants), *since)
    snapshot = Snapshot(fabric="", revision=tree.revision, manifests=gathered.manifests)
    return _validation(in_file_order(below("", findings)), snapshot, files=gathered.files, documents=gathered.documents)


def _together(
    manifests: Mapping[ObjectKey, Manifest], release: Release, constants: FabricConstants
) -> tuple[Finding, ...]:
    return validate_manifests(manifests, default_specs(manifests), release, constants)


def _absent(fabric: Fabric, tree: Tree) -> Validation:
    finding = DIRECTORY_MISSING.at(
        Origin(path=fabric.directory, line=1, column=1),
        f"the directory of fabric {fabric.name} does not exist at {tree.revision[:12]}",
        hint="run hedgehog-gitops init, or correct `directory` in the configuration",
    )
    return _validation((finding,), Snapshot(fabric=fabric.name, revision=tree.revision, manifests={}), files=0)


def _validation(findings: tuple[Finding, ...], snapshot: Snapshot, *, files: int, documents: int = 0) -> Validation:
    summary = summarize(findings, files=files, documents=documents, objects=len(snapshot.manifests))
    return Validation(findings=findings, summary=summary, snapshots=(snapshot,))
