"""All layers of validation that need the objects together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.ingest.values import Judge
from hedgehog_gitops.core.label_limits import label_limits
from hedgehog_gitops.core.profiles import BuiltIn
from hedgehog_gitops.core.references import missing_references
from hedgehog_gitops.core.remembering import Moved
from hedgehog_gitops.core.schema import decoding_findings, judge_schema, storing_findings, undecodable
from hedgehog_gitops.core.semantics import alone, placed, together
from hedgehog_gitops.core.semantics.watched import Watched
from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

_ALL = Moved()


def validate_manifests(
    manifests: Mapping[ObjectKey, Manifest],
    specs: Mapping[ObjectKey, JsonObject],
    release: Release,
    constants: FabricConstants,
) -> tuple[Finding, ...]:
    """What the schema, the references and admission say about a whole set of objects; `specs` are those as stored."""
    each = judge_each(manifests.values(), specs, release, constants)
    stored = {key: spec for key, spec in specs.items() if key not in each.undecodable}
    return (*each.findings, *judge_set(stored, manifests, release, constants).findings)


class Judged(NamedTuple):
    """What there is to say about objects one by one, and which of them cannot be decoded.

    What cannot be decoded is never stored: it is not judged further, and what needs it does not find it.
    """

    findings: tuple[Finding, ...]
    undecodable: frozenset[ObjectKey]


def judge_each(
    manifests: Collection[Manifest],
    specs: Mapping[ObjectKey, JsonObject],
    release: Release,
    constants: FabricConstants,
) -> Judged:
    """The schema, and admission as far as it needs no other object."""
    unread = undecodable(manifests, release.schemas)
    decoded = [manifest for manifest in manifests if manifest.key not in unread]
    findings = (
        *(finding for each in manifests if each.key in unread for finding in decoding_findings(each, release.schemas)),
        *storing_findings(decoded, release.schemas, specs),
        *(
            placed(manifest, fault, {manifest.key: manifest})
            for manifest in decoded
            for fault in alone(manifest, specs[manifest.key], constants)
        ),
    )
    return Judged(findings, unread)


class SetJudged(NamedTuple):
    """What there is to say about objects among others, and what is to be remembered of the set, see `Recollection`."""

    findings: tuple[Finding, ...]
    reads: Mapping[str, frozenset[str]]
    is_closed: bool


def judge_set(
    specs: Mapping[ObjectKey, JsonObject],
    manifests: Mapping[ObjectKey, Manifest],
    release: Release,
    constants: FabricConstants,
    moved: Moved = _ALL,
) -> SetJudged:
    """The references, and admission as far as it needs other objects. `specs` are those that are stored.

    A manifest is asked for only where there is something to say.
    """
    stored = Watched(specs, constants, BuiltIn(release.profiles, constants.profile_families))
    open_ends = tuple(missing_references(manifests, specs, moved.sources))
    among = tuple(together(stored, moved.settled))
    read = {kind: frozenset(kinds) for kind, kinds in stored.reads.items()}
    labels = tuple(label_limits(stored, moved.settled))
    faulty = {key.kind for key, _ in (*among, *labels)}
    return SetJudged(
        tuple(placed(manifests[key], fault, manifests) for key, fault in (*open_ends, *among, *labels)),
        {kind: kinds for kind, kinds in read.items() if kind not in faulty},
        is_closed=not open_ends,
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
    related = tuple(each._replace(origin=_placed(directory, each.origin)) for each in finding.related)
    return finding._replace(origin=_placed(directory, finding.origin), related=related)


def _placed(directory: str, origin: Origin) -> Origin:
    return origin._replace(path=f"{directory}/{origin.path}".rstrip("/"))


def strictly(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings with warnings made errors."""
    return tuple(
        finding._replace(severity=Severity.ERROR) if finding.severity is Severity.WARNING else finding
        for finding in findings
    )
