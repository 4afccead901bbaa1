"""The live objects of a fabric's cluster as canonical manifests on disk, and a plan's look at them."""

from __future__ import annotations

from pathlib import Path

from hedgehog_gitops.adapters.snapshot_cluster import SnapshotCluster, write_snapshot
from hedgehog_gitops.assembly.endpoints import open_cluster, open_state
from hedgehog_gitops.core.looking import is_compared, with_doubts
from hedgehog_gitops.model.kind import USER_KINDS
from hedgehog_gitops.model.live import LiveSide
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.ports import Side


def take_snapshot(fabric: Fabric, settings: Settings, directory: Path) -> LiveSide:
    """Write what the cluster has of the fabric's kinds; what was written, and the kinds that are not known."""
    side = open_cluster(fabric, settings)
    bases = open_state(fabric, settings).bases(fabric.name, side.name)
    kinds = [kind for kind in USER_KINDS if is_compared(fabric, kind)]
    ours = [key for key, record in sorted(bases.items()) if record.uid]
    return write_snapshot(with_doubts(side.read(kinds, ours), bases), kinds, fabric.name, directory)


def open_snapshot(fabric: Fabric, directory: Path) -> Side:
    """A snapshot in place of the fabric's cluster."""
    return SnapshotCluster(directory, fabric.name)
