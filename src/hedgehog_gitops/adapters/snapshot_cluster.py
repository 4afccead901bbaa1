"""A cluster as it was seen once: canonical manifests on disk, and a list that says what they are and are not.

`snapshot.json` names every object with its uid, version and writers, every kind that was read whole, and what we
remembered of the cluster then. What the list does not vouch for is unknown: a kind that could not be read, a file that
is missing, was added or was edited since.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from hedgehog_gitops.adapters.directory_cluster import DirectoryCluster
from hedgehog_gitops.adapters.state_records import record_from_value, record_value
from hedgehog_gitops.core.canonical import canonical
from hedgehog_gitops.core.layout import managed_path
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.errors import UnreachableError, UsageError
from hedgehog_gitops.model.kind import KINDS, Kind, ObjectKey, kind_of
from hedgehog_gitops.model.live import LiveObject, LiveSide, SideName, WriteOutcome
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.plan import Change
from hedgehog_gitops.model.state import BaseRecord

SCHEMA: Final = "hedgehog-gitops/snapshot/v1"
LIST: Final = "snapshot.json"
NETBOX: Final = "netbox"
"""What the list has of a fabric that is shown in NetBox too."""

_Named = tuple[str, str]


def write_snapshot(
    live: LiveSide,
    kinds: Sequence[Kind],
    fabric: str,
    directory: Path,
    bases: Iterable[BaseRecord] | None = None,
    beside: Callable[[], JsonObject] = dict,
) -> LiveSide:
    """Write a look to a directory that is new, empty or a snapshot already; the look as the directory holds it.

    Until everything is written, the list there says that nothing is known. `bases` is what is remembered of the side;
    None if that is not known. `beside` writes what else belongs to the snapshot, and says what the list says of it.
    """
    live = _writable(live)
    before = _files_before(directory)
    texts = {key: to_yaml(canonical(kind_of(key), each.value, key.namespace)) for key, each in live.objects.items()}
    files = {_file(key): text for key, text in sorted(texts.items())}
    _write_list(directory, fabric, (), dict.fromkeys([*before, *files]), None)
    for file, text in files.items():
        (directory / file).parent.mkdir(parents=True, exist_ok=True)
        (directory / file).write_text(text, encoding="utf-8")
    for file in before - files.keys():
        (directory / file).unlink(missing_ok=True)
    stored = DirectoryCluster(directory).read(kinds)
    entries = {_file(key): _entry(each, stored.objects[key].version) for key, each in sorted(live.objects.items())}
    records = None if bases is None else [record_value(each) for each in bases]
    _write_list(directory, fabric, [_known(kind, live) for kind in kinds], entries, records, beside())
    return live


def listed_netbox(directory: Path) -> JsonObject:
    """What the list says of the NetBox beside the cluster: the digest of its file, or the reason why it has none."""
    return as_object(_read_list(directory).get(NETBOX)) or {"reason": "the snapshot does not have it"}


@dataclass(frozen=True, slots=True)
class SnapshotCluster:
    """The cluster side of a plan without a cluster: read-only."""

    root: Path
    fabric: str

    @property
    def name(self) -> SideName:
        """The cluster."""
        return SideName.CLUSTER

    def read(self, kinds: Sequence[Kind], ours: Collection[ObjectKey] = ()) -> LiveSide:
        """The objects as they were; a kind that the list does not vouch for is unknown."""
        del ours
        listed = _read_list(self.root)
        if listed["fabric"] != self.fabric:
            raise UsageError(f"{self.root} is a snapshot of {as_text(listed['fabric'])}, and not of {self.fabric}")
        known = {_name(as_object(each)): as_object(each) for each in as_list(listed["kinds"])}
        entries = as_object(listed["objects"])
        stored = DirectoryCluster(self.root).read(kinds)
        doubts = dict(_doubts(kinds, known, entries, stored))
        return LiveSide(
            side=SideName.CLUSTER,
            objects={
                key: _seen(each, as_object(entries[_file(key)]))
                for key, each in stored.objects.items()
                if (key.group, key.kind) not in doubts
            },
            unknown=doubts,
            proven=frozenset(name for name, each in known.items() if each.get("proven") is True and name not in doubts),
        )

    def remembered(self) -> dict[ObjectKey, BaseRecord] | None:
        """What we remembered of the cluster when it was looked at; None if that was not known."""
        records = _read_list(self.root).get("records")
        if not isinstance(records, list):
            return None
        try:
            found = [record_from_value(as_object(each), SideName.CLUSTER) for each in records]
        except (ValueError, TypeError) as error:
            raise UnreachableError("snapshot", f"{self.root / LIST} is damaged", "make one: snapshot DIR") from error
        return {record.key: record for record in found}

    def write(self, changes: Sequence[Change], go_on: Callable[[], None] = lambda: None) -> Iterable[WriteOutcome]:
        """Nothing: what was seen once does not change."""
        del changes, go_on
        raise UsageError(f"{self.root} is a snapshot, which is only looked at")


def _writable(live: LiveSide) -> LiveSide:
    """The look without kinds whose objects have names that no file can have."""
    odd = {
        (key.group, key.kind): f"{key} has a name that no file can have" for key in live.objects if not _is_safe(key)
    }
    kept = {key: each for key, each in live.objects.items() if (key.group, key.kind) not in odd}
    return live._replace(objects=kept, unknown={**odd, **live.unknown}) if odd else live


def _is_safe(key: ObjectKey) -> bool:
    return not any(part.startswith(".") or set(part) & {"/", "\\", "\0"} for part in (key.namespace, key.name))


def _files_before(directory: Path) -> frozenset[str]:
    """The files of an earlier snapshot in the same place; `UsageError` if something else is there."""
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return frozenset()
    try:
        listed = as_object(_read_list(directory)["objects"])
    except UnreachableError as error:
        raise UsageError(f"{directory} is neither empty nor a snapshot; name a new directory") from error
    there = {f"{kind.plural}/{path.name}" for kind in KINDS for path in (directory / kind.plural).glob("*.yaml")}
    return frozenset(there & listed.keys())


def _write_list(
    directory: Path,
    fabric: str,
    kinds: Sequence[Json],
    objects: Mapping[str, Json],
    records: Sequence[Json] | None,
    beside: JsonObject | None = None,
) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    value: JsonObject = {"schema": SCHEMA, "fabric": fabric, "kinds": [*kinds], "objects": dict(objects)}
    value |= beside or {}
    value["records"] = None if records is None else [*records]
    whole = directory / f".{LIST}.tmp"
    whole.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    whole.replace(directory / LIST)


def _read_list(directory: Path) -> JsonObject:
    try:
        value = as_object(cast("Json", json.loads((directory / LIST).read_text(encoding="utf-8"))))
    except (OSError, ValueError) as error:
        raise UnreachableError("snapshot", f"{directory / LIST} cannot be read", "make one: snapshot DIR") from error
    if value.get("schema") != SCHEMA or not isinstance(value.get("objects"), dict) or "fabric" not in value:
        raise UnreachableError("snapshot", f"{directory / LIST} is no {SCHEMA}", "make one: snapshot DIR")
    return {"kinds": [], **value}


def _known(kind: Kind, live: LiveSide) -> JsonObject:
    name = (kind.group, kind.kind)
    reason = live.unknown.get(name)
    is_proven = name in live.proven and reason is None
    return {
        "group": kind.group, "kind": kind.kind, "complete": reason is None, "reason": reason or "", "proven": is_proven
    }  # fmt: skip


def _entry(live: LiveObject, digest: str) -> JsonObject:
    fields = as_object(live.value.get("metadata")).get("managedFields")
    return {"digest": digest, "uid": live.uid, "version": live.version, "managed_fields": as_list(fields)}


def _doubts(
    kinds: Sequence[Kind], known: Mapping[_Named, JsonObject], entries: JsonObject, stored: LiveSide
) -> Iterator[tuple[_Named, str]]:
    for kind in kinds:
        name = (kind.group, kind.kind)
        entry = known.get(name, {})
        if name in stored.unknown:
            yield name, stored.unknown[name]
        elif entry.get("complete") is not True:
            yield name, as_text(entry.get("reason")) or "the snapshot does not have it"
        elif moved := _moved(kind, entries, stored):
            yield name, f"{moved} is not as it was when the snapshot was made"


def _moved(kind: Kind, entries: JsonObject, stored: LiveSide) -> str:
    """The first file of a kind that is missing, new or another than the list says; empty text for none."""
    own = {file: as_text(as_object(entry).get("digest")) for file, entry in entries.items() if _is_of(file, kind)}
    found = {_file(key): each.version for key, each in stored.objects.items() if key.kind == kind.kind}
    return next((file for file in sorted(own.keys() | found.keys()) if own.get(file) != found.get(file)), "")


def _is_of(file: str, kind: Kind) -> bool:
    return file.partition("/")[0] == kind.plural


def _seen(stored: LiveObject, entry: JsonObject) -> LiveObject:
    uid, version = as_text(entry.get("uid")), as_text(entry.get("version"))
    metadata: JsonObject = {**as_object(stored.value.get("metadata")), "uid": uid, "resourceVersion": version}
    if writers := as_list(entry.get("managed_fields")):
        metadata["managedFields"] = writers
    return stored._replace(value={**stored.value, "metadata": metadata}, uid=uid, version=version)


def _file(key: ObjectKey) -> str:
    return managed_path(key).partition("/")[2]


def _name(kind: JsonObject) -> _Named:
    return as_text(kind.get("group")), as_text(kind.get("kind"))
