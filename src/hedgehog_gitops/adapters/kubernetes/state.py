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
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import RLock
from urllib.parse import quote

from hedgehog_gitops.adapters.kubernetes import shards
from hedgehog_gitops.adapters.kubernetes import state_objects as objects
from hedgehog_gitops.adapters.kubernetes.connection import connect, located
from hedgehog_gitops.adapters.kubernetes.transport import Patience, Transport
from hedgehog_gitops.adapters.kubernetes.versioned import SIDE, ConflictError, Versioned
from hedgehog_gitops.core.attempts import begun
from hedgehog_gitops.model.errors import LeaseLostError, LockHeldError, StateError
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text
from hedgehog_gitops.model.settings import ClusterSettings
from hedgehog_gitops.model.state import BaseRecord, Lease, SyncState

_TRIES = 5
_PATIENCE = Patience()
_HERE = Path()


@dataclass(slots=True)
class _Known:
    """What was last seen of a fabric. `fence` is that of the lock while this process holds it, else 0."""

    lease: JsonObject | None = None
    maps: dict[str, JsonObject] | None = None
    records: dict[SideName, dict[ObjectKey, BaseRecord]] = field(default_factory=dict)
    fence: int = 0


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
        self._known: dict[str, _Known] = {}
        self._one_at_a_time = RLock()

    def load(self, fabric: str) -> SyncState:
        """The fabric's state; the default one if there is none yet."""
        with self._about(fabric) as known:
            return objects.state_from(self._held_maps(fabric, known).get(objects.state_name(fabric)))

    def save(self, lease: Lease, state: SyncState) -> SyncState:
        """Store the state over the version that it came from, if the lease is still ours."""
        with self._about(lease.fabric) as known:
            found = self._held_maps(lease.fabric, known).get(objects.state_name(lease.fabric))
            if objects.fence_of(found) != lease.fence or objects.state_from(found).version != state.version:
                raise LeaseLostError(lease.fabric, lease.run_id)
            stored = replace(state, version=state.version + 1)
            value = objects.state_object(lease.fabric, stored, lease.fence, objects.version_of(found))
            try:
                self._store_map(known, value)
            except ConflictError:
                raise self._lost(lease, known) from None
            return stored

    def acquire(self, fabric: str, holder: str, run_id: str, now: datetime, duration: timedelta) -> Lease:
        """Take the lock and stamp the attempt; the fencing number is larger than any before it."""
        with self._about(fabric) as known:
            for _ in range(_TRIES):
                found = self._free(fabric, known, now)
                if known.maps is None:
                    self._list(fabric, known)
                last = max(found.fence if found else 0, abs(objects.fence_of(self._state_map(fabric, known))))
                lease = Lease(
                    fabric=fabric,
                    holder=holder,
                    run_id=run_id,
                    fence=last + 1,
                    acquired_at=now,
                    renewed_at=now,
                    expires_at=now + duration,
                )
                try:
                    self._store_lease(known, lease)
                except ConflictError:
                    known.lease = None
                    continue
                if found is not None and found.run_id:
                    known.maps = None  # whoever it was taken from may have written after our look
                self._stamp(lease, known)
                return lease
        raise StateError(SIDE, f"the lock of {fabric} changes hands all the time", "try again; it is safe")

    def renew(self, lease: Lease, now: datetime, duration: timedelta) -> Lease:
        """Extend the lease."""
        renewed = replace(lease, renewed_at=now, expires_at=now + duration)
        with self._about(lease.fabric) as known:
            self._replace_lease(lease, renewed, known)
        return renewed

    def release(self, lease: Lease) -> None:
        """Give the lock back. Its object stays, so that the fencing number keeps growing.

        When it is taken from another process, that one's next save must fail: its fencing number is struck out.
        """
        with self._about(lease.fabric) as known:
            is_ours = known.fence == lease.fence
            known.fence = 0
            try:
                self._replace_lease(lease, replace(lease, run_id=""), known)
            except LeaseLostError:
                return
            if not is_ours:
                self._strike_out(lease, known)

    def lease(self, fabric: str) -> Lease | None:
        """The lease as stored, expired or not; None if nobody holds one."""
        with self._about(fabric) as known:
            found = self._read_lease(fabric, known)
            return found if found is not None and found.run_id else None

    def bases(self, fabric: str, side: SideName) -> Mapping[ObjectKey, BaseRecord]:
        """Everything that we own on a side."""
        with self._about(fabric) as known:
            return dict(self._records(fabric, side, known))

    def record(self, lease: Lease, records: Sequence[BaseRecord], forget: Sequence[tuple[SideName, ObjectKey]]) -> None:
        """Advance bases and forget objects, a piece at a time, each over the version that is known.

        Where somebody else has written meanwhile the lock decides: who still holds it reads anew and goes on.
        """
        if not records and not forget:
            return
        with self._about(lease.fabric) as known:
            for side in sorted({record.side for record in records} | {side for side, _ in forget}):
                moved = {record.key: record for record in records if record.side == side}
                gone = {key for where, key in forget if where == side}
                self._record_side(lease, side, moved, gone, known)

    def _record_side(
        self, lease: Lease, side: SideName, moved: shards.Records, gone: set[ObjectKey], known: _Known
    ) -> None:
        for _ in range(_TRIES):
            self._check_lock(lease, known)
            try:
                self._write_pieces(lease, side, moved, gone, known)
            except ConflictError:
                known.maps = None
                continue
            return
        raise self._lost(lease, known)

    def _check_lock(self, lease: Lease, known: _Known) -> None:
        found = self._read_lease(lease.fabric, known)
        if found is None or (found.fence, found.run_id) != (lease.fence, lease.run_id):
            raise self._lost(lease, known)

    def _write_pieces(
        self, lease: Lease, side: SideName, moved: shards.Records, gone: set[ObjectKey], known: _Known
    ) -> None:
        records = {**self._records(lease.fabric, side, known), **moved}
        records = {key: record for key, record in records.items() if key not in gone}
        maps = known.maps if known.maps is not None else {}
        present = {place: piece.fence for place, piece in objects.pieces_from(maps.values(), side).items()}
        pieces = shards.cut(records, present, {*moved, *gone})
        for place, content in sorted(pieces.items()):
            version = objects.version_of(maps.get(objects.base_name(lease.fabric, side, place)))
            piece = shards.Piece(lease.fence, content)
            self._store_map(known, objects.base_object(lease.fabric, side, place, piece, version))
        known.records[side] = records
        level = max(each for each, _ in pieces)
        for place in sorted(each for each in present if each[0] < level):
            self._delete_map(known, objects.base_name(lease.fabric, side, place))

    def _delete_map(self, known: _Known, name: str) -> None:
        """Delete a map of the version that is known; one that is gone already is gone."""
        maps = known.maps if known.maps is not None else {}
        self._maps.delete(name, objects.version_of(maps.get(name)))
        maps.pop(name, None)

    def _records(self, fabric: str, side: SideName, known: _Known) -> dict[ObjectKey, BaseRecord]:
        maps = self._held_maps(fabric, known)
        if side not in known.records:
            known.records[side] = shards.joined(objects.pieces_from(maps.values(), side), side)
        return known.records[side]

    def _held_maps(self, fabric: str, known: _Known) -> dict[str, JsonObject]:
        """The ConfigMaps: nobody else writes them while we hold the lock, else as they are now."""
        if known.maps is None or not known.fence:
            return self._list(fabric, known)
        return known.maps

    def _list(self, fabric: str, known: _Known) -> dict[str, JsonObject]:
        found = self._maps.all(objects.selector(fabric), "ConfigMap")
        known.maps = dict(objects.maps_by_name(found))
        known.records = {}
        return known.maps

    def _state_map(self, fabric: str, known: _Known) -> JsonObject | None:
        return (known.maps or {}).get(objects.state_name(fabric))

    def _free(self, fabric: str, known: _Known, now: datetime) -> Lease | None:
        """The lease that may be taken over. What was seen before is good enough: storing compares versions."""
        found = None if known.lease is None else objects.lease_from(known.lease, fabric)
        if found is None or (found.run_id and found.is_live(now)):
            found = self._read_lease(fabric, known)
        if found is not None and found.run_id and found.is_live(now):
            raise LockHeldError(fabric, found.holder, found.run_id, found.expires_at.isoformat(timespec="seconds"))
        return found

    def _read_lease(self, fabric: str, known: _Known) -> Lease | None:
        known.lease = self._leases.get(objects.lease_name(fabric))
        return objects.lease_from(known.lease, fabric)

    def _stamp(self, lease: Lease, known: _Known) -> None:
        """Write the attempt and the fencing number; the lock is given back if that cannot be done."""
        try:
            is_stamped = any(self._try_to_stamp(lease, known) for _ in range(_TRIES))
        except BaseException:
            self._replace_lease(lease, replace(lease, run_id=""), known)
            raise
        if not is_stamped:
            self._replace_lease(lease, replace(lease, run_id=""), known)
            raise StateError(SIDE, "another run changes the state all the time", "try again; it is safe")
        known.fence = lease.fence

    def _try_to_stamp(self, lease: Lease, known: _Known) -> bool:
        maps = known.maps if known.maps is not None else self._list(lease.fabric, known)
        found = maps.get(objects.state_name(lease.fabric))
        state = begun(objects.state_from(found), lease.run_id, lease.acquired_at)
        stamped = replace(state, version=state.version + 1)
        value = objects.state_object(lease.fabric, stamped, lease.fence, objects.version_of(found))
        try:
            self._store_map(known, value)
        except ConflictError:
            known.maps = None
            return False
        return True

    def _strike_out(self, lease: Lease, known: _Known) -> None:
        for _ in range(_TRIES):
            found = self._list(lease.fabric, known).get(objects.state_name(lease.fabric))
            if found is None or objects.fence_of(found) != lease.fence:
                return
            state, version = objects.state_from(found), objects.version_of(found)
            try:
                self._store_map(known, objects.state_object(lease.fabric, state, -lease.fence, version))
            except ConflictError:
                continue
            return

    def _replace_lease(self, lease: Lease, wanted: Lease, known: _Known) -> None:
        """Store another version of a lease that is ours; `LeaseLostError` if it is not."""
        for _ in range(_TRIES):
            found = objects.lease_from(known.lease, lease.fabric) or self._read_lease(lease.fabric, known)
            if found is None or (found.fence, found.run_id) != (lease.fence, lease.run_id):
                raise self._lost(lease, known)
            try:
                self._store_lease(known, wanted)
            except ConflictError:
                known.lease = None
                continue
            return
        raise self._lost(lease, known)

    def _lost(self, lease: Lease, known: _Known) -> LeaseLostError:
        if known.fence == lease.fence:
            known.fence = 0
        return LeaseLostError(lease.fabric, lease.run_id)

    def _store_lease(self, known: _Known, lease: Lease) -> None:
        value = objects.lease_object(lease, objects.version_of(known.lease), is_held=bool(lease.run_id))
        known.lease = self._leases.store(value)

    def _store_map(self, known: _Known, value: JsonObject) -> None:
        stored = self._maps.store(value)
        if known.maps is not None:
            known.maps[as_text(as_object(value["metadata"])["name"])] = stored

    @contextmanager
    def _about(self, fabric: str) -> Iterator[_Known]:
        """What is known of a fabric, for one thread at a time; what cannot be understood is told as that."""
        with self._one_at_a_time:
            try:
                yield self._known.setdefault(fabric, _Known())
            except ValueError as error:
                where = f"{SIDE} (-l {objects.selector(fabric)})"
                raise StateError(where, f"it cannot be read: {error}", "delete it with kubectl") from error
