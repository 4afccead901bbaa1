"""What git wants of a fabric: its objects once everything waiting is taken in, and every finding about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.ingest import Ingestion, plan_ingestion
from hedgehog_gitops.core.suppression import fabric_comments, settle
from hedgehog_gitops.core.validation import below, refused_objects, schema_judge, validate_manifests
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding, in_file_order
from hedgehog_gitops.model.ignore import Ignore
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.profile import Profile
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.snapshot import Snapshot
from hedgehog_gitops.model.tree import DeleteFile, Tree, WriteFile
from hedgehog_gitops.ports import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """The objects, their specs as stored, those with errors and why, and why the whole is not known (or empty text).

    `paths` are all files of the fabric's directory, `profiles` the models of switch that its release knows.
    """

    snapshot: Snapshot
    specs: Mapping[ObjectKey, JsonObject]
    refused: Mapping[ObjectKey, str]
    findings: tuple[Finding, ...] = ()
    incomplete: str = ""
    paths: frozenset[str] = frozenset()
    profiles: Mapping[str, Profile] = field(default_factory=dict)


def desire(ingestion: Ingestion, tree: Tree, fabric: Fabric, release: Release, revision: str) -> Desired:
    """The desired state after an ingestion of a tree; paths of its findings count from the repository's root.

    An error that is suppressed holds nothing back: the cluster has the last word.
    """
    specs = default_specs(ingestion.snapshot.manifests)
    together = validate_manifests(ingestion.snapshot.manifests, specs, release, fabric.constants)
    ignores: tuple[Ignore, ...] = (*fabric_comments(tree, fabric.ingest.layout_roots).ignores, *fabric.ignores)
    findings = in_file_order(settle((*ingestion.findings, *together), ignores).kept)
    return Desired(
        snapshot=ingestion.snapshot._replace(revision=revision),
        specs=specs,
        refused=refused_objects(findings),
        findings=below(fabric.directory, findings),
        incomplete="the desired state could not be read whole" if ingestion.unreadable else "",
        paths=_paths(tree, ingestion),
        profiles=release.profiles,
    )


def read_desired(fabric: Fabric, source: Source, release: Release, limits: Limits) -> Desired:
    """The desired state at the newest revision of a source, as if everything waiting had been taken in."""
    tree = source.read(fabric.directory)
    ingestion = plan_ingestion(tree, fabric, limits, schema_judge(release.schemas))
    return desire(ingestion, tree, fabric, release, tree.revision)


def _paths(tree: Tree, ingestion: Ingestion) -> frozenset[str]:
    written = {change.path for change in ingestion.changes if isinstance(change, WriteFile)}
    deleted = {change.path for change in ingestion.changes if isinstance(change, DeleteFile)}
    return frozenset((tree.files.keys() - deleted) | written)
