"""State and base records as the text that stores keep."""

from __future__ import annotations

import json
import zlib
from datetime import datetime

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text
from hedgehog_gitops.model.state import BaseRecord, Outcome, PutBack, SyncState

_INSTANTS = ("last_attempt_started_at", "last_attempt_finished_at", "last_success_at", "next_retry_at")
_TEXTS = ("agreement", "error", "error_category", "desired_revision", "plan_id", "run_id")


def state_text(state: SyncState) -> str:
    """A state as JSON, without its version, which the store keeps beside it."""
    value: JsonObject = {name: _written(getattr(state, name)) for name in _INSTANTS}
    value |= {name: getattr(state, name) for name in _TEXTS}
    value["last_outcome"] = state.last_outcome.value if state.last_outcome else None
    value["failures"] = state.failures
    value["counts"] = dict(state.counts)
    return json.dumps(value, sort_keys=True)


def state_from_text(text: str, version: int) -> SyncState:
    """The state that `state_text` wrote. ValueError if the text is none."""
    value = as_object(json.loads(text))
    outcome, failures = as_text(value.get("last_outcome")), value.get("failures")
    return SyncState(
        version=version,
        last_attempt_started_at=_read(value, "last_attempt_started_at"),
        last_attempt_finished_at=_read(value, "last_attempt_finished_at"),
        last_success_at=_read(value, "last_success_at"),
        next_retry_at=_read(value, "next_retry_at"),
        last_outcome=Outcome(outcome) if outcome else None,
        failures=failures if isinstance(failures, int) else 0,
        counts={name: number for name, number in as_object(value.get("counts")).items() if isinstance(number, int)},
        **{name: as_text(value.get(name)) for name in _TEXTS},
    )


def packed(value: JsonObject) -> bytes:
    """A base value, compressed."""
    return zlib.compress(json.dumps(value, sort_keys=True, separators=(",", ":")).encode(), level=1)


def unpacked(data: bytes) -> JsonObject:
    """The base value in a packed text."""
    return as_object(json.loads(zlib.decompress(data)))


def record_from(row: tuple[str, str, str, str, str, str, str, bytes], side: SideName) -> BaseRecord:
    """A record from its columns: group, kind, namespace, name, uid, digest, revision, packed value."""
    group, kind, namespace, name, uid, digest, revision, value = row
    key = ObjectKey(group=group, kind=kind, namespace=namespace, name=name)
    return BaseRecord(key=key, side=side, uid=uid, digest=digest, revision=revision, value=unpacked(value))


def put_back_text(put_back: tuple[PutBack, ...]) -> str:
    """What was put back, as JSON."""
    return json.dumps([[list(each.path), each.ours, each.theirs, each.manager] for each in put_back])


def put_back_from(text: str) -> tuple[PutBack, ...]:
    """What `put_back_text` wrote."""
    return tuple(
        PutBack(path=tuple(path), ours=ours, theirs=theirs, manager=manager)
        for path, ours, theirs, manager in json.loads(text)
    )


def _written(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _read(value: JsonObject, name: str) -> datetime | None:
    text = as_text(value.get(name))
    return datetime.fromisoformat(text) if text else None
