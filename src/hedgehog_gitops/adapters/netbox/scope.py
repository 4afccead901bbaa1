"""What one look at NetBox is about, and what its lists had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hedgehog_gitops.adapters.netbox.answers import row_id
from hedgehog_gitops.adapters.netbox.listing import Listing
from hedgehog_gitops.adapters.netbox.live import Marks
from hedgehog_gitops.adapters.netbox.places import GENERIC
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.record import CUSTOM_FIELDS, NETBOX, Record

_ALWAYS = ("id", "created", "last_updated", "custom_fields")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose objects are looked for, how they are marked, what is wanted by kind, and until when."""

    fabric: str
    marks: Marks
    wanted: Mapping[str, Sequence[Record]]
    deadline: float

    def fields(self, kind: str) -> list[str]:
        """The fields of a kind to be read: those that some wanted record compares, and what is always needed."""
        records = self.wanted.get(kind, ())
        names = {name for record in records for name in (*record.fields, *record.members, *record.natural)}
        if not self.has_tags(kind):
            names -= {"tags"}
        halves = {f"{name}_{half}" for name in names & set(GENERIC) for half in ("type", "id")}
        return [*_ALWAYS, *sorted((names | halves) - set(_ALWAYS))]

    def custom_fields(self, kind: str) -> list[str]:
        """The custom fields that a kind has to have: the marks, and those that some wanted record has."""
        records = self.wanted.get(kind, ())
        more = {name for record in records for name in as_object(record.fields.get(CUSTOM_FIELDS))}
        return [self.marks.key, self.marks.fabric, self.marks.base, *sorted(more)]

    def has_tags(self, kind: str) -> bool:
        """Whether some wanted record of a kind has tags of ours: only then they are in the list."""
        return any("tags" in record.members for record in self.wanted.get(kind, ()))


@dataclass(slots=True)
class Found:
    """The rows of each kind, and which of them are what; a kind with a reason is not known whole."""

    rows: dict[str, Sequence[JsonObject]] = field(default_factory=dict)
    keys: dict[tuple[str, int], ObjectKey] = field(default_factory=dict)
    unknown: dict[tuple[str, str], str] = field(default_factory=dict)
    requests: int = 0

    def take(self, kind: str, listing: Listing) -> None:
        """A list was read."""
        self.requests += listing.requests
        self.rows[kind] = [*self.rows.get(kind, ()), *listing.rows]
        if listing.reason:
            self.unknown.setdefault((NETBOX, kind), listing.reason)

    def name(self, kind: str, row: JsonObject, key: ObjectKey) -> None:
        """A row is this object."""
        self.keys[kind, row_id(row)] = key

    def lacking(self, scope: Scope, kind: str) -> list[Record]:
        """Wanted records of a kind that no row is."""
        have = {key for (own, _), key in self.keys.items() if own == kind}
        return [record for record in scope.wanted.get(kind, ()) if record.key not in have]

    def each(self) -> Iterator[tuple[str, JsonObject]]:
        """All rows with their kind."""
        for kind, rows in self.rows.items():
            for row in rows:
                yield kind, row
