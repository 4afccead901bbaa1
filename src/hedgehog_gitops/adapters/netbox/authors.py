"""Who changed an object last: what NetBox's change log says of drift."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from hedgehog_gitops.adapters.netbox.listing import read_list
from hedgehog_gitops.adapters.netbox.transport import Transport
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import JsonObject, as_text

_FIELDS = ("id", "time", "user_name", "request_id", "message", "changed_object_id", "changed_object_type")
_MOST = 100


class LastChange(NamedTuple):
    """The newest entry about an object: who, when, in which request. `is_ours`: it tells of a run of ours."""

    user: str
    time: str
    request: str
    is_ours: bool


def last_changes(transport: Transport, objects: Collection[LiveObject], message: str) -> dict[ObjectKey, LastChange]:
    """The newest entry about each object, a request for each kind and hundred objects."""
    found: dict[ObjectKey, LastChange] = {}
    for kind in sorted({each.key.kind for each in objects}):
        by_id = {each.uid: each.key for each in objects if each.key.kind == kind}
        for ids in _hundreds(sorted(by_id, key=int)):
            query = [("changed_object_type", kind), *(("changed_object_id", each) for each in ids)]
            for row in read_list(transport, "core/object-changes", query, _FIELDS).rows:  # by id: the newest is last
                if (key := by_id.get(str(row.get("changed_object_id")))) is not None:
                    found[key] = _last_change(row, message)
    return found


def _last_change(row: JsonObject, message: str) -> LastChange:
    program = message.partition(" ")[0]
    return LastChange(
        user=as_text(row.get("user_name")),
        time=as_text(row.get("time")),
        request=as_text(row.get("request_id")),
        is_ours=bool(program) and as_text(row.get("message")).startswith(program),
    )


def _hundreds(ids: list[str]) -> list[list[str]]:
    return [ids[place : place + _MOST] for place in range(0, len(ids), _MOST)]
