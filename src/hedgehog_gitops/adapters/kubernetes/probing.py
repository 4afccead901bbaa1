"""What an API server says of itself, of its clock, and of what we may do. Nothing is changed by asking."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from hedgehog_gitops.adapters.kubernetes.transport import NoAnswerError, Transport
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.health import Need
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text

_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """An API server that answered: its version, its time (None if it does not tell), and how long it took."""

    version: str
    time: datetime | None
    seconds: float


def look_at_server(transport: Transport) -> Server:
    """Ask for the version; `UnreachableError` without an answer of an API server that knows us."""
    begun = time.monotonic()
    try:
        answer = transport.request("GET", "/version")
    except NoAnswerError as error:
        raise UnreachableError(SideName.CLUSTER, str(error), "check the address, the network and the CA") from error
    version = as_text(as_object(answer.document()).get("gitVersion"))
    if answer.status != HTTPStatus.OK or not version:
        advice = "check that the address is an API server's and that the credentials are valid"
        raise UnreachableError(SideName.CLUSTER, f"{answer.message()} ({answer.status})", advice)
    return Server(version=version, time=_instant(answer.date), seconds=time.monotonic() - begun)


def held(transport: Transport, namespace: str, needs: Sequence[Need]) -> Mapping[Need, bool]:
    """Which of the needs the server grants us in a namespace: a SelfSubjectAccessReview for each."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(needs, pool.map(lambda need: _is_held(transport, namespace, need), needs), strict=True))


def _is_held(transport: Transport, namespace: str, need: Need) -> bool:
    attributes: JsonObject = {
        "namespace": namespace,
        "group": need.group,
        "resource": need.resource,
        "verb": need.verb,
    }
    review: JsonObject = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    try:
        answer = transport.request("POST", _REVIEWS, body=review)
    except NoAnswerError as error:
        raise UnreachableError(SideName.CLUSTER, str(error)) from error
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        advice = "every user may ask for this where the default roles are in place (system:basic-user)"
        raise UnreachableError(SideName.CLUSTER, f"{answer.message()} ({answer.status})", advice)
    return as_object(as_object(answer.document()).get("status")).get("allowed") is True


def _instant(date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return None
