"""The objects of a NetBox that is a file, as entries: what one look sees of them, and what a write makes of them.

Whose an entry is stands in its `mark`. References to marked objects are kept with the mark, so that two fabrics with
objects of equal names stay apart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, Refusal, Refused, WriteOutcome, Written
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.plan import Action, Change
from hedgehog_gitops.model.record import (
    CUSTOM_FIELDS,
    LATE_FIELDS,
    NETBOX,
    RECORD_KIND_BY_NAME,
    Record,
    is_reference,
    key_of,
    mark_of,
    whole_key,
)

Entry: TypeAlias = JsonObject
Named: TypeAlias = tuple[str, str]
"""Kind and mark of an object."""

_OURS = frozenset({"kind", "id", "mark"})
"""What an entry has beside the fields of its object."""

_NO_FIELDS = _OURS | {"base"}

_TAKES_ALONG = {("dcim.interface", "device"), ("ipam.ipaddress", "assigned_object")}
"""Objects that NetBox deletes together with what they belong to, by the field that says so."""

_LETS_GO = frozenset({"lag", "untagged_vlan", "primary_ip4", "tagged_vlans", "import_targets", "export_targets"})
"""Fields that NetBox empties when what they refer to is deleted."""


class Table:
    """All entries by id, as one fabric sees them, while it works on them.

    `moved` has the versions before and after of entries that let go of what was deleted.
    """

    def __init__(self, fabric: str, entries: Mapping[int, Entry], last_id: int = 0) -> None:
        self.fabric = fabric
        self.entries = dict(entries)
        self.last_id = last_id
        self.moved: dict[int, tuple[str, str]] = {}
        self._ids = {named: number for number, entry in entries.items() if (named := _named(entry))}

    def own(self) -> Iterator[LiveObject]:
        """The fabric's objects."""
        for entry in self.entries.values():
            found = key_of(as_text(entry["kind"]), as_text(entry.get("mark")))
            if found is not None and found[0] == self.fabric:
                yield self._live(found[1], entry)

    def twins(self, wanted: Iterable[Record]) -> Iterator[LiveObject]:
        """What is in the place of wanted records without being the fabric's; what belongs to nobody has their key."""
        others = [entry for entry in self.entries.values() if not self._is_own(entry)]
        for record in wanted:
            is_shared = RECORD_KIND_BY_NAME[record.key.kind].is_shared
            for entry in others:
                if entry["kind"] == record.key.kind and self._is_twin(record, entry):
                    twin = ObjectKey(NETBOX, record.key.kind, "", f"#{entry['id']}")
                    yield self._live(record.key if is_shared else twin, entry)

    def carried(self, objects: Iterable[LiveObject]) -> dict[ObjectKey, str]:
        """By object, the entries that refer to it and are not the fabric's, as people read it."""
        bearers = {(each.key.kind, mark_of(self.fabric, each.key)): each.key for each in objects}
        found: dict[ObjectKey, list[str]] = {}
        for number, entry in self.entries.items():
            if not self._is_own(entry):
                for named in _marks([entry[name] for name in entry if name not in _NO_FIELDS]) & bearers.keys():
                    word = as_text(entry["kind"]).partition(".")[2]
                    found.setdefault(bearers[named], []).append(f"{word} {as_text(entry.get('name')) or number}")
        return {key: ", ".join(names) for key, names in found.items()}

    def write(self, change: Change) -> WriteOutcome:
        """Carry out a change, if it can be made."""
        return self._write(replace(change, key=whole_key(change.key)))._replace(key=change.key)

    def _write(self, change: Change) -> WriteOutcome:
        current = self._current(change)
        if (reason := _objection(change, self._as_seen(current))) is not None:
            gone = change.manifest is None and current is None
            return Written(key=change.key, object=None) if gone else _refused(change, Refusal.STALE, reason)
        if change.manifest is None:
            return self._delete(change, current)
        stored = self._stored(change, change.manifest, current)
        if (reason := self._fault(stored)) is not None:
            return _refused(change, Refusal.INVALID, reason)
        self._put(stored)
        return Written(key=change.key, object=self._live(change.key, stored))

    def _as_seen(self, current: LiveObject | None) -> LiveObject | None:
        """As the plan saw it, if nobody but us made it let go of something since."""
        before, after = self.moved.get(0 if current is None else int(current.uid), ("", ""))
        return current._replace(version=before) if current is not None and current.version == after else current

    def _put(self, entry: Entry) -> None:
        number = int(str(entry["id"]))
        self.last_id = max(self.last_id, number)
        before = _named(self.entries.get(number, {}))
        if before and before != _named(entry):
            self._ids.pop(before, None)
        self.entries[number] = entry
        if named := _named(entry):
            self._ids[named] = number

    def _current(self, change: Change) -> LiveObject | None:
        uid = change.precondition.uid
        number = int(uid) if uid.isdecimal() else self._ids.get((change.key.kind, mark_of(self.fabric, change.key)), 0)
        entry = self.entries.get(number)
        return None if entry is None else self._live(change.key, entry)

    def _stored(self, change: Change, manifest: JsonObject, current: LiveObject | None) -> Entry:
        """The entry as the change makes it."""
        is_new = current is None
        before = {} if current is None else dict(self.entries[int(current.uid)])
        number = self.last_id + 1 if is_new else before["id"]
        fields = as_object(manifest.get("fields")) | (as_object(manifest.get("once")) if is_new else {})
        sent = as_object(self._outward(fields))
        custom = {**as_object(before.get(CUSTOM_FIELDS)), **as_object(sent.get(CUSTOM_FIELDS))}
        after: Entry = {**before, **sent, "kind": change.key.kind, "id": number}
        if custom:
            after[CUSTOM_FIELDS] = custom
        after |= _members(before, as_object(self._outward(as_object(manifest.get("members")))))
        if not RECORD_KIND_BY_NAME[change.key.kind].is_shared:
            after["mark"] = mark_of(self.fabric, change.key)
        return _marked(after, manifest)

    def _delete(self, change: Change, current: LiveObject | None) -> WriteOutcome:
        if current is None:
            return Written(key=change.key, object=None)
        going = {int(current.uid)}
        while more := {number for number, each in self.entries.items() if self._goes_along(each, going)} - going:
            going |= more
        marks = self._marks_of(going)
        left = {number: entry for number, entry in self.entries.items() if number not in going}
        for number, entry in left.items():
            if field := _held_by(entry, marks):
                reason = f"{entry['kind']} {entry.get('mark') or number} needs it ({field})"
                return _refused(change, Refusal.INVALID, reason)
        self.entries = {number: _letting_go(entry, marks) for number, entry in left.items()}
        for number, entry in left.items():
            if entry != self.entries[number]:
                before, after = version_of(entry), version_of(self.entries[number])
                first, last = self.moved.get(number, ("", ""))
                self.moved[number] = (first if last == before else before, after)
        self._ids = {named: number for named, number in self._ids.items() if number not in going}
        return Written(key=change.key, object=None)

    def _marks_of(self, numbers: Iterable[int]) -> set[Named]:
        return {named for number in numbers if (named := _named(self.entries[number]))}

    def _goes_along(self, entry: Entry, going: set[int]) -> bool:
        marks = self._marks_of(going)
        return any(entry["kind"] == kind and _marks(entry.get(field)) & marks for kind, field in _TAKES_ALONG)

    def _fault(self, entry: Entry) -> str | None:
        for name, value in entry.items():
            if name not in _NO_FIELDS and (missing := _marks(value) - self._ids.keys()):
                return f"{name}: {min(missing)[1]} is not there"
        if entry.get("tagged_vlans") and not entry.get("mode"):
            return "tagged_vlans: a port without a mode has no VLANs"
        named = _named(entry)
        return f"{named[1]} is there already" if named and self._ids.get(named, entry["id"]) != entry["id"] else None

    def _is_own(self, entry: Entry) -> bool:
        return as_text(entry.get("mark")).startswith(f"{self.fabric}/")

    def _is_twin(self, record: Record, entry: Entry) -> bool:
        fields = {**record.once, **record.fields}
        return bool(record.natural) and all(
            _is_same(self._outward(fields.get(name)), entry.get(name)) for name in record.natural
        )

    def _live(self, key: ObjectKey, entry: Entry) -> LiveObject:
        hidden = _OURS if not entry.get("mark") or self._is_own(entry) else _OURS - {"mark"}
        value = as_object(self._inward({name: each for name, each in entry.items() if name not in hidden}))
        return LiveObject(key=key, value=value, version=version_of(entry), uid=str(entry["id"]))

    def _outward(self, value: Json) -> Json:
        return outward(self.fabric, value)

    def _inward(self, value: Json) -> Json:
        return inward(self.fabric, value)


def outward(own: str, value: Json) -> Json:
    """A fabric's value as it is kept: references to its objects by mark."""
    if isinstance(value, list):
        return [outward(own, each) for each in value]
    if not isinstance(value, dict):
        return value
    if is_reference(value) and "key" in value:
        return {"ref": value["ref"], "mark": f"{own}/{as_text(value['key'])}"}
    return {name: outward(own, each) for name, each in value.items()}


def inward(own: str, value: Json) -> Json:
    """A value as a fabric sees it: references to its objects by key, to others by whatever names them."""
    if isinstance(value, list):
        return [inward(own, each) for each in value]
    if not isinstance(value, dict):
        return value
    fabric, _, key = as_text(value.get("mark")).partition("/")
    if is_reference(value) and fabric == own:
        return {"ref": value["ref"], "key": key}
    return {name: inward(own, each) for name, each in value.items()}


def version_of(entry: Entry) -> str:
    """A short name for what an entry says; a late field is emptied by itself when what it refers to goes."""
    said = {name: value for name, value in entry.items() if name not in LATE_FIELDS}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _marked(entry: Entry, manifest: JsonObject) -> Entry:
    """With the base that is written in the same step; without our marks where they are taken off."""
    if "base" not in manifest:
        return entry
    if manifest["base"] is None:
        return {name: value for name, value in entry.items() if name not in {"base", "mark"}}
    return {**entry, "base": manifest["base"]}


def _held_by(entry: Entry, marks: set[Named]) -> str:
    """The field by which an entry keeps one of these from being deleted; empty text for none."""
    fields = (name for name in entry if name not in _LETS_GO | _NO_FIELDS)
    return next((name for name in fields if marks & _marks(entry[name])), "")


def _members(before: Entry, members: JsonObject) -> Entry:
    """Lists with our members put in and taken out; everybody else's stay."""
    added, removed = as_object(members.get("add")), as_object(members.get("remove"))
    lists: Entry = {}
    for name in {**added, **removed}:
        out, more = as_list(removed.get(name)), as_list(added.get(name))
        kept = [each for each in as_list(before.get(name)) if each not in out]
        lists[name] = [*kept, *(each for each in more if each not in kept)]
    return lists


def _letting_go(entry: Entry, marks: set[Named]) -> Entry:
    changed = {name: _emptied(entry[name], marks) for name in entry if name in _LETS_GO}
    return {**entry, **changed}


def _emptied(value: Json, marks: set[Named]) -> Json:
    if isinstance(value, list):
        return [each for each in value if not _marks(each) & marks]
    return None if _marks(value) & marks else value


def _named(entry: Entry) -> Named | None:
    """What references call an entry: marks are unique among the objects of one kind."""
    mark = as_text(entry.get("mark"))
    return (as_text(entry["kind"]), mark) if mark else None


def _marks(value: Json) -> set[Named]:
    """Whom a value refers to."""
    if isinstance(value, list):
        return {named for each in value for named in _marks(each)}
    if not isinstance(value, dict):
        return set()
    own = {(as_text(value["ref"]), as_text(value["mark"]))} if is_reference(value) and "mark" in value else set()
    return own | {named for each in value.values() for named in _marks(each)}


def _is_same(wanted: Json, found: Json) -> bool:
    """True if the value is there; a reference may say more of what it names."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(_is_same(value, found.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(_is_same, wanted, found))
    return wanted == found


def _objection(change: Change, current: LiveObject | None) -> str | None:
    """Why a write must not happen: the object is not what the plan saw, or what an earlier step of the plan made."""
    expected = change.precondition
    if not expected.uid and not expected.version and change.action is Action.CREATE:
        return None if current is None else "it exists already"
    if current is None:
        return "it was deleted since it was read"
    return None if expected.version in {current.version, ""} else "it was changed since it was read"


def _refused(change: Change, refusal: Refusal, reason: str) -> Refused:
    return Refused(key=change.key, refusal=refusal, message=reason)
