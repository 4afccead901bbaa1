"""The part of a joined plan that is about one side."""

from __future__ import annotations

from dataclasses import replace

from hedgehog_gitops.core.unknowns import side_of
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Plan


def part_of(plan: Plan, side: SideName) -> Plan:
    """What a joined plan says about one side, under the name of the whole. Findings are about the cluster's step."""
    is_cluster = side is SideName.CLUSTER
    return replace(
        plan,
        changes=tuple(change for change in plan.changes if change.side is side),
        conflicts=tuple(held for held in plan.conflicts if held.side is side),
        blocked=tuple(held for held in plan.blocked if held.side is side),
        withheld=tuple(change for change in plan.withheld if change.side is side),
        kept=plan.sides[side],
        frozen={kind: reason for kind, reason in plan.frozen.items() if side_of(kind) is side},
        beside=tuple(beside for beside in plan.beside if beside.side is side),
        paused=tuple(paused for paused in plan.paused if paused.side is side),
        findings=plan.findings if is_cluster else (),
        sides={side: plan.sides[side]},
    )
