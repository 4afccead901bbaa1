"""A JSON file that stands for a NetBox: the same records, complete, on disk, to be read and edited by hand.

Each object is an entry with its NetBox kind and an id. An object's version is the digest of its entry, so an edit by
hand is a new version like any other. The file is replaced as a whole, one wave of changes at a time.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from hedgehog_gitops.adapters.netbox_entries import Entry, Table
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Doubt, LiveObject, LiveSide, Refusal, Refused, SideName, WriteOutcome, doubted
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.plan import Change
from hedgehog_gitops.model.record import NETBOX, RECORD_KIND_BY_NAME, RECORD_KINDS, Record

SCHEMA: Final = "hedgehog-gitops/netbox/v1"


@dataclass(frozen=True, slots=True)
class NetboxFile:
    """The records in one file, which need not exist yet: then it is an empty NetBox."""

    path: Path
    fabric: str
    moved: dict[int, tuple[str, str]] = field(default_factory=dict, init=False, compare=False)
    """Versions before and after of entries that let go of what we deleted."""

    @property
    def name(self) -> SideName:
        """NetBox."""
        return SideName.NETBOX

    def read(self, wanted: Sequence[Record], ours: Collection[ObjectKey] = ()) -> LiveSide:
        """Everything of the fabric, and what is in the place of wanted records.

        A file that is there proves that what it does not hold is gone; that of a missing file nobody knows.
        """
        del ours
        table = self._load()
        objects = {live.key: live for live in (*table.own(), *table.twins(wanted))}
        proven = frozenset((NETBOX, kind.name) for kind in RECORD_KINDS) if self.path.exists() else frozenset()
        return LiveSide(side=self.name, objects=objects, unknown=dict(_doubled(table)), proven=proven)

    def authors(self, objects: Collection[LiveObject]) -> dict[ObjectKey, str]:
        """Nobody: a file keeps no record of its writers."""
        del objects
        return {}

    def carried(self, objects: Collection[LiveObject]) -> dict[ObjectKey, str]:
        """Entries that refer to these and are not the fabric's."""
        return self._load().carried(objects)

    def write(self, changes: Sequence[Change], go_on: Callable[[], None] = lambda: None) -> Iterable[WriteOutcome]:
        """Carry out the changes of a wave and put the file in place in one step; what is stale now is refused."""
        go_on()
        try:
            with self._alone():
                table = self._load()
                table.moved = self.moved
                outcomes = [table.write(change) for change in changes]
                self._store(table)
        except OSError as error:
            reason = f"{self.path}: {error.strerror}"
            return [Refused(key=change.key, refusal=Refusal.UNREACHABLE, message=reason) for change in changes]
        return outcomes

    def _load(self) -> Table:
        try:
            value = cast("Json", json.loads(self.path.read_bytes()))
        except FileNotFoundError:
            return Table(self.fabric, {})
        except OSError as error:
            raise self._unusable(error.strerror or "cannot be read") from error
        except ValueError as error:
            raise self._unusable(f"is no JSON: {error}") from error
        entries = [as_object(entry) for entry in as_list(as_object(value).get("objects"))]
        if as_object(value).get("schema") != SCHEMA or not all(map(_is_entry, entries)):
            raise self._unusable(f"is no {SCHEMA}")
        by_id = {int(str(entry["id"])): entry for entry in entries}
        last = as_object(value).get("last_id")
        return Table(self.fabric, by_id, max([last if isinstance(last, int) else 0, *by_id]))

    def _store(self, table: Table) -> None:
        entries: list[Json] = [entry for _, entry in sorted(table.entries.items())]
        value: JsonObject = {"schema": SCHEMA, "last_id": table.last_id, "objects": entries}
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
                os.fchmod(file.fileno(), 0o644)
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Fabrics that share the file wait for each other; the lock is beside it, since it is a new one each time."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with (self.path.parent / f".{self.path.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _unusable(self, reason: str) -> UnreachableError:
        return UnreachableError(SideName.NETBOX, f"{self.path} {reason}", "correct the file, or netbox.file")


def _is_entry(entry: Entry) -> bool:
    number = entry.get("id")
    return as_text(entry.get("kind")) in RECORD_KIND_BY_NAME and isinstance(number, int) and number > 0


def _doubled(table: Table) -> Iterator[tuple[tuple[str, str], str]]:
    """Kinds in which one mark stands on several objects: which one is meant, nobody can say."""
    crowd = Counter((live.key.kind, live.key) for live in table.own())
    for (kind, key), number in sorted(crowd.items()):
        if number > 1:
            yield (NETBOX, kind), doubted(Doubt.MALFORMED, f"{number} objects have the mark of {key}")
