"""One desired object as a target has it: the look that planning and settling both start from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from hedgehog_gitops.core.authority import authority_of, yielded
from hedgehog_gitops.core.canonical import canonical
from hedgehog_gitops.core.comparing import Comparison, compare, compare_adopted
from hedgehog_gitops.core.dying import is_dying
from hedgehog_gitops.core.fights import part
from hedgehog_gitops.core.glancing import glance
from hedgehog_gitops.core.judge import worst
from hedgehog_gitops.core.ownership import is_applied_by_us, managers
from hedgehog_gitops.model.kind import USER_KINDS, Kind, ObjectKey, Owner
from hedgehog_gitops.model.live import Absent, Doubt, LiveObject, LiveSide, Present, Unknown, doubted, look_up
from hedgehog_gitops.model.plain import FieldPath, JsonObject
from hedgehog_gitops.model.plan import FieldChange, Verdict
from hedgehog_gitops.model.settings import Authority, Fabric
from hedgehog_gitops.model.snapshot import Manifest
from hedgehog_gitops.model.state import BaseRecord


class Look(NamedTuple):
    """A desired object, its canonical value, what is live, what we remember, and the verdict on all three.

    `fields` differ and can be written; `paused` differ too, and are left as they are: somebody fights for them.
    `sent` is what an apply sends, where it is known to differ. A tuple, because one is made for every object.
    """

    manifest: Manifest
    desired: JsonObject
    verdict: Verdict
    live: LiveObject | None
    base: BaseRecord | None
    fields: tuple[FieldChange, ...] = ()
    beside: tuple[FieldChange, ...] = ()
    paused: tuple[FieldChange, ...] = ()
    sent: JsonObject | None = None

    @property
    def key(self) -> ObjectKey:
        """Whom the look is about."""
        return self.manifest.key

    @property
    def is_dying(self) -> bool:
        """True while finalizers hold an object that has been deleted: it is as good as missing."""
        return self.live is not None and is_dying(self.live.value)

    @property
    def is_foreign(self) -> bool:
        """True for an object that is there and that we never applied: it can be adopted."""
        return self.live is not None and bool(managers(self.live.value)) and not is_applied_by_us(self.live.value)


def look(
    fabric: Fabric,
    manifests: Mapping[ObjectKey, Manifest],
    specs: Mapping[ObjectKey, JsonObject],
    live: LiveSide,
    bases: Mapping[ObjectKey, BaseRecord],
) -> list[Look]:
    """A look for each manifest, in key order. `specs` are the specs as stored."""
    left = {kind.kind: yielded(fabric, kind) for kind in USER_KINDS}
    return [_look(manifests[key], specs[key], live, bases.get(key), left[key.kind]) for key in sorted(manifests)]


def adopted(fabric: Fabric, each: Look) -> Comparison:
    """What adopting an object that others made would change, and what of theirs stays beside that."""
    if each.live is None:
        return Comparison(verdict=each.verdict)
    return compare_adopted(each.manifest, each.desired, each.live, yielded(fabric, each.manifest.kind))


def with_doubts(live: LiveSide, bases: Mapping[ObjectKey, BaseRecord]) -> LiveSide:
    """The look with kinds unknown that are empty although we made objects of them, unless that has been proven."""
    seen = {(key.group, key.kind) for key in live.objects}
    ours = Counter((key.group, key.kind) for key, record in bases.items() if record.uid)
    doubtful = {kind: number for kind, number in ours.items() if kind not in seen and kind not in live.proven}
    told = {
        kind: doubted(Doubt.CUT, f"the list is empty, although {number} of its objects are ours")
        for kind, number in sorted(doubtful.items())
    }
    return live._replace(unknown={**told, **live.unknown})


def is_compared(fabric: Fabric, kind: Kind) -> bool:
    """True for kinds that people own and about which git decides; every other kind is left alone."""
    return kind.owner is Owner.USER and authority_of(fabric, kind) is Authority.GIT


def _look(
    manifest: Manifest, spec: JsonObject, live: LiveSide, base: BaseRecord | None, left: tuple[FieldPath, ...]
) -> Look:
    read = look_up(live, manifest.key)
    found = read.object if isinstance(read, Present) else None
    seen = glance(manifest, spec, found, base)
    desired = base.value if base is not None and seen.is_known else _canonical(manifest, spec)
    match read:
        case Present(found) if seen.is_equal:
            verdict = _of_living(found, Verdict.IN_SYNC)
            return Look(manifest=manifest, desired=desired, verdict=verdict, live=found, base=base)
        case Present(found):
            return _compared(manifest, desired, found, base, left)
        case Unknown():
            return Look(manifest=manifest, desired=desired, verdict=Verdict.UNKNOWN, live=None, base=base)
        case Absent():
            is_new = base is None or not base.uid  # one that we only meant to write was never there
            verdict = Verdict.PENDING if is_new else Verdict.MISSING
            return Look(manifest=manifest, desired=desired, verdict=verdict, live=None, base=base)


def _canonical(manifest: Manifest, spec: JsonObject) -> JsonObject:
    return canonical(manifest.kind, manifest.value, manifest.key.namespace, spec)


def _compared(
    manifest: Manifest, desired: JsonObject, found: LiveObject, base: BaseRecord | None, left: tuple[FieldPath, ...]
) -> Look:
    seen = compare(manifest, desired, found, base, left)
    fields, paused = part(seen.fields, base.put_back if base is not None and base.uid == found.uid else ())
    return Look(
        manifest=manifest,
        desired=desired,
        verdict=_of_living(found, seen.verdict if fields == seen.fields else worst(fields or paused)),
        live=found,
        base=base,
        fields=fields,
        beside=seen.beside,
        paused=paused,
        sent=seen.sent,
    )


def _of_living(found: LiveObject, verdict: Verdict) -> Verdict:
    """The verdict, which for one of ours that is being deleted is that it is missing, whatever its fields say."""
    if not is_dying(found.value):
        return verdict
    return verdict if verdict in {Verdict.CONFLICT, Verdict.UNMANAGED} else Verdict.MISSING
