"""The status of a fabric as one value, from which every output is made, so that all of them agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hedgehog_gitops.core.breaker import Breaker, breakers
from hedgehog_gitops.core.due import Freshness, freshness, is_live, next_due, public_status
from hedgehog_gitops.core.health import UNREAD, agreement_known, health, side_statuses
from hedgehog_gitops.model.health import Grade, Health, SideStatus
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import Lease, SyncState, SyncStatus

_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricStatus:
    """The public status of a fabric at an instant, with the stamps it is computed from and what is wrong.

    `running` is the lease that holds at that instant. `unread` says why the memory could not be read, if it could not:
    then the state is empty and nothing is known. `breakers` are those of endpoints that have failed.
    """

    fabric: str
    at: datetime
    status: SyncStatus
    freshness: Freshness
    agreement: Agreement
    sides: tuple[SideStatus, ...]
    state: SyncState
    running: Lease | None
    next_sync_at: datetime | None
    interval: int
    health: tuple[Health, ...]
    unread: str = ""
    breakers: Mapping[str, Breaker] = field(default_factory=dict)


def status_left(fabric: Fabric, state: SyncState) -> SyncStatus:
    """The status that the last run left behind, at the instant when it ended; time alone has not changed it since."""
    ended_at = state.last_attempt_finished_at or state.last_attempt_started_at or _EPOCH
    is_configured = bool(fabric.sides)
    return public_status(fabric.sync, state, None, ended_at, is_configured=is_configured)


def status_of(fabric: Fabric, state: SyncState, lease: Lease | None, now: datetime) -> FabricStatus:
    """The status that a state and a lease give: what every output shows is in here."""
    return FabricStatus(
        fabric=fabric.name,
        at=now,
        status=public_status(fabric.sync, state, lease, now, is_configured=bool(fabric.sides)),
        freshness=freshness(fabric.sync, state, now),
        agreement=agreement_known(fabric.sync, state, now),
        sides=side_statuses(fabric, state, now),
        state=state,
        running=lease if is_live(lease, now) else None,
        next_sync_at=next_due(fabric.sync, state, now, is_running=is_live(lease, now)),
        interval=fabric.sync.interval,
        health=health(fabric, state, lease, now),
        breakers=breakers(fabric.sync, state, now),
    )


def status_unread(fabric: Fabric, now: datetime, why: str) -> FabricStatus:
    """The status of a fabric whose memory cannot be read: nothing is known, and why."""
    nothing = SyncState()
    advice = "`doctor` looks at everything that a run needs; other fabrics are not concerned"
    found = Health(check=UNREAD, grade=Grade.ERROR, message=why, advice=advice, fabric=fabric.name)
    return FabricStatus(
        fabric=fabric.name,
        at=now,
        status=SyncStatus.UNKNOWN,
        freshness=Freshness.FAILED,
        agreement=Agreement.UNKNOWN,
        sides=side_statuses(fabric, nothing, now),
        state=nothing,
        running=None,
        next_sync_at=None,
        interval=fabric.sync.interval,
        health=(found,),
        unread=why,
    )
