"""State and base records as the text that stores keep."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import datetime

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.state import BaseRecord, Outcome, PastRun, PutBack, SideState, SyncState

_INSTANTS = ("last_attempt_started_at", "last_attempt_finished_at", "last_success_at", "next_retry_at")
_NOTHING_PUT_BACK = "[]"  # of nearly every record, of which there are thousands
_TEXTS = ("agreement", "error", "error_category", "desired_revision", "plan_id", "run_id")


def state_text(state: SyncState) -> str:
    """A state as JSON, without its version, which the store keeps beside it."""
    return json.dumps(state_value(state), sort_keys=True)


def state_from_text(text: str, version: int) -> SyncState:
    """The state that `state_text` wrote. ValueError if the text is none."""
    return state_from_value(as_object(json.loads(text)), version)


def state_value(state: SyncState) -> JsonObject:
    """A state as plain values, without its version."""
    value: JsonObject = {name: _written(getattr(state, name)) for name in _INSTANTS}
    value |= {name: getattr(state, name) for name in _TEXTS}
    value["last_outcome"] = state.last_outcome.value if state.last_outcome else None
    value["failures"] = state.failures
    value["counts"] = dict(state.counts)
    value["endpoint_failures"] = dict(state.endpoint_failures)
    value["history"] = [_past(run) for run in state.history]
    value["sides"] = {name: _side(each) for name, each in state.sides.items()}
    return value


def state_from_value(value: JsonObject, version: int) -> SyncState:
    """The state that `state_value` made. ValueError if it is none."""
    outcome, failures = as_text(value.get("last_outcome")), value.get("failures")
    return SyncState(
        version=version,
        last_attempt_started_at=_read(value, "last_attempt_started_at"),
        last_attempt_finished_at=_read(value, "last_attempt_finished_at"),
        last_success_at=_read(value, "last_success_at"),
        next_retry_at=_read(value, "next_retry_at"),
        last_outcome=Outcome(outcome) if outcome else None,
        failures=failures if isinstance(failures, int) else 0,
        counts=_numbers(value.get("counts")),
        endpoint_failures=_numbers(value.get("endpoint_failures")),
        history=tuple(_past_from(as_object(run)) for run in as_list(value.get("history"))),
        sides={name: _side_from(as_object(each)) for name, each in as_object(value.get("sides")).items()},
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


def record_value(record: BaseRecord) -> JsonObject:
    """A record as plain values, without its side."""
    key = record.key
    return {
        "key": [key.group, key.kind, key.namespace, key.name],
        "uid": record.uid,
        "digest": record.digest,
        "revision": record.revision,
        "value": record.value,
        "put_back": put_back_text(record.put_back),
    }


def record_from_value(value: JsonObject, side: SideName) -> BaseRecord:
    """The record that `record_value` made. ValueError if it is none."""
    group, kind, namespace, name = (as_text(part) for part in as_list(value.get("key")))
    return BaseRecord(
        key=ObjectKey(group=group, kind=kind, namespace=namespace, name=name),
        side=side,
        uid=as_text(value.get("uid")),
        digest=as_text(value.get("digest")),
        revision=as_text(value.get("revision")),
        value=as_object(value.get("value")),
        put_back=put_back_from(as_text(value.get("put_back"))),
    )


def put_back_text(put_back: tuple[PutBack, ...]) -> str:
    """What was put back, as JSON."""
    if not put_back:
        return _NOTHING_PUT_BACK
    return json.dumps([[list(each.path), each.ours, each.theirs, each.manager] for each in put_back])


def put_back_from(text: str) -> tuple[PutBack, ...]:
    """What `put_back_text` wrote."""
    if text == _NOTHING_PUT_BACK:
        return ()
    return tuple(
        PutBack(path=tuple(path), ours=ours, theirs=theirs, manager=manager)
        for path, ours, theirs, manager in json.loads(text)
    )


def _past(run: PastRun) -> JsonObject:
    return {
        "run_id": run.run_id,
        "started_at": run.started_at.isoformat(),
        "outcome": run.outcome.value,
        "seconds": run.seconds,
        "revision": run.revision,
        "counts": dict(run.counts),
    }


def _past_from(value: JsonObject) -> PastRun:
    seconds = value.get("seconds")
    return PastRun(
        run_id=as_text(value.get("run_id")),
        started_at=datetime.fromisoformat(as_text(value.get("started_at"))),
        outcome=Outcome(as_text(value.get("outcome"))),
        seconds=float(seconds) if isinstance(seconds, int | float) else None,
        revision=as_text(value.get("revision")),
        counts=_numbers(value.get("counts")),
    )


def _side(side: SideState) -> JsonObject:
    return {"agreement": side.agreement, "error": side.error, "counts": dict(side.counts), "version": side.version}


def _side_from(value: JsonObject) -> SideState:
    return SideState(
        agreement=as_text(value.get("agreement")) or "unknown",
        error=as_text(value.get("error")),
        counts=_numbers(value.get("counts")),
        version=as_text(value.get("version")),
    )


def _numbers(value: Json) -> Mapping[str, int]:
    return {name: number for name, number in as_object(value).items() if isinstance(number, int)}


def _written(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _read(value: JsonObject, name: str) -> datetime | None:
    text = as_text(value.get(name))
    return datetime.fromisoformat(text) if text else None
