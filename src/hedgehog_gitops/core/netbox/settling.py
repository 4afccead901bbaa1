"""What the memory learns from a look at NetBox alone: what is as wanted, and what is gone on both sides."""

from __future__ import annotations

from hedgehog_gitops.core.netbox.comparing import base_of, is_adopted
from hedgehog_gitops.core.netbox.pruning import is_ours
from hedgehog_gitops.core.netbox.sighting import Sighting
from hedgehog_gitops.core.netbox.surveying import Survey
from hedgehog_gitops.core.settling import Settled, base_record
from hedgehog_gitops.model.live import Absent, SideName, look_up
from hedgehog_gitops.model.plan import Verdict
from hedgehog_gitops.model.state import BaseRecord


def settle(seen: Survey) -> Settled:
    """What a look settles; nothing when it settles nothing new."""
    records = [record for each in seen.seen if (record := _news(each, seen)) is not None]
    gone = [] if seen.showing.incomplete else sorted(seen.bases.keys() - seen.showing.records.keys())
    forget = [key for key in gone if isinstance(look_up(seen.live, key), Absent)]
    return Settled(records=tuple(records), forget=tuple(forget))


def _news(each: Sighting, seen: Survey) -> BaseRecord | None:
    """What to remember of an object that is as wanted, unless that is what we know."""
    if each.live is None or each.is_twin or each.verdict is not Verdict.IN_SYNC or not is_ours(each.key):
        return None
    known = seen.bases.get(each.key)
    base = base_of(each.record, is_adopted=is_adopted(each.live, known))
    if known is not None and known.uid == each.live.uid and known.value == base:
        return None
    return base_record(each.key, base, each.live, seen.showing.revision, SideName.NETBOX)
