"""A NetBox as it was seen once: `netbox.json` beside a cluster's snapshot, in the form of a NetBox that is a file.

Under `seen` it has what the look said beyond the objects: id, version and last writer of each, the kinds that could not
be read, and what we remembered. Whether it is the file of this snapshot says the snapshot's list, by its digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from hedgehog_gitops.adapters.netbox_entries import Entry, inward, outward
from hedgehog_gitops.adapters.netbox_file import SCHEMA
from hedgehog_gitops.adapters.snapshot_cluster import listed_netbox
from hedgehog_gitops.adapters.state_records import record_from_value, record_value
from hedgehog_gitops.core.netbox.comparing import CARRIES, CHANGED_BY
from hedgehog_gitops.model.errors import UnreachableError, UsageError
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Doubt, LiveObject, LiveSide, SideName, WriteOutcome, doubted
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.plan import Change
from hedgehog_gitops.model.record import NETBOX, RECORD_KIND_BY_NAME, RECORD_KINDS, Record, mark_of
from hedgehog_gitops.model.state import BaseRecord

FILE: Final = "netbox.json"

_TOLD: Final = frozenset({CHANGED_BY, CARRIES})
"""What a look tells beside an object's fields."""


def netbox_text(live: LiveSide, fabric: str, bases: Iterable[BaseRecord] | None = None) -> bytes:
    """A look as the bytes of the file; equal looks give equal bytes. `bases` is None if our memory is not known."""
    order = sorted(live.objects, key=lambda key: (RECORD_KIND_BY_NAME[key.kind].order, key))
    numbered = [(number, live.objects[key]) for number, key in enumerate(order, start=1)]
    value: JsonObject = {
        "schema": SCHEMA,
        "last_id": len(numbered),
        "objects": [_entry(number, each, fabric) for number, each in numbered],
        "seen": {
            "fabric": fabric,
            "objects": [_seen(number, each) for number, each in numbered],
            "unknown": {kind: reason for (_, kind), reason in sorted(live.unknown.items())},
            "proven": [kind for _, kind in sorted(live.proven)],
            "records": None if bases is None else [record_value(each) for each in bases],
        },
    }
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def write_netbox(directory: Path, text: bytes) -> None:
    """Put the file in place in one step."""
    part = directory / f".{FILE}.tmp"
    part.write_bytes(text)
    part.replace(directory / FILE)


def vouch(text: bytes) -> JsonObject:
    """What the snapshot's list says of the file that goes with it."""
    return {"digest": hashlib.sha256(text).hexdigest(), "reason": ""}


@dataclass(frozen=True, slots=True)
class SnapshotNetbox:
    """The NetBox side of a plan without a NetBox: read-only."""

    root: Path
    fabric: str

    @property
    def name(self) -> SideName:
        """NetBox."""
        return SideName.NETBOX

    def read(self, wanted: Sequence[Record], ours: Collection[ObjectKey] = ()) -> LiveSide:
        """The look as it was; all of it is unknown if the list does not vouch for the file."""
        del wanted, ours
        found = self._load()
        if isinstance(found, str):
            return LiveSide(side=self.name, objects={}, unknown=_all_unknown(found))
        seen = as_object(found["seen"])
        return LiveSide(
            side=self.name,
            objects={each.key: each for each in _objects(found, self.fabric)},
            unknown={(NETBOX, kind): as_text(reason) for kind, reason in as_object(seen.get("unknown")).items()},
            proven=frozenset((NETBOX, as_text(kind)) for kind in as_list(seen.get("proven"))),
        )

    def authors(self, objects: Collection[LiveObject]) -> Mapping[ObjectKey, str]:
        """Who had changed these objects last, as far as the look asked."""
        return self._told(CHANGED_BY, objects)

    def carried(self, objects: Collection[LiveObject]) -> Mapping[ObjectKey, str]:
        """What hung on these objects and was not ours."""
        return self._told(CARRIES, objects)

    def remembered(self) -> dict[ObjectKey, BaseRecord] | None:
        """What we remembered of NetBox when it was looked at; None if that was not known."""
        found = self._load()
        records = None if isinstance(found, str) else as_object(found["seen"]).get("records")
        if not isinstance(records, list):
            return None
        bases = [record_from_value(as_object(each), SideName.NETBOX) for each in records]
        return {record.key: record for record in bases}

    def write(self, changes: Sequence[Change], go_on: Callable[[], None] = lambda: None) -> Iterable[WriteOutcome]:
        """Nothing: what was seen once does not change."""
        del changes, go_on
        raise UsageError(f"{self.root} is a snapshot, which is only looked at")

    def _told(self, what: str, objects: Collection[LiveObject]) -> dict[ObjectKey, str]:
        found = self._load()
        pairs = () if isinstance(found, str) else _pairs(found)
        known = {(each["kind"], note.get("uid")): as_text(note.get(what)) for each, note in pairs}
        told = ((each.key, known.get((each.key.kind, each.uid), "")) for each in objects)
        return {key: text for key, text in told if text}

    def _load(self) -> JsonObject | str:
        """The file, or why it says nothing."""
        listed = listed_netbox(self.root)
        if reason := as_text(listed.get("reason")):
            return reason
        try:
            text = (self.root / FILE).read_bytes()
        except OSError as error:
            return doubted(Doubt.MALFORMED, f"{FILE} cannot be read: {error.strerror}")
        if vouch(text)["digest"] != listed.get("digest"):
            return doubted(Doubt.MALFORMED, f"{FILE} is not as it was when the snapshot was made")
        return self._checked(text)

    def _checked(self, text: bytes) -> JsonObject:
        """The file, which is as some version of us wrote it."""
        value = as_object(cast("Json", json.loads(text)))
        seen = as_object(value.get("seen"))
        if value.get("schema") != SCHEMA:
            raise UnreachableError("snapshot", f"{self.root / FILE} is no {SCHEMA}", "make one: snapshot DIR")
        if seen.get("fabric") != self.fabric:
            raise UsageError(f"{self.root} is a snapshot of {as_text(seen.get('fabric'))}, and not of {self.fabric}")
        return value


def _entry(number: int, live: LiveObject, fabric: str) -> Entry:
    shown: Entry = {name: outward(fabric, each) for name, each in live.value.items() if name not in {"base", *_TOLD}}
    base: Entry = {"base": live.value["base"]} if "base" in live.value else {}
    is_ours = live.key.namespace and not RECORD_KIND_BY_NAME[live.key.kind].is_shared
    mark: Entry = {"mark": mark_of(fabric, live.key)} if is_ours else {}
    return {**shown, **base, **mark, "kind": live.key.kind, "id": number}


def _seen(number: int, live: LiveObject) -> JsonObject:
    named: JsonObject = {"namespace": live.key.namespace, "name": live.key.name}
    told: JsonObject = {name: live.value[name] for name in _TOLD if name in live.value}
    return {"id": number, "uid": live.uid, "version": live.version, **named, **told}


def _objects(found: JsonObject, fabric: str) -> Iterator[LiveObject]:
    for entry, note in _pairs(found):
        key = ObjectKey(NETBOX, as_text(entry["kind"]), as_text(note.get("namespace")), as_text(note.get("name")))
        hidden = {"kind", "id", "base", *(["mark"] if key.namespace else [])}
        value: JsonObject = {name: inward(fabric, each) for name, each in entry.items() if name not in hidden}
        value |= {"base": entry["base"]} if "base" in entry else {}
        yield LiveObject(key=key, value=value, version=as_text(note.get("version")), uid=as_text(note.get("uid")))


def _pairs(found: JsonObject) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Each object with what was seen of it."""
    notes = {as_object(each).get("id"): as_object(each) for each in as_list(as_object(found["seen"]).get("objects"))}
    for each in as_list(found.get("objects")):
        entry = as_object(each)
        yield entry, notes[entry["id"]]


def _all_unknown(reason: str) -> dict[tuple[str, str], str]:
    return {(NETBOX, kind.name): reason for kind in RECORD_KINDS}
