"""Which deletions a label of the pull request allows, and under which name a plan is stored."""

from __future__ import annotations

import re
from collections.abc import Sequence

LABEL = "allow-deletes:"
"""A label of the pull request that begins so allows the prunes of the one plan that it names."""

_BEGINNING = "hedgehog-gitops-plan-"
_PLAN_ID = re.compile(r"[0-9a-f]{12}")
_UNFIT = re.compile(r"[^A-Za-z0-9_.-]+")


def allowed_plan(labels: Sequence[str], plan_id: str = "") -> str:
    """The id of the plan whose prunes may exceed the budget: that of a label; empty if none names this plan."""
    named = [label.removeprefix(LABEL).strip() for label in labels if label.startswith(LABEL)]
    fit = [each for each in named if _PLAN_ID.fullmatch(each) and plan_id in ("", each)]
    return fit[-1] if fit else ""


ALL_PLANS = "hedgehog-gitops-plans"
"""The artifact's name where one step planned several fabrics."""


def artifact_name(fabric: str) -> str:
    """The name under which a pull request's run stores the plan of a fabric."""
    return f"{_BEGINNING}{_UNFIT.sub('-', fabric)}"


def is_ours(artifact: str) -> bool:
    """True of the name of an artifact that holds plans."""
    return artifact == ALL_PLANS or artifact.startswith(_BEGINNING)


def plan_file(fabric: str) -> str:
    """The file of a fabric's plan in such an artifact."""
    return f"{artifact_name(fabric)}.json"
