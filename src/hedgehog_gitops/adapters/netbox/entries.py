"""What a request is made of: one entry for each change. And what all writes of one kind need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hedgehog_gitops.adapters.netbox.answers import NoAnswerError, row_id
from hedgehog_gitops.adapters.netbox.bodies import Author, name_of
from hedgehog_gitops.adapters.netbox.listing import joined, lookups, read_list
from hedgehog_gitops.adapters.netbox.places import ENDPOINTS, Known
from hedgehog_gitops.adapters.netbox.transport import Transport
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change with the body that is sent; `version` is what it expects, where it expects any."""

    change: Change
    body: JsonObject
    version: str = ""

    @property
    def is_new(self) -> bool:
        """True for an object that is to be made: NetBox gives it its id."""
        return "id" not in self.body

    @property
    def identity(self) -> int:
        """The id of an object that is not new."""
        return row_id(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """What all writes of one kind need.

    `fields` are those that are read of an object after a write. `go_on` is asked before each request. `silence` is
    the request that got no answer, if there was one.
    """

    transport: Transport
    kind: str
    known: Known
    author: Author
    fields: Sequence[str]
    go_on: Callable[[], None]
    silence: list[NoAnswerError] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        """The kind's list."""
        return ENDPOINTS[self.kind]


def place(writer: Writer, change: Change) -> tuple[int | None, str]:
    """The id of an object and the version that is expected: our own newest, where we have written it since."""
    uid = change.precondition.uid
    identity = int(uid) if uid.isdecimal() else writer.known.id_of(writer.kind, name_of(change))
    ours = writer.known.written(writer.kind, identity) if identity is not None else ""
    return identity, ours or change.precondition.version


def look_at(writer: Writer, identities: Iterable[int], fields: Sequence[str]) -> Mapping[int, JsonObject] | None:
    """Some objects as they are now; None if that cannot be had."""
    queries = lookups("id", map(str, identities))
    found = joined(read_list(writer.transport, writer.endpoint, query, fields) for query in queries)
    return None if found.reason else {row_id(row): row for row in found.rows}
