"""The locks of the configured fabrics, to be shown and taken away."""

from __future__ import annotations

from hedgehog_gitops.assembly.endpoints import open_state
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.state import Lease


def known_lock(fabric: Fabric, settings: Settings) -> Lease | None:
    """The fabric's lock as stored, expired or not; None if nobody holds it."""
    return open_state(fabric, settings).lease(fabric.name)


def release_lock(fabric: Fabric, settings: Settings, run_id: str) -> bool:
    """Take the lock away from this very run; False if it does not hold it. That run writes nothing any more."""
    store = open_state(fabric, settings)
    lease = store.lease(fabric.name)
    if lease is None or lease.run_id != run_id:
        return False
    store.release(lease)
    return True
