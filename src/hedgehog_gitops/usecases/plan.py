"""Plan: look at the side once, decide once."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from hedgehog_gitops.core.authors import files_of, with_authors
from hedgehog_gitops.core.looking import is_compared
from hedgehog_gitops.core.planning import DEFAULT_OPTIONS, Planned, make_plan
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import USER_KINDS, ObjectKey
from hedgehog_gitops.model.live import LiveSide
from hedgehog_gitops.model.plan import Plan, PlanOptions
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import BaseRecord
from hedgehog_gitops.ports import History, Inventory, Side, Source
from hedgehog_gitops.usecases.desire import Desired, read_desired


def plan_fabric(
    fabric: Fabric,
    desired: Desired,
    side: Side,
    bases: Mapping[ObjectKey, BaseRecord],
    options: PlanOptions = DEFAULT_OPTIONS,
) -> Planned:
    """The plan for one fabric on one side. `UnreachableError` if the side cannot be read at all."""
    return _decide(fabric, desired, _look(fabric, side, bases), bases, options)


def preview(
    fabric: Fabric,
    source: Source,
    side: Side,
    state: Inventory,
    release: Release,
    limits: Limits,
    options: PlanOptions = DEFAULT_OPTIONS,
    history: History | None = None,
) -> tuple[Plan, tuple[Finding, ...]]:
    """The plan for what a source says now, and the findings about it. Nothing is written, not even to the memory.

    The side answers while the files are read. The history is asked only where something differs.
    """
    pool = ThreadPoolExecutor(1)
    try:
        bases = state.bases(fabric.name, side.name)
        looking = pool.submit(_look, fabric, side, bases)
        desired = read_desired(fabric, source, release, limits)
        planned = _decide(fabric, desired, looking.result(), bases, options)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    plan = _with_authors(planned.plan, fabric, desired, history)
    return plan, (*desired.findings, *plan.findings)


def _with_authors(plan: Plan, fabric: Fabric, desired: Desired, history: History | None) -> Plan:
    files = files_of(plan, desired.snapshot, fabric.directory)
    if history is None or not files:
        return plan
    found = history.last_changes(plan.revision, frozenset(files.values()))
    return with_authors(plan, desired.snapshot, files, found)


def _look(fabric: Fabric, side: Side, bases: Mapping[ObjectKey, BaseRecord]) -> LiveSide:
    ours = [key for key, record in sorted(bases.items()) if record.uid]
    return side.read([kind for kind in USER_KINDS if is_compared(fabric, kind)], ours)


def _decide(
    fabric: Fabric, desired: Desired, live: LiveSide, bases: Mapping[ObjectKey, BaseRecord], options: PlanOptions
) -> Planned:
    wanted = Wanted(
        snapshot=desired.snapshot,
        specs=desired.specs,
        refused=desired.refused,
        incomplete=desired.incomplete,
        paths=desired.paths,
    )
    return make_plan(fabric, wanted, live, bases, options)
