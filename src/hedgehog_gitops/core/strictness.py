"""`--strict`, one rule over the plan of all sides: while anything is held back anywhere, nothing is written anywhere.

Held back is what has errors in git, what is in conflict, waits for an answer or is paused, and what is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hedgehog_gitops.core.effects import plan_id
from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Action, Change, HeldBack, Plan
from hedgehog_gitops.model.record import whole_key


def all_or_nothing(sides: Mapping[SideName, Planned], errors: int) -> Mapping[SideName, Planned]:
    """The plans of all sides; without any write if something is held back, or `errors` objects of git have errors."""
    causes = tuple(_causes(sides, errors))
    if not causes:
        return sides
    reason = f"--strict: nothing is written while something is held back ({'; '.join(causes)})"
    return {name: replace(each, plan=_stopped(each.plan, reason)) for name, each in sides.items()}


def _causes(sides: Mapping[SideName, Planned], errors: int) -> Iterator[str]:
    """Where something is held back, and how much of it."""
    if errors:
        yield f"git: {_count(errors, 'object')} with errors"
    for name, each in sides.items():
        held = {held.key for held in (*each.plan.conflicts, *each.plan.blocked, *each.plan.paused)}
        told = [_count(len(held), "object")] if held else []
        if each.plan.frozen:
            told.append(f"{_count(len(each.plan.frozen), 'kind')} unknown")
        if told:
            yield f"{name.value}: {' and '.join(told)}"


def _stopped(plan: Plan, reason: str) -> Plan:
    """The plan with all that it would write held back. Warnings are about what is written, so none is left."""
    writes = {whole_key(change.key): change for change in plan.changes if change.action is not Action.PRUNE}
    prunes = [change for change in plan.changes if change.action is Action.PRUNE]
    stopped = replace(
        plan,
        changes=(),
        waves=(),
        blocked=(*plan.blocked, *(_held(key, change, reason) for key, change in writes.items())),
        withheld=(*plan.withheld, *(replace(each, reason=f"{each.reason}; {reason}") for each in prunes)),
        findings=tuple(finding for finding in plan.findings if finding.severity is Severity.ERROR),
    )
    return replace(stopped, id=plan_id(stopped))


def _held(key: ObjectKey, change: Change, reason: str) -> HeldBack:
    return HeldBack(side=change.side, verdict=change.verdict, key=key, fields=change.fields, reason=reason)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
