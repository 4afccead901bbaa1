"""The lock of a fabric: one Lease, written by compare-and-set. What was last seen of it is kept."""

from __future__ import annotations

from datetime import datetime

from hedgehog_gitops.adapters.kubernetes import state_objects as objects
from hedgehog_gitops.adapters.kubernetes.versioned import ConflictError, Versioned
from hedgehog_gitops.model.errors import LeaseLostError, LockHeldError
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.state import Lease

TRIES = 5
"""So often a compare-and-set is tried anew."""


class Lock:
    """The Lease of one fabric. `fence` is its fencing number while this process holds it, else 0."""

    def __init__(self, stored: Versioned, fabric: str) -> None:
        self.fabric = fabric
        self.fence = 0
        self._stored = stored
        self._seen: JsonObject | None = None

    def read(self) -> Lease | None:
        """The lease as it is stored now; its run is empty when nobody holds it."""
        self._seen = self._stored.get(objects.lease_name(self.fabric))
        return objects.lease_from(self._seen, self.fabric)

    def free(self, now: datetime) -> Lease | None:
        """The lease that may be taken over. What was seen before is good enough: storing compares versions."""
        found = objects.lease_from(self._seen, self.fabric)
        if found is None or (found.run_id and found.is_live(now)):
            found = self.read()
        if found is not None and found.run_id and found.is_live(now):
            raise LockHeldError(self.fabric, found.holder, found.run_id, found.expires_at.isoformat(timespec="seconds"))
        return found

    def store(self, lease: Lease) -> None:
        """Store a lease over the version that was seen. Raises `ConflictError`; then nothing is seen of it any more."""
        value = objects.lease_object(lease, objects.version_of(self._seen), is_held=bool(lease.run_id))
        try:
            self._seen = self._stored.store(value)
        except ConflictError:
            self._seen = None
            raise

    def replace(self, lease: Lease, wanted: Lease) -> None:
        """Store another version of a lease that is ours; `LeaseLostError` if it is not."""
        for _ in range(TRIES):
            found = objects.lease_from(self._seen, self.fabric) or self.read()
            if not _is_held_by(found, lease):
                raise self.lost(lease)
            try:
                self.store(wanted)
            except ConflictError:
                continue
            return
        raise self.lost(lease)

    def check(self, lease: Lease) -> None:
        """Raise `LeaseLostError` unless the lease is ours as it is stored now."""
        if not _is_held_by(self.read(), lease):
            raise self.lost(lease)

    def lost(self, lease: Lease) -> LeaseLostError:
        """What to raise when a lease is somebody else's; this process does not hold it any more."""
        if self.fence == lease.fence:
            self.fence = 0
        return LeaseLostError(self.fabric, lease.run_id)


def _is_held_by(found: Lease | None, lease: Lease) -> bool:
    return found is not None and (found.fence, found.run_id) == (lease.fence, lease.run_id)
