"""What goes from NetBox: records of ours whose object git no longer has, and every reason to leave them.

The budget counts Hedgehog objects, not records: taking out one VPC takes out its VRF, its prefixes and its VLANs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from hedgehog_gitops.core.netbox.comparing import CARRIES
from hedgehog_gitops.core.netbox.sequencing import references
from hedgehog_gitops.core.netbox.shared import KEEP_TAG
from hedgehog_gitops.core.pruning import Prunes, Source, divided, why_not
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, LiveSide
from hedgehog_gitops.model.plain import as_list, as_text
from hedgehog_gitops.model.record import RECORD_KIND_BY_NAME
from hedgehog_gitops.model.settings import PruneSettings

_LEAVES: Final = frozenset({"dcim.cable", "ipam.prefix", "ipam.iprange", "ipam.ipaddress"})
"""Kinds to which nothing of ours refers. One that git has elsewhere now has moved: that is a change, not a prune."""


def record_prunes(
    going: Iterable[LiveObject],
    source: Source,
    live: LiveSide,
    owned: Collection[ObjectKey],
    settings: PruneSettings,
    *,
    is_allowed: bool,
) -> Prunes:
    """Deletions of records that git no longer has; `source.keys` are those that it has, `owned` all that is ours.

    `is_allowed`: a person allowed exactly these deletions.
    """
    found = sorted(going, key=lambda each: each.key)
    whole = Source(keys={owner_of(key) for key in source.keys}, doubt=source.doubt)
    moved = {each.key for each in found if each.key.kind in _LEAVES and owner_of(each.key) in whole.keys}
    owners = {owner_of(each.key) for each in found if each.key not in moved}
    reason = why_not(owners, whole, {owner_of(key) for key in owned}, settings, is_allowed=is_allowed)
    why = {
        each.key: _kept(each) or _burdened(each) or (source.doubt if each.key in moved else reason) for each in found
    }
    may_stay = {each.key for each in found if _kept(each)} | {key for key, reason in why.items() if not reason}
    why = _with_needed({**live.objects, **{each.key: each for each in found}}, why, _staying(live, source, why))
    is_off = not (settings.enabled or is_allowed)
    return divided(found, live, why, why.keys() if is_off else may_stay)


def _staying(live: LiveSide, source: Source, going: Mapping[ObjectKey, str]) -> list[ObjectKey]:
    """What is ours, is in git no more, and stays all the same: it was there before us, or was not asked for."""
    return [key for key in live.objects if is_ours(key) and key not in source.keys and key not in going]


def _with_needed(
    live: Mapping[ObjectKey, LiveObject], why: Mapping[ObjectKey, str], staying: Collection[ObjectKey]
) -> dict[ObjectKey, str]:
    """With what stays, whatever that refers to: NetBox would take it along, or leave half of a cable."""
    reasons = dict(why)
    left = [*staying, *(key for key, reason in reasons.items() if reason)]
    while left:
        key = left.pop()
        for needed in references(live[key].value):
            if needed in reasons and not reasons[needed]:
                reasons[needed] = f"{key.name} stays and needs it"
                left.append(needed)
    return reasons


def owner_of_key(key: ObjectKey) -> ObjectKey:
    """A Hedgehog object as records name it."""
    return key._replace(group="")


def owner_of(key: ObjectKey) -> ObjectKey:
    """The Hedgehog object that a record shows, or shows a part of; of no API group, since marks name none."""
    kind, _, name = key.name.partition("#")[0].partition("/")
    return ObjectKey(group="", kind=kind, namespace=key.namespace, name=name)


def is_ours(key: ObjectKey) -> bool:
    """Whether a key is that of an object with our mark."""
    return bool(key.namespace) and not RECORD_KIND_BY_NAME[key.kind].is_shared


def _kept(found: LiveObject) -> str:
    return f"the tag {KEEP_TAG} keeps it" if KEEP_TAG in as_list(found.value.get("tags")) else ""


def _burdened(found: LiveObject) -> str:
    carried = as_text(found.value.get(CARRIES))
    return f"it carries {carried}, not ours; move or delete that in NetBox, and it goes" if carried else ""
