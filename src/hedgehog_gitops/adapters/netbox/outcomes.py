"""What became of an entry: written, gone or refused. What a write tells of ids and versions is learned here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hedgehog_gitops.adapters.netbox.answers import row_id
from hedgehog_gitops.adapters.netbox.bodies import SENT_ONLY, name_of
from hedgehog_gitops.adapters.netbox.entries import Entry, Writer
from hedgehog_gitops.adapters.netbox.live import live_object
from hedgehog_gitops.adapters.netbox.versions import version_of
from hedgehog_gitops.model.live import Refusal, Refused, WriteOutcome, Written
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Change


def stored(writer: Writer, batch: Sequence[Entry], rows: Sequence[JsonObject]) -> Iterator[WriteOutcome]:
    """What NetBox says that it stored, entry by entry; a field that it does not give back it has not."""
    for entry, row in zip(batch, rows, strict=True):
        lost = sorted(entry.body.keys() - row.keys() - SENT_ONLY)
        if lost:
            text = f"NetBox has no field {', '.join(lost)} here and did not store it"
            yield refused(entry.change, Refusal.INVALID, text)
        else:
            yield written(writer, entry, row)


def written(writer: Writer, entry: Entry, row: JsonObject) -> WriteOutcome:
    """It is as the row says."""
    writer.known.learn(writer.kind, name_of(entry.change), row_id(row))
    writer.known.wrote(writer.kind, row_id(row), version_of(row))
    shown = {name: value for name, value in row.items() if name in writer.fields}
    live = live_object(writer.kind, shown, entry.change.key, writer.known, writer.author.marks)
    return Written(key=entry.change.key, object=live)


def missing(writer: Writer, entry: Entry) -> WriteOutcome:
    """It is not there any more: that is what a deletion wants, and nothing else does."""
    if entry.change.manifest is None:
        return gone(writer, entry)
    return refused(entry.change, Refusal.STALE, "it was deleted since it was read")


def gone(writer: Writer, entry: Entry) -> WriteOutcome:
    """It was deleted."""
    writer.known.forget(writer.kind, name_of(entry.change))
    return Written(key=entry.change.key, object=None)


def refused(change: Change, refusal: Refusal, message: str) -> Refused:
    """It is as it was, and why."""
    return Refused(key=change.key, refusal=refusal, message=message)
