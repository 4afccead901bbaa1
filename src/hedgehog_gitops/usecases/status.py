"""What is known of a fabric, and as of when. Expired knowledge says `unknown`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hedgehog_gitops.core.due import Freshness, freshness, is_live, next_due, public_status
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import Lease, SyncState, SyncStatus
from hedgehog_gitops.ports import StateStore


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricStatus:
    """The public status of a fabric with the stamps it is computed from."""

    fabric: str
    status: SyncStatus
    freshness: Freshness
    agreement: Agreement
    state: SyncState
    running: Lease | None
    next_sync_at: datetime | None


def fabric_status(fabric: Fabric, store: StateStore, now: datetime) -> FabricStatus:
    """The status at an instant, from the memory alone: nothing is asked of git or of a side."""
    state, lease = store.load(fabric.name), store.lease(fabric.name)
    fresh = freshness(fabric.sync, state, now)
    return FabricStatus(
        fabric=fabric.name,
        status=public_status(fabric.sync, state, lease, now, is_configured=fabric.cluster is not None),
        freshness=fresh,
        agreement=Agreement(state.agreement) if fresh is Freshness.FRESH else Agreement.UNKNOWN,
        state=state,
        running=lease if is_live(lease, now) else None,
        next_sync_at=next_due(fabric.sync, state, now),
    )
