"""Runs of sync and of apply, put together from adapters."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hedgehog_gitops.adapters.clock import SystemClock
from hedgehog_gitops.adapters.heart import beating
from hedgehog_gitops.adapters.holders import is_gone, this_holder
from hedgehog_gitops.adapters.progress import Silent
from hedgehog_gitops.adapters.request_counts import RequestCounts
from hedgehog_gitops.assembly.endpoints import new_run_id, open_cluster, open_netbox, open_state
from hedgehog_gitops.assembly.observing import observed
from hedgehog_gitops.assembly.releases import release_of
from hedgehog_gitops.model.plan import PlanOptions
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.seen import Seen
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.state import SyncResult, Trigger
from hedgehog_gitops.ports import Progress, Source
from hedgehog_gitops.usecases.held import BEAT
from hedgehog_gitops.usecases.run import FabricPorts, SyncPorts
from hedgehog_gitops.usecases.sync import sync_fabrics

if TYPE_CHECKING:  # a run that is not due loads nothing of what takes files in
    from hedgehog_gitops.usecases.ingest import FabricIngestion

_NO_OPTIONS = PlanOptions()


def run_sync(
    fabrics: Sequence[Fabric],
    settings: Settings,
    *,
    trigger: Trigger,
    force: bool = False,
    options: PlanOptions = _NO_OPTIONS,
    progress: Progress | None = None,
    metrics: str = "",
    see: Callable[[Fabric], Seen] | None = None,
) -> tuple[SyncResult, ...]:
    """Sync fabrics of one configuration from its shared branch; what waits in raw is taken in and published.

    `metrics` names a file in which the runs are counted. `see` looks whether something has moved, before a run of a
    schedule that is not due by its stamps; without it neither git nor a side is asked then.
    """
    release = release_of(settings)

    def take_in(wanted: Sequence[Fabric], go_on: Callable[[], None]) -> Sequence[FabricIngestion]:
        from hedgehog_gitops.assembly.sources import shared_branch  # noqa: PLC0415 - only for a run that starts
        from hedgehog_gitops.core.validation import schema_judge  # noqa: PLC0415 - the same
        from hedgehog_gitops.usecases.ingest import ingest  # noqa: PLC0415 - the same

        source = shared_branch(settings)
        return ingest(wanted, source, settings.limits, judge=schema_judge(release.schemas), go_on=go_on).fabrics

    shared = _shared(take_in, release, progress)

    def runs(requests: RequestCounts) -> tuple[SyncResult, ...]:
        sights = {each.name: None if see is None else partial(see, each) for each in fabrics}
        ports = [
            replace(fabric_ports(each, settings, requests), options=options, see=sights[each.name]) for each in fabrics
        ]
        return sync_fabrics(ports, shared, trigger=trigger, force=force)

    return observed(fabrics, settings, runs, metrics)


def run_apply(
    fabric: Fabric,
    settings: Settings,
    source: Source,
    *,
    approved: str,
    options: PlanOptions = _NO_OPTIONS,
    progress: Progress | None = None,
) -> SyncResult:
    """Apply what the files of a source say, if that is the approved plan; nothing is published."""
    release = release_of(settings)

    def take_in(wanted: Sequence[Fabric], _go_on: Callable[[], None]) -> Sequence[FabricIngestion]:
        from hedgehog_gitops.core.validation import schema_judge  # noqa: PLC0415 - only for a run that starts
        from hedgehog_gitops.usecases.ingest import foresee_ingest  # noqa: PLC0415 - the same

        return foresee_ingest(wanted, source, settings.limits, schema_judge(release.schemas))

    shared = _shared(take_in, release, progress)

    def runs(requests: RequestCounts) -> tuple[SyncResult, ...]:
        ports = replace(fabric_ports(fabric, settings, requests), approved=approved, options=options)
        return sync_fabrics([ports], shared, trigger=Trigger.MANUAL, force=True)

    return observed([fabric], settings, runs)[0]


def _shared(
    take_in: Callable[[Sequence[Fabric], Callable[[], None]], Sequence[FabricIngestion]],
    release: Release,
    progress: Progress | None,
) -> SyncPorts:
    return SyncPorts(
        take_in=take_in,
        clock=SystemClock(),
        progress=progress or Silent(),
        release=release,
        holder=this_holder(),
        is_gone=is_gone,
        new_run_id=new_run_id,
        random=random.random,
        sleep=time.sleep,
        heart=partial(beating, pause=BEAT.total_seconds()),
    )


def fabric_ports(fabric: Fabric, settings: Settings, requests: RequestCounts) -> FabricPorts:
    """One fabric's memory, and its sides to be opened when they are wanted."""
    heard = requests.hear(fabric.name)
    side = None if fabric.cluster is None else lambda: open_cluster(fabric, settings, heard)
    records = None if fabric.netbox is None else lambda told: open_netbox(fabric, settings, told, heard)
    return FabricPorts(fabric=fabric, side=side, state=open_state(fabric, settings, heard), records=records)
