"""What a plan does, apart from what it tells: the one thing that a person approves, and its short name."""

from __future__ import annotations

from hedgehog_gitops.core.canonical import digest
from hedgehog_gitops.core.saved_plan import change_value
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Action, Change, Plan

_TOLD = frozenset({"blast_radius", "reached", "author"})
"""What a change tells and does not do."""


def plan_id(plan: Plan) -> str:
    """A short name for what the plan does: equal for equal effects, whatever the revision is called.

    Prunes count whether they are withheld or not, so that an allowance can name the plan that showed them. So does
    what is unknown: once it is known, more may be done.
    """
    prunes_too = sorted((change for change in (*plan.changes, *plan.withheld)), key=lambda change: change.key)
    effects: JsonObject = {
        "fabric": plan.fabric,
        "config": plan.config_digest,
        "changes": [_effect(change) for change in prunes_too],
        "held": [str(held.key) for held in (*plan.conflicts, *plan.blocked)],
    }
    if plan.frozen:
        effects["unknown"] = ["/".join(kind) for kind in sorted(plan.frozen)]
    return digest(effects)[:12]


def _effect(change: Change) -> JsonObject:
    value = {name: each for name, each in change_value(change).items() if name not in _TOLD}
    return {**value, "reason": "", "verdict": ""} if change.action is Action.PRUNE else value
