"""A change of status as a CloudEvent in structured mode: one JSON object that says what happened and when."""

from __future__ import annotations

from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.state import SyncResult, SyncStatus
from hedgehog_gitops.render.sync_json import instant
from hedgehog_gitops.render.text import as_json, cut

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
TYPE = "io.hedgehog-gitops.fabric.status-changed.v1"
_FIRST, _LONGEST = 5, 500


def status_event(result: SyncResult, previous: SyncStatus) -> bytes:
    """The body to send. The same run of a fabric gives the same `id`, so that a second delivery is known as one."""
    failures: list[Json] = [cut(failure, _LONGEST) for failure in result.failures[:_FIRST]]
    data: JsonObject = {
        "fabric": result.fabric,
        "status": result.status.value,
        "previous_status": previous.value,
        "outcome": result.outcome.value,
        "trigger": result.trigger.value,
        "run_id": result.run_id,
        "revision": result.revision,
        "plan_id": result.plan_id,
        "started_at": instant(result.started_at),
        "finished_at": instant(result.finished_at),
        "next_sync_at": instant(result.next_sync_at),
        "counts": dict(sorted(result.counts.items())),
        "failures": failures,
    }
    event: JsonObject = {
        "specversion": "1.0",
        "id": f"{result.fabric}/{result.run_id}",
        "source": f"urn:hedgehog-gitops:fabric:{result.fabric}",
        "type": TYPE,
        "subject": result.fabric,
        "time": instant(result.finished_at),
        "datacontenttype": "application/json",
        "data": data,
    }
    return as_json(event).encode()
