"""The CustomResourceDefinitions of our kinds, asked for by name.

Nobody else's are read (they can be many and large), and `get` is permission enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from hedgehog_gitops.adapters.kubernetes.transport import Answer, NoAnswerError, Transport
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import JsonObject

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_ADVICE = "allow `get` on customresourcedefinitions (a ClusterRole), or read files with --from DIR"


def read_definitions(transport: Transport, kinds: Iterable[Kind]) -> tuple[JsonObject, ...]:
    """The definitions that the cluster has; `UnreachableError` if that cannot be said for one of the kinds."""
    found = (_read(transport, f"{kind.plural}.{kind.group}") for kind in kinds)
    return tuple(definition for definition in found if definition is not None)


def _read(transport: Transport, name: str) -> JsonObject | None:
    try:
        answer = transport.request("GET", f"{DEFINITIONS}/{name}")
    except NoAnswerError as error:
        raise UnreachableError(SideName.CLUSTER, str(error)) from error
    if _is_absent(answer):
        return None
    document = answer.document()
    if answer.status != HTTPStatus.OK or document is None or document.get("kind") != "CustomResourceDefinition":
        raise UnreachableError(SideName.CLUSTER, f"reading the definition {name} failed: {answer.message()}", _ADVICE)
    return document


def _is_absent(answer: Answer) -> bool:
    """True if the API server itself says so; a page of something in front of it says nothing."""
    return answer.status == HTTPStatus.NOT_FOUND and (answer.document() or {}).get("reason") == "NotFound"
