"""One change as a request, and what the answer to it means.

Creates and updates are server-side apply, so that the server records which fields are ours and removes those that we
leave out later. What to overwrite is the plan's decision, hence `force`; that nothing moved since the plan's look is
the server's to hold, and it does so by two fields of the applied metadata (seen on API server 1.34):

- `uid` and `resourceVersion` of the look: 409 if the object was changed, deleted, or made anew.
- `resourceVersion: "0"` for a create: the server makes an absent object, and refuses with 422 on
  `metadata.resourceVersion` where one exists, because a custom resource is never updated without a version. A POST
  would guard as well, but records our fields under operation Update, where a later apply would not remove them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from http import HTTPStatus

from hedgehog_gitops.adapters.kubernetes.listing import is_gone, live_object, object_path
from hedgehog_gitops.adapters.kubernetes.transport import Answer, Transport, is_refused_patch
from hedgehog_gitops.core.ownership import MANAGER, taken_over
from hedgehog_gitops.model.kind import kind_of
from hedgehog_gitops.model.live import Refusal, Refused, WriteOutcome, Written
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.plan import Action, Change, Precondition

_APPLY = "application/apply-patch+yaml"  # JSON is YAML
_ABSENT = "0"
_PRECONDITION_FIELDS = frozenset({"metadata.resourceVersion", "metadata.uid"})


def write_change(transport: Transport, change: Change) -> WriteOutcome:
    """Carry out one change; a refusal is an outcome, `NoAnswerError` if the server said nothing."""
    if change.action is Action.ADOPT:
        return _adopt(transport, change)
    return _send(transport, change, _prune(change) if change.manifest is None else _apply(change, change.manifest))


def _adopt(transport: Transport, change: Change) -> WriteOutcome:
    """What an older tool's apply owns becomes ours first, then we apply over it.

    Without that, a field that both own would outlive its removal from git.
    """
    answer = transport.request("GET", object_path(change.key))
    seen = None if answer.status != HTTPStatus.OK else live_object(kind_of(change.key), answer.document() or {})
    if seen is None or seen.key != change.key:
        return _outcome(change, answer)
    if (seen.uid, seen.version) != (change.precondition.uid, change.precondition.version):
        return Refused(key=change.key, refusal=Refusal.STALE, message="it changed, or was made anew, since it was read")
    if (entries := taken_over(seen.value)) is not None:
        moved = _send(transport, change, _take_over(change, entries))
        if not isinstance(moved, Written) or moved.object is None:
            return moved
        seen = moved.object
    own = replace(change, precondition=Precondition(version=seen.version, uid=seen.uid))
    return _send(transport, own, _apply(own, change.manifest or {}))


def _send(transport: Transport, change: Change, request: _WriteRequest) -> WriteOutcome:
    answer = transport.request(
        request.method,
        object_path(change.key),
        query=request.query,
        body=request.body,
        content_type=request.content_type,
    )
    return _outcome(change, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class _WriteRequest:
    method: str
    body: JsonObject
    content_type: str
    query: dict[str, str | int] = field(default_factory=dict)


def _apply(change: Change, manifest: JsonObject) -> _WriteRequest:
    metadata = as_object(manifest.get("metadata"))
    guarded: JsonObject = {**manifest, "metadata": {**metadata, **_guard(change.precondition)}}
    query: dict[str, str | int] = {"fieldManager": MANAGER, "fieldValidation": "Strict", "force": "true"}
    return _WriteRequest(method="PATCH", body=guarded, content_type=_APPLY, query=query)


def _take_over(change: Change, entries: list[Json]) -> _WriteRequest:
    metadata: JsonObject = {**_guard(change.precondition), "managedFields": entries}
    query: dict[str, str | int] = {"fieldManager": MANAGER}
    body: JsonObject = {"metadata": metadata}
    return _WriteRequest(method="PATCH", body=body, content_type="application/merge-patch+json", query=query)


def _guard(precondition: Precondition) -> JsonObject:
    if not precondition.uid and not precondition.version:
        return {"resourceVersion": _ABSENT}
    return {"uid": precondition.uid, "resourceVersion": precondition.version}


def _prune(change: Change) -> _WriteRequest:
    preconditions: JsonObject = {"uid": change.precondition.uid, "resourceVersion": change.precondition.version}
    body: JsonObject = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": preconditions}
    return _WriteRequest(method="DELETE", body=body, content_type="application/json")


def _outcome(change: Change, answer: Answer) -> WriteOutcome:
    if answer.status in {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED}:
        return _confirmed(change, answer)
    if change.manifest is None and is_gone(answer, change.key):
        return Written(key=change.key, object=None)
    refusal = _refusal(answer)
    message = answer.message()
    if refusal is Refusal.STALE:
        message = f"it changed, or was made or deleted, since it was read: {message}"
    return Refused(key=change.key, refusal=refusal, message=message)


def _confirmed(change: Change, answer: Answer) -> WriteOutcome:
    """What the server stores now. A delete answers with a Status, or with the object while finalizers hold it."""
    document = answer.document()
    if document is not None and change.manifest is None and document.get("kind") == "Status":
        return Written(key=change.key, object=None)
    live = None if document is None else live_object(kind_of(change.key), document)
    if live is not None and live.key == change.key and change.manifest is None:
        holders = as_list(as_object(live.value.get("metadata")).get("finalizers"))
        message = f"it is being deleted, and finalizers still hold it: {', '.join(map(as_text, holders))}"
        return Refused(key=change.key, refusal=Refusal.TERMINATING, message=message)
    if live is None or live.key != change.key:
        message = "the answer to the write is not from an API server, so it is not known what happened"
        return Refused(key=change.key, refusal=Refusal.UNREACHABLE, message=message)
    return Written(key=change.key, object=live)


def _refusal(answer: Answer) -> Refusal:
    match answer.status:
        case HTTPStatus.CONFLICT:
            return Refusal.STALE
        case HTTPStatus.UNPROCESSABLE_ENTITY:
            return Refusal.STALE if _is_about_precondition(answer) else Refusal.INVALID
        case HTTPStatus.NOT_FOUND:
            return Refusal.NOT_FOUND
        case HTTPStatus.UNAUTHORIZED:
            return Refusal.FORBIDDEN
        case HTTPStatus.FORBIDDEN:  # an admission webhook's no has the same status as a missing permission
            return Refusal.INVALID if answer.message().startswith("admission webhook ") else Refusal.FORBIDDEN
        case HTTPStatus.TOO_MANY_REQUESTS:
            return Refusal.UNREACHABLE
        case status if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Refusal.INVALID
        case _:
            return Refusal.INVALID if is_refused_patch(answer) else Refusal.UNREACHABLE


def _is_about_precondition(answer: Answer) -> bool:
    details = as_object(as_object(answer.document()).get("details"))
    causes = [as_text(as_object(cause).get("field")) for cause in as_list(details.get("causes"))]
    return bool(causes) and set(causes) <= _PRECONDITION_FIELDS
