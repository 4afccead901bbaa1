"""Plan: look at the sides once, decide once."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from hedgehog_gitops.core.authors import files_of, unnamed_prunes, with_authors, with_removals
from hedgehog_gitops.core.planning import DEFAULT_OPTIONS
from hedgehog_gitops.core.removals import removals
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.plan import Plan, PlanOptions
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.ports import History, Inventory, Source
from hedgehog_gitops.usecases.desire import Desired, read_desired
from hedgehog_gitops.usecases.sides import Sides, check_named, plan_sides, start_look


class Previewed(NamedTuple):
    """The plan for what a source says now, and what that is."""

    plan: Plan
    desired: Desired

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings about the files, and about the step that the plan takes."""
        return (*self.desired.findings, *self.plan.findings)


def preview(
    fabric: Fabric,
    source: Source,
    sides: Sides,
    state: Inventory,
    release: Release,
    limits: Limits,
    options: PlanOptions = DEFAULT_OPTIONS,
    history: History | None = None,
) -> Previewed:
    """The plan for what a source says now, and what that is. Nothing is written, not even to the memory.

    The cluster answers while the files are read. The history is asked only where something differs.
    """
    bases = {name: state.bases(fabric.name, name) for name in sides.names}
    looking = start_look(fabric, sides, bases)
    desired = read_desired(fabric, source, release, limits)
    check_named(fabric, desired, looking, options)
    plan = replace(plan_sides(fabric, desired, looking, options).plan, options=replace(options, allow_deletes=""))
    return Previewed(_with_authors(plan, fabric, desired, history), desired)


def _with_authors(plan: Plan, fabric: Fabric, desired: Desired, history: History | None) -> Plan:
    files = files_of(plan, desired.snapshot, fabric.directory)
    if history is None or not files:
        return plan
    found = history.last_changes(plan.revision, frozenset(files.values()))
    named = with_authors(plan, desired.snapshot, files, found)
    if not (gone := unnamed_prunes(named)):
        return named
    namespace = fabric.cluster.namespace if fabric.cluster else "default"
    return with_removals(named, removals(gone, history.steps(plan.revision, fabric.directory), namespace))
