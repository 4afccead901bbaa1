"""A lock while its run works: a heartbeat renews it, and before each write it is asked whether it still holds."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from threading import Lock

from hedgehog_gitops.model.errors import HedgehogGitopsError, LeaseLostError
from hedgehog_gitops.model.state import Lease
from hedgehog_gitops.ports import Clock, StateStore

LEASE = timedelta(seconds=60)
"""How long a lock holds that nobody renews: what a killed run leaves is gone after it."""

BEAT = LEASE / 4
"""The pause between two renewals."""

MARGIN = timedelta(seconds=20)
"""What must be left of a lease for a write to begin: longer than one request may take."""


class HeldLock:
    """The lock of one run, for any thread of it.

    Time is taken from both clocks: one stands still while the machine sleeps, the other can be set.
    """

    def __init__(self, store: StateStore, lease: Lease, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lease = lease
        self._until = clock.monotonic() + lease.duration.total_seconds()
        self._is_over = False
        self._one_at_a_time = Lock()

    @property
    def lease(self) -> Lease:
        """The lease as it was last renewed."""
        return self._lease

    def check(self) -> None:
        """`LeaseLostError` unless this run may write now. Asks the store only when little of the lease is left."""
        if self._is_over:
            raise LeaseLostError(self._lease.fabric, self._lease.run_id)
        if self._left() < MARGIN:
            self._renew()

    def beat(self) -> None:
        """Renew it; whatever goes wrong is found by the next check."""
        with suppress(HedgehogGitopsError):
            self._renew()

    def release(self) -> None:
        """Give it back, whatever became of the run. If that fails, it expires."""
        with self._one_at_a_time:
            self._is_over = True
            with suppress(HedgehogGitopsError):
                self._store.release(self._lease)

    def _left(self) -> timedelta:
        by_counter = timedelta(seconds=self._until - self._clock.monotonic())
        return min(by_counter, self._lease.expires_at - self._clock.now())

    def _renew(self) -> None:
        with self._one_at_a_time:
            if self._is_over:
                raise LeaseLostError(self._lease.fabric, self._lease.run_id)
            asked_at = self._clock.monotonic()
            try:
                self._lease = self._store.renew(self._lease, self._clock.now(), LEASE)
            except LeaseLostError:
                self._is_over = True
                raise
            self._until = asked_at + LEASE.total_seconds()
