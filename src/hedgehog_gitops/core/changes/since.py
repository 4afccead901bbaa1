"""What is to be said of everything that changed since a base: two sets of manifests in, findings out."""

from __future__ import annotations

from collections.abc import Mapping

from hedgehog_gitops.core.changes.judging import judge_step
from hedgehog_gitops.core.changes.placing import placed_changes
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.schema import undecodable
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.snapshot import Manifest

Manifests = Mapping[ObjectKey, Manifest]
Schemas = Mapping[tuple[str, str], JsonObject]


def findings_since(older: Manifests, newer: Manifests, schemas: Schemas, *, is_whole: bool) -> tuple[Finding, ...]:
    """The findings about the step from older to newer manifests, placed in the newer ones' files.

    What cannot be decoded never gets stored, so it stays what it was. Without `is_whole` the newer set may lack
    objects that were only unreadable: then nothing counts as removed.
    """
    after = _stored(newer, schemas)
    same = {key for key, manifest in older.items() if key in after and manifest.value == newer[key].value}
    before = {**{key: after[key] for key in same}, **_stored(_without(older, same), schemas)}
    left = {key: spec for key, spec in before.items() if key not in after and (key in newer or not is_whole)}
    homes = {key: manifest.document.path for key, manifest in older.items()}
    return placed_changes(judge_step(before, {**after, **left}), newer, homes)


def _without(manifests: Manifests, left_out: set[ObjectKey]) -> dict[ObjectKey, Manifest]:
    return {key: manifest for key, manifest in manifests.items() if key not in left_out}


def _stored(manifests: Manifests, schemas: Schemas) -> dict[ObjectKey, JsonObject]:
    return default_specs(_without(manifests, set(undecodable(manifests.values(), schemas))))
