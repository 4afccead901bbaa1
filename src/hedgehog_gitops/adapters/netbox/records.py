"""NetBox as a side: one look at what it has of a fabric, and writes in few requests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from hedgehog_gitops.adapters.netbox import writing
from hedgehog_gitops.adapters.netbox.answers import row_id
from hedgehog_gitops.adapters.netbox.authors import LastChange, last_changes
from hedgehog_gitops.adapters.netbox.bodies import Author, members_of
from hedgehog_gitops.adapters.netbox.entries import Writer, look_at
from hedgehog_gitops.adapters.netbox.hanging import Burden
from hedgehog_gitops.adapters.netbox.listing import joined, lookups, read_list
from hedgehog_gitops.adapters.netbox.live import Marks
from hedgehog_gitops.adapters.netbox.moving_along import accept, moved_along, versions_now
from hedgehog_gitops.adapters.netbox.places import GENERIC, Known, called
from hedgehog_gitops.adapters.netbox.reading import look
from hedgehog_gitops.adapters.netbox.resolving import resolve
from hedgehog_gitops.adapters.netbox.transport import Patience, Transport
from hedgehog_gitops.adapters.netbox.twins import Newborn
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, LiveSide, Refusal, Refused, SideName, WriteOutcome, Written
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text
from hedgehog_gitops.model.plan import Action, Change
from hedgehog_gitops.model.record import RECORD_KIND_BY_NAME, Record, whole_key
from hedgehog_gitops.model.settings import NetboxSettings

TAG = "hedgehog-managed"
_ALWAYS = ("id", "last_updated", "custom_fields", "tags")
_BORN = ("id", "name", "device", "created", "last_updated", "custom_fields")


class NetboxRecords:
    """What a NetBox holds of one fabric. Nothing is opened before the first read or write.

    `message` begins what NetBox's change log is told of each write: which run, of which commit.
    """

    def __init__(
        self,
        settings: NetboxSettings,
        fabric: str,
        token: Callable[[], str],
        *,
        message: str = "hedgehog-gitops",
        patience: Patience | None = None,
        on_request: Callable[[str, str], None] | None = None,
    ) -> None:
        self.transport = Transport(
            settings.url, token, ca_file=settings.ca_file, patience=patience, on_request=on_request
        )
        self.message = message
        self._fabric = fabric
        self._marks = Marks(key=settings.field("key"), fabric=settings.field("fabric"), base=settings.field("base"))
        self._known = Known()
        self._newborn = Newborn()
        self._fresh: set[int] = set()  # devices that we made, and of which we have not seen with which ports
        self._fields: dict[str, Sequence[str]] = {}

    @property
    def name(self) -> SideName:
        """NetBox."""
        return SideName.NETBOX

    def read(self, wanted: Sequence[Record], ours: Collection[ObjectKey] = ()) -> LiveSide:
        """One look: everything that is the fabric's, and whatever is in the place of a wanted record.

        Ports that NetBox made with a device of ours, by its type, and that nobody touched are not in it: to make such
        a port is to make it ours.
        """
        side, self._newborn, scope = look(self.transport, self._fabric, self._marks, wanted, ours, self._known)
        self._fields = {kind: scope.fields(kind) for kind in scope.wanted}
        self._fresh = set()
        return side

    def write(self, changes: Sequence[Change], go_on: Callable[[], None] = lambda: None) -> Iterator[WriteOutcome]:
        """Carry out the changes of one wave, many in one request; one outcome each, as they come."""
        if self.transport.version == (0, 0):
            self.transport.get("status")  # tells the version, if nothing has yet
        for kind in sorted({change.key.kind for change in changes}, key=_order):
            steps = {whole_key(change.key): change.key for change in changes if change.key.kind == kind}
            mine = [replace(change, key=whole_key(change.key)) for change in changes if change.key.kind == kind]
            resolve(self.transport, mine, self._known, self._author())
            for outcome in self._write_with_others(kind, mine, go_on):
                yield outcome._replace(key=steps[outcome.key])

    def last_changes(self, objects: Collection[LiveObject]) -> dict[ObjectKey, LastChange]:
        """Who changed objects last, and when, as NetBox's change log has it; what it does not say is left out."""
        return last_changes(self.transport, objects, self._author().message)

    def authors(self, objects: Collection[LiveObject]) -> dict[ObjectKey, str]:
        """Who changed objects last and when, as people read it."""
        found = self.last_changes(objects)
        return {key: f"{last.user} at {last.time}" for key, last in found.items() if last.user and not last.is_ours}

    def carried(self, objects: Collection[LiveObject]) -> dict[ObjectKey, str]:
        """What hangs on objects of ours, is not ours, and would be lost with them, as people read it."""
        return self._burdens((each.key, each.uid) for each in objects)

    def _burdens(self, objects: Iterable[tuple[ObjectKey, str]]) -> dict[ObjectKey, str]:
        bearers: dict[str, dict[int, ObjectKey]] = {}
        for key, uid in objects:
            bearers.setdefault(key.kind, {})[int(uid)] = key
        burden = Burden(transport=self.transport, fabric=self._fabric, marks=self._marks, known=self._known)
        return burden.of(bearers)

    def _author(self) -> Author:
        return Author(
            fabric=self._fabric,
            marks=self._marks,
            message=self.message,
            tag=TAG,
            version=self.transport.version,
        )

    def _write_with_others(
        self, kind: str, changes: Sequence[Change], go_on: Callable[[], None]
    ) -> Iterator[WriteOutcome]:
        """Objects of a kind, and the versions that others have afterwards which NetBox moves along."""
        moved = [int(change.precondition.uid) for change in changes if change.precondition.uid.isdecimal()]
        others = moved_along(kind, moved, self._known)
        before = {other: versions_now(self.transport, other, found) for other, found in others.items()}
        yield from self._write_kind(kind, changes, go_on)
        for other, found in others.items():
            accept(other, before[other], versions_now(self.transport, other, found), self._known)

    def _write_kind(self, kind: str, changes: Sequence[Change], go_on: Callable[[], None]) -> Iterator[WriteOutcome]:
        fields = sorted({*_ALWAYS, *self._fields.get(kind, ()), *_named(changes)})
        writer = Writer(
            transport=self.transport, kind=kind, known=self._known, author=self._author(), fields=fields, go_on=go_on
        )
        prunes = [change for change in changes if change.manifest is None]
        creates = [change for change in changes if change.action is Action.CREATE]
        updates = [change for change in changes if change.manifest is not None and change.action is not Action.CREATE]
        # NetBox takes along what hangs on an object, and no version tells of it: we look once more, just before.
        burdened = self._burdens(_still_there(prunes, writer))
        for change in (change for change in prunes if change.key in burdened):
            yield Refused(key=change.key, refusal=Refusal.STALE, message=f"it carries {burdened[change.key]} by now")
        yield from writing.delete(writer, [change for change in prunes if change.key not in burdened])
        born = self._born(creates) if kind == "dcim.interface" else {}
        yield from writing.take_over(writer, [change for change in creates if change.key in born], born)
        for outcome in writing.create(writer, [change for change in creates if change.key not in born]):
            if kind == "dcim.device" and isinstance(outcome, Written) and outcome.object is not None:
                self._fresh.add(int(outcome.object.uid))
            yield outcome
        yield from writing.update(writer, updates)

    def _born(self, creates: Iterable[Change]) -> dict[ObjectKey, JsonObject]:
        """New ports that are there already, since NetBox made them with their device."""
        places: dict[tuple[int, str], ObjectKey] = {}
        for change in creates:
            fields = as_object((change.manifest or {}).get("fields"))
            device = self._known.id_of(*called(as_object(fields.get("device"))))
            if device is not None:
                places[device, as_text(fields.get("name"))] = change.key
        queries = lookups("device_id", map(str, self._fresh)) if places else ()
        found = joined(read_list(self.transport, "dcim/interfaces", query, _BORN) for query in queries)
        if places and not found.reason:
            self._fresh = set()
        rows = {(row_id(as_object(row["device"])), as_text(row.get("name"))): row for row in found.rows}
        self._newborn.rows |= {place: row for place, row in rows.items() if not self._marks.of(row)}
        return {key: self._newborn.rows[place] for place, key in places.items() if place in self._newborn.rows}


def _still_there(prunes: Sequence[Change], writer: Writer) -> Iterator[tuple[ObjectKey, str]]:
    """What is to go and is there: NetBox refuses a whole question that names an object which it does not have."""
    rows = look_at(writer, [int(change.precondition.uid) for change in prunes], ("id",)) if prunes else {}
    for change in prunes:
        if rows is None or int(change.precondition.uid) in rows:
            yield change.key, change.precondition.uid


def _order(kind: str) -> tuple[int, str]:
    return RECORD_KIND_BY_NAME[kind].order, kind


def _named(changes: Iterable[Change]) -> Iterator[str]:
    """The fields that changes are about."""
    for change in changes:
        manifest = change.manifest or {}
        for name in (*as_object(manifest.get("fields")), *members_of(change)):
            yield from (name, f"{name}_type", f"{name}_id") if name in GENERIC else (name,)
