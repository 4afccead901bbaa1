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

SURE = timedelta(seconds=1)
"""How long a lock that the store has confirmed is taken for granted."""


class HeldLock:
    """The lock of one run, for any thread of it."""

    def __init__(self, store: StateStore, lease: Lease, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lease = lease
        self._confirmed = clock.monotonic()
        self._is_over = False
        self._one_at_a_time = Lock()

    @property
    def lease(self) -> Lease:
        """The lease as it was last renewed."""
        return self._lease

    def check(self) -> None:
        """`LeaseLostError` unless this run may write now. Asks the store if it has not been asked within a second."""
        if self._is_over:
            raise LeaseLostError(self._lease.fabric, self._lease.run_id)
        if not self._is_sure():
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

    def _is_sure(self) -> bool:
        """Time by both clocks: one stands still while the machine sleeps, the other can be set."""
        is_young = self._clock.monotonic() - self._confirmed < SURE.total_seconds()
        return is_young and self._lease.renewed_at <= self._clock.now() < self._lease.expires_at

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
            self._confirmed = asked_at
