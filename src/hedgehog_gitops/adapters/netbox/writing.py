"""Writes to NetBox of one kind, many in one request: make objects, take them over, change them, delete them.

An answer that is lost says nothing about what was done. Then we look what became of it and send nothing twice: what is
not done is left to the next run, which looks first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from hedgehog_gitops.adapters.netbox.bodies import (
    DanglingError,
    created,
    members_of,
    message_of,
    needs_current,
    updated,
)
from hedgehog_gitops.adapters.netbox.entries import Entry, Writer, look_at, place
from hedgehog_gitops.adapters.netbox.outcomes import refused, written
from hedgehog_gitops.adapters.netbox.sending import CHANGE, MAKE, REMOVE, one_by_one, side_by_side
from hedgehog_gitops.adapters.netbox.versions import version_of
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Refusal, Refused, WriteOutcome
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Change


def create(writer: Writer, changes: Iterable[Change]) -> Iterator[WriteOutcome]:
    """Make new objects."""
    entries, dangling = _entries(changes, lambda change: _new(writer, change))
    yield from dangling
    yield from side_by_side(MAKE, writer, _by_device(entries))


def take_over(
    writer: Writer, changes: Iterable[Change], born: Mapping[ObjectKey, JsonObject]
) -> Iterator[WriteOutcome]:
    """Make objects ours that came into being beside one of ours: each is new, and already there."""
    entries, dangling = _entries(changes, lambda change: _taken_over(writer, change, born[change.key]))
    yield from dangling
    yield from side_by_side(CHANGE, writer, entries)


def update(writer: Writer, changes: Sequence[Change]) -> Iterator[WriteOutcome]:
    """Change objects. Where others have a part in what is sent, it is looked at just before."""
    rows = _current(writer, changes)
    entries, left = _entries(changes, lambda change: _changed(writer, change, rows))
    yield from left
    yield from side_by_side(CHANGE, writer, [entry for entry in entries if entry.body.keys() != {"id"}])
    # A change of nothing would still move the object's version.
    yield from _unchanged(writer, [entry for entry in entries if entry.body.keys() == {"id"}])


def delete(writer: Writer, changes: Iterable[Change]) -> Iterator[WriteOutcome]:
    """Delete objects; one that is gone already is what a deletion wants."""
    yield from one_by_one(REMOVE, writer, [_going(writer, change) for change in changes])


def _entries(
    changes: Iterable[Change], entry_of: Callable[[Change], Entry | Refused]
) -> tuple[list[Entry], list[Refused]]:
    """The entries of changes, and the refusal of each that can have none."""
    made = [_entry_or_refusal(change, entry_of) for change in changes]
    return [each for each in made if isinstance(each, Entry)], [each for each in made if isinstance(each, Refused)]


def _entry_or_refusal(change: Change, entry_of: Callable[[Change], Entry | Refused]) -> Entry | Refused:
    try:
        return entry_of(change)
    except DanglingError as error:
        return refused(change, Refusal.INVALID, str(error))


def _new(writer: Writer, change: Change) -> Entry:
    return Entry(change=change, body=created(change, writer.known, writer.author))


def _taken_over(writer: Writer, change: Change, row: JsonObject) -> Entry:
    body: JsonObject = {"id": row["id"], **created(change, writer.known, writer.author)}
    return Entry(change=change, body=body, version=version_of(row))


def _changed(writer: Writer, change: Change, rows: Mapping[int, JsonObject]) -> Entry | Refused:
    identity, version = place(writer, change)
    if identity is None or (needs_current(change, writer.author.version) and identity not in rows):
        return refused(change, Refusal.STALE, "it is not there any more, or cannot be looked at")
    body = updated(change, rows.get(identity, {}), writer.known, writer.author)
    return Entry(change=change, body={"id": identity, **body}, version=version)


def _current(writer: Writer, changes: Iterable[Change]) -> Mapping[int, JsonObject]:
    """The objects whose lists are sent whole, as they are now."""
    shared = [change for change in changes if needs_current(change, writer.author.version)]
    identities = [identity for change in shared if (identity := place(writer, change)[0]) is not None]
    lists = sorted({name for change in shared for name in (*members_of(change), "tags")})
    rows = look_at(writer, identities, ("id", "last_updated", *lists)) if identities else {}
    return rows or {}


def _going(writer: Writer, change: Change) -> Entry:
    identity, version = place(writer, change)
    body: JsonObject = {"id": identity, "changelog_message": message_of(change, writer.author)}
    return Entry(change=change, body=body, version=version)


def _by_device(entries: Iterable[Entry]) -> list[Entry]:
    """New ports of one device together: it counts them, so two batches must not wait for each other's devices."""
    return sorted(entries, key=lambda entry: str(entry.body.get("device", "")))


def _unchanged(writer: Writer, entries: Sequence[Entry]) -> Iterator[WriteOutcome]:
    rows = look_at(writer, (entry.identity for entry in entries), writer.fields) if entries else {}
    for entry in entries:
        row = (rows or {}).get(entry.identity)
        yield refused(entry.change, Refusal.STALE, "it is not there") if row is None else written(writer, entry, row)
