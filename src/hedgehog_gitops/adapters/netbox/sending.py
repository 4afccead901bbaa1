"""Entries on their way to NetBox: in few requests, some kinds in several at a time, each sorted out by its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from hedgehog_gitops.adapters.at_once import at_once
from hedgehog_gitops.adapters.netbox.answers import Answer, NoAnswerError, objects, row_id
from hedgehog_gitops.adapters.netbox.batches import MOST_ENTRIES, batches, evenly
from hedgehog_gitops.adapters.netbox.entries import Entry, Writer
from hedgehog_gitops.adapters.netbox.leaving_out import fresh_of, without_bad, without_stale
from hedgehog_gitops.adapters.netbox.lost_answers import (
    Unclear,
    changed_after_all,
    found_after_all,
    removed_after_all,
)
from hedgehog_gitops.adapters.netbox.outcomes import gone, stored
from hedgehog_gitops.adapters.netbox.versions import entity_tag, is_conditional
from hedgehog_gitops.model.live import WriteOutcome
from hedgehog_gitops.model.plain import JsonObject

_AT_ONCE = 4

_SIDE_BY_SIDE = frozenset({"dcim.cable", "dcim.interface", "ipam.ipaddress"})
"""Kinds of which NetBox can write several batches at once: they share no row that it counts or orders others in.

Devices are counted by their type, and prefixes are ordered within their VRF.
"""


class Request(NamedTuple):
    """One sort of write: the status that says it is done, and who tells what became of the entries then.

    `confirmed` gives None if the answer's body is not what NetBox says of so many entries; `after_all` looks what
    became of them where no answer tells.
    """

    method: str
    done: HTTPStatus
    confirmed: Callable[[Writer, Sequence[Entry], Answer], Iterator[WriteOutcome] | None]
    after_all: Callable[[Writer, Sequence[Entry], Unclear], Iterator[WriteOutcome]]


def side_by_side(request: Request, writer: Writer, entries: Sequence[Entry]) -> Iterator[WriteOutcome]:
    """Send all batches, of some kinds several at a time: a NetBox works on each with one process of several."""
    if writer.kind not in _SIDE_BY_SIDE:
        yield from one_by_one(request, writer, entries)
        return
    parts = list(_batches(writer.kind, entries, evenly(writer.kind, len(entries))))
    if len(parts) == 1:
        yield from _send(request, writer, parts[0])
        return
    for outcomes in at_once(lambda batch: list(_send(request, writer, batch)), iter(parts), _AT_ONCE):
        yield from outcomes


def one_by_one(request: Request, writer: Writer, entries: Sequence[Entry]) -> Iterator[WriteOutcome]:
    """Send all batches, each after the one before it."""
    for batch in _batches(writer.kind, entries, MOST_ENTRIES):
        yield from _send(request, writer, batch)


def _batches(kind: str, entries: Sequence[Entry], most: int) -> Iterator[list[Entry]]:
    for places in batches(kind, [entry.body for entry in entries], most):
        yield [entries[place] for place in places]


def _send(request: Request, writer: Writer, batch: list[Entry]) -> Iterator[WriteOutcome]:
    fresh, others = fresh_of(writer, batch)
    yield from others
    if fresh:
        answer = _answer(request.method, writer, fresh)
        yield from _sorted_out(request, writer, fresh, answer)


def _answer(method: str, writer: Writer, batch: Sequence[Entry]) -> Unclear:
    """One request; after one without an answer nothing more is sent: each would wait as long."""
    if writer.silence:
        return NoAnswerError(writer.silence[0].category, f"not sent: {writer.silence[0].reason}", is_sent=False)
    writer.go_on()
    try:
        return writer.transport.send(method, writer.endpoint, [entry.body for entry in batch], _expected(writer, batch))
    except NoAnswerError as error:
        writer.silence.append(error)
        return error


def _expected(writer: Writer, batch: Sequence[Entry]) -> str:
    if not is_conditional(writer.author.version):
        return ""
    return ", ".join(entity_tag(entry.version) for entry in batch if entry.version)


def _sorted_out(request: Request, writer: Writer, batch: list[Entry], answer: Unclear) -> Iterator[WriteOutcome]:
    again = partial(_send, request, writer)
    if isinstance(answer, NoAnswerError):
        return request.after_all(writer, batch, answer)
    if answer.status == request.done and (confirmed := request.confirmed(writer, batch, answer)) is not None:
        return confirmed
    if answer.status == HTTPStatus.PRECONDITION_FAILED:
        return without_stale(writer, batch, answer, again)
    if HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return without_bad(writer, batch, answer, again)
    return request.after_all(writer, batch, answer)


def _made(writer: Writer, batch: Sequence[Entry], answer: Answer) -> Iterator[WriteOutcome] | None:
    rows = _rows(batch, answer)
    return None if rows is None else stored(writer, batch, rows)


def _changed(writer: Writer, batch: Sequence[Entry], answer: Answer) -> Iterator[WriteOutcome] | None:
    rows = _rows(batch, answer)
    by_id = {row_id(row): row for row in rows or ()}
    return None if rows is None else stored(writer, batch, [by_id[entry.identity] for entry in batch])


def _removed(writer: Writer, batch: Sequence[Entry], _: Answer) -> Iterator[WriteOutcome]:
    return (gone(writer, entry) for entry in batch)


def _rows(batch: Sequence[Entry], answer: Answer) -> list[JsonObject] | None:
    rows = objects(answer.value())
    return rows if rows is not None and len(rows) == len(batch) else None


MAKE = Request("POST", HTTPStatus.CREATED, _made, found_after_all)
CHANGE = Request("PATCH", HTTPStatus.OK, _changed, changed_after_all)
REMOVE = Request("DELETE", HTTPStatus.NO_CONTENT, _removed, removed_after_all)
