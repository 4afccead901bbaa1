"""Plan: look at the side once, decide once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hedgehog_gitops.core.looking import is_compared
from hedgehog_gitops.core.planning import Planned, make_plan
from hedgehog_gitops.model.kind import USER_KINDS, ObjectKey
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import BaseRecord
from hedgehog_gitops.ports import Side
from hedgehog_gitops.usecases.desire import Desired


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A plan with what it settles, and how many requests the look took."""

    planned: Planned
    requests: int


def plan_fabric(fabric: Fabric, desired: Desired, side: Side, bases: Mapping[ObjectKey, BaseRecord]) -> Looked:
    """The plan for one fabric on one side. `UnreachableError` if the side cannot be read at all."""
    live = side.read([kind for kind in USER_KINDS if is_compared(fabric, kind)])
    planned = make_plan(
        fabric=fabric,
        desired=desired.snapshot,
        live=live,
        bases=bases,
        refused=desired.refused,
        incomplete=desired.incomplete,
    )
    return Looked(planned=planned, requests=live.requests)
