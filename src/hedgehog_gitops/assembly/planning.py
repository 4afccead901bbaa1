"""A plan for one fabric as things are now, put together from adapters."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

from hedgehog_gitops.adapters.source_lines import lines_below
from hedgehog_gitops.assembly.endpoints import open_cluster, open_netbox, open_state
from hedgehog_gitops.assembly.releases import release_of
from hedgehog_gitops.assembly.snapshots import open_snapshot
from hedgehog_gitops.assembly.sources import named_files, open_history
from hedgehog_gitops.core.picturing import picture
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.picture import Picture
from hedgehog_gitops.model.plan import Plan, PlanOptions
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.usecases.plan import Previewed, preview
from hedgehog_gitops.usecases.sides import Sides

DEFAULT_OPTIONS = PlanOptions()


def plan_now(
    fabric: Fabric,
    settings: Settings,
    revision: str | None,
    options: PlanOptions = DEFAULT_OPTIONS,
    live: Path | None = None,
) -> tuple[Plan, tuple[Finding, ...]]:
    """What applying the files on disk (or of a revision) would do, and the findings about them; nothing is written.

    `live` is a snapshot to be looked at in place of the sides.
    """
    made = preview_now(fabric, settings, revision, options, live)
    return replace(made.plan, version=version("hedgehog-gitops")), made.findings


def picture_now(fabric: Fabric, settings: Settings, revision: str | None, live: Path | None = None) -> Picture:
    """The fabric as things are now, for people to look at; nothing is written."""
    return _pictured(fabric, settings, preview_now(fabric, settings, revision, DEFAULT_OPTIONS, live))


def pictured_plan(
    fabric: Fabric, settings: Settings, options: PlanOptions
) -> tuple[Plan, tuple[Finding, ...], Picture]:
    """The plan for the files on disk with its findings, and the picture of the same look."""
    made = preview_now(fabric, settings, None, options, None)
    return replace(made.plan, version=version("hedgehog-gitops")), made.findings, _pictured(fabric, settings, made)


def _pictured(fabric: Fabric, settings: Settings, made: Previewed) -> Picture:
    line_of = lines_below(settings.root)
    return picture(fabric, made.plan, made.desired.snapshot, made.desired.specs, made.findings, line_of)


def preview_now(
    fabric: Fabric, settings: Settings, revision: str | None, options: PlanOptions, live: Path | None
) -> Previewed:
    """The plan and the desired state that it is for."""
    sides, state = (
        (open_sides(fabric, settings), open_state(fabric, settings))
        if live is None
        else open_snapshot(fabric, settings, live)
    )
    source = named_files(settings, revision)
    history = open_history(settings)
    return preview(fabric, source, sides, state, release_of(settings), settings.limits, options, history)


def open_sides(fabric: Fabric, settings: Settings) -> Sides:
    """The sides that a fabric names, to be looked at."""
    cluster = None if fabric.cluster is None else open_cluster(fabric, settings)
    netbox = None if fabric.netbox is None else partial(open_netbox, fabric, settings)
    return Sides(cluster=cluster, netbox=netbox)
