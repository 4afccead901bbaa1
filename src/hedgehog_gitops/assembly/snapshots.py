"""What the sides of a fabric hold, written to a directory, and a plan's look at that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hedgehog_gitops.adapters.snapshot_cluster import NETBOX, SnapshotCluster, write_snapshot
from hedgehog_gitops.assembly.endpoints import open_cluster, open_local_state, open_netbox, open_state
from hedgehog_gitops.assembly.releases import release_of
from hedgehog_gitops.assembly.sources import named_files
from hedgehog_gitops.core.looking import is_compared, with_doubts
from hedgehog_gitops.model.errors import StateError, UnreachableError, UsageError
from hedgehog_gitops.model.kind import USER_KINDS, Kind, ObjectKey
from hedgehog_gitops.model.live import LiveSide, SideName
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.state import BaseRecord
from hedgehog_gitops.ports import Inventory, Records
from hedgehog_gitops.usecases.desire import read_desired
from hedgehog_gitops.usecases.sides import Sides

Bases = Mapping[ObjectKey, BaseRecord]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a snapshot holds of each side that the fabric names, and why it lacks what we remember (or empty text)."""

    live: LiveSide | None
    netbox: LiveSide | None
    forgotten: str = ""


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The memory that came with a snapshot, and that of this machine for sides of which it has none."""

    records: Mapping[SideName, Bases]
    here: Inventory | None

    def bases(self, fabric: str, side: SideName) -> Bases:
        """Everything that we owned on a side when it was looked at."""
        if side in self.records or self.here is None:
            return self.records.get(side, {})
        return self.here.bases(fabric, side)


def take_snapshot(fabric: Fabric, settings: Settings, directory: Path) -> Taken:
    """Write what the sides have of the fabric, and what we remember of them; nothing is written before all is read.

    Where nothing of NetBox can be read its earlier file stays as it is, and the list no longer vouches for it.
    """
    if fabric.cluster is None and fabric.netbox is None:
        raise UsageError(f"fabric {fabric.name} names no cluster and no NetBox; add one to its configuration")
    kinds = [kind for kind in USER_KINDS if is_compared(fabric, kind)] if fabric.cluster is not None else []
    known = {side: _bases(fabric, settings, side) for side in SideName}
    cluster = _seen_cluster(fabric, settings, kinds, known[SideName.CLUSTER][0])
    netbox = _seen_netbox(fabric, settings, known[SideName.NETBOX][0])
    records = {
        side: None if forgotten else [record for _, record in sorted(bases.items())]
        for side, (bases, forgotten) in known.items()
    }

    def beside() -> JsonObject:
        return {} if netbox is None else {NETBOX: _written(netbox, fabric, directory, records[SideName.NETBOX])}

    live = write_snapshot(cluster, kinds, fabric.name, directory, records[SideName.CLUSTER], beside)
    forgotten = next((reason for _, reason in known.values() if reason), "")
    return Taken(live=live if fabric.cluster is not None else None, netbox=netbox, forgotten=forgotten)


def open_snapshot(fabric: Fabric, settings: Settings, directory: Path) -> tuple[Sides, Inventory]:
    """A snapshot in place of the sides, and the memory that goes with it: its own, else that of this machine."""
    cluster = SnapshotCluster(directory, fabric.name)
    found = {SideName.CLUSTER: cluster.remembered()}
    sides = Sides(cluster=cluster)
    if fabric.netbox is not None:
        from hedgehog_gitops.adapters.snapshot_netbox import SnapshotNetbox  # noqa: PLC0415 - only this side

        netbox = SnapshotNetbox(directory, fabric.name)
        found[SideName.NETBOX] = netbox.remembered()
        sides = Sides(cluster=cluster if fabric.cluster else None, netbox=partial(_whatever_the_revision, netbox))
    records = {side: bases for side, bases in found.items() if bases is not None}
    return sides, _Remembered(records, open_local_state(fabric, settings) if len(records) < len(found) else None)


def _seen_cluster(fabric: Fabric, settings: Settings, kinds: list[Kind], bases: Bases) -> LiveSide:
    if fabric.cluster is None:
        return LiveSide(side=SideName.CLUSTER, objects={}, unknown={})
    ours = [key for key, record in sorted(bases.items()) if record.uid]
    return with_doubts(open_cluster(fabric, settings).read(kinds, ours), bases)


def _seen_netbox(fabric: Fabric, settings: Settings, bases: Bases) -> LiveSide | None:
    """What stands in the place of a record is looked for by what the files on disk say now."""
    if fabric.netbox is None:
        return None
    from hedgehog_gitops.usecases.netbox import seen_netbox  # noqa: PLC0415 - only where a fabric names one

    desired = read_desired(fabric, named_files(settings, None), release_of(settings), settings.limits)
    return seen_netbox(fabric, desired, partial(open_netbox, fabric, settings), bases)


def _written(live: LiveSide, fabric: Fabric, directory: Path, records: list[BaseRecord] | None) -> JsonObject:
    if not live.objects and live.unknown:
        return {"reason": min(live.unknown.values())}
    from hedgehog_gitops.adapters.snapshot_netbox import (  # noqa: PLC0415 - only this side
        netbox_text,
        vouch,
        write_netbox,
    )

    text = netbox_text(live, fabric.name, records)
    write_netbox(directory, text)
    return vouch(text)


def _whatever_the_revision(side: Records, revision: str) -> Records:
    del revision
    return side


def _bases(fabric: Fabric, settings: Settings, side: SideName) -> tuple[Bases, str]:
    try:
        return open_state(fabric, settings).bases(fabric.name, side), ""
    except (StateError, UnreachableError) as error:
        return {}, str(error)
