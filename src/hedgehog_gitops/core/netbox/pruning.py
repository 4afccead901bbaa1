"""What goes from NetBox: records of ours whose object git no longer has, and every reason to leave them.

The budget counts Hedgehog objects, not records: taking out one VPC takes out its VRF, its prefixes and its VLANs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from hedgehog_gitops.core.netbox.shared import KEEP_TAG
from hedgehog_gitops.core.pruning import Prunes, Source, prune_of, why_not
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, LiveSide
from hedgehog_gitops.model.plain import as_list
from hedgehog_gitops.model.settings import PruneSettings


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
    owners = {owner_of(each.key) for each in found}
    whole = Source(keys={owner_of(key) for key in source.keys}, doubt=source.doubt)
    reason = why_not(owners, whole, {owner_of(key) for key in owned}, settings, is_allowed=is_allowed)
    judged = [(each, _kept(each) or reason) for each in found]
    return Prunes(
        allowed=tuple(prune_of(each, live, "no longer in git") for each, why in judged if not why),
        withheld=tuple(prune_of(each, live, f"no longer in git; {why}") for each, why in judged if why),
    )


def owner_of(key: ObjectKey) -> ObjectKey:
    """The Hedgehog object that a record shows, or shows a part of; of no API group, since marks name none."""
    kind, _, name = key.name.partition("#")[0].partition("/")
    return ObjectKey(group="", kind=kind, namespace=key.namespace, name=name)


def _kept(found: LiveObject) -> str:
    return f"the tag {KEEP_TAG} keeps it" if KEEP_TAG in as_list(found.value.get("tags")) else ""
