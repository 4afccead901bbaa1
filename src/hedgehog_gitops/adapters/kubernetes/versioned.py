"""Objects of one collection, each written and deleted only over the version that is known: compare-and-set.

A request may have been sent twice, so what a first one has done is not taken for somebody else's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from hedgehog_gitops.adapters.kubernetes.state_objects import holds_the_same, version_of
from hedgehog_gitops.adapters.kubernetes.transport import Answer, NoAnswerError, Transport
from hedgehog_gitops.model.errors import StateError, UnreachableError
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text

SIDE = "state in the cluster"
NEEDS = (
    ("coordination.k8s.io", "leases", ("get", "create", "update")),
    ("", "configmaps", ("list", "get", "create", "update", "delete")),
)
"""Group, resource and verbs that the state needs in its namespace."""

_DENIED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_GRANT = "; ".join(f"{', '.join(verbs)} {resource}" for _, resource, verbs in NEEDS)


class ConflictError(Exception):
    """The object is not the version that was expected any more, or is there already."""


@dataclass(frozen=True, slots=True)
class Versioned:
    """The objects below one path. Every method raises `UnreachableError` where the server does not do its part."""

    transport: Transport = field(repr=False)
    path: str

    def get(self, name: str) -> JsonObject | None:
        """One object; None if it is not there."""
        answer = self._ask("GET", f"{self.path}/{name}")
        document = _checked(answer, HTTPStatus.NOT_FOUND)
        return None if answer.status == HTTPStatus.NOT_FOUND else document

    def all(self, selector: str, kind: str) -> list[JsonObject]:
        """The objects that a selector of labels finds; ValueError if the answer is no list of this kind."""
        page = _checked(self._ask("GET", self.path, query={"labelSelector": selector}))
        if page.get("kind") != f"{kind}List":
            raise ValueError(f"the answer is no list of {kind}s")
        return [as_object(item) for item in as_list(page.get("items"))]

    def store(self, value: JsonObject) -> JsonObject:
        """Create an object, or replace the version that it names; as it is stored now. Raises `ConflictError`."""
        name = as_text(as_object(value["metadata"])["name"])
        method, place = ("PUT", f"{self.path}/{name}") if version_of(value) else ("POST", self.path)
        answer = self._ask(method, place, body=value)
        if answer.status not in {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}:
            return _checked(answer)
        if answer.sent > 1 and (found := self._as_sent(name, value)) is not None:
            return found
        if answer.status == HTTPStatus.NOT_FOUND and method == "POST":
            raise StateError(SIDE, f"there is no place for it: {answer.message()}", "create the namespace")
        raise ConflictError

    def delete(self, name: str, version: str) -> None:
        """Delete the version that is known; what is gone already is gone. Raises `ConflictError`."""
        only: JsonObject = {"preconditions": {"resourceVersion": version}}
        answer = self._ask("DELETE", f"{self.path}/{name}", body=only)
        if answer.status == HTTPStatus.CONFLICT:
            raise ConflictError
        _checked(answer, HTTPStatus.NOT_FOUND)

    def _as_sent(self, name: str, value: JsonObject) -> JsonObject | None:
        """The object if it is what a first of our own requests has stored."""
        answer = self._ask("GET", f"{self.path}/{name}")
        is_ours = answer.status == HTTPStatus.OK and holds_the_same(_checked(answer), value)
        return _checked(answer) if is_ours else None

    def _ask(
        self, method: str, path: str, *, query: Mapping[str, str | int] | None = None, body: JsonObject | None = None
    ) -> Answer:
        try:
            return self.transport.request(method, path, query=query, body=body)
        except NoAnswerError as error:
            raise UnreachableError(SIDE, str(error), "check that the cluster can be reached") from error


def _checked(answer: Answer, *also: HTTPStatus) -> JsonObject:
    """The object in an answer, if the server has done what it was asked."""
    if answer.status in _DENIED:
        reason = f"{answer.message()} ({answer.status})"
        advice = f"grant it {_GRANT} in the namespace, or set state.backend to sqlite"
        raise UnreachableError(SIDE, reason, advice)
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED, *also}:
        raise UnreachableError(SIDE, f"{answer.message()} ({answer.status})")
    document = answer.document()
    if document is None:
        raise UnreachableError(SIDE, "the answer is not from an API server")
    return document
