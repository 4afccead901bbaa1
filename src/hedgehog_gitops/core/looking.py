"""One desired object as a target has it: the look that planning and settling both start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hedgehog_gitops.core.canonical import canonical
from hedgehog_gitops.core.comparing import compare
from hedgehog_gitops.model.kind import Kind, ObjectKey, Owner
from hedgehog_gitops.model.live import Absent, LiveObject, LiveSide, Present, Unknown, look_up
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import FieldChange, Verdict
from hedgehog_gitops.model.settings import Authority, Fabric
from hedgehog_gitops.model.snapshot import Manifest
from hedgehog_gitops.model.state import BaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A desired object, its canonical value, what is live, what we remember, and the verdict on all three."""

    manifest: Manifest
    desired: JsonObject
    verdict: Verdict
    live: LiveObject | None
    base: BaseRecord | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def key(self) -> ObjectKey:
        """Whom the look is about."""
        return self.manifest.key


def look(
    manifests: Mapping[ObjectKey, Manifest],
    specs: Mapping[ObjectKey, JsonObject],
    live: LiveSide,
    bases: Mapping[ObjectKey, BaseRecord],
) -> list[Look]:
    """A look for each manifest, in key order. `specs` are the specs as stored."""
    return [_look(manifest, specs[key], live, bases.get(key)) for key, manifest in sorted(manifests.items())]


def is_compared(fabric: Fabric, kind: Kind) -> bool:
    """True for kinds that people own and about which git decides; every other kind is left alone."""
    authority = fabric.authority.get(kind.kind, fabric.authority.get("default", Authority.GIT))
    return kind.owner is Owner.USER and authority is Authority.GIT


def _look(manifest: Manifest, spec: JsonObject, live: LiveSide, base: BaseRecord | None) -> Look:
    key = manifest.key
    desired = canonical(manifest.kind, manifest.value, key.namespace, spec)
    match look_up(live, key):
        case Present(found):
            verdict, fields = compare(key, desired, found, base)
            return Look(manifest=manifest, desired=desired, verdict=verdict, live=found, base=base, fields=fields)
        case Unknown():
            return Look(manifest=manifest, desired=desired, verdict=Verdict.UNKNOWN, live=None, base=base)
        case Absent():
            verdict = Verdict.PENDING if base is None else Verdict.MISSING
            return Look(manifest=manifest, desired=desired, verdict=verdict, live=None, base=base)
