"""The one plan: what to create, update, adopt and prune on a side, what to hold back, and why.

Look at everything (`surveying`), decide what can be written in one step (`stepping`), say it (`changing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from hedgehog_gitops.core.authority import keeping_yielded, yielded
from hedgehog_gitops.core.changes.live import judge_live
from hedgehog_gitops.core.changing import Changing, change_of, reach_of, reaching
from hedgehog_gitops.core.effects import plan_id
from hedgehog_gitops.core.fights import left_to_them
from hedgehog_gitops.core.holding import CONTESTED, Graph, divide
from hedgehog_gitops.core.layout import managed_path
from hedgehog_gitops.core.looking import Look, is_compared, with_doubts
from hedgehog_gitops.core.ordering import needs
from hedgehog_gitops.core.pruning import prunes
from hedgehog_gitops.core.settling import NOTHING, Carried, Settled, carry, settle
from hedgehog_gitops.core.stepping import Ground, Stepped, sparing, stepped
from hedgehog_gitops.core.surveying import Survey, Wanted, beside, frozen, kept, left_out, paused, survey
from hedgehog_gitops.core.validation import below
from hedgehog_gitops.core.waves import waves
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import LiveSide
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.plan import Plan, PlanOptions
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import BaseRecord

DEFAULT_OPTIONS = PlanOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The plan for one side, what the look at that side settles without any write, and what each write waits for.

    `carried` is what the memory keeps of an object beside what is written, where there is anything. `version` is the
    side's own, as the look found it.
    """

    plan: Plan
    settled: Settled
    needs: Graph
    carried: Mapping[ObjectKey, Carried] = field(default_factory=dict)
    version: str = ""


def make_plan(
    fabric: Fabric,
    wanted: Wanted,
    live: LiveSide,
    bases: Mapping[ObjectKey, BaseRecord],
    options: PlanOptions = DEFAULT_OPTIONS,
) -> Planned:
    """Decide what applying would do; a plan whose id is in `options.allow_deletes` may prune beyond the budget.

    What we made of kinds that others decide by now is left out: it is not looked at, so nothing follows from it.
    """
    bases = {key: each for key, each in bases.items() if is_compared(fabric, kind_of(key))}
    wanted = _without_hollow(wanted, bases)
    seen = survey(fabric, wanted, with_doubts(live, bases), bases, options)
    planned = _make(fabric, wanted, bases, seen, is_allowed=False)
    if not options.allow_deletes or options.allow_deletes != planned.plan.id:
        return planned
    return _make(fabric, wanted, bases, seen, is_allowed=True)


def _make(
    fabric: Fabric, wanted: Wanted, bases: Mapping[ObjectKey, BaseRecord], seen: Survey, *, is_allowed: bool
) -> Planned:
    done = _decide(fabric, wanted, bases, seen, is_allowed=is_allowed)
    waits = needs(done.writes, seen.holding.graph)
    plan = _tell(fabric, wanted, seen, done, waits)
    carried = {each.key: also for each in done.divided.free if (also := carry(each)) != NOTHING}
    settled = settle(seen.looks, seen.holding.live, seen.gone, wanted.snapshot.revision)
    version = seen.holding.live.version
    return Planned(plan=replace(plan, id=plan_id(plan)), settled=settled, needs=waits, carried=carried, version=version)


def _decide(
    fabric: Fabric, wanted: Wanted, bases: Mapping[ObjectKey, BaseRecord], seen: Survey, *, is_allowed: bool
) -> Stepped:
    """What is written, held back and pruned."""
    live = seen.holding.live
    free = divide(seen.inside, seen.holding).free
    specs = {**wanted.specs, **_kept_specs(fabric, free, wanted)}
    step = judge_live(free, seen.looks, specs, live, seen.leaving)
    ground = Ground(inside=seen.inside, looks=seen.looks, specs=specs, holding=seen.holding)
    going = prunes(seen.leaving, wanted.source, live, bases, fabric.prune, is_allowed=is_allowed)
    return stepped(ground, sparing(going, frozen(seen, wanted.incomplete)), step)


def _tell(fabric: Fabric, wanted: Wanted, seen: Survey, done: Stepped, waits: Graph) -> Plan:
    """The plan of what was decided, without its id."""
    reach = reach_of(seen.holding.graph, seen.leaving, done.writes, seen.holding.live)
    by = Changing(fabric=fabric, holding=seen.holding, reach=reach)
    changes = {each.key: change_of(each, by) for each in done.divided.free}
    changes |= {each.key: reaching(each, reach) for each in done.going.allowed}
    order, held = waves(waits, waits), done.divided.held
    return Plan(
        id="",
        fabric=fabric.name,
        revision=wanted.snapshot.revision,
        config_digest=fabric.config_digest,
        changes=tuple(changes[key] for wave in order for key in wave),
        conflicts=tuple(each for each in held if each.verdict in CONTESTED),
        blocked=tuple(each for each in held if each.verdict not in CONTESTED),
        withheld=tuple(reaching(each, reach) for each in done.going.withheld),
        kept=kept(seen),
        waves=order,
        frozen=frozen(seen, wanted.incomplete),
        beside=tuple(beside(fabric, seen)),
        paused=tuple(paused(seen)),
        left_out=left_out(fabric, seen),
        findings=below(fabric.directory, done.step.findings(changes, done.unfit, wanted.snapshot.manifests)),
    )


def _without_hollow(wanted: Wanted, bases: Iterable[ObjectKey]) -> Wanted:
    """The same, not known whole where the home of an object of ours is a file that does not hold it any more.

    Whoever removes an object removes its file; an emptied one is what a crash or a bad merge leaves.
    """
    hollow = [
        key for key in sorted(bases) if key not in wanted.snapshot.manifests and managed_path(key) in wanted.paths
    ]
    if not hollow or wanted.incomplete:
        return wanted
    first, more = hollow[0], f" (and {len(hollow) - 1} more)" if hollow[1:] else ""
    return replace(wanted, incomplete=f"{managed_path(first)} is there and does not hold {first}{more}")


def _kept_specs(fabric: Fabric, free: Iterable[Look], wanted: Wanted) -> dict[ObjectKey, JsonObject]:
    """The specs of objects that keep fields of the side, as they will be."""
    specs: dict[ObjectKey, JsonObject] = {}
    for each in free:
        paths = yielded(fabric, each.manifest.kind)
        if each.live is not None and (paths or each.paused):
            value = keeping_yielded({"spec": wanted.specs[each.key]}, each.live.value, paths)
            specs[each.key] = as_object(left_to_them(value, each.paused).get("spec"))
    return specs
