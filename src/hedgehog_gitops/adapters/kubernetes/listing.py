"""All objects of one kind, across pages: complete, or the reason why that is not known."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from hedgehog_gitops.adapters.kubernetes.transport import Answer, NoAnswerError, Transport
from hedgehog_gitops.core.ownership import with_writers
from hedgehog_gitops.model.kind import Kind, ObjectKey, kind_of
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRead:
    """The objects of a kind, or an empty tuple and a reason: a status, or the category of an answer that never came."""

    kind: Kind
    objects: tuple[LiveObject, ...] = ()
    reason: str = ""
    requests: int = 0
    status: int = 0
    category: str = ""


class _IncompleteError(Exception):
    """This list cannot be had whole."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason, status)
        self.reason = reason
        self.status = status


class _ExpiredError(Exception):
    """The server forgot the revision that the pages are of."""


def collection_path(kind: Kind, namespace: str) -> str:
    """The path of all objects of a kind in a namespace."""
    return f"/apis/{kind.group}/{kind.version}/namespaces/{quote(namespace, safe='')}/{kind.plural}"


def object_path(key: ObjectKey) -> str:
    """The path of one object; a name that is none cannot lead to another path."""
    return f"{collection_path(kind_of(key), key.namespace)}/{quote(key.name, safe='')}"


def read_kind(transport: Transport, kind: Kind, namespace: str, page_size: int, deadline: float) -> KindRead:
    """One look at a kind; it never says that there are no objects when it could not see."""
    pages = _Pages(transport=transport, kind=kind, namespace=namespace, page_size=page_size, deadline=deadline)
    try:
        objects = _collect(pages)
    except NoAnswerError as error:
        return KindRead(kind=kind, reason=str(error), requests=pages.requests + error.sent, category=error.category)
    except _IncompleteError as error:
        return KindRead(kind=kind, reason=error.reason, requests=pages.requests, status=error.status)
    return KindRead(kind=kind, objects=objects, requests=pages.requests)


def why_not_absent(transport: Transport, key: ObjectKey, deadline: float) -> str:
    """Why one object, and with it the empty list of its kind, cannot be taken to be gone; empty text if it is."""
    try:
        answer = transport.request("GET", object_path(key), deadline=deadline)
    except NoAnswerError as error:
        return f"the list is empty, and asking for {key} gave no answer: {error}"
    if is_gone(answer, key):
        return ""
    if answer.status == HTTPStatus.OK and live_object(kind_of(key), answer.document() or {}) is not None:
        return f"the list is empty, but {key} is there"
    return f"the list is empty, although {key} is ours, and asking for it gave: {answer.message()}"


def is_gone(answer: Answer, key: ObjectKey) -> bool:
    """True if the server says that this very object is not there, and not that it does not know its kind."""
    details = as_object(as_object(answer.document()).get("details"))
    return answer.status == HTTPStatus.NOT_FOUND and details.get("name") == key.name


def live_object(kind: Kind, value: JsonObject) -> LiveObject | None:
    """An object as the API server gives it; None if it is not a whole object of this kind."""
    metadata = as_object(value.get("metadata"))
    texts = [as_text(metadata.get(field)) for field in ("namespace", "name", "uid", "resourceVersion")]
    if not all(texts) or value.get("kind", kind.kind) != kind.kind:
        return None
    namespace, name, uid, version = texts
    key = ObjectKey(group=kind.group, kind=kind.kind, namespace=namespace, name=name)
    named: JsonObject = {"apiVersion": kind.api_version, "kind": kind.kind}
    return LiveObject(key=key, value=with_writers({**named, **value}), version=version, uid=uid)


@dataclass(slots=True, kw_only=True)
class _Pages:
    """Asks for one page after the other, and counts."""

    transport: Transport
    kind: Kind
    namespace: str
    page_size: int
    deadline: float
    requests: int = 0

    def page(self, token: str) -> JsonObject:
        query: dict[str, str | int] = {"limit": self.page_size}
        if token:
            query["continue"] = token
        path = collection_path(self.kind, self.namespace)
        answer = self.transport.request("GET", path, query=query, deadline=self.deadline)
        self.requests += answer.sent
        return _checked(self.kind, answer)


def _collect(pages: _Pages) -> tuple[LiveObject, ...]:
    """All pages of one revision. A revision may expire between two pages: then once more from the first."""
    try:
        return _walk(pages)
    except _ExpiredError:
        pass
    try:
        return _walk(pages)
    except _ExpiredError:
        raise _IncompleteError("the list expired twice while it was read (410)", HTTPStatus.GONE) from None


def _walk(pages: _Pages) -> tuple[LiveObject, ...]:
    found: dict[ObjectKey, LiveObject] = {}
    token = ""
    while True:
        page = pages.page(token)
        for item in _items(page):
            live = live_object(pages.kind, as_object(item))
            if live is None:
                raise _IncompleteError(f"the list holds something that is no whole {pages.kind.kind}")
            if live.key in found:  # pages are of one revision, so this is no API server; it also ends a circle
                raise _IncompleteError(f"the list names {live.key} twice")
            found[live.key] = live
        token = as_text(as_object(page.get("metadata")).get("continue"))
        if not token:
            return tuple(found.values())


def _items(page: JsonObject) -> list[Json]:
    items = page.get("items")
    if not isinstance(items, list):
        raise _IncompleteError("the answer has no list of items")
    return items


def _checked(kind: Kind, answer: Answer) -> JsonObject:
    """The page that an answer holds, if it is a list of the right kind."""
    match answer.status:
        case HTTPStatus.OK:
            pass
        case HTTPStatus.GONE:
            raise _ExpiredError
        case HTTPStatus.NOT_FOUND:
            raise _IncompleteError(
                f"the cluster does not serve {kind.api_version} {kind.plural} (its CRD is missing)", answer.status
            )
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            raise _IncompleteError(f"not allowed to list {kind.plural}: {answer.message()}", answer.status)
        case _:
            raise _IncompleteError(f"listing {kind.plural} failed: {answer.message()}", answer.status)
    page = answer.document()
    if page is None:
        raise _IncompleteError("the answer is not JSON: cut off, or not from an API server", answer.status)
    if page.get("kind") != f"{kind.kind}List":
        raise _IncompleteError(f"the answer is no {kind.kind}List", answer.status)
    return page
