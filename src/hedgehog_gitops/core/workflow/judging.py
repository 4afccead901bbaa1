"""How a step ended, and its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.plan import Action, Plan, Verdict
from hedgehog_gitops.model.state import Outcome, SyncResult
from hedgehog_gitops.model.workflow import FailOn, Found, Inputs, Reason

MOVED = (Verdict.DRIFTED, Verdict.MISSING)


class Judgement(NamedTuple):
    """`result` is one word for what was found or done; `reason` why the step fails, or none."""

    result: str
    reason: Reason


def judged(found: Found, inputs: Inputs) -> Judgement:
    """The worst of everything decides: what kept it from its work, then errors, then what `fail-on` names."""
    reason = next(iter(_stops(found)), Reason.NONE) or next(iter(_failures(found, inputs)), Reason.NONE)
    return Judgement("failed" if reason else _result(found), reason)


def counts(found: Found) -> dict[str, int]:
    """The numbers among the outputs."""
    severities = Counter(finding.severity for finding in found.findings)
    numbers = Counter({"errors": severities[Severity.ERROR], "warnings": severities[Severity.WARNING]})
    for plan in found.plans:
        numbers.update(_of_plan(plan))
    for result in found.results:
        numbers.update(_of_result(result))
    names = ("errors", "warnings", "changes", "creates", "updates", "prunes", "drift", "conflicts")
    return {name: numbers[name] for name in names}


def has_drift(plan: Plan) -> bool:
    """True if the side moved away from what was last applied."""
    return bool(drift_count(plan) or plan.conflicts)


def drift_count(plan: Plan) -> int:
    """How many objects the side moved."""
    verdicts = [*(each.verdict for each in plan.changes), *(each.verdict for each in plan.blocked)]
    return sum(verdict in MOVED for verdict in verdicts) + len(plan.paused)


def is_clean(plan: Plan) -> bool:
    """True if there is nothing to tell of a plan: no difference, no doubt, no warning, nothing withheld."""
    return plan.is_empty and not plan.withheld and not plan.findings


def _stops(found: Found) -> Iterator[Reason]:
    """What counts whatever `fail-on` says."""
    yield from (trouble.reason for trouble in found.troubles)
    if any(result.outcome in (Outcome.FAILED, Outcome.PARTIAL, Outcome.INTERRUPTED) for result in found.results):
        unreachable = any(result.unreachable for result in found.results)
        yield Reason.UNREACHABLE if unreachable else Reason.PARTIAL
    if any(result.outcome is Outcome.ALREADY_RUNNING for result in found.results):
        yield Reason.LOCKED
    if any(plan.frozen for plan in found.plans):
        yield Reason.UNREACHABLE


def _failures(found: Found, inputs: Inputs) -> Iterator[Reason]:
    """What counts only as far as `fail-on` wants; an error always does, unless nothing is to."""
    if FailOn.NEVER in inputs.fail_on:
        return
    numbers = counts(found)
    if numbers["errors"]:
        yield Reason.FINDINGS
    if any(plan.blocked for plan in found.plans):
        yield Reason.HELD_BACK
    if FailOn.WARNING in inputs.fail_on and numbers["warnings"]:
        yield Reason.WARNINGS
    if inputs.fail_on & {FailOn.DRIFT, FailOn.CHANGES} and any(map(has_drift, found.plans)):
        yield Reason.DRIFT
    if FailOn.CHANGES in inputs.fail_on and numbers["changes"]:
        yield Reason.CHANGES


def _result(found: Found) -> str:
    if any(result.outcome is Outcome.APPLIED for result in found.results):
        return "applied"
    if any(map(has_drift, found.plans)):
        return "drift"
    if any(plan.changes or plan.withheld for plan in found.plans):
        return "changes"
    return "findings" if any(finding.severity is not Severity.NOTICE for finding in found.findings) else "clean"


def _of_plan(plan: Plan) -> dict[str, int]:
    actions = Counter(change.action for change in plan.changes)
    return {
        "changes": len(plan.changes),
        "creates": actions[Action.CREATE],
        "updates": actions[Action.UPDATE] + actions[Action.ADOPT],
        "prunes": actions[Action.PRUNE],
        "drift": drift_count(plan),
        "conflicts": len(plan.conflicts),
    }


def _of_result(result: SyncResult) -> dict[str, int]:
    done = result.counts
    creates, prunes = done.get("created", 0), done.get("pruned", 0)
    updates = done.get("updated", 0) + done.get("adopted", 0)
    return {
        "changes": creates + updates + prunes,
        "creates": creates,
        "updates": updates,
        "prunes": prunes,
        "drift": done.get("drifted", 0) + done.get("missing", 0),
        "conflicts": done.get("conflicts", 0),
    }
