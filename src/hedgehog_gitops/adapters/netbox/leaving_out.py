"""A request is all or nothing: whoever is refused, or not as expected any more, is left out, and the rest goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hedgehog_gitops.adapters.netbox.answers import Answer
from hedgehog_gitops.adapters.netbox.entries import Entry, Writer, look_at
from hedgehog_gitops.adapters.netbox.outcomes import missing, refused
from hedgehog_gitops.adapters.netbox.refusals import blame, is_about_us, refusal_of
from hedgehog_gitops.adapters.netbox.versions import is_conditional, version_of
from hedgehog_gitops.model.live import Refusal, WriteOutcome
from hedgehog_gitops.model.plain import JsonObject

Again = Callable[[list[Entry]], Iterator[WriteOutcome]]
"""Sends what is left."""


def fresh_of(writer: Writer, batch: list[Entry]) -> tuple[list[Entry], list[WriteOutcome]]:
    """What may be sent, and the outcome of the others.

    Where NetBox takes no condition, we look once more, just before the write.
    """
    return (batch, []) if is_conditional(writer.author.version) else _compared(writer, batch)


def without_stale(writer: Writer, batch: list[Entry], answer: Answer, again: Again) -> Iterator[WriteOutcome]:
    """One stale object refuses the whole request, and is not named: look which it is, and send the rest."""
    fresh, others = _compared(writer, batch)
    yield from others
    if len(fresh) < len(batch):
        yield from again(fresh) if fresh else ()
    else:
        yield from (refused(entry.change, Refusal.STALE, answer.message()) for entry in fresh)


def without_bad(writer: Writer, batch: list[Entry], answer: Answer, again: Again) -> Iterator[WriteOutcome]:
    """Entries that are refused, each in NetBox's own words, and the rest once more without them."""
    found = blame(answer, [entry.body for entry in batch])
    if found.is_named:
        for index, message in found.entries.items():
            yield _bad(writer, batch[index], answer, message)
        rest = [entry for index, entry in enumerate(batch) if index not in found.entries]
        yield from again(rest) if rest else ()
    elif len(batch) == 1 or is_about_us(answer.status):
        yield from (_bad(writer, entry, answer, answer.message()) for entry in batch)
    else:  # nobody is named: halve until it is clear
        middle = len(batch) // 2
        yield from again(batch[:middle])
        yield from again(batch[middle:])


def _compared(writer: Writer, batch: list[Entry]) -> tuple[list[Entry], list[WriteOutcome]]:
    """Entries whose object is as the change expects, and the outcome of the others. What is new expects nothing."""
    rows = look_at(writer, (entry.identity for entry in batch if not entry.is_new), ("id", "last_updated"))
    if rows is None:
        return [], [refused(entry.change, Refusal.UNREACHABLE, "it cannot be looked at") for entry in batch]
    judged = [(entry, _unexpected(writer, entry, rows)) for entry in batch]
    fresh = [entry for entry, outcome in judged if outcome is None]
    return fresh, [outcome for _, outcome in judged if outcome is not None]


def _unexpected(writer: Writer, entry: Entry, rows: Mapping[int, JsonObject]) -> WriteOutcome | None:
    if entry.is_new:
        return None
    row = rows.get(entry.identity)
    if row is None:
        return missing(writer, entry)
    if entry.version and version_of(row) != entry.version:
        return refused(entry.change, Refusal.STALE, "it was changed since it was read")
    return None


def _bad(writer: Writer, entry: Entry, answer: Answer, message: str) -> WriteOutcome:
    if entry.body.get("id") is not None and "does not exist" in message:
        return missing(writer, entry)
    return refused(entry.change, refusal_of(answer.status), message)
