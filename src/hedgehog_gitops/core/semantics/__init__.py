"""What Hedgehog's admission says about a set of objects, rule by rule.

`alone` judges one stored object by itself and the fabric's constants; `together` judges it against all the others in
the set. Both give faults, which know no files; `placed` makes findings of them. A room for each group of kinds:
`wiring`, `vpc`, `gateway`.
Source: the admission of the fabric API v0.129 line, restated as rules with ids.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.core.semantics.stored import NAMESPACE, Stored
from hedgehog_gitops.core.semantics.table import room_of
from hedgehog_gitops.core.written import written_path
from hedgehog_gitops.model.finding import Finding, Related
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, path_text
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

__all__ = ["Fault", "Other", "Stored", "alone", "placed", "together"]


def alone(manifest: Manifest, spec: JsonObject, constants: FabricConstants) -> tuple[Fault, ...]:
    """What is wrong with one object that decodes; `spec` is its spec as stored."""
    judge = room_of(manifest.kind.kind).alone.get(manifest.kind.kind)
    return tuple(judge(manifest, spec, constants)) if judge is not None else ()


def together(stored: Stored, settled: Container[str] = ()) -> Iterator[tuple[ObjectKey, Fault]]:
    """What is wrong with each of the stored objects among all others. Other namespaces are not looked at.

    Objects of kinds that are `settled` are left out: nothing is wrong with them.
    """
    for kind in stored.kinds:
        if kind not in settled:
            stored.judging(kind)
            yield from _together(kind, stored)


def _together(kind: str, stored: Stored) -> Iterator[tuple[ObjectKey, Fault]]:
    judge = room_of(kind).together.get(kind)
    if judge is None:
        return
    for key, spec in stored.everywhere(kind):
        if key.namespace == NAMESPACE:
            for fault in judge(key.name, spec, stored):
                yield key, fault


def placed(manifest: Manifest, fault: Fault, manifests: Mapping[ObjectKey, Manifest]) -> Finding:
    """The fault as a finding at its field in the file; `manifests` are all objects that it can point to."""
    field = written_path(manifest, fault.field)
    return fault.rule.at(
        manifest.origin(field, key=fault.at_key),
        fault.message,
        hint=fault.hint,
        field=path_text(field),
        key=manifest.key,
        related=_related(fault.other, manifests),
    )


def _related(other: Other | None, manifests: Mapping[ObjectKey, Manifest]) -> tuple[Related, ...]:
    if other is None or other.key not in manifests:
        return ()
    field = written_path(manifests[other.key], other.field)
    return (Related(origin=manifests[other.key].origin(field), key=other.key, field=path_text(field)),)
