"""Runs of sync as JSON: `hedgehog-gitops/sync/v1`."""

from __future__ import annotations

from datetime import datetime

from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.state import SyncResult
from hedgehog_gitops.render.findings_json import findings_value


def sync_value(result: SyncResult) -> JsonObject:
    """One run as a JSON object. Instants are ISO 8601 in UTC, or null."""
    failures: list[Json] = [*result.failures, *(f"{refused.key}: {refused.message}" for refused in result.refused)]
    counts: JsonObject = dict(sorted(result.counts.items()))
    return {
        "schema": "hedgehog-gitops/sync/v1",
        "fabric": result.fabric,
        "run_id": result.run_id,
        "trigger": result.trigger.value,
        "outcome": result.outcome.value,
        "status": result.status.value,
        "reason": result.reason,
        "started_at": instant(result.started_at),
        "finished_at": instant(result.finished_at),
        "next_sync_at": instant(result.next_sync_at),
        "revision": result.revision,
        "counts": counts,
        "plan_id": result.plan_id,
        "findings": findings_value(result.findings),
        "failures": failures,
    }


def instant(moment: datetime | None) -> str | None:
    """An instant as ISO 8601 to the second; None stays None."""
    return None if moment is None else moment.isoformat(timespec="seconds")
