"""Where the fault of a step stands in the files: at a field of the newer set, or at what is left of the older one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from hedgehog_gitops.core.changes.step import StepFault
from hedgehog_gitops.core.semantics import placed
from hedgehog_gitops.model.finding import Finding, Origin
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.snapshot import Manifest

Manifests = Mapping[ObjectKey, Manifest]


def placed_changes(found: Iterable[StepFault], newer: Manifests, homes: Mapping[ObjectKey, str]) -> tuple[Finding, ...]:
    """The faults as findings in the newer set's files; `homes` are the files in which the older objects stood.

    What was removed has no place of its own: its fault stands at the head of the file that it was taken out of, if that
    file still holds something, else at the object that it was about, else where the file was.
    """
    files = {manifest.document.path for manifest in newer.values()}
    return tuple(_placed(each, newer, homes, files) for each in found)


def _placed(found: StepFault, newer: Manifests, homes: Mapping[ObjectKey, str], files: Collection[str]) -> Finding:
    if found.place in newer:
        return placed(newer[found.place], found.fault, newer)
    home, other = homes.get(found.subject, ""), found.fault.other
    if home not in files and other is not None and other.key in newer:
        return placed(newer[other.key], found.fault._replace(field=other.field, other=None), newer)
    origin = Origin(path=home, line=1, column=1, end_line=1, end_column=1)
    return found.fault.rule.at(origin, found.fault.message, hint=found.fault.hint, key=found.subject)
