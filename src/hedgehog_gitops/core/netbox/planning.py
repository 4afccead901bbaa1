"""The plan for NetBox: what to make, change, adopt and take out there, what to hold back, and why.

The same verdicts as for the cluster, in the same steps: look at everything (`surveying`), hold back what may not be
written (`holding`), say what goes (`pruning`), and in which order (`sequencing`). A person's fields are never written,
an object in the place of ours is never overwritten, and one that was there before us is never deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hedgehog_gitops.core.effects import plan_id
from hedgehog_gitops.core.holding import CONTESTED
from hedgehog_gitops.core.netbox.acting import farewell
from hedgehog_gitops.core.netbox.holding import divide
from hedgehog_gitops.core.netbox.late import later_steps, step_needs, with_late
from hedgehog_gitops.core.netbox.looking import with_doubts
from hedgehog_gitops.core.netbox.moves import Moves, aside, in_order, moves
from hedgehog_gitops.core.netbox.pruning import is_ours, owner_of, record_prunes
from hedgehog_gitops.core.netbox.sequencing import Graph, bulk_waves, write_needs
from hedgehog_gitops.core.netbox.settling import settle
from hedgehog_gitops.core.netbox.showing import Showing
from hedgehog_gitops.core.netbox.surveying import Survey, frozen, kept, left_out, survey
from hedgehog_gitops.core.planning import DEFAULT_OPTIONS, Planned
from hedgehog_gitops.core.pruning import Prunes
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveSide
from hedgehog_gitops.model.plan import Change, HeldBack, Plan, PlanOptions
from hedgehog_gitops.model.record import whole_key
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import BaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """What is written, what goes, and what is held back; and who takes whose place by what is written."""

    writes: Mapping[ObjectKey, Change]
    moving: Moves
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
    seen = survey(fabric, showing, with_doubts(live, bases), bases, options)
    planned = _make(seen, is_allowed=False)
    if not options.allow_deletes or options.allow_deletes != planned.plan.id:
        return planned
    return _make(seen, is_allowed=True)


def _make(seen: Survey, *, is_allowed: bool) -> Planned:
    done = _decide(seen, is_allowed=is_allowed)
    waits = _waits(seen, done)
    plan = _tell(seen, done, waits)
    return Planned(plan=replace(plan, id=plan_id(plan)), settled=settle(seen), needs=waits)


def _decide(seen: Survey, *, is_allowed: bool) -> _Decided:
    """What is written, held back and pruned."""
    live, bases = seen.live, seen.bases
    divided = divide(seen)
    moving = moves(divided.writes, seen.showing.records, live.objects)
    owned = {*bases, *(key for key in live.objects if is_ours(key))}
    return _Decided(
        writes={
            **divided.writes,
            **{each.key: farewell(each, bases.get(each.key)) for each in seen.parting},
            **later_steps(divided.writes, {each.key: each for each in seen.inside}, live.objects),
            **aside(moving, divided.writes, seen.showing.records, live.objects),
        },
        moving=moving,
        prunes=record_prunes(seen.going, seen.showing.source, live, owned, seen.fabric.prune, is_allowed=is_allowed),
        held=divided.held,
    )


def _waits(seen: Survey, done: _Decided) -> Graph:
    """What each write and each prune waits for."""
    live, records = seen.live.objects, seen.showing.records
    going = {change.key: live[change.key] for change in done.prunes.allowed}
    writing = {key: records[key] for key in done.writes if key in records}
    later = {key: change for key, change in done.writes.items() if whole_key(key) != key}
    needs = write_needs(writing, going, live, with_late(seen.graph, seen.late))
    return in_order({**needs, **step_needs(later, done.writes)}, done.moving)


def _tell(seen: Survey, done: _Decided, waits: Graph) -> Plan:
    """The plan of what was decided, without its id."""
    going = {change.key: change for change in done.prunes.allowed}
    changes = {**done.writes, **going}
    order = bulk_waves(changes, waits, going.keys())
    return Plan(
        id="",
        fabric=seen.fabric.name,
        revision=seen.showing.revision,
        config_digest=seen.fabric.config_digest,
        changes=tuple(_placed(changes[key]) for wave in order for key in wave),
        conflicts=tuple(each for each in done.held if each.verdict in CONTESTED),
        blocked=tuple(each for each in done.held if each.verdict not in CONTESTED),
        withheld=tuple(map(_placed, done.prunes.withheld)),
        kept=kept(seen),
        waves=order,
        frozen=frozen(seen),
        left_out=left_out(seen),
    )


def _placed(change: Change) -> Change:
    """With the Hedgehog object that it shows as what it reaches."""
    return replace(change, blast_radius=(owner_of(change.key),)) if is_ours(change.key) else change
