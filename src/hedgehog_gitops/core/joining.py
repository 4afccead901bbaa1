"""One plan for all sides: what the cluster and NetBox need, side by side, under one name, the cluster's part first.

Each side is planned by itself. A side of which nothing is known adds nothing but what is frozen, so it never keeps the
other one from being brought in line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from hedgehog_gitops.core.effects import plan_id
from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Plan, PlanOptions

Planning: TypeAlias = Callable[[PlanOptions], Planned]
"""Plans one side, as a person asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The one plan, and the plan of each side, in the order in which they are carried out."""

    plan: Plan
    sides: Mapping[SideName, Planned]


def join(sides: Mapping[SideName, Planning], options: PlanOptions) -> Joined:
    """Plan all sides together. Deletions beyond the budget are allowed by the id of the plan for all of them."""
    shown = _join(sides, dict.fromkeys(sides, replace(options, allow_deletes="")))
    if not options.allow_deletes or options.allow_deletes != shown.plan.id:
        return shown
    return _join(sides, {side: replace(options, allow_deletes=each.plan.id) for side, each in shown.sides.items()})


def _join(sides: Mapping[SideName, Planning], options: Mapping[SideName, PlanOptions]) -> Joined:
    planned = {side: make(options[side]) for side, make in sides.items()}
    return Joined(plan=joined({side: each.plan for side, each in planned.items()}), sides=planned)


def joined(plans: Mapping[SideName, Plan]) -> Plan:
    """The plans of all sides as one; that of an only side keeps its name."""
    first, *others = plans.values()
    sides = {side: plan.kept for side, plan in plans.items()}
    if not others:
        return replace(first, sides=sides)
    parts = (first, *others)
    whole = replace(
        first,
        changes=tuple(change for plan in parts for change in plan.changes),
        conflicts=tuple(held for plan in parts for held in plan.conflicts),
        blocked=tuple(held for plan in parts for held in plan.blocked),
        withheld=tuple(change for plan in parts for change in plan.withheld),
        kept=dict(sum((Counter(plan.kept) for plan in parts), Counter[str]())),
        waves=tuple(wave for plan in parts for wave in plan.waves),
        frozen={kind: reason for plan in reversed(parts) for kind, reason in plan.frozen.items()},
        beside=tuple(beside for plan in parts for beside in plan.beside),
        paused=tuple(paused for plan in parts for paused in plan.paused),
        left_out=sum(plan.left_out for plan in parts),
        findings=tuple(finding for plan in parts for finding in plan.findings),
        sides=sides,
    )
    return replace(whole, id=plan_id(whole))
