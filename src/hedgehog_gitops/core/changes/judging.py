"""One judgement of a step: every rule about it, over the same two sets."""

from __future__ import annotations

from collections.abc import Mapping

from hedgehog_gitops.core.changes.deletes import refused_removals
from hedgehog_gitops.core.changes.disruption import disruptions
from hedgehog_gitops.core.changes.step import Step, StepFault
from hedgehog_gitops.core.changes.swaps import swaps
from hedgehog_gitops.core.changes.updates import refused_updates
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject


def judge_step(older: Mapping[ObjectKey, JsonObject], newer: Mapping[ObjectKey, JsonObject]) -> tuple[StepFault, ...]:
    """Every fault of the step, in an order that depends on the sets alone. Both hold specs as stored."""
    step = Step(older, newer)
    if step.is_still:
        return ()
    return (*refused_updates(step), *refused_removals(step), *swaps(step), *disruptions(step))
