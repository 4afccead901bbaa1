"""The ConfigMaps of a fabric: its state, and its base records in pieces. What was last seen of them is kept."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from hedgehog_gitops.adapters.kubernetes import shards
from hedgehog_gitops.adapters.kubernetes import state_objects as objects
from hedgehog_gitops.adapters.kubernetes.state_lock import Lock
from hedgehog_gitops.adapters.kubernetes.versioned import Versioned
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text
from hedgehog_gitops.model.state import BaseRecord


class Maps:
    """The ConfigMaps of one fabric, each written only over the version that was seen."""

    def __init__(self, stored: Versioned, lock: Lock) -> None:
        self._stored = stored
        self._lock = lock
        self._seen: dict[str, JsonObject] | None = None
        self._records: dict[SideName, dict[ObjectKey, BaseRecord]] = {}

    def now(self) -> Mapping[str, JsonObject]:
        """All of them by name, as they are stored now."""
        found = self._stored.all(objects.selector(self._lock.fabric), "ConfigMap")
        self._seen = dict(objects.maps_by_name(found))
        self._records = {}
        return self._seen

    def seen(self) -> Mapping[str, JsonObject]:
        """All of them as last seen, whoever has written since: good enough for what compares versions."""
        return self.now() if self._seen is None else self._seen

    def held(self) -> Mapping[str, JsonObject]:
        """All of them: nobody else writes them while we hold the lock, else as they are now."""
        return self.seen() if self._lock.fence else self.now()

    def forget(self) -> None:
        """Somebody else may have written: nothing is seen any more."""
        self._seen = None

    def records(self, side: SideName) -> Mapping[ObjectKey, BaseRecord]:
        """The base records of a side."""
        maps = self.held()
        if side not in self._records:
            self._records[side] = shards.joined(objects.pieces_from(maps.values(), side), side)
        return self._records[side]

    def store(self, value: JsonObject) -> None:
        """Store one over the version that it names. Raises `ConflictError`."""
        stored = self._stored.store(value)
        if self._seen is not None:
            self._seen[as_text(as_object(value["metadata"])["name"])] = stored

    def advance(self, fence: int, side: SideName, moved: shards.Records, gone: AbstractSet[ObjectKey]) -> None:
        """Write the pieces in which base records moved or are gone. Raises `ConflictError`, some of them written."""
        records = {key: record for key, record in {**self.records(side), **moved}.items() if key not in gone}
        maps, fabric = self.seen(), self._lock.fabric
        present = {place: piece.fence for place, piece in objects.pieces_from(maps.values(), side).items()}
        pieces = shards.cut(records, present, {*moved, *gone})
        for place, content in sorted(pieces.items()):
            version = objects.version_of(maps.get(objects.base_name(fabric, side, place)))
            self.store(objects.base_object(fabric, side, place, shards.Piece(fence, content), version))
        self._records[side] = records
        level = max(each for each, _ in pieces)
        for place in sorted(each for each in present if each[0] < level):
            self._delete(objects.base_name(fabric, side, place))

    def _delete(self, name: str) -> None:
        """Delete one of the version that was seen; one that is gone already is gone."""
        seen = self._seen if self._seen is not None else {}
        self._stored.delete(name, objects.version_of(seen.get(name)))
        seen.pop(name, None)
