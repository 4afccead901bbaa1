"""What other sides decide and git says otherwise: offered to be taken into git, into the files as they are written.

Only what `authority` gives to the cluster or to NetBox is offered, and only of objects that git has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from hedgehog_gitops.core.authority import authority_of, field_path, is_yielded, with_path
from hedgehog_gitops.core.canonical import canonical
from hedgehog_gitops.core.judge import field_changes
from hedgehog_gitops.core.netbox.comparing import base_of
from hedgehog_gitops.core.netbox.manifests import SHOWN, manifests
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, LiveSide, SideName
from hedgehog_gitops.model.plain import FieldPath, JsonObject, without_path
from hedgehog_gitops.model.plan import MISSING, FieldValue, Missing
from hedgehog_gitops.model.record import NETBOX, Record
from hedgehog_gitops.model.settings import Authority, Fabric, NetboxSettings
from hedgehog_gitops.model.snapshot import Manifest

Manifests = Mapping[ObjectKey, Manifest]
Specs = Mapping[ObjectKey, JsonObject]

_NETBOX: Final = Authority.NETBOX
_DESCRIPTION: Final = field_path("spec.description")
_MAY_BE_EMPTY: Final = frozenset({_DESCRIPTION, field_path("spec.boot.serial")})


class Offer(NamedTuple):
    """One field that another side decides: what git says, and what that side has."""

    side: SideName
    key: ObjectKey
    path: FieldPath
    git: FieldValue
    theirs: FieldValue


def from_cluster(fabric: Fabric, manifests: Manifests, specs: Specs, live: LiveSide) -> Iterator[Offer]:
    """Fields that the cluster decides and has otherwise; nothing of what is not known or not there."""
    for key, manifest in sorted(manifests.items()):
        found = live.objects.get(key)
        if found is None or (key.group, key.kind) in live.unknown:
            continue
        wanted = canonical(manifest.kind, manifest.value, key.namespace, specs[key])
        stored = canonical(manifest.kind, found.value, key.namespace)
        for field in field_changes(MISSING, {"spec": wanted["spec"]}, {"spec": stored["spec"]}, lambda _: ""):
            if _decides(fabric, manifest, field.path, Authority.CLUSTER):
                yield Offer(SideName.CLUSTER, key, field.path, field.desired, field.live)


def from_netbox(
    fabric: Fabric, objects: Manifests, records: Mapping[ObjectKey, Record], live: LiveSide
) -> Iterator[Offer]:
    """The same of NetBox: what it shows of the kinds that map one to one. `records` are those of git's objects.

    Both are compared as they would come back from NetBox, so that only what people moved differs. What was deleted
    there is no value: a plan asks about it.
    """
    settings = fabric.netbox or NetboxSettings()
    decided = {key for key in objects if key.kind in SHOWN and _is_known(key.kind, live)}
    theirs_too = {key.kind for key in decided if _decides(fabric, objects[key], _DESCRIPTION, _NETBOX)}
    ours = manifests({key: _shown_as(record) for key, record in records.items()}, settings)
    theirs = manifests(live.objects, settings, theirs_too)
    for key in sorted(decided & ours.keys() & theirs.keys()):
        shown = SHOWN[key.kind].fields
        for path, git, found in _differing(shown, ours[key], theirs[key]):
            is_told = path in _MAY_BE_EMPTY or not isinstance(found, Missing)
            if is_told and is_yielded(path, shown) and _decides(fabric, objects[key], path, _NETBOX):
                yield Offer(SideName.NETBOX, key, path, git, found)


def taken_in(value: JsonObject, offers: Iterable[Offer]) -> JsonObject:
    """An object as git has it, with what others decide."""
    for offer in offers:
        if isinstance(offer.theirs, Missing):
            value = without_path(value, offer.path)
        else:
            value = with_path(value, offer.path, offer.theirs)
    return value


def _differing(
    shown: Collection[FieldPath], ours: JsonObject, theirs: JsonObject, above: FieldPath = ()
) -> Iterator[tuple[FieldPath, FieldValue, FieldValue]]:
    """The fields that differ, each as deep as NetBox shows it, also where what is around it is missing on one side."""
    for field in field_changes(MISSING, ours, theirs, lambda _: ""):
        path, git, found = (*above, *field.path), field.desired, field.live
        if (isinstance(git, dict) or isinstance(found, dict)) and any(path == each[: len(path)] for each in shown):
            git, found = (value if isinstance(value, dict) else {} for value in (git, found))
            yield from _differing(shown, git, found, path)
        else:
            yield path, git, found


def _is_known(kind: str, live: LiveSide) -> bool:
    return not any((NETBOX, each) in live.unknown for each in SHOWN[kind].records)


def _shown_as(record: Record) -> LiveObject:
    """A record as NetBox has it once it is written."""
    return LiveObject(key=record.key, value={**record.fields, "base": base_of(record)}, version="", uid="")


def _decides(fabric: Fabric, manifest: Manifest, path: FieldPath, side: Authority) -> bool:
    if authority_of(fabric, manifest.kind) is side:
        return True
    prefix = f"{manifest.kind.kind}/"
    own = [name for name, who in fabric.authority.items() if name.startswith(prefix) and who is side]
    return is_yielded(path, tuple(field_path(name.removeprefix(prefix)) for name in own))
