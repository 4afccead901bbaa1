"""The live objects of a fabric's cluster as canonical manifests on disk, and a plan's look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hedgehog_gitops.adapters.snapshot_cluster import SnapshotCluster, write_snapshot
from hedgehog_gitops.assembly.endpoints import open_cluster, open_local_state, open_state
from hedgehog_gitops.core.looking import is_compared, with_doubts
from hedgehog_gitops.model.errors import StateError, UnreachableError
from hedgehog_gitops.model.kind import USER_KINDS, ObjectKey
from hedgehog_gitops.model.live import LiveSide, SideName
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.state import BaseRecord
from hedgehog_gitops.ports import Inventory
from hedgehog_gitops.usecases.sides import Sides

Bases = Mapping[ObjectKey, BaseRecord]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a snapshot holds, and why it lacks what we remember of the cluster (empty text: it does not)."""

    live: LiveSide
    forgotten: str = ""


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The memory that came with a snapshot."""

    records: Bases

    def bases(self, fabric: str, side: SideName) -> Bases:
        """Everything that we owned on the cluster when it was looked at."""
        del fabric, side
        return self.records


def take_snapshot(fabric: Fabric, settings: Settings, directory: Path) -> Taken:
    """Write what the cluster has of the fabric's kinds, and what we remember of it."""
    side = open_cluster(fabric, settings)
    bases, forgotten = _bases(fabric, settings)
    kinds = [kind for kind in USER_KINDS if is_compared(fabric, kind)]
    ours = [key for key, record in sorted(bases.items()) if record.uid]
    live = with_doubts(side.read(kinds, ours), bases)
    records = None if forgotten else [record for _, record in sorted(bases.items())]
    return Taken(write_snapshot(live, kinds, fabric.name, directory, records), forgotten)


def open_snapshot(fabric: Fabric, settings: Settings, directory: Path) -> tuple[Sides, Inventory]:
    """A snapshot in place of the cluster, and the memory that goes with it: its own, else that of this machine."""
    side = SnapshotCluster(directory, fabric.name)
    records = side.remembered()
    return Sides(cluster=side), open_local_state(fabric, settings) if records is None else _Remembered(records)


def _bases(fabric: Fabric, settings: Settings) -> tuple[Bases, str]:
    try:
        return open_state(fabric, settings).bases(fabric.name, SideName.CLUSTER), ""
    except (StateError, UnreachableError) as error:
        return {}, str(error)
