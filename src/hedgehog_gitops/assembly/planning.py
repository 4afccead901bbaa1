"""A plan for one fabric as things are now, put together from adapters."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from hedgehog_gitops.assembly.endpoints import open_cluster, open_state
from hedgehog_gitops.assembly.releases import release_of
from hedgehog_gitops.assembly.snapshots import open_snapshot
from hedgehog_gitops.assembly.sources import named_files, open_history
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.plan import Plan, PlanOptions
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.ports import Inventory, Side
from hedgehog_gitops.usecases.plan import preview

DEFAULT_OPTIONS = PlanOptions()


def plan_now(
    fabric: Fabric,
    settings: Settings,
    revision: str | None,
    options: PlanOptions = DEFAULT_OPTIONS,
    live: Path | None = None,
) -> tuple[Plan, tuple[Finding, ...]]:
    """What applying the files on disk (or of a revision) would do, and the findings about them; nothing is written.

    `live` is a snapshot to be looked at in place of the cluster.
    """
    side, state = _cluster(fabric, settings) if live is None else open_snapshot(fabric, settings, live)
    source = named_files(settings, revision)
    history = open_history(settings)
    made, findings = preview(fabric, source, side, state, release_of(settings), settings.limits, options, history)
    return replace(made, version=version("hedgehog-gitops")), findings


def _cluster(fabric: Fabric, settings: Settings) -> tuple[Side, Inventory]:
    return open_cluster(fabric, settings), open_state(fabric, settings)
