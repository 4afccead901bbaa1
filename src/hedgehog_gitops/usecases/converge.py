"""One fabric from its ingested files to proven equal sides: validate, plan, apply, look again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias

from hedgehog_gitops.core.joining import Joined
from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.core.unknowns import unknowns
from hedgehog_gitops.model.errors import HedgehogGitopsError, StalePlanError
from hedgehog_gitops.model.finding import Finding, has_errors
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName, doubt_of
from hedgehog_gitops.model.plan import FILES, Action, Agreement, HeldBack, Plan, PlanOptions, Verdict, agreement
from hedgehog_gitops.model.state import BaseRecord, Outcome, SideState
from hedgehog_gitops.usecases.apply import NOTHING_DONE, Acting, Applied, apply_plan, together, untried
from hedgehog_gitops.usecases.desire import Desired, desire
from hedgehog_gitops.usecases.ended import Ended, file_counts
from hedgehog_gitops.usecases.ingest import FabricIngestion
from hedgehog_gitops.usecases.run import Run, SyncPorts
from hedgehog_gitops.usecases.sides import Looking, Sides, check_named, look_again, plan_sides, start_look

_Done: TypeAlias = Mapping[SideName, Applied]

_NEEDED = "something that it needs was refused"
_DIFFERS = "differs again after it was applied"
_TAKEN_OVER = "was taken over; what differs in it is written by the next run"


def look_ahead(run: Run) -> Looking | None:
    """A look that goes on while the files are read; None where it cannot even begin, which `converge` will say."""
    try:
        return _start_look(run)
    except HedgehogGitopsError:
        return None


def converge(run: Run, shared: SyncPorts, part: FabricIngestion, looking: Looking | None = None) -> Ended:
    """Bring the sides to what git says, the cluster first, and prove it by looking again after any write."""
    looking = looking or _start_look(run)
    desired = desire(part.ingestion, part.tree, run.fabric, shared.release, part.revision)
    if desired.incomplete:
        return _incomplete(part, desired)
    check_named(run.fabric, desired, looking, run.ports.options)
    shared.progress.step("look at the sides and plan")
    looked = plan_sides(run.fabric, desired, looking, run.ports.options)
    _check_approval(run, looked.plan)
    _remember(run, looked)
    done = _carry_out(run, shared, looking, looked)
    proof = looked
    if written := tuple(name for name, applied in done.items() if applied.written):
        shared.progress.step("look again")
        proof = look_again(run.fabric, desired, looking.sides, _bases(run, written), looked, run.ports.options)
    findings = (*desired.findings, *looked.plan.findings)
    return _ended(part, findings, looked, done, proof, _why_blocked(run.ports.options, done))


def _start_look(run: Run) -> Looking:
    sides = _open(run)
    return start_look(run.fabric, sides, _bases(run, sides.names))


def _open(run: Run) -> Sides:
    """The sides, NetBox once: what it is read with knows what it is written with."""
    cluster = None if run.ports.side is None else run.ports.side()
    open_records, run_id = run.ports.records, run.state.run_id
    if open_records is None:
        return Sides(cluster=cluster)
    return Sides(cluster=cluster, netbox=cache(lambda revision: open_records(f"{run_id} {revision[:12]}")))


def _bases(run: Run, names: Sequence[SideName]) -> dict[SideName, Mapping[ObjectKey, BaseRecord]]:
    return {name: run.ports.state.bases(run.fabric.name, name) for name in names}


def _check_approval(run: Run, plan: Plan) -> None:
    approved = run.ports.approved
    if approved and approved != plan.id:
        raise StalePlanError("the effect", approved, plan.id)


def _incomplete(part: FabricIngestion, desired: Desired) -> Ended:
    return Ended(
        outcome=Outcome.FAILED,
        agreement=Agreement.UNKNOWN,
        revision=part.revision,
        counts=file_counts(part),
        findings=desired.findings,
        failures=(f"{desired.incomplete} at {part.revision[:12]}; nothing was applied",),
        category="validation",
    )


def _remember(run: Run, looked: Joined) -> None:
    """In one step, and only if there is anything."""
    settled = {name: planned.settled for name, planned in looked.sides.items()}
    records = [record for each in settled.values() for record in each.records]
    gone = [(name, key) for name, each in settled.items() for key in each.forget]
    run.ports.state.record(run.held.lease, records, gone)


def _carry_out(run: Run, shared: SyncPorts, looking: Looking, looked: Joined) -> _Done:
    """One side after the other. Strictly, what one refuses keeps the next one from being written at all."""
    done: dict[SideName, Applied] = {}
    for name, planned in looked.sides.items():
        is_over = run.ports.options.strict and any(each.refused for each in done.values())
        done[name] = untried(planned.plan) if is_over else _apply(run, shared, looking, name, planned)
    return done


def _apply(run: Run, shared: SyncPorts, looking: Looking, name: SideName, planned: Planned) -> Applied:
    if not planned.plan.changes:
        return NOTHING_DONE

    def record(records: Sequence[BaseRecord], gone: Sequence[ObjectKey]) -> None:
        run.ports.state.record(run.held.lease, records, [(name, key) for key in gone])

    acting = Acting(
        side=looking.sides.opened(name, planned.plan.revision),
        bases=looking.bases[name],
        record=record,
        keep_going=run.held.check,
        sleep=shared.sleep,
        progress=shared.progress,
        carried=planned.carried,
        is_strict=run.ports.options.strict,
    )
    return apply_plan(planned.plan, planned.needs, acting)


def _ended(
    part: FabricIngestion, findings: tuple[Finding, ...], looked: Joined, done: _Done, proof: Joined, why: str
) -> Ended:
    plan, final, applied = looked.plan, proof.plan, together(done.values())
    failures = tuple(_failures(plan, applied, final, why))
    is_whole = part.ingestion.ok and not failures and not applied.refused and final.is_empty
    is_faulty = has_errors(findings)
    did_something = bool(applied.written) or (part.is_published and bool(part.ingestion.changes))
    outcome = Outcome.APPLIED if did_something else Outcome.UNCHANGED
    return Ended(
        outcome=outcome if is_whole and not is_faulty else Outcome.PARTIAL,
        agreement=agreement(final),
        revision=part.revision,
        plan_id=plan.id,
        counts={**file_counts(part), **_counts(plan, applied, final)},
        sides={name.value: _side(looked.sides[name].plan, done[name], proof.sides[name]) for name in looked.sides},
        findings=findings,
        failures=failures,
        refused=applied.refused,
        category="validation" if is_faulty else next(iter(_doubts(final)), ""),
        is_unreachable=bool(final.frozen.keys() - {FILES}),
    )


def _side(plan: Plan, applied: Applied, proof: Planned) -> SideState:
    final = proof.plan
    reason = next((reason for kind, reason in sorted(final.frozen.items()) if kind != FILES), "")
    return SideState(
        agreement=agreement(final).value,
        error=reason,
        counts=_counts(plan, applied, final),
        version=proof.version,
    )


def _doubts(final: Plan) -> list[str]:
    """Why the sides cannot be said to be equal, as the words that programs know."""
    return [doubt_of(reason) for _, reason in sorted(final.frozen.items())]


def _why_blocked(options: PlanOptions, done: _Done) -> str:
    """Why what was not tried was not. Strictly, all of it waits for the first that was refused, on whichever side."""
    refused = together(done.values()).refused
    return f"--strict: {refused[0].key} was refused" if options.strict and refused else _NEEDED


def _failures(plan: Plan, applied: Applied, final: Plan, why: str) -> list[str]:
    held = [f"{each.key}: {each.verdict.value}: {each.reason}" for each in (*plan.conflicts, *plan.blocked)]
    paused = [f"{each.key}: {each.reason}" for each in final.paused]
    blocked = [f"{key}: held back, {why}" for key in applied.blocked]
    unknown = [f"{each.names()}: {each.reason}" for each in unknowns(plan.frozen)]
    settled = {each.key for each in applied.refused} | set(applied.blocked)
    unproven = [change.key for change in final.changes if change.key not in settled] if applied.written else []
    adopted = {change.key for change in plan.changes if change.action is Action.ADOPT}
    differing = [f"{key}: {_TAKEN_OVER if key in adopted else _DIFFERS}" for key in unproven]
    return [*held, *paused, *blocked, *unknown, *differing]


def _counts(plan: Plan, applied: Applied, final: Plan) -> dict[str, int]:
    actions = {change.key: change.action for change in plan.changes}
    done = Counter(actions[written.key] for written in applied.written)
    return {
        "created": done[Action.CREATE],
        "updated": done[Action.UPDATE],
        "adopted": done[Action.ADOPT],
        "pruned": done[Action.PRUNE],
        "in_sync": plan.kept.get("in-sync", 0),
        "unmanaged": plan.kept.get("unmanaged", 0),
        "conflicts": len(plan.conflicts),
        "blocked": len(plan.blocked) + len(applied.blocked),
        "refused": len(applied.refused),
        "prunes_withheld": len(plan.withheld),
        **_verdicts(plan),
        "differing": _differing(final),
    }


def _verdicts(plan: Plan) -> dict[str, int]:
    """How many objects had moved, and where, when the run looked."""
    seen = Counter(change.verdict for change in (*plan.changes, *plan.withheld))
    seen.update(held.verdict for held in (*plan.conflicts, *plan.blocked, *_only_paused(plan)))
    return {verdict.value: seen[verdict] for verdict in (Verdict.PENDING, Verdict.DRIFTED, Verdict.MISSING)}


def _differing(plan: Plan) -> int:
    """How many objects still differ: what was not written, what cannot be, and what should have gone."""
    return (
        len(plan.overdue)
        + len(plan.changes)
        + len(plan.conflicts)
        + len(plan.blocked)
        + len(_only_paused(plan))
        + plan.left_out
    )


def _only_paused(plan: Plan) -> list[HeldBack]:
    """The objects of which every difference is paused."""
    told = {change.key for change in plan.changes} | {held.key for held in (*plan.conflicts, *plan.blocked)}
    return [each for each in plan.paused if each.key not in told]
