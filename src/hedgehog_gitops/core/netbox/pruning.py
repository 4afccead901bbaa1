"""What goes from NetBox: records of ours whose object git no longer has, and every reason to leave them.

The budget counts Hedgehog objects, not records: taking out one VPC takes out its VRF, its prefixes and its VLANs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from hedgehog_gitops.core.netbox.sequencing import references
from hedgehog_gitops.core.netbox.shared import KEEP_TAG
from hedgehog_gitops.core.pruning import Prunes, Source, prune_of, why_not
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, LiveSide
from hedgehog_gitops.model.plain import as_list
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
    why = {each.key: _kept(each) or (source.doubt if each.key in moved else reason) for each in found}
    why = _with_needed(found, why)
    return Prunes(
        allowed=tuple(prune_of(each, live, "no longer in git") for each in found if not why[each.key]),
        withheld=tuple(prune_of(each, live, f"no longer in git; {why[each.key]}") for each in found if why[each.key]),
    )


def _with_needed(found: Sequence[LiveObject], why: Mapping[ObjectKey, str]) -> dict[ObjectKey, str]:
    """With what is withheld, whatever that refers to: NetBox would take it along, or leave half of a cable."""
    reasons, values = dict(why), {each.key: each.value for each in found}
    staying = [key for key, reason in reasons.items() if reason]
    while staying:
        key = staying.pop()
        for needed in references(values[key]):
            if needed in reasons and not reasons[needed]:
                reasons[needed] = f"{key.name} stays and needs it"
                staying.append(needed)
    return reasons


def owner_of(key: ObjectKey) -> ObjectKey:
    """The Hedgehog object that a record shows, or shows a part of; of no API group, since marks name none."""
    kind, _, name = key.name.partition("#")[0].partition("/")
    return ObjectKey(group="", kind=kind, namespace=key.namespace, name=name)


def _kept(found: LiveObject) -> str:
    return f"the tag {KEEP_TAG} keeps it" if KEEP_TAG in as_list(found.value.get("tags")) else ""
