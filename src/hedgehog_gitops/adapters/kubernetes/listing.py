"""All objects of one kind, across pages: complete, or the reason why that is not known."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from hedgehog_gitops.adapters.kubernetes.transport import Answer, NoAnswerError, Transport
from hedgehog_gitops.core.ownership import with_writers
from hedgehog_gitops.model.kind import Kind, ObjectKey, kind_of
from hedgehog_gitops.model.live import Doubt, LiveObject, doubted
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

    def __init__(self, why: Doubt, text: str, status: int = 0) -> None:
        super().__init__(why, text, status)
        self.reason = doubted(why, text)
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
        reason = doubted(Doubt(error.category), error.reason)
        return KindRead(kind=kind, reason=reason, requests=pages.requests + error.sent, category=error.category)
    except _IncompleteError as error:
        return KindRead(kind=kind, reason=error.reason, requests=pages.requests, status=error.status)
    return KindRead(kind=kind, objects=objects, requests=pages.requests)


def why_not_absent(transport: Transport, key: ObjectKey, deadline: float) -> str:
    """Why one object that a list does not have cannot be taken to be gone; empty text if it is."""
    try:
        answer = transport.request("GET", object_path(key), deadline=deadline)
    except NoAnswerError as error:
        said = f"no answer: {error}"
    else:
        if is_gone(answer, key):
            return ""
        is_there = answer.status == HTTPStatus.OK and live_object(kind_of(key), answer.document() or {}) is not None
        said = "the object itself" if is_there else answer.message()
    return doubted(Doubt.CUT, f"the list does not have {key}, which is ours, and asking for it gave {said}")


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
        raise _IncompleteError(
            Doubt.EXPIRED, "the list expired twice while it was read (410)", HTTPStatus.GONE
        ) from None


def _walk(pages: _Pages) -> tuple[LiveObject, ...]:
    """All pages, each asked for while the one before it is taken in."""
    found: dict[ObjectKey, LiveObject] = {}
    promised = 0
    with ThreadPoolExecutor(1) as ahead:
        page = pages.page("")
        while True:
            metadata = as_object(page.get("metadata"))
            token = as_text(metadata.get("continue"))
            following = ahead.submit(pages.page, token) if token else None
            _take_in(found, pages.kind, page)
            if following is None:
                return _whole(found.values(), promised)
            remaining = metadata.get("remainingItemCount")
            promised = len(found) + remaining if isinstance(remaining, int) else promised
            page = following.result()


def _take_in(found: dict[ObjectKey, LiveObject], kind: Kind, page: JsonObject) -> None:
    for item in _items(page):
        live = live_object(kind, as_object(item))
        if live is None:
            raise _IncompleteError(Doubt.MALFORMED, f"the list holds something that is no whole {kind.kind}")
        if live.key in found:  # pages are of one revision, so this is no API server; it also ends a circle
            raise _IncompleteError(Doubt.MALFORMED, f"the list names {live.key} twice")
        found[live.key] = live


def _whole(found: Collection[LiveObject], promised: int) -> tuple[LiveObject, ...]:
    """All objects of a list, if they are as many as its last page but one said that there are."""
    if len(found) < promised:
        raise _IncompleteError(Doubt.CUT, f"the list has {len(found)} objects, and said that it has {promised}")
    return tuple(found)


def _items(page: JsonObject) -> list[Json]:
    items = page.get("items")
    if not isinstance(items, list):
        raise _IncompleteError(Doubt.MALFORMED, "the answer has no list of items")
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
                Doubt.NOT_SERVED,
                f"the cluster does not serve {kind.api_version} {kind.plural} (its CRD is missing)",
                answer.status,
            )
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            said = f"not allowed to list {kind.plural}: {answer.message()}"
            raise _IncompleteError(Doubt.FORBIDDEN, said, answer.status)
        case _:
            raise _IncompleteError(Doubt.FAILED, f"listing {kind.plural} failed: {answer.message()}", answer.status)
    page = answer.document()
    if page is None:
        said = "the answer is not JSON: cut off, or not from an API server"
        raise _IncompleteError(Doubt.MALFORMED, said, answer.status)
    if page.get("kind") != f"{kind.kind}List":
        raise _IncompleteError(Doubt.MALFORMED, f"the answer is no {kind.kind}List", answer.status)
    return page
