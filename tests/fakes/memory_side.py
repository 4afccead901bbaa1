"""A side that lives in memory, held to the same contract as the real ones, with failures at the push of a button."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import Kind, ObjectKey
from hedgehog_gitops.model.live import LiveObject, LiveSide, Refusal, Refused, SideName, WriteOutcome, Written
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text
from hedgehog_gitops.model.plan import Change


@dataclass(slots=True)
class MemorySide:
    """Objects by key. `seen` are the changes that were sent, `looks` how often the side was read."""

    name: SideName = SideName.CLUSTER
    objects: dict[ObjectKey, LiveObject] = field(default_factory=dict)
    unreadable: dict[tuple[str, str], str] = field(default_factory=dict)
    refusals: dict[ObjectKey, Refused] = field(default_factory=dict)
    is_down: bool = False
    seen: list[Change] = field(default_factory=list)
    looks: int = 0
    _applied: dict[ObjectKey, JsonObject] = field(default_factory=dict)
    _counter: Iterator[int] = field(default_factory=lambda: count(1))

    def put(self, *values: JsonObject) -> None:
        """Somebody else writes whole objects; an object that is there keeps its uid and gets a new version."""
        for value in values:
            key = key_of(value)
            uid = self.objects[key].uid if key in self.objects else f"uid-{next(self._counter)}"
            self._store(key, value, uid)

    def delete(self, key: ObjectKey) -> None:
        """Somebody else deletes an object."""
        del self.objects[key]
        self._applied.pop(key, None)

    def refuse(self, key: ObjectKey, refusal: Refusal, message: str = "refused by the test") -> None:
        """From now on writes to this object are refused."""
        self.refusals[key] = Refused(key=key, refusal=refusal, message=message)

    def read(self, kinds: Sequence[Kind], ours: Collection[ObjectKey] = ()) -> LiveSide:
        """What is there, without the kinds in `unreadable`."""
        del ours
        self._check_up()
        self.looks += 1
        asked = {(kind.group, kind.kind) for kind in kinds}
        seen = asked - self.unreadable.keys()
        return LiveSide(
            side=self.name,
            objects={key: live for key, live in self.objects.items() if (key.group, key.kind) in seen},
            unknown={kind: reason for kind, reason in self.unreadable.items() if kind in asked},
            proven=frozenset(seen),
            requests=len(asked),
        )

    def write(self, changes: Sequence[Change], go_on: Callable[[], None] = lambda: None) -> Iterable[WriteOutcome]:
        """Carry out changes one by one."""
        self._check_up()
        for change in changes:
            go_on()
            self.seen.append(change)
            yield self._write(change)

    def _write(self, change: Change) -> WriteOutcome:
        if change.key in self.refusals:
            return self.refusals[change.key]
        live = self.objects.get(change.key)
        if change.manifest is None and live is None:
            return Written(key=change.key, object=None)
        found = ("", "") if live is None else (live.uid, live.version)
        if (change.precondition.uid, change.precondition.version) != found:
            return Refused(key=change.key, refusal=Refusal.STALE, message="it is not what was read")
        if change.manifest is None:
            self.delete(change.key)
            return Written(key=change.key, object=None)
        return Written(key=change.key, object=self._apply(change, change.manifest, live))

    def _apply(self, change: Change, manifest: JsonObject, live: LiveObject | None) -> LiveObject:
        key = change.key
        left = None if live is None else _without(live.value, self._applied.get(key), manifest)
        self._applied[key] = manifest
        uid = f"uid-{next(self._counter)}" if live is None else live.uid
        return self._store(key, as_object(_over(left, manifest)), uid)

    def _store(self, key: ObjectKey, value: JsonObject, uid: str) -> LiveObject:
        version = str(next(self._counter))
        metadata: JsonObject = {**as_object(value.get("metadata")), "uid": uid, "resourceVersion": version}
        self.objects[key] = LiveObject(key=key, value={**value, "metadata": metadata}, version=version, uid=uid)
        return self.objects[key]

    def _check_up(self) -> None:
        if self.is_down:
            raise UnreachableError(self.name, "down for the test")


def key_of(value: JsonObject) -> ObjectKey:
    """The identity of a plain object; `default` where it names no namespace."""
    metadata = as_object(value["metadata"])
    return ObjectKey(
        group=as_text(value["apiVersion"]).partition("/")[0],
        kind=as_text(value["kind"]),
        namespace=as_text(metadata.get("namespace", "default")),
        name=as_text(metadata["name"]),
    )


def _without(live: Json, applied: Json, manifest: Json) -> Json:
    if not (isinstance(live, dict) and isinstance(applied, dict) and isinstance(manifest, dict)):
        return live
    kept = [key for key in live if key in manifest or key not in applied]
    return {key: _without(live[key], applied.get(key), manifest.get(key)) for key in kept}


def _over(live: Json, manifest: Json) -> Json:
    if not (isinstance(live, dict) and isinstance(manifest, dict)):
        return manifest
    return {**live, **{key: _over(live.get(key), value) for key, value in manifest.items()}}
