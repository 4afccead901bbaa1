"""The survey that a plan for NetBox is made from: every record beside what is there, what goes, and what was asked for.

And what a plan tells of it beside its changes: what is kept, left out, and frozen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from hedgehog_gitops.core.netbox.comparing import is_adopted
from hedgehog_gitops.core.netbox.late import late_needs
from hedgehog_gitops.core.netbox.pruning import is_ours, owner_of, owner_of_key
from hedgehog_gitops.core.netbox.sequencing import Graph, record_needs
from hedgehog_gitops.core.netbox.showing import Showing
from hedgehog_gitops.core.netbox.sighting import Sighting, sightings
from hedgehog_gitops.core.planning import DEFAULT_OPTIONS
from hedgehog_gitops.core.surveying import frozen_of
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, LiveSide
from hedgehog_gitops.model.plan import PlanOptions, Verdict
from hedgehog_gitops.model.record import NETBOX, RECORD_KIND_BY_NAME
from hedgehog_gitops.model.settings import Fabric, OnMissing
from hedgehog_gitops.model.state import BaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is known before anything is decided.

    `seen` are all records, `inside` those that are asked for. `going` are the objects that we made and git no longer
    has, `parting` those that were there before us. `graph` is which record refers to which, `late` what the late
    fields refer to of those inside.
    """

    fabric: Fabric
    showing: Showing
    live: LiveSide
    bases: Mapping[ObjectKey, BaseRecord]
    options: PlanOptions
    seen: tuple[Sighting, ...]
    inside: tuple[Sighting, ...]
    going: tuple[LiveObject, ...]
    parting: tuple[LiveObject, ...]
    graph: Graph
    late: Graph

    @property
    def on_missing(self) -> OnMissing:
        """The answer that holds for this plan."""
        return self.options.on_missing or self.fabric.on_missing


def survey(
    fabric: Fabric, showing: Showing, live: LiveSide, bases: Mapping[ObjectKey, BaseRecord], options: PlanOptions
) -> Survey:
    """Look at everything that the fabric has in NetBox, or should have."""
    seen = tuple(sightings(showing.records, live, bases))
    inside = tuple(each for each in seen if _is_asked(each.key, options))
    gone = [(each, is_adopted(each, bases.get(each.key))) for each in _gone(showing, live, options)]
    return Survey(
        fabric=fabric,
        showing=showing,
        live=live,
        bases=bases,
        options=options,
        seen=seen,
        inside=inside,
        going=tuple(each for each, is_theirs in gone if not is_theirs),
        parting=tuple(each for each, is_theirs in gone if is_theirs),
        graph=record_needs(showing.records),
        late=late_needs(inside),
    )


def going(
    showing: Showing, live: LiveSide, bases: Mapping[ObjectKey, BaseRecord], options: PlanOptions = DEFAULT_OPTIONS
) -> list[LiveObject]:
    """The objects that we made and git no longer has: they are pruned, where nothing speaks against it."""
    return [each for each in _gone(showing, live, options) if not is_adopted(each, bases.get(each.key))]


def kept(seen: Survey) -> dict[str, int]:
    """How many records need nothing, by the word for why, and how many objects no record shows."""
    counts = Counter(each.verdict.value for each in seen.inside if each.verdict is Verdict.IN_SYNC)
    counts["left out"] = len(seen.seen) - len(seen.inside)
    counts["recorded as JSON in NetBox"] = len(seen.showing.recorded)
    counts["not represented in NetBox"] = len(seen.showing.unrepresented)
    return {word: number for word, number in counts.items() if number}


def left_out(seen: Survey) -> int:
    """How many records differ and were not asked for."""
    return _differing(seen.seen) - _differing(seen.inside)


def frozen(seen: Survey) -> dict[tuple[str, str], str]:
    """Kinds that the plan is about and that are not known."""
    kinds = {(key.group, key.kind) for key in (*seen.showing.records, *seen.bases)}
    return frozen_of(kinds, seen.live, seen.showing.incomplete)


def _gone(showing: Showing, live: LiveSide, options: PlanOptions) -> Iterator[LiveObject]:
    """Objects with our mark that no record wants; those of objects with errors are left as they are."""
    if showing.incomplete:
        return
    refused = {owner_of_key(key) for key in showing.refused}
    for key, found in sorted(live.objects.items()):
        if (
            is_ours(key)
            and key not in showing.records
            and (NETBOX, key.kind) not in live.unknown
            and owner_of(key) not in refused
            and key not in showing.left
            and _is_asked(key, options)
        ):
            yield found


def _differing(seen: Iterable[Sighting]) -> int:
    return sum(each.verdict is not Verdict.IN_SYNC for each in seen)


def _is_asked(key: ObjectKey, options: PlanOptions) -> bool:
    """True unless other objects were asked for; a record is asked for with the object that it shows."""
    named = owner_of(key)
    is_shared = RECORD_KIND_BY_NAME[key.kind].is_shared
    is_in = not options.targets or is_shared or _is_named(named, options.targets)
    return is_in and not _is_named(named, options.excludes)


def _is_named(owner: ObjectKey, patterns: Iterable[str]) -> bool:
    texts = (owner.kind, f"{owner.kind}/{owner.name}")
    return any(fnmatchcase(text, pattern) for pattern in patterns for text in texts)
