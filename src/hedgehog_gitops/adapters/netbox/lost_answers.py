"""What became of a request whose answer is lost: it may have been done or not, so we look.

Nothing is sent twice: what is not done is left to the next run, which looks first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hedgehog_gitops.adapters.netbox.answers import Answer, NoAnswerError
from hedgehog_gitops.adapters.netbox.entries import Entry, Writer, look_at
from hedgehog_gitops.adapters.netbox.listing import read_list
from hedgehog_gitops.adapters.netbox.outcomes import gone, refused, written
from hedgehog_gitops.adapters.netbox.versions import version_of
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Refusal, WriteOutcome
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.record import RECORD_KIND_BY_NAME

Unclear = Answer | NoAnswerError
"""An answer that does not say what was done, or none."""


def found_after_all(writer: Writer, batch: Sequence[Entry], answer: Unclear) -> Iterator[WriteOutcome]:
    """No answer that says what became of new objects: those that are there were made, the others are not tried.

    Whoever gave up waiting may have left NetBox at work; a second request could make them twice.
    """
    mine = _mine(writer) if _may_be_done(answer) and not RECORD_KIND_BY_NAME[writer.kind].is_shared else {}
    for entry in batch:
        row = mine.get(entry.change.key)
        if row is None:
            yield refused(entry.change, Refusal.UNREACHABLE, f"{_words(answer)}; the next run looks for it first")
        else:
            yield written(writer, entry, row)


def changed_after_all(writer: Writer, batch: Sequence[Entry], answer: Unclear) -> Iterator[WriteOutcome]:
    """No answer about changes: where our base is what is there, it was done; the others wait for the next run."""
    rows = _rows(writer, batch, answer, writer.fields) or {}
    for entry in batch:
        row = rows.get(entry.identity)
        if row is not None and version_of(row) != entry.version and _has_base(writer, entry, row):
            yield written(writer, entry, row)
        else:
            yield refused(entry.change, Refusal.UNREACHABLE, _words(answer))


def removed_after_all(writer: Writer, batch: Sequence[Entry], answer: Unclear) -> Iterator[WriteOutcome]:
    """No answer about deletions: what is not there any more was deleted."""
    rows = _rows(writer, batch, answer, ("id", "last_updated"))
    for entry in batch:
        if rows is not None and entry.identity not in rows:
            yield gone(writer, entry)
        else:
            yield refused(entry.change, Refusal.UNREACHABLE, _words(answer))


def _mine(writer: Writer) -> Mapping[ObjectKey, JsonObject]:
    marks, fabric = writer.author.marks, writer.author.fabric
    found = read_list(writer.transport, writer.endpoint, [(f"cf_{marks.fabric}", fabric)], writer.fields)
    return {key: row for row in found.rows if (key := marks.own_key(writer.kind, fabric, row)) is not None}


def _rows(
    writer: Writer, batch: Sequence[Entry], answer: Unclear, fields: Sequence[str]
) -> Mapping[int, JsonObject] | None:
    return look_at(writer, (entry.identity for entry in batch), fields) if _may_be_done(answer) else None


def _has_base(writer: Writer, entry: Entry, row: JsonObject) -> bool:
    sent = as_object(entry.body.get("custom_fields"))
    base = writer.author.marks.base
    return base in sent and as_object(row.get("custom_fields")).get(base) == sent[base]


def _may_be_done(answer: Unclear) -> bool:
    return isinstance(answer, Answer) or answer.is_sent


def _words(answer: Unclear) -> str:
    return answer.message() if isinstance(answer, Answer) else str(answer)
