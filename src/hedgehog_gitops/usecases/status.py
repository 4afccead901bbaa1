"""What is known of a fabric, and as of when. Expired knowledge says `unknown`."""

from __future__ import annotations

from datetime import datetime

from hedgehog_gitops.core.status import FabricStatus, status_of
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.ports import StateStore


def fabric_status(fabric: Fabric, store: StateStore, now: datetime) -> FabricStatus:
    """The status at an instant, from the memory alone: nothing is asked of git or of a side."""
    return status_of(fabric, store.load(fabric.name), store.lease(fabric.name), now)
