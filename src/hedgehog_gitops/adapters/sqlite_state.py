"""Memory and lock in one SQLite file, safe between processes: every operation is one short transaction.

The lock is a row with an expiry and a fencing number; a holder that lost it is refused inside the same transaction
that would have written. sqlite3's only home.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from hedgehog_gitops.adapters.state_records import (
    packed,
    put_back_from,
    put_back_text,
    record_from,
    state_from_text,
    state_text,
)
from hedgehog_gitops.core.attempts import begun
from hedgehog_gitops.model.errors import LeaseLostError, LockHeldError, StateError
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.state import BaseRecord, Lease, PutBack, SyncState

BUSY_SECONDS = 30.0

_TABLES = """
create table if not exists state (fabric text primary key, version integer not null, value text not null);
create table if not exists lock (
  fabric text primary key, fence integer not null, holder text not null, run_id text not null,
  acquired_at text not null, renewed_at text not null, expires_at text not null);
create table if not exists base (
  fabric text not null, side text not null, api_group text not null, kind text not null, namespace text not null,
  name text not null, uid text not null, digest text not null, revision text not null, value blob not null,
  primary key (fabric, side, api_group, kind, namespace, name)) without rowid;
create table if not exists put_back (
  fabric text not null, side text not null, api_group text not null, kind text not null, namespace text not null,
  name text not null, value text not null,
  primary key (fabric, side, api_group, kind, namespace, name)) without rowid;
"""
_NAMES = frozenset({"state", "lock", "base", "put_back"})


class SqliteState:
    """A state store in one file, made with its directory when it is first written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, fabric: str) -> SyncState:
        """The fabric's state; the default one if there is none yet."""
        with self._reading() as db:
            return _load(db, fabric)

    def save(self, lease: Lease, state: SyncState) -> SyncState:
        """Store the state if nobody stored another one and the lease is still ours."""
        with self._writing() as db:
            self._guard(db, lease)
            if _load(db, lease.fabric).version != state.version:
                raise LeaseLostError(lease.fabric, lease.run_id)
            return _store_state(db, lease.fabric, state)

    def acquire(self, fabric: str, holder: str, run_id: str, now: datetime, duration: timedelta) -> Lease:
        """Take the lock and stamp the attempt; the fencing number is larger than any before it."""
        _check_free(self.lease(fabric), now)  # whoever is too late holds up no writer
        with self._writing() as db:
            found = _lease(db, fabric)
            _check_free(found, now)
            fence = found.fence + 1 if found is not None else 1
            lease = Lease(
                fabric=fabric,
                holder=holder,
                run_id=run_id,
                fence=fence,
                acquired_at=now,
                renewed_at=now,
                expires_at=now + duration,
            )
            _store_lease(db, lease)
            _store_state(db, fabric, begun(_load(db, fabric), run_id, now))
            return lease

    def renew(self, lease: Lease, now: datetime, duration: timedelta) -> Lease:
        """Extend the lease."""
        with self._writing() as db:
            self._guard(db, lease)
            renewed = replace(lease, renewed_at=now, expires_at=now + duration)
            _store_lease(db, renewed)
            return renewed

    def release(self, lease: Lease) -> None:
        """Give the lock back; its row stays, so that the fencing number keeps growing."""
        with self._writing() as db:
            found = _lease(db, lease.fabric)
            if found is not None and found.fence == lease.fence:
                _store_lease(db, replace(found, run_id=""))

    def lease(self, fabric: str) -> Lease | None:
        """The lease as stored, expired or not; None if nobody holds one."""
        with self._reading() as db:
            found = _lease(db, fabric)
            return found if found is not None and found.run_id else None

    def bases(self, fabric: str, side: SideName) -> Mapping[ObjectKey, BaseRecord]:
        """Everything that we own on a side."""
        columns = "api_group, kind, namespace, name, uid, digest, revision, value"
        with self._reading() as db:
            query = f"select {columns} from base where fabric = ? and side = ?"  # noqa: S608 - constant names
            rows = db.execute(query, (fabric, side.value)).fetchall()
            put_back = _put_back(db, fabric, side)
        records = {record.key: record for record in (record_from(row, side) for row in rows)}
        fought = {key: replace(records[key], put_back=each) for key, each in put_back.items() if key in records}
        return {**records, **fought}

    def record(self, lease: Lease, records: Sequence[BaseRecord], forget: Sequence[tuple[SideName, ObjectKey]]) -> None:
        """Advance bases and forget objects in one step."""
        if not records and not forget:
            return
        with self._writing() as db:
            self._guard(db, lease)
            db.executemany(
                "insert or replace into base values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(*_place(lease.fabric, each.side, each.key), *_content(each)) for each in records],
            )
            db.executemany(
                "delete from base where fabric = ? and side = ? and api_group = ? and kind = ? and namespace = ?"
                " and name = ?",
                [_place(lease.fabric, side, key) for side, key in forget],
            )
            _record_put_back(db, lease.fabric, records, forget)

    def _guard(self, db: sqlite3.Connection, lease: Lease) -> None:
        found = _lease(db, lease.fabric)
        if found is None or found.fence != lease.fence or found.run_id != lease.run_id:
            raise LeaseLostError(lease.fabric, lease.run_id)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One look at everything; it waits for no writer."""
        with self._connection() as db:
            db.execute("begin")
            yield db
            db.execute("commit")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One step that no other writer comes in between of."""
        with self._connection() as db:
            db.execute("begin immediate")
            yield db
            db.execute("commit")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StateError(str(self._path), str(error)) from error
        try:
            _prepare(db)
            yield db
        except sqlite3.Error as error:
            raise StateError(str(self._path), str(error)) from error
        finally:
            db.close()  # what was not committed is rolled back


def _prepare(db: sqlite3.Connection) -> None:
    """Make the tables that are missing."""
    found = {name for (name,) in db.execute("select name from sqlite_master where type = 'table'")}
    if found >= _NAMES:
        return
    db.execute("pragma journal_mode = wal")
    db.execute("begin immediate")
    for statement in _TABLES.split(";\n"):
        db.execute(statement)
    db.execute("commit")


def _check_free(found: Lease | None, now: datetime) -> None:
    if found is not None and found.run_id and found.is_live(now):
        until = found.expires_at.isoformat(timespec="seconds")
        raise LockHeldError(found.fabric, found.holder, found.run_id, until)


def _load(db: sqlite3.Connection, fabric: str) -> SyncState:
    row = db.execute("select version, value from state where fabric = ?", (fabric,)).fetchone()
    return SyncState() if row is None else state_from_text(row[1], row[0])


def _store_state(db: sqlite3.Connection, fabric: str, state: SyncState) -> SyncState:
    stored = replace(state, version=state.version + 1)
    db.execute("insert or replace into state values (?, ?, ?)", (fabric, stored.version, state_text(stored)))
    return stored


def _lease(db: sqlite3.Connection, fabric: str) -> Lease | None:
    query = "select fence, holder, run_id, acquired_at, renewed_at, expires_at from lock where fabric = ?"
    row = db.execute(query, (fabric,)).fetchone()
    if row is None:
        return None
    fence, holder, run_id, acquired_at, renewed_at, expires_at = row
    return Lease(
        fabric=fabric,
        holder=holder,
        run_id=run_id,
        fence=fence,
        acquired_at=datetime.fromisoformat(acquired_at),
        renewed_at=datetime.fromisoformat(renewed_at),
        expires_at=datetime.fromisoformat(expires_at),
    )


def _store_lease(db: sqlite3.Connection, lease: Lease) -> None:
    instants = (lease.acquired_at.isoformat(), lease.renewed_at.isoformat(), lease.expires_at.isoformat())
    row = (lease.fabric, lease.fence, lease.holder, lease.run_id, *instants)
    db.execute("insert or replace into lock values (?, ?, ?, ?, ?, ?, ?)", row)


def _put_back(db: sqlite3.Connection, fabric: str, side: SideName) -> dict[ObjectKey, tuple[PutBack, ...]]:
    query = "select api_group, kind, namespace, name, value from put_back where fabric = ? and side = ?"
    return {
        ObjectKey(group=group, kind=kind, namespace=namespace, name=name): put_back_from(value)
        for group, kind, namespace, name, value in db.execute(query, (fabric, side.value))
    }


def _record_put_back(
    db: sqlite3.Connection, fabric: str, records: Sequence[BaseRecord], forget: Sequence[tuple[SideName, ObjectKey]]
) -> None:
    """Few objects have any, so those without are looked for only where there is one at all."""
    if db.execute("select 1 from put_back where fabric = ? limit 1", (fabric,)).fetchone():
        bare = [(each.side, each.key) for each in records if not each.put_back]
        db.executemany(
            "delete from put_back where fabric = ? and side = ? and api_group = ? and kind = ? and namespace = ?"
            " and name = ?",
            [_place(fabric, side, key) for side, key in (*bare, *forget)],
        )
    db.executemany(
        "insert or replace into put_back values (?, ?, ?, ?, ?, ?, ?)",
        [(*_place(fabric, each.side, each.key), put_back_text(each.put_back)) for each in records if each.put_back],
    )


def _place(fabric: str, side: SideName, key: ObjectKey) -> tuple[str, ...]:
    return (fabric, side.value, key.group, key.kind, key.namespace, key.name)


def _content(record: BaseRecord) -> tuple[str, str, str, bytes]:
    return (record.uid, record.digest, record.revision, packed(record.value))
