"""All layers of validation that need the objects together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.ingest.values import Judge
from hedgehog_gitops.core.profiles import BuiltIn
from hedgehog_gitops.core.references import missing_references
from hedgehog_gitops.core.schema import judge_schema, undecodable
from hedgehog_gitops.core.semantics import Stored, alone, placed, together
from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest


def validate_manifests(
    manifests: Mapping[ObjectKey, Manifest],
    specs: Mapping[ObjectKey, JsonObject],
    release: Release,
    constants: FabricConstants,
) -> tuple[Finding, ...]:
    """What the schema, the references and admission say about a whole set of objects; `specs` are those as stored.

    What cannot be decoded is never stored: it is not judged further, and what needs it does not find it.
    """
    unread = undecodable(manifests.values(), release.schemas)
    stored = Stored(
        {key: spec for key, spec in specs.items() if key not in unread},
        constants,
        BuiltIn(release.profiles, constants.profile_families),
    )
    decoded = [manifest for key, manifest in manifests.items() if key not in unread]
    faults = (
        *missing_references(manifests, stored.specs),
        *((manifest, fault) for manifest in decoded for fault in alone(manifest, specs[manifest.key], constants)),
        *together(decoded, stored),
    )
    return (
        *judge_schema(manifests.values(), release.schemas, specs),
        *(placed(manifest, fault, manifests) for manifest, fault in faults),
    )


def schema_judge(schemas: Mapping[tuple[str, str], JsonObject]) -> Judge:
    """The judge that keeps out of managed/ what the API server would refuse for itself alone."""
    return lambda manifests: judge_schema(manifests, schemas, default_specs({each.key: each for each in manifests}))


def refused_objects(findings: tuple[Finding, ...]) -> dict[ObjectKey, str]:
    """The objects that have an error, each with its first one: they are not applied."""
    refused: dict[ObjectKey, str] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR and finding.key is not None:
            refused.setdefault(finding.key, f"{finding.rule} {finding.message}")
    return refused


def below(directory: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings whose paths are relative to a directory, with paths from the repository's root."""
    return tuple(_below(directory, finding) for finding in findings) if directory else findings


def _below(directory: str, finding: Finding) -> Finding:
    related = tuple(replace(each, origin=_placed(directory, each.origin)) for each in finding.related)
    return replace(finding, origin=_placed(directory, finding.origin), related=related)


def _placed(directory: str, origin: Origin) -> Origin:
    return replace(origin, path=f"{directory}/{origin.path}".rstrip("/"))


def strictly(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings with warnings made errors."""
    return tuple(
        replace(finding, severity=Severity.ERROR) if finding.severity is Severity.WARNING else finding
        for finding in findings
    )
