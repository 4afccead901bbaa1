"""A state store in memory, held to the same contract as the real ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hedgehog_gitops.core.attempts import begun
from hedgehog_gitops.model.errors import LeaseLostError, LockHeldError
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.state import BaseRecord, Lease, SyncState


@dataclass(slots=True)
class MemoryState:
    """States, leases and records by fabric."""

    states: dict[str, SyncState] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)
    fences: dict[str, int] = field(default_factory=dict)
    records: dict[tuple[str, SideName, ObjectKey], BaseRecord] = field(default_factory=dict)

    def load(self, fabric: str) -> SyncState:
        """The state, or the default one."""
        return self.states.get(fabric, SyncState())

    def save(self, lease: Lease, state: SyncState) -> SyncState:
        """Store if the lease is ours and the version is the stored one."""
        self._guard(lease)
        if self.load(lease.fabric).version != state.version:
            raise LeaseLostError(lease.fabric, lease.run_id)
        return self._store(lease.fabric, state)

    def acquire(self, fabric: str, holder: str, run_id: str, now: datetime, duration: timedelta) -> Lease:
        """Take the lock and stamp the attempt."""
        found = self.leases.get(fabric)
        if found is not None and found.is_live(now):
            raise LockHeldError(fabric, found.holder, found.run_id, found.expires_at.isoformat())
        self.fences[fabric] = self.fences.get(fabric, 0) + 1
        self.leases[fabric] = Lease(
            fabric=fabric, holder=holder, run_id=run_id, fence=self.fences[fabric],
            acquired_at=now, renewed_at=now, expires_at=now + duration,
        )  # fmt: skip
        self._store(fabric, begun(self.load(fabric), run_id, now))
        return self.leases[fabric]

    def renew(self, lease: Lease, now: datetime, duration: timedelta) -> Lease:
        """Extend the lease."""
        self._guard(lease)
        self.leases[lease.fabric] = replace(lease, renewed_at=now, expires_at=now + duration)
        return self.leases[lease.fabric]

    def release(self, lease: Lease) -> None:
        """Give the lock back."""
        found = self.leases.get(lease.fabric)
        if found is not None and found.fence == lease.fence:
            del self.leases[lease.fabric]

    def lease(self, fabric: str) -> Lease | None:
        """The lease as stored."""
        return self.leases.get(fabric)

    def bases(self, fabric: str, side: SideName) -> Mapping[ObjectKey, BaseRecord]:
        """Everything we own on a side."""
        return {key: each for (name, where, key), each in self.records.items() if (name, where) == (fabric, side)}

    def record(self, lease: Lease, records: Sequence[BaseRecord], forget: Sequence[tuple[SideName, ObjectKey]]) -> None:
        """Advance and forget."""
        if not records and not forget:
            return
        self._guard(lease)
        self.records |= {(lease.fabric, each.side, each.key): each for each in records}
        for side, key in forget:
            self.records.pop((lease.fabric, side, key), None)

    def _store(self, fabric: str, state: SyncState) -> SyncState:
        self.states[fabric] = replace(state, version=state.version + 1)
        return self.states[fabric]

    def _guard(self, lease: Lease) -> None:
        found = self.leases.get(lease.fabric)
        if found is None or found.fence != lease.fence:
            raise LeaseLostError(lease.fabric, lease.run_id)
