"""What is known of fabrics as JSON: `hedgehog-gitops/status/v1`."""

from __future__ import annotations

from collections.abc import Sequence

from hedgehog_gitops.core.status import FabricStatus
from hedgehog_gitops.model.health import Health, SideStatus
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.state import Lease
from hedgehog_gitops.render.sync_json import instant
from hedgehog_gitops.render.text import as_json


def statuses_json(known: Sequence[FabricStatus]) -> str:
    """All fabrics in one JSON object."""
    listed: list[Json] = [status_value(each) for each in known]
    return as_json({"schema": "hedgehog-gitops/status/v1", "fabrics": listed})


def status_value(known: FabricStatus) -> JsonObject:
    """One fabric as a JSON object. Instants are ISO 8601 in UTC, or null; so is what is not known."""
    state = known.state
    return {
        "fabric": known.fabric,
        "status": known.status.value,
        "freshness": known.freshness.value,
        "agreement": known.agreement.value,
        "as_of": instant(state.last_attempt_finished_at),
        "last_success_at": instant(state.last_success_at),
        "next_sync_at": instant(known.next_sync_at),
        "revision": state.desired_revision,
        "run_id": state.run_id,
        "error": known.unread or state.error,
        "error_category": state.error_category,
        "running": known.running.run_id if known.running else "",
        "counts": dict(sorted(state.counts.items())),
        "is_read": not known.unread,
        "at": instant(known.at),
        "last_attempt_at": instant(state.last_attempt_started_at),
        "last_outcome": state.last_outcome.value if state.last_outcome else None,
        "failures": state.failures,
        "next_retry_at": instant(state.next_retry_at),
        "interval": known.interval,
        "sides": [_side(each) for each in known.sides],
        "endpoints": [_endpoint(known, name) for name in known.breakers],
        "lock": _lock(known.running),
        "health": [health_value(each) for each in known.health],
    }


def health_value(found: Health) -> JsonObject:
    """One thing that was looked at."""
    return {
        "check": found.check,
        "severity": found.grade.value,
        "message": found.message,
        "advice": found.advice,
    }


def _side(known: SideStatus) -> JsonObject:
    return {
        "side": known.side.value,
        "agreement": known.agreement.value,
        "differing": known.differing,
        "found": dict(known.found),
        "error": known.error,
    }


def _endpoint(known: FabricStatus, name: str) -> JsonObject:
    failures = known.state.endpoint_failures[name]
    return {"endpoint": name, "breaker": known.breakers[name].value, "failures": failures}


def _lock(lease: Lease | None) -> JsonObject | None:
    if lease is None:
        return None
    return {
        "holder": lease.holder,
        "run_id": lease.run_id,
        "acquired_at": instant(lease.acquired_at),
        "expires_at": instant(lease.expires_at),
    }
