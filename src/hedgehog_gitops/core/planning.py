"""The one plan: what to create, update, adopt and prune on a side, what to hold back, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from hedgehog_gitops.core.applying import sent
from hedgehog_gitops.core.authority import keeping_yielded, leaving_alone, yielded
from hedgehog_gitops.core.canonical import digest
from hedgehog_gitops.core.changes.live import judge_live
from hedgehog_gitops.core.comparing import adopted
from hedgehog_gitops.core.fights import fight_text, left_to_them, without_paused
from hedgehog_gitops.core.holding import CONTESTED, QUIET, Graph, Holding, chosen, divide
from hedgehog_gitops.core.layout import managed_path
from hedgehog_gitops.core.looking import Look, is_compared, look, with_doubts
from hedgehog_gitops.core.movable import stored_spec
from hedgehog_gitops.core.ordering import Writes, needs
from hedgehog_gitops.core.ownership import managers
from hedgehog_gitops.core.pruning import Source, prunes
from hedgehog_gitops.core.reach import Reach, counted, named, with_former_needs
from hedgehog_gitops.core.references import dependency_graph, references
from hedgehog_gitops.core.saved_plan import change_value
from hedgehog_gitops.core.settling import NOTHING, Carried, Settled, carry, settle
from hedgehog_gitops.core.stepping import Ground, stepped
from hedgehog_gitops.core.validation import below
from hedgehog_gitops.core.waves import waves
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import Doubt, LiveSide, doubted
from hedgehog_gitops.model.plain import JsonObject, as_object, path_text
from hedgehog_gitops.model.plan import FILES, Action, Beside, Change, HeldBack, Plan, PlanOptions, Precondition, Verdict
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.snapshot import Snapshot
from hedgehog_gitops.model.state import BaseRecord

DEFAULT_OPTIONS = PlanOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The plan for one side, what the look at that side settles without any write, and what each write waits for.

    `carried` is what the memory keeps of an object beside what is written, where there is anything.
    """

    plan: Plan
    settled: Settled
    needs: Graph
    carried: Mapping[ObjectKey, Carried] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The desired side of a plan.

    `specs` are the desired specs as stored. `refused` are objects with errors and why: they are held back with
    everything that needs them. `incomplete` says why the desired state is not known whole; then nothing counts as
    removed from git. `paths` are all files below the fabric's directory.
    """

    snapshot: Snapshot
    specs: Mapping[ObjectKey, JsonObject]
    refused: Mapping[ObjectKey, str]
    incomplete: str = ""
    paths: Collection[str] = ()


def make_plan(
    fabric: Fabric,
    wanted: Wanted,
    live: LiveSide,
    bases: Mapping[ObjectKey, BaseRecord],
    options: PlanOptions = DEFAULT_OPTIONS,
) -> Planned:
    """Decide what applying would do; a plan whose id is in `options.allow_deletes` may prune beyond the budget."""
    seen, wanted = with_doubts(live, bases), _without_hollow(wanted, bases)
    planned = _make(fabric, wanted, seen, bases, options, is_allowed=False)
    if not options.allow_deletes or options.allow_deletes != planned.plan.id:
        return planned
    return _make(fabric, wanted, seen, bases, options, is_allowed=True)


def _make(
    fabric: Fabric,
    wanted: Wanted,
    live: LiveSide,
    bases: Mapping[ObjectKey, BaseRecord],
    options: PlanOptions,
    *,
    is_allowed: bool,
) -> Planned:
    manifests = {key: each for key, each in wanted.snapshot.manifests.items() if is_compared(fabric, kind_of(key))}
    graph = dependency_graph({key: wanted.specs[key] for key in manifests})
    concerned = manifests.keys() | bases.keys()
    looks = look(fabric, manifests, wanted.specs, live, bases)
    gone = () if wanted.incomplete else tuple(sorted(bases.keys() - wanted.snapshot.manifests.keys()))
    scope = chosen(concerned, graph, _former_needs(gone, bases), options)
    holding = Holding(
        live=live,
        graph=graph,
        refused=wanted.refused,
        options=options,
        on_missing=options.on_missing or fabric.on_missing,
    )
    leaving = [key for key in gone if key in scope]
    inside = [each for each in looks if each.key in scope]
    free = divide(inside, holding).free
    wanted = replace(wanted, specs={**wanted.specs, **_kept_specs(fabric, free, wanted)})
    step = judge_live(free, looks, wanted.specs, live, leaving)
    ground = Ground(inside=inside, looks=looks, specs=wanted.specs, holding=holding)
    done = stepped(ground, prunes(leaving, _source(wanted), live, bases, fabric.prune, is_allowed=is_allowed), step)
    divided, going, writes = done.divided, done.going, done.writes
    waits = needs(writes, graph)
    order = waves(waits, waits)
    radius = _reach(graph, leaving, writes, live)
    by_key = {each.key: _change(fabric, each, radius, holding) for each in divided.free}
    by_key |= {each.key: _reaching(each, radius) for each in going.allowed}
    plan = Plan(
        id="",
        fabric=fabric.name,
        revision=wanted.snapshot.revision,
        config_digest=fabric.config_digest,
        changes=tuple(by_key[key] for wave in order for key in wave),
        conflicts=tuple(each for each in divided.held if each.verdict in CONTESTED),
        blocked=tuple(each for each in divided.held if each.verdict not in CONTESTED),
        withheld=tuple(_reaching(each, radius) for each in going.withheld),
        kept=_kept(looks, live, concerned, holding, scope),
        waves=order,
        frozen=_frozen(live, concerned, wanted.incomplete),
        beside=tuple(_beside(looks, live)),
        paused=tuple(_paused(inside, live)),
        left_out=sum(each.key not in scope and each.verdict not in QUIET for each in looks),
        findings=below(fabric.directory, done.step.findings(by_key, done.unfit, wanted.snapshot.manifests)),
    )
    settled = settle(looks, live, gone, wanted.snapshot.revision)
    carried = {each.key: kept for each in divided.free if (kept := carry(each)) != NOTHING}
    return Planned(plan=replace(plan, id=plan_id(plan)), settled=settled, needs=waits, carried=carried)


def _reach(graph: Graph, leaving: Iterable[ObjectKey], writes: Writes, live: LiveSide) -> Reach:
    """Who is reached by the edges of git, and by those that the side has of what is written or goes."""
    before = {key: stored_spec(key, live) for key in leaving if key in live.objects} | {**writes.before}
    return Reach(with_former_needs(graph, before, graph.keys() | live.objects.keys()))


def plan_id(plan: Plan) -> str:
    """A short name for what the plan does: equal for equal effects, whatever the revision is called.

    Prunes count whether they are withheld or not, so that an allowance can name the plan that showed them.
    """
    prunes_too = sorted((change for change in (*plan.changes, *plan.withheld)), key=lambda change: change.key)
    effects: JsonObject = {
        "fabric": plan.fabric,
        "config": plan.config_digest,
        "changes": [_effect(change) for change in prunes_too],
        "held": [str(held.key) for held in (*plan.conflicts, *plan.blocked)],
    }
    return digest(effects)[:12]


_TOLD = frozenset({"blast_radius", "reached", "author"})
"""What a change tells and does not do."""


def _effect(change: Change) -> JsonObject:
    value = {name: each for name, each in change_value(change).items() if name not in _TOLD}
    return {**value, "reason": ""} if change.action is Action.PRUNE else value


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


def _source(wanted: Wanted) -> Source:
    doubt = wanted.incomplete
    if not doubt and wanted.refused:
        doubt = f"{len(wanted.refused)} objects in git have errors, so what else is missing may be a mistake too"
    return Source(keys=wanted.snapshot.manifests.keys(), doubt=doubt)


def _former_needs(gone: Iterable[ObjectKey], bases: Mapping[ObjectKey, BaseRecord]) -> Graph:
    specs = {key: as_object(bases[key].value.get("spec")) for key in gone}
    return {key: frozenset(each.target for each in references(key, spec)) for key, spec in specs.items()}


def _kept_specs(fabric: Fabric, free: Iterable[Look], wanted: Wanted) -> dict[ObjectKey, JsonObject]:
    """The specs of objects that keep fields of the side, as they will be."""
    kept: dict[ObjectKey, JsonObject] = {}
    for each in free:
        paths = yielded(fabric, each.manifest.kind)
        if each.live is not None and (paths or each.paused):
            value = keeping_yielded({"spec": wanted.specs[each.key]}, each.live.value, paths)
            kept[each.key] = as_object(left_to_them(value, each.paused).get("spec"))
    return kept


def _change(fabric: Fabric, each: Look, reach: Reach, holding: Holding) -> Change:
    found, live = each.live, holding.live
    is_adopted = holding.options.adopt and each.is_foreign
    action = Action.CREATE if found is None else Action.ADOPT if is_adopted else Action.UPDATE
    fields = adopted(each.manifest, each.desired, found) if found is not None and is_adopted else each.fields
    change = Change(
        side=live.side,
        action=action,
        verdict=each.verdict,
        key=each.key,
        fields=fields,
        reason=_reason(each, action, live),
        precondition=Precondition() if found is None else Precondition(version=found.version, uid=found.uid),
        manifest=_manifest(fabric, each),
    )
    return change if found is None and each.base is None else _reaching(change, reach)


def _reaching(change: Change, reach: Reach) -> Change:
    radius = reach.of(change.key)
    return replace(change, blast_radius=named(radius), reached=counted(radius))


def _manifest(fabric: Fabric, each: Look) -> JsonObject:
    manifest = each.sent or sent(each.manifest)
    if each.live is None:
        return manifest
    writers = managers(each.live.value)
    left_alone = leaving_alone(manifest, each.live.value, writers, yielded(fabric, each.manifest.kind))
    return without_paused(left_alone, each.paused, writers)


def _reason(each: Look, action: Action, live: LiveSide) -> str:
    if action is Action.ADOPT:
        return "it was made by others; it becomes ours"
    if each.verdict is Verdict.MISSING:
        return f"it was deleted on the {live.side.value}"
    if each.verdict is Verdict.DRIFTED:
        writers = {field.manager or "somebody" for field in each.fields if field.verdict is Verdict.DRIFTED}
        return f"drift, by {', '.join(sorted(writers))}"
    if each.live is None:
        return "new in git"
    first, *others = [path_text(field.path) for field in each.fields]
    return f"changed in git: {first}" + (f" and {len(others)} more" if others else "")


def _beside(looks: Iterable[Look], live: LiveSide) -> Iterator[Beside]:
    for each in looks:
        if each.beside:
            yield Beside(side=live.side, key=each.key, fields=each.beside)


def _paused(looks: Iterable[Look], live: LiveSide) -> Iterator[HeldBack]:
    for each in looks:
        if each.paused:
            reason = fight_text(each.paused)
            yield HeldBack(side=live.side, verdict=Verdict.DRIFTED, key=each.key, fields=each.paused, reason=reason)


def _kept(
    looks: Iterable[Look],
    live: LiveSide,
    concerned: Collection[ObjectKey],
    holding: Holding,
    scope: Collection[ObjectKey],
) -> dict[str, int]:
    counts = Counter(each.verdict.value for each in looks if each.verdict in QUIET)
    if holding.on_missing.value == "forget":
        counts[Verdict.MISSING.value] = sum(each.verdict is Verdict.MISSING for each in looks)
    counts["left out"] = len(concerned) - len(scope)
    counts[Verdict.UNMANAGED.value] = len(live.objects.keys() - set(concerned))
    return {word: number for word, number in counts.items() if number}


def _frozen(live: LiveSide, concerned: Iterable[ObjectKey], incomplete: str) -> dict[tuple[str, str], str]:
    """Kinds that the plan is about and that are not known. A kind that nobody uses here may be missing."""
    kinds = {(key.group, key.kind) for key in concerned}
    frozen = {kind: reason for kind, reason in sorted(live.unknown.items()) if kind in kinds}
    return {FILES: doubted(Doubt.MALFORMED, incomplete), **frozen} if incomplete else frozen
