"""One plan for all sides: what the cluster and NetBox need, side by side, under one name, the cluster's part first.

Each side is planned by itself. A side of which nothing is known adds nothing but what is frozen, so it never keeps the
other one from being brought in line, unless a person asked for all or nothing (`--strict`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from hedgehog_gitops.core.effects import plan_id
from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.core.strictness import all_or_nothing
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Plan, PlanOptions

Planning: TypeAlias = Callable[[PlanOptions], Planned]
"""Plans one side, as a person asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The one plan, and the plan of each side, in the order in which they are carried out."""

    plan: Plan
    sides: Mapping[SideName, Planned]


def join(sides: Mapping[SideName, Planning], options: PlanOptions, errors: int = 0) -> Joined:
    """Plan all sides together; `errors` is how many objects of git have some, which counts where one stops all.

    Deletions beyond the budget are allowed by the id of the plan for all sides.
    """
    own = {side: make(replace(options, allow_deletes="")) for side, make in sides.items()}
    shown = _join(own, options, errors)
    if not options.allow_deletes or options.allow_deletes != shown.plan.id:
        return shown
    allowed = {side: make(replace(options, allow_deletes=own[side].plan.id)) for side, make in sides.items()}
    return _join(allowed, options, errors)


def _join(own: Mapping[SideName, Planned], options: PlanOptions, errors: int) -> Joined:
    planned = all_or_nothing(own, errors) if options.strict else own
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
