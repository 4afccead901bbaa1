"""Memory and lock in the cluster itself: a Lease, and ConfigMaps beside it, each written by compare-and-set.

Taking the lock writes its fencing number into the state: from then on an earlier holder's save meets another version.
Whoever holds the lock knows what is stored, and reads nothing again: a run in which nothing is to be done costs six
requests. Base records of several pieces are not written in one step; each piece is, and a run that is killed between
two of them has remembered some of its writes and not yet others, as if it had been killed between these. What a run
writes after it has lost its lock never covers what a later one has written: see `shards`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import RLock
from typing import NamedTuple
from urllib.parse import quote

from hedgehog_gitops.adapters.kubernetes import state_objects as objects
from hedgehog_gitops.adapters.kubernetes.connection import connect, located
from hedgehog_gitops.adapters.kubernetes.shards import Records
from hedgehog_gitops.adapters.kubernetes.state_lock import TRIES, Lock
from hedgehog_gitops.adapters.kubernetes.state_maps import Maps
from hedgehog_gitops.adapters.kubernetes.transport import Patience, Transport
from hedgehog_gitops.adapters.kubernetes.versioned import SIDE, ConflictError, Versioned
from hedgehog_gitops.core.attempts import begun
from hedgehog_gitops.model.errors import LeaseLostError, StateError
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.settings import ClusterSettings
from hedgehog_gitops.model.state import BaseRecord, Lease, SyncState

_PATIENCE = Patience()
_HERE = Path()


class _Kept(NamedTuple):
    """What is kept of one fabric, as last seen."""

    lock: Lock
    maps: Maps


class KubernetesState:
    """A state store in one namespace of a cluster. Nothing is opened before it is first asked."""

    def __init__(
        self,
        settings: ClusterSettings,
        *,
        root: Path = _HERE,
        patience: Patience = _PATIENCE,
        on_request: Callable[[str, str], None] | None = None,
    ) -> None:
        opened = partial(connect, located(settings, root))
        self.transport = Transport(open=opened, patience=patience, on_request=on_request)
        namespace = quote(settings.namespace, safe="")
        self._leases = Versioned(self.transport, f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases")
        self._maps = Versioned(self.transport, f"/api/v1/namespaces/{namespace}/configmaps")
        self._kept: dict[str, _Kept] = {}
        self._one_at_a_time = RLock()

    def load(self, fabric: str) -> SyncState:
        """The fabric's state; the default one if there is none yet."""
        with self._about(fabric) as kept:
            return objects.state_from(kept.maps.held().get(objects.state_name(fabric)))

    def save(self, lease: Lease, state: SyncState) -> SyncState:
        """Store the state over the version that it came from, if the lease is still ours."""
        with self._about(lease.fabric) as kept:
            found = kept.maps.held().get(objects.state_name(lease.fabric))
            if objects.fence_of(found) != lease.fence or objects.state_from(found).version != state.version:
                raise LeaseLostError(lease.fabric, lease.run_id)
            stored = replace(state, version=state.version + 1)
            value = objects.state_object(lease.fabric, stored, lease.fence, objects.version_of(found))
            try:
                kept.maps.store(value)
            except ConflictError:
                raise kept.lock.lost(lease) from None
            return stored

    def acquire(self, fabric: str, holder: str, run_id: str, now: datetime, duration: timedelta) -> Lease:
        """Take the lock and stamp the attempt; the fencing number is larger than any before it."""
        with self._about(fabric) as kept:
            for _ in range(TRIES):
                found = kept.lock.free(now)
                stamped = abs(objects.fence_of(kept.maps.seen().get(objects.state_name(fabric))))
                lease = Lease(
                    fabric=fabric,
                    holder=holder,
                    run_id=run_id,
                    fence=max(found.fence if found else 0, stamped) + 1,
                    acquired_at=now,
                    renewed_at=now,
                    expires_at=now + duration,
                )
                try:
                    kept.lock.store(lease)
                except ConflictError:
                    continue
                if found is not None and found.run_id:
                    kept.maps.forget()  # whoever it was taken from may have written after our look
                _stamp(lease, kept)
                return lease
        raise StateError(SIDE, f"the lock of {fabric} changes hands all the time", "try again; it is safe")

    def renew(self, lease: Lease, now: datetime, duration: timedelta) -> Lease:
        """Extend the lease."""
        renewed = replace(lease, renewed_at=now, expires_at=now + duration)
        with self._about(lease.fabric) as kept:
            kept.lock.replace(lease, renewed)
        return renewed

    def release(self, lease: Lease) -> None:
        """Give the lock back. Its object stays, so that the fencing number keeps growing.

        When it is taken from another process, that one's next save must fail: its fencing number is struck out.
        """
        with self._about(lease.fabric) as kept:
            is_ours = kept.lock.fence == lease.fence
            kept.lock.fence = 0
            try:
                kept.lock.replace(lease, replace(lease, run_id=""))
            except LeaseLostError:
                return
            if not is_ours:
                _strike_out(lease, kept.maps)

    def lease(self, fabric: str) -> Lease | None:
        """The lease as stored, expired or not; None if nobody holds one."""
        with self._about(fabric) as kept:
            found = kept.lock.read()
            return found if found is not None and found.run_id else None

    def bases(self, fabric: str, side: SideName) -> Mapping[ObjectKey, BaseRecord]:
        """Everything that we own on a side."""
        with self._about(fabric) as kept:
            return dict(kept.maps.records(side))

    def record(self, lease: Lease, records: Sequence[BaseRecord], forget: Sequence[tuple[SideName, ObjectKey]]) -> None:
        """Advance bases and forget objects, a piece at a time, each over the version that is known.

        Where somebody else has written meanwhile the lock decides: who still holds it reads anew and goes on.
        """
        if not records and not forget:
            return
        with self._about(lease.fabric) as kept:
            for side in sorted({record.side for record in records} | {side for side, _ in forget}):
                moved = {record.key: record for record in records if record.side == side}
                gone = {key for where, key in forget if where == side}
                _record_side(lease, side, moved, gone, kept)

    @contextmanager
    def _about(self, fabric: str) -> Iterator[_Kept]:
        """What is kept of a fabric, for one thread at a time; what cannot be understood is told as that."""
        with self._one_at_a_time:
            try:
                if fabric not in self._kept:
                    lock = Lock(self._leases, fabric)
                    self._kept[fabric] = _Kept(lock, Maps(self._maps, lock))
                yield self._kept[fabric]
            except ValueError as error:
                where = f"{SIDE} (-l {objects.selector(fabric)})"
                raise StateError(where, f"it cannot be read: {error}", "delete it with kubectl") from error


def _stamp(lease: Lease, kept: _Kept) -> None:
    """Write the attempt and the fencing number; the lock is given back if that cannot be done."""
    try:
        is_stamped = any(_try_to_stamp(lease, kept.maps) for _ in range(TRIES))
    except BaseException:
        kept.lock.replace(lease, replace(lease, run_id=""))
        raise
    if not is_stamped:
        kept.lock.replace(lease, replace(lease, run_id=""))
        raise StateError(SIDE, "another run changes the state all the time", "try again; it is safe")
    kept.lock.fence = lease.fence


def _try_to_stamp(lease: Lease, maps: Maps) -> bool:
    found = maps.seen().get(objects.state_name(lease.fabric))
    state = begun(objects.state_from(found), lease.run_id, lease.acquired_at)
    stamped = replace(state, version=state.version + 1)
    value = objects.state_object(lease.fabric, stamped, lease.fence, objects.version_of(found))
    try:
        maps.store(value)
    except ConflictError:
        maps.forget()
        return False
    return True


def _strike_out(lease: Lease, maps: Maps) -> None:
    for _ in range(TRIES):
        found = maps.now().get(objects.state_name(lease.fabric))
        if found is None or objects.fence_of(found) != lease.fence:
            return
        state, version = objects.state_from(found), objects.version_of(found)
        try:
            maps.store(objects.state_object(lease.fabric, state, -lease.fence, version))
        except ConflictError:
            continue
        return


def _record_side(lease: Lease, side: SideName, moved: Records, gone: set[ObjectKey], kept: _Kept) -> None:
    for _ in range(TRIES):
        kept.lock.check(lease)
        try:
            kept.maps.advance(lease.fence, side, moved, gone)
        except ConflictError:
            kept.maps.forget()
            continue
        return
    raise kept.lock.lost(lease)
