"""Writes to NetBox, many in one request. It is all or nothing: whoever is refused is left out, and the rest goes.

An answer that is lost says nothing about what was done. Then we look what became of it and send nothing twice: what is
not done is left to the next run, which looks first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import chain

from hedgehog_gitops.adapters.at_once import at_once
from hedgehog_gitops.adapters.netbox.batches import MOST_ENTRIES, batches, evenly
from hedgehog_gitops.adapters.netbox.bodies import (
    SENT_ONLY,
    Author,
    DanglingError,
    created,
    message_of,
    name_of,
    needs_current,
    updated,
)
from hedgehog_gitops.adapters.netbox.listing import joined, lookups, read_list
from hedgehog_gitops.adapters.netbox.live import live_object
from hedgehog_gitops.adapters.netbox.places import ENDPOINTS, Known
from hedgehog_gitops.adapters.netbox.refusals import blame, refusal_of
from hedgehog_gitops.adapters.netbox.transport import Answer, NoAnswerError, Transport, objects, row_id
from hedgehog_gitops.adapters.netbox.versions import entity_tag, is_conditional, version_of
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Refusal, Refused, WriteOutcome, Written
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.plan import Change
from hedgehog_gitops.model.record import RECORD_KIND_BY_NAME

_AT_ONCE = 4

_SIDE_BY_SIDE = frozenset({"dcim.cable", "dcim.interface", "ipam.ipaddress"})
"""Kinds of which NetBox can write several batches at once: they share no row that it counts or orders others in.

Devices are counted by their type, and prefixes are ordered within their VRF.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change with the body that is sent; `version` is what it expects, where it expects any."""

    change: Change
    body: JsonObject
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """What all writes of one kind need."""

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

    def create(self, changes: Sequence[Change]) -> Iterator[WriteOutcome]:
        """Make new objects."""
        entries: list[Entry] = []
        for change in changes:
            try:
                entries.append(Entry(change=change, body=created(change, self.known, self.author)))
            except DanglingError as error:
                yield _refused(change, Refusal.INVALID, str(error))
        yield from self._side_by_side(_by_device(entries), self._make)

    def update(self, changes: Sequence[Change], rows: Mapping[int, JsonObject]) -> Iterator[WriteOutcome]:
        """Change objects; `rows` are those that had to be looked at again, as they are now."""
        entries: list[Entry] = []
        for change in changes:
            identity, version = self.place(change)
            if identity is None or (needs_current(change, self.author.version) and identity not in rows):
                yield _refused(change, Refusal.STALE, "it is not there any more, or cannot be looked at")
                continue
            try:
                body = updated(change, rows.get(identity, {}), self.known, self.author)
            except DanglingError as error:
                yield _refused(change, Refusal.INVALID, str(error))
                continue
            entries.append(Entry(change=change, body={"id": identity, **body}, version=version))
        yield from self._side_by_side([entry for entry in entries if entry.body.keys() != {"id"}], self._change)
        # A change of nothing would still move the object's version.
        yield from self._unchanged([entry for entry in entries if entry.body.keys() == {"id"}])

    def delete(self, changes: Sequence[Change]) -> Iterator[WriteOutcome]:
        """Delete objects; one that is gone already is what a deletion wants."""
        entries: list[Entry] = []
        for change in changes:
            identity, version = self.place(change)
            body: JsonObject = {"id": identity, "changelog_message": message_of(change, self.author)}
            entries.append(Entry(change=change, body=body, version=version))
        for batch in self._batches(entries):
            yield from self._remove(batch)

    def take_over(self, changes: Sequence[tuple[Change, JsonObject]]) -> Iterator[WriteOutcome]:
        """Make objects ours that came into being beside one of ours: each is new, and already there."""
        entries: list[Entry] = []
        for change, row in changes:
            try:
                body = created(change, self.known, self.author)
            except DanglingError as error:
                yield _refused(change, Refusal.INVALID, str(error))
                continue
            entries.append(Entry(change=change, body={"id": row["id"], **body}, version=version_of(row)))
        yield from self._side_by_side(entries, self._change)

    def look_at(self, identities: Iterable[int], fields: Sequence[str]) -> Mapping[int, JsonObject] | None:
        """Some objects as they are now; None if that cannot be had."""
        found = joined(
            read_list(self.transport, self.endpoint, query, fields) for query in lookups("id", map(str, identities))
        )
        return None if found.reason else {row_id(row): row for row in found.rows}

    def _side_by_side(
        self, entries: Sequence[Entry], send: Callable[[list[Entry]], Iterator[WriteOutcome]]
    ) -> Iterator[WriteOutcome]:
        """Send all batches, of some kinds several at a time: a NetBox works on each with one process of several."""
        most = evenly(self.kind, len(entries)) if self.kind in _SIDE_BY_SIDE else MOST_ENTRIES
        parts = list(self._batches(entries, most))
        if len(parts) == 1 or self.kind not in _SIDE_BY_SIDE:
            yield from chain.from_iterable(map(send, parts))
            return
        for outcomes in at_once(lambda batch: list(send(batch)), iter(parts), _AT_ONCE):
            yield from outcomes

    def _batches(self, entries: Sequence[Entry], most: int = MOST_ENTRIES) -> Iterator[list[Entry]]:
        for places in batches(self.kind, [entry.body for entry in entries], most):
            yield [entries[place] for place in places]

    def _make(self, batch: list[Entry]) -> Iterator[WriteOutcome]:
        answer = self._send("POST", batch, "")
        rows = objects(answer.value()) if isinstance(answer, Answer) and answer.status == HTTPStatus.CREATED else None
        if rows is not None and len(rows) == len(batch):
            yield from self._confirmed(batch, rows)
        elif isinstance(answer, Answer) and HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            yield from self._without_bad(answer, batch, self._make)
        else:
            yield from self._found_after_all(answer, batch)

    def _change(self, batch: list[Entry]) -> Iterator[WriteOutcome]:
        fresh, stale = self._fresh(batch)
        yield from stale
        if not fresh:
            return
        answer = self._send("PATCH", fresh, self._expected(fresh))
        rows = objects(answer.value()) if isinstance(answer, Answer) and answer.status == HTTPStatus.OK else None
        if rows is not None and len(rows) == len(fresh):
            by_id = {row_id(row): row for row in rows}
            yield from self._confirmed(fresh, [by_id[_id(entry)] for entry in fresh])
        elif isinstance(answer, Answer) and answer.status == HTTPStatus.PRECONDITION_FAILED:
            yield from self._without_stale(answer, fresh, self._change)
        elif isinstance(answer, Answer) and HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            yield from self._without_bad(answer, fresh, self._change)
        else:
            yield from self._changed_after_all(answer, fresh)

    def _remove(self, batch: list[Entry]) -> Iterator[WriteOutcome]:
        fresh, stale = self._fresh(batch)
        yield from stale
        if not fresh:
            return
        answer = self._send("DELETE", fresh, self._expected(fresh))
        if isinstance(answer, Answer) and answer.status == HTTPStatus.NO_CONTENT:
            yield from (self._gone(entry) for entry in fresh)
        elif isinstance(answer, Answer) and answer.status == HTTPStatus.PRECONDITION_FAILED:
            yield from self._without_stale(answer, fresh, self._remove)
        elif isinstance(answer, Answer) and HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            yield from self._without_bad(answer, fresh, self._remove)
        else:
            yield from self._removed_after_all(answer, fresh)

    def _send(self, method: str, batch: Sequence[Entry], if_match: str) -> Answer | NoAnswerError:
        """One request; after one without an answer nothing more is sent: each would wait as long."""
        if self.silence:
            return NoAnswerError(self.silence[0].category, f"not sent: {self.silence[0].reason}", is_sent=False)
        self.go_on()
        try:
            return self.transport.send(method, self.endpoint, [entry.body for entry in batch], if_match)
        except NoAnswerError as error:
            self.silence.append(error)
            return error

    def _expected(self, batch: Sequence[Entry]) -> str:
        if not is_conditional(self.author.version):
            return ""
        return ", ".join(entity_tag(entry.version) for entry in batch if entry.version)

    def _fresh(self, batch: list[Entry]) -> tuple[list[Entry], list[WriteOutcome]]:
        """What may be sent. Where NetBox takes no condition, we look once more, just before the write."""
        if is_conditional(self.author.version):
            return batch, []
        return self._compared(batch)

    def _compared(self, batch: list[Entry]) -> tuple[list[Entry], list[WriteOutcome]]:
        """Entries whose object is as the change expects, and the outcome of the others."""
        rows = self.look_at(map(_id, batch), ("id", "last_updated"))
        if rows is None:
            return [], [_refused(entry.change, Refusal.UNREACHABLE, "it cannot be looked at") for entry in batch]
        fresh: list[Entry] = []
        others: list[WriteOutcome] = []
        for entry in batch:
            row = rows.get(_id(entry))
            if row is None:
                others.append(self._missing(entry))
            elif entry.version and version_of(row) != entry.version:
                others.append(_refused(entry.change, Refusal.STALE, "it was changed since it was read"))
            else:
                fresh.append(entry)
        return fresh, others

    def _without_stale(
        self, answer: Answer, batch: list[Entry], again: Callable[[list[Entry]], Iterator[WriteOutcome]]
    ) -> Iterator[WriteOutcome]:
        """One stale object refuses the whole request, and is not named: look which it is, and send the rest."""
        fresh, others = self._compared(batch)
        yield from others
        if len(fresh) < len(batch):
            yield from again(fresh) if fresh else ()
        else:
            yield from (_refused(entry.change, Refusal.STALE, answer.message()) for entry in fresh)

    def _without_bad(
        self, answer: Answer, batch: list[Entry], again: Callable[[list[Entry]], Iterator[WriteOutcome]]
    ) -> Iterator[WriteOutcome]:
        """Entries that are refused, each in NetBox's own words, and the rest once more without them."""
        found = blame(answer, [entry.body for entry in batch])
        if found.is_named:
            for place, message in found.entries.items():
                yield self._bad(batch[place], answer, message)
            rest = [entry for place, entry in enumerate(batch) if place not in found.entries]
            yield from again(rest) if rest else ()
        elif len(batch) == 1 or answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            yield from (self._bad(entry, answer, answer.message()) for entry in batch)
        else:  # nobody is named: halve until it is clear
            middle = len(batch) // 2
            yield from again(batch[:middle])
            yield from again(batch[middle:])

    def _bad(self, entry: Entry, answer: Answer, message: str) -> WriteOutcome:
        if entry.body.get("id") is not None and "does not exist" in message:
            return self._missing(entry)
        return _refused(entry.change, refusal_of(answer.status), message)

    def _missing(self, entry: Entry) -> WriteOutcome:
        if entry.change.manifest is None:
            return self._gone(entry)
        return _refused(entry.change, Refusal.STALE, "it was deleted since it was read")

    def _found_after_all(self, answer: Answer | NoAnswerError, batch: list[Entry]) -> Iterator[WriteOutcome]:
        """No answer that says what became of new objects: those that are there were made, the others are not tried.

        Whoever gave up waiting may have left NetBox at work; a second request could make them twice.
        """
        mine = self._mine() if _may_be_done(answer) and not RECORD_KIND_BY_NAME[self.kind].is_shared else {}
        for entry in batch:
            row = mine.get(entry.change.key)
            if row is None:
                yield _refused(entry.change, Refusal.UNREACHABLE, f"{_words(answer)}; the next run looks for it first")
            else:
                yield self._written(entry, row)

    def _mine(self) -> Mapping[ObjectKey, JsonObject]:
        marks, fabric = self.author.marks, self.author.fabric
        found = read_list(self.transport, self.endpoint, [(f"cf_{marks.fabric}", fabric)], self.fields)
        return {key: row for row in found.rows if (key := marks.own_key(self.kind, fabric, row)) is not None}

    def _changed_after_all(self, answer: Answer | NoAnswerError, batch: list[Entry]) -> Iterator[WriteOutcome]:
        """No answer about changes: where our base is what is there, it was done; the others wait for the next run."""
        rows = self.look_at(map(_id, batch), self.fields) if _may_be_done(answer) else None
        for entry in batch:
            row = (rows or {}).get(_id(entry))
            if row is not None and version_of(row) != entry.version and self._has_base(row, entry):
                yield self._written(entry, row)
            else:
                yield _refused(entry.change, Refusal.UNREACHABLE, _words(answer))

    def _removed_after_all(self, answer: Answer | NoAnswerError, batch: list[Entry]) -> Iterator[WriteOutcome]:
        rows = self.look_at(map(_id, batch), ("id", "last_updated")) if _may_be_done(answer) else None
        for entry in batch:
            if rows is not None and _id(entry) not in rows:
                yield self._gone(entry)
            else:
                yield _refused(entry.change, Refusal.UNREACHABLE, _words(answer))

    def _has_base(self, row: JsonObject, entry: Entry) -> bool:
        sent = as_object(entry.body.get("custom_fields"))
        base = self.author.marks.base
        return base in sent and as_object(row.get("custom_fields")).get(base) == sent[base]

    def _unchanged(self, entries: Sequence[Entry]) -> Iterator[WriteOutcome]:
        rows = self.look_at(map(_id, entries), self.fields) if entries else {}
        for entry in entries:
            row = (rows or {}).get(_id(entry))
            yield _refused(entry.change, Refusal.STALE, "it is not there") if row is None else self._written(entry, row)

    def _confirmed(self, batch: Sequence[Entry], rows: Sequence[JsonObject]) -> Iterator[WriteOutcome]:
        for entry, row in zip(batch, rows, strict=True):
            lost = sorted(entry.body.keys() - row.keys() - SENT_ONLY)
            if lost:
                text = f"NetBox has no field {', '.join(lost)} here and did not store it"
                yield _refused(entry.change, Refusal.INVALID, text)
            else:
                yield self._written(entry, row)

    def _written(self, entry: Entry, row: JsonObject) -> WriteOutcome:
        self.known.learn(self.kind, name_of(entry.change), row_id(row))
        self.known.wrote(self.kind, row_id(row), version_of(row))
        shown = {name: value for name, value in row.items() if name in self.fields}
        live = live_object(self.kind, shown, entry.change.key, self.known, self.author.marks)
        return Written(key=entry.change.key, object=live)

    def place(self, change: Change) -> tuple[int | None, str]:
        """The id of an object and the version that is expected: our own newest, where we have written it since."""
        uid = change.precondition.uid
        identity = int(uid) if uid.isdecimal() else self.known.id_of(self.kind, name_of(change))
        ours = self.known.written(self.kind, identity) if identity is not None else ""
        return identity, ours or change.precondition.version

    def _gone(self, entry: Entry) -> WriteOutcome:
        self.known.forget(self.kind, name_of(entry.change))
        return Written(key=entry.change.key, object=None)


def _by_device(entries: Iterable[Entry]) -> list[Entry]:
    """New ports of one device together: it counts them, so two batches must not wait for each other's devices."""
    return sorted(entries, key=lambda entry: str(entry.body.get("device", "")))


def _id(entry: Entry) -> int:
    return row_id(entry.body)


def _may_be_done(answer: Answer | NoAnswerError) -> bool:
    return isinstance(answer, Answer) or answer.is_sent


def _words(answer: Answer | NoAnswerError) -> str:
    return answer.message() if isinstance(answer, Answer) else str(answer)


def _refused(change: Change, refusal: Refusal, message: str) -> Refused:
    return Refused(key=change.key, refusal=refusal, message=message)
