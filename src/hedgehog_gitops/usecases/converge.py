"""One fabric from its ingested files to a proven equal cluster: validate, plan, apply, look again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.model.errors import StalePlanError, UsageError
from hedgehog_gitops.model.finding import Finding, has_errors
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import doubt_of
from hedgehog_gitops.model.plan import FILES, Action, Agreement, HeldBack, Plan, Verdict, agreement
from hedgehog_gitops.model.state import BaseRecord, Outcome
from hedgehog_gitops.ports import Side
from hedgehog_gitops.usecases.apply import Acting, Applied, apply_plan
from hedgehog_gitops.usecases.desire import Desired, desire
from hedgehog_gitops.usecases.ended import Ended, file_counts
from hedgehog_gitops.usecases.ingest import FabricIngestion
from hedgehog_gitops.usecases.plan import plan_fabric
from hedgehog_gitops.usecases.run import Run, SyncPorts


def converge(run: Run, shared: SyncPorts, part: FabricIngestion) -> Ended:
    """Bring the side to what git says, and prove it by looking again after any write."""
    desired = desire(part.ingestion, part.tree, run.fabric, shared.release, part.revision)
    if desired.incomplete:
        return _incomplete(part, desired)
    if run.ports.side is None:
        raise UsageError(f"fabric {run.fabric.name} names no cluster")
    side = run.ports.side()
    shared.progress.step("look at the cluster and plan")
    planned = _look(run, desired, side)
    _check_approval(run, planned.plan)
    _remember(run, side, planned)
    applied = _apply(run, shared, side, planned)
    proof = planned
    if applied.written:
        shared.progress.step("look again")
        proof = _look(run, desired, side)
    findings = (*desired.findings, *planned.plan.findings)
    return _ended(part, findings, planned.plan, applied, proof)


def _look(run: Run, desired: Desired, side: Side) -> Planned:
    bases = run.ports.state.bases(run.fabric.name, side.name)
    return plan_fabric(run.fabric, desired, side, bases, run.ports.options)


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


def _remember(run: Run, side: Side, planned: Planned) -> None:
    settled = planned.settled
    run.ports.state.record(run.held.lease, settled.records, [(side.name, key) for key in settled.forget])


def _apply(run: Run, shared: SyncPorts, side: Side, planned: Planned) -> Applied:
    if not planned.plan.changes:
        return Applied(written=(), refused=(), blocked=())
    store = run.ports.state

    def record(records: Sequence[BaseRecord], gone: Sequence[ObjectKey]) -> None:
        store.record(run.held.lease, records, [(side.name, key) for key in gone])

    acting = Acting(
        side=side,
        bases=store.bases(run.fabric.name, side.name),
        record=record,
        keep_going=run.held.check,
        sleep=shared.sleep,
        progress=shared.progress,
        carried=planned.carried,
    )
    return apply_plan(planned.plan, planned.needs, acting)


def _ended(part: FabricIngestion, findings: tuple[Finding, ...], plan: Plan, applied: Applied, proof: Planned) -> Ended:
    final = proof.plan
    failures = tuple(_failures(plan, applied, final))
    agreed = agreement(final)
    is_whole = part.ingestion.ok and not failures and not applied.refused and final.is_empty
    is_faulty = has_errors(findings)
    did_something = bool(applied.written) or (part.is_published and bool(part.ingestion.changes))
    outcome = Outcome.APPLIED if did_something else Outcome.UNCHANGED
    return Ended(
        outcome=outcome if is_whole and not is_faulty else Outcome.PARTIAL,
        agreement=agreed,
        revision=part.revision,
        plan_id=plan.id,
        counts={**_counts(part, plan, applied), **_verdicts(plan), "differing": _differing(final)},
        findings=findings,
        failures=failures,
        refused=applied.refused,
        category="validation" if is_faulty else next(iter(_doubts(final)), ""),
        is_unreachable=bool(final.frozen.keys() - {FILES}),
    )


def _doubts(final: Plan) -> list[str]:
    """Why the sides cannot be said to be equal, as the words that programs know."""
    return [doubt_of(reason) for _, reason in sorted(final.frozen.items())]


def _failures(plan: Plan, applied: Applied, final: Plan) -> list[str]:
    held = [f"{each.key}: {each.verdict.value}: {each.reason}" for each in (*plan.conflicts, *plan.blocked)]
    paused = [f"{each.key}: {each.reason}" for each in final.paused]
    blocked = [f"{key}: held back, something that it needs was refused" for key in applied.blocked]
    unknown = [f"{kind}: {reason}" for (_, kind), reason in sorted(plan.frozen.items())]
    settled = {each.key for each in applied.refused} | set(applied.blocked)
    unproven = [change.key for change in final.changes if change.key not in settled] if applied.written else []
    return [*held, *paused, *blocked, *unknown, *(f"{key}: differs again after it was applied" for key in unproven)]


def _counts(part: FabricIngestion, plan: Plan, applied: Applied) -> dict[str, int]:
    actions = {change.key: change.action for change in plan.changes}
    done = Counter(actions[written.key] for written in applied.written)
    return {
        **file_counts(part),
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
    }


def _verdicts(plan: Plan) -> dict[str, int]:
    """How many objects had moved, and where, when the run planned."""
    seen = Counter(change.verdict for change in (*plan.changes, *plan.withheld))
    seen.update(held.verdict for held in (*plan.conflicts, *plan.blocked, *_only_paused(plan)))
    return {verdict.value: seen[verdict] for verdict in (Verdict.PENDING, Verdict.DRIFTED, Verdict.MISSING)}


def _differing(plan: Plan) -> int:
    """How many objects still differ: what was not written, and what cannot be."""
    return len(plan.changes) + len(plan.conflicts) + len(plan.blocked) + len(_only_paused(plan)) + plan.left_out


def _only_paused(plan: Plan) -> list[HeldBack]:
    """The objects of which every difference is paused."""
    told = {change.key for change in plan.changes} | {held.key for held in (*plan.conflicts, *plan.blocked)}
    return [each for each in plan.paused if each.key not in told]
