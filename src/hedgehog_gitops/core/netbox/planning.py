"""The plan for NetBox: what to make, change, adopt and take out there, what to hold back, and why.

The same verdicts as for the cluster. A person's fields are never written, an object in the place of ours is never
overwritten, and one that was there before us is never deleted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from hedgehog_gitops.core.effects import plan_id
from hedgehog_gitops.core.netbox.acting import adoption, change_of, farewell
from hedgehog_gitops.core.netbox.comparing import base_of, is_adopted
from hedgehog_gitops.core.netbox.late import late_needs, later_steps, step_needs, with_late, with_late_too
from hedgehog_gitops.core.netbox.moves import Moves, aside, in_order, moves
from hedgehog_gitops.core.netbox.pruning import is_ours, owner_of, owner_of_key, record_prunes
from hedgehog_gitops.core.netbox.sequencing import Graph, bulk_waves, record_needs, write_needs
from hedgehog_gitops.core.netbox.sighting import Sighting, sightings
from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.core.pruning import Prunes, Source
from hedgehog_gitops.core.settling import Settled, base_record
from hedgehog_gitops.core.waves import closure
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Absent, Doubt, LiveObject, LiveSide, SideName, doubted, look_up
from hedgehog_gitops.model.plan import FILES, Change, HeldBack, Plan, PlanOptions, Verdict
from hedgehog_gitops.model.record import NETBOX, RECORD_KIND_BY_NAME, Record, whole_key
from hedgehog_gitops.model.settings import Fabric, OnMissing
from hedgehog_gitops.model.state import BaseRecord

_CONTESTED = frozenset({Verdict.CONFLICT, Verdict.UNMANAGED})
DEFAULT_OPTIONS = PlanOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What NetBox should show: the records, the objects that have errors (and why), and why not all is known.

    `refused` names Hedgehog objects, `unfit` the records that these have a part in: they are left as they are. So is
    what NetBox decides and git does not have (`left`). NetBox has no model for what is `recorded` as JSON beside other
    objects, and for what is `unrepresented` there.
    """

    records: Mapping[ObjectKey, Record]
    revision: str
    refused: Mapping[ObjectKey, str]
    unfit: Mapping[ObjectKey, str] = field(default_factory=dict)
    left: Collection[ObjectKey] = ()
    incomplete: str = ""
    recorded: Collection[ObjectKey] = ()
    unrepresented: Collection[ObjectKey] = ()

    @property
    def source(self) -> Source:
        """The same as prunes see it: an error in git is a reason to delete nothing."""
        doubt = self.incomplete
        if not doubt and self.refused:
            doubt = f"{len(self.refused)} objects in git have errors, so what else is missing may be a mistake too"
        return Source(keys=self.records.keys(), doubt=doubt)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """What is written, what goes, and what is held back."""

    writes: Mapping[ObjectKey, Change]
    prunes: Prunes
    held: tuple[HeldBack, ...]


def plan_records(
    fabric: Fabric,
    showing: Showing,
    live: LiveSide,
    bases: Mapping[ObjectKey, BaseRecord],
    options: PlanOptions = DEFAULT_OPTIONS,
) -> Planned:
    """Decide what applying would do; a plan whose id is in `options.allow_deletes` may prune beyond the budget."""
    live = _with_doubts(live, bases)
    planned = _make(fabric, showing, live, bases, options, is_allowed=False)
    if not options.allow_deletes or options.allow_deletes != planned.plan.id:
        return planned
    return _make(fabric, showing, live, bases, options, is_allowed=True)


def _make(
    fabric: Fabric,
    showing: Showing,
    live: LiveSide,
    bases: Mapping[ObjectKey, BaseRecord],
    options: PlanOptions,
    *,
    is_allowed: bool,
) -> Planned:
    graph = record_needs(showing.records)
    seen = sightings(showing.records, live, bases)
    inside = [each for each in seen if _is_asked(each.key, options)]
    late = late_needs(inside)
    writes, held = _divide(inside, with_late_too(graph, late), fabric, showing.unfit, options)
    going, adopted = _gone(showing, live, bases, options)
    steps = later_steps(writes, {each.key: each for each in inside}, live.objects)
    moving = moves(writes, showing.records, live.objects)
    steps |= aside(moving, writes, showing.records, live.objects)
    writes |= {each.key: farewell(each, bases.get(each.key)) for each in adopted}
    owned = {*bases, *(key for key in live.objects if is_ours(key))}
    prunes = record_prunes(going, showing.source, live, owned, fabric.prune, is_allowed=is_allowed)
    done = _Decided(writes={**writes, **steps}, prunes=prunes, held=held)
    waits, order = _order(done, showing, live, with_late(graph, late), moving)
    plan = _tell(fabric, showing, live, bases, done, order)
    plan = replace(plan, kept=_kept(showing, seen, inside), left_out=len(_differing(seen)) - len(_differing(inside)))
    settled = _settle(seen, showing, live, bases)
    return Planned(plan=replace(plan, id=plan_id(plan)), settled=settled, needs=waits)


def _divide(
    seen: Iterable[Sighting], graph: Graph, fabric: Fabric, unfit: Mapping[ObjectKey, str], options: PlanOptions
) -> tuple[dict[ObjectKey, Change], tuple[HeldBack, ...]]:
    """What is written, and what is held back with everything that refers to it."""
    on_missing = options.on_missing or fabric.on_missing
    acted = {each.key: each for each in seen if not _is_quiet(each, on_missing)}
    reasons = {
        key: why for key, each in acted.items() if (why := unfit.get(key) or _why_held(each, on_missing, options))
    }
    waiting = closure(reasons, graph)
    writes: dict[ObjectKey, Change] = {}
    held: list[HeldBack] = []
    for key, each in acted.items():
        why = reasons.get(key) or ("something that it needs is held back" if key in waiting else "")
        if why:
            if not _is_of_unknown_kind(each):
                verdict = Verdict.PENDING if key in unfit else each.verdict
                held.append(HeldBack(side=SideName.NETBOX, verdict=verdict, key=key, fields=each.fields, reason=why))
        else:
            writes[key] = adoption(each) if each.is_twin else change_of(each)
    return writes, tuple(held)


def _is_quiet(each: Sighting, on_missing: OnMissing) -> bool:
    """True for what needs nothing."""
    if each.verdict is Verdict.MISSING:
        return on_missing is OnMissing.FORGET
    return each.verdict is Verdict.IN_SYNC


def _is_of_unknown_kind(each: Sighting) -> bool:
    """True where the kind is told instead, as frozen."""
    return each.verdict is Verdict.UNKNOWN and each.live is None


def _why_held(each: Sighting, on_missing: OnMissing, options: PlanOptions) -> str:
    if each.reason:
        return each.reason
    match each.verdict:
        case Verdict.MISSING if on_missing is OnMissing.ASK:
            return "somebody deleted it in NetBox; make it again with --on-missing recreate, or leave it with forget"
        case Verdict.UNMANAGED if each.fields and not options.adopt and each.live is not None:
            return f"object {each.live.uid} is in its place and is not ours; --adopt takes it over"
        case Verdict.CONFLICT:
            return "git and a person in NetBox changed it differently; make both alike"
        case _:
            return ""


def going(
    showing: Showing, live: LiveSide, bases: Mapping[ObjectKey, BaseRecord], options: PlanOptions = DEFAULT_OPTIONS
) -> Sequence[LiveObject]:
    """The objects that we made and git no longer has: they are pruned, where nothing speaks against it."""
    return _gone(showing, live, bases, options)[0]


def _gone(
    showing: Showing, live: LiveSide, bases: Mapping[ObjectKey, BaseRecord], options: PlanOptions
) -> tuple[Sequence[LiveObject], Sequence[LiveObject]]:
    """Objects with our mark that no record wants: those that we made, and those that were there before us.

    Those of objects with errors are left as they are.
    """
    if showing.incomplete:
        return (), ()
    refused = {owner_of_key(key) for key in showing.refused}
    found = [
        found
        for key, found in sorted(live.objects.items())
        if is_ours(key)
        and key not in showing.records
        and (NETBOX, key.kind) not in live.unknown
        and owner_of(key) not in refused
        and key not in showing.left
        and _is_asked(key, options)
    ]
    is_theirs = [is_adopted(each, bases.get(each.key)) for each in found]
    pairs = list(zip(found, is_theirs, strict=True))
    return [each for each, theirs in pairs if not theirs], [each for each, theirs in pairs if theirs]


def _order(
    done: _Decided, showing: Showing, live: LiveSide, graph: Graph, moving: Moves
) -> tuple[Graph, tuple[tuple[ObjectKey, ...], ...]]:
    going = {change.key: live.objects[change.key] for change in done.prunes.allowed}
    writing = {key: showing.records[key] for key in done.writes if key in showing.records}
    later = {key: change for key, change in done.writes.items() if whole_key(key) != key}
    waits = in_order({**write_needs(writing, going, live.objects, graph), **step_needs(later, done.writes)}, moving)
    keys = (*done.writes, *going)
    return waits, bulk_waves(keys, waits, going.keys())


def _tell(
    fabric: Fabric,
    showing: Showing,
    live: LiveSide,
    bases: Mapping[ObjectKey, BaseRecord],
    done: _Decided,
    order: tuple[tuple[ObjectKey, ...], ...],
) -> Plan:
    changes = {**done.writes, **{change.key: change for change in done.prunes.allowed}}
    return Plan(
        id="",
        fabric=fabric.name,
        revision=showing.revision,
        config_digest=fabric.config_digest,
        changes=tuple(_placed(changes[key]) for wave in order for key in wave),
        conflicts=tuple(each for each in done.held if each.verdict in _CONTESTED),
        blocked=tuple(each for each in done.held if each.verdict not in _CONTESTED),
        withheld=tuple(map(_placed, done.prunes.withheld)),
        kept={},
        waves=order,
        frozen=_frozen(showing, live, bases),
    )


def _placed(change: Change) -> Change:
    """With the Hedgehog object that it shows as what it reaches."""
    return replace(change, blast_radius=(owner_of(change.key),)) if is_ours(change.key) else change


def _frozen(showing: Showing, live: LiveSide, bases: Iterable[ObjectKey]) -> dict[tuple[str, str], str]:
    kinds = {(key.group, key.kind) for key in (*showing.records, *bases)}
    unknown = {kind: reason for kind, reason in sorted(live.unknown.items()) if kind in kinds}
    if showing.incomplete:
        return {FILES: doubted(Doubt.MALFORMED, showing.incomplete), **unknown}
    return unknown


def _settle(
    seen: Iterable[Sighting], showing: Showing, live: LiveSide, bases: Mapping[ObjectKey, BaseRecord]
) -> Settled:
    """What the look alone tells the memory: whose objects are as wanted, and what is gone on both sides."""
    records = []
    for each in seen:
        if each.live is None or each.is_twin or each.verdict is not Verdict.IN_SYNC or not is_ours(each.key):
            continue
        base = base_of(each.record, is_adopted=is_adopted(each.live, bases.get(each.key)))
        known = bases.get(each.key)
        if known is None or known.uid != each.live.uid or known.value != base:
            records.append(base_record(each.key, base, each.live, showing.revision, SideName.NETBOX))
    gone = [] if showing.incomplete else sorted(bases.keys() - showing.records.keys())
    forget = [key for key in gone if isinstance(look_up(live, key), Absent)]
    return Settled(records=tuple(records), forget=tuple(forget))


def _kept(showing: Showing, seen: Collection[Sighting], inside: Collection[Sighting]) -> dict[str, int]:
    counts = Counter(each.verdict.value for each in inside if each.verdict is Verdict.IN_SYNC)
    counts["left out"] = len(seen) - len(inside)
    counts["recorded as JSON in NetBox"] = len(showing.recorded)
    counts["not represented in NetBox"] = len(showing.unrepresented)
    return {word: number for word, number in counts.items() if number}


def _differing(seen: Iterable[Sighting]) -> list[Sighting]:
    return [each for each in seen if each.verdict is not Verdict.IN_SYNC]


def _with_doubts(live: LiveSide, bases: Mapping[ObjectKey, BaseRecord]) -> LiveSide:
    """With kinds unknown of which we made objects and see none: a view that hides them looks like that."""
    seen = {key.kind for key in live.objects if is_ours(key)}
    ours = Counter(key.kind for key, record in bases.items() if record.uid and is_ours(key))
    told = {
        (NETBOX, kind): doubted(Doubt.CUT, f"none is seen, although {number} of them are ours")
        for kind, number in sorted(ours.items())
        if kind not in seen and (NETBOX, kind) not in live.proven
    }
    return live._replace(unknown={**told, **live.unknown})


def _is_asked(key: ObjectKey, options: PlanOptions) -> bool:
    """True unless other objects were asked for; a record is asked for with the object that it shows."""
    named = owner_of(key)
    is_shared = RECORD_KIND_BY_NAME[key.kind].is_shared
    is_in = not options.targets or is_shared or _is_named(named, options.targets)
    return is_in and not _is_named(named, options.excludes)


def _is_named(owner: ObjectKey, patterns: Iterable[str]) -> bool:
    texts = (owner.kind, f"{owner.kind}/{owner.name}")
    return any(fnmatchcase(text, pattern) for pattern in patterns for text in texts)
