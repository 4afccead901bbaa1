"""State, lock and base records as the objects of Kubernetes that keep them, and back. Pure.

A Lease is the lock, one ConfigMap the state with a key for each stamp, further ones the base records of each side.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from math import ceil

from hedgehog_gitops.adapters.kubernetes.shards import Piece, Place
from hedgehog_gitops.adapters.state_records import state_from_value, state_value
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text
from hedgehog_gitops.model.state import Lease, SyncState

MANAGED = "app.kubernetes.io/managed-by"
TOOL = "hedgehog-gitops"
FABRIC = "hedgehog-gitops.io/fabric"
_HOLDS = "hedgehog-gitops.io/holds"
_SIDE = "hedgehog-gitops.io/side"
_PLACE = "hedgehog-gitops.io/place"
_FENCE = "hedgehog-gitops.io/fence"
_RUN = "hedgehog-gitops.io/run-id"
_RECORDS = "records.json.gz"
_AS_JSON = frozenset({"failures", "counts", "endpoint_failures", "history", "sides"})
_AN_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


def selector(fabric: str) -> str:
    """The label selector of everything that is kept for a fabric."""
    return f"{MANAGED}={TOOL},{FABRIC}={fabric}"


def lease_name(fabric: str) -> str:
    """The name of the lock. Fabrics' names have no dots, so no two of ours are alike."""
    return f"{TOOL}.{fabric}"


def state_name(fabric: str) -> str:
    """The name of the ConfigMap with the state."""
    return f"{TOOL}.{fabric}.state"


def base_name(fabric: str, side: SideName, place: Place) -> str:
    """The name of the ConfigMap with one piece of the base records."""
    return f"{TOOL}.{fabric}.base.{side.value}.{place[0]}-{place[1]}"


def version_of(value: JsonObject | None) -> str:
    """What a compare-and-set compares; empty for an object that is not there."""
    return as_text(as_object(as_object(value).get("metadata")).get("resourceVersion"))


def lease_object(lease: Lease, version: str, *, is_held: bool = True) -> JsonObject:
    """The Lease to store over the one of this version. One that nobody holds keeps its fencing number."""
    spec: JsonObject = {
        "leaseTransitions": lease.fence,
        "leaseDurationSeconds": max(ceil(lease.duration.total_seconds()), 1),
        "acquireTime": _instant(lease.acquired_at),
        "renewTime": _instant(lease.renewed_at),
    }
    if is_held:
        spec["holderIdentity"] = lease.holder
    metadata = _metadata(lease.fabric, lease_name(lease.fabric), "lock", version)
    metadata["annotations"] = {_RUN: lease.run_id} if is_held else {}
    return {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata, "spec": spec}


def lease_from(value: JsonObject | None, fabric: str) -> Lease | None:
    """The lock as stored; its run is empty when nobody holds it. ValueError if the object is none of ours."""
    if value is None:
        return None
    spec, metadata = as_object(value.get("spec")), as_object(value.get("metadata"))
    renewed_at = datetime.fromisoformat(as_text(spec.get("renewTime")))
    return Lease(
        fabric=fabric,
        holder=as_text(spec.get("holderIdentity")),
        run_id=as_text(as_object(metadata.get("annotations")).get(_RUN)),
        fence=_number(spec.get("leaseTransitions")),
        acquired_at=datetime.fromisoformat(as_text(spec.get("acquireTime"))),
        renewed_at=renewed_at,
        expires_at=renewed_at + timedelta(seconds=_number(spec.get("leaseDurationSeconds"))),
    )


def state_object(fabric: str, state: SyncState, fence: int, version: str) -> JsonObject:
    """The ConfigMap with a state, and the fencing number of the only run that may change it."""
    data: JsonObject = {name: _text(value) for name, value in state_value(state).items()}
    data |= {"version": str(state.version), "fence": str(fence)}
    metadata = _metadata(fabric, state_name(fabric), "state", version)
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def state_from(value: JsonObject | None) -> SyncState:
    """The state in a ConfigMap; the default one if there is none. ValueError if it cannot be read."""
    if value is None:
        return SyncState()
    data = as_object(value.get("data"))
    known: JsonObject = {
        name: json.loads(as_text(text)) if name in _AS_JSON and text else text for name, text in data.items()
    }
    return state_from_value(known, int(as_text(data.get("version"))))


def fence_of(value: JsonObject | None) -> int:
    """The fencing number of the run that may change a state; 0 if none may."""
    return int(as_text(as_object(as_object(value).get("data")).get("fence")) or 0)


def base_object(fabric: str, side: SideName, place: Place, piece: Piece, version: str) -> JsonObject:
    """The ConfigMap with one piece of the base records: `base64 -d | gunzip` shows them."""
    metadata = _metadata(fabric, base_name(fabric, side, place), "base", version)
    metadata["annotations"] = {_SIDE: side.value, _PLACE: f"{place[0]}/{place[1]}", _FENCE: str(piece.fence)}
    data: JsonObject = {_RECORDS: base64.b64encode(piece.data).decode()}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "binaryData": data}


def pieces_from(values: Iterable[JsonObject], side: SideName) -> dict[Place, Piece]:
    """The pieces of a side's base records among ConfigMaps. ValueError if one cannot be read."""
    found: dict[Place, Piece] = {}
    for value in values:
        annotations = as_object(as_object(value.get("metadata")).get("annotations"))
        if annotations.get(_SIDE) == side.value:
            level, _, index = as_text(annotations.get(_PLACE)).partition("/")
            data = base64.b64decode(as_text(as_object(value.get("binaryData")).get(_RECORDS)))
            fence = int(as_text(annotations.get(_FENCE)) or 0)
            found[int(level), int(index)] = Piece(fence, data)
    return found


def holds_the_same(one: JsonObject, other: JsonObject) -> bool:
    """True if two versions of an object of ours say the same."""
    parts = ("data", "binaryData", "spec")
    return all(one.get(part) == other.get(part) for part in parts) and _whose(one) == _whose(other)


def _whose(value: JsonObject) -> tuple[Json, Json]:
    annotations = as_object(as_object(value.get("metadata")).get("annotations"))
    return annotations.get(_RUN), annotations.get(_FENCE)


def _metadata(fabric: str, name: str, holds: str, version: str) -> JsonObject:
    labels: JsonObject = {MANAGED: TOOL, FABRIC: fabric, _HOLDS: holds}
    metadata: JsonObject = {"name": name, "labels": labels}
    return {**metadata, "resourceVersion": version} if version else metadata


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime(_AN_INSTANT)


def _text(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _number(value: Json) -> int:
    if not isinstance(value, int):
        raise ValueError("a number is missing")  # noqa: TRY004 - what a store reads is one sort of error
    return value


def maps_by_name(values: Iterable[Json]) -> Mapping[str, JsonObject]:
    """ConfigMaps of a list, by name."""
    objects = [as_object(value) for value in values]
    return {as_text(as_object(each.get("metadata")).get("name")): each for each in objects}
