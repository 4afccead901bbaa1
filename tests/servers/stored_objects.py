"""What an API server stores of our kinds, as a webhook sees it: now, or as it was a while ago."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text

KindId = tuple[str, str]

SETTLED = 2.0
"""Seconds after which a write that was let through is either stored or was refused by somebody else."""


class _Seen(NamedTuple):
    began: float
    specs: Mapping[ObjectKey, JsonObject]
    versions: Mapping[ObjectKey, str]


@dataclass(slots=True)
class StoredObjects:
    """The stored specs, read kind by kind; `lag` is how many seconds old a view is.

    A kind is read again only while a write to it is under way: all writes come past the webhooks.
    """

    paths: Mapping[KindId, str]
    get: Callable[[str], tuple[int, JsonObject]]
    lag: float = 0.0
    _seen: dict[KindId, deque[_Seen]] = field(default_factory=dict)
    _moving: dict[KindId, dict[ObjectKey, tuple[str, float]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> dict[ObjectKey, JsonObject]:
        """The specs of all objects in this view."""
        with self._lock:
            return {key: spec for kind in self.paths for key, spec in self._view(kind).items()}

    def moves(self, key: ObjectKey, version: str) -> None:
        """A write to this object, of this version until now (empty for none), was let through."""
        with self._lock:
            self._moving.setdefault((key.group, key.kind), {})[key] = (version, time.monotonic() + SETTLED)

    def _view(self, kind: KindId) -> Mapping[ObjectKey, JsonObject]:
        seen = self._seen.setdefault(kind, deque())
        asked = time.monotonic()
        if not seen or self._moving.get(kind):
            seen.append(self._read(kind, asked))
            self._settle(kind, seen[-1])
        while len(seen) > 1 and seen[1].began <= asked - self.lag:
            seen.popleft()
        return seen[0].specs

    def _settle(self, kind: KindId, seen: _Seen) -> None:
        moving = self._moving.get(kind, {})
        self._moving[kind] = {
            key: (version, until)
            for key, (version, until) in moving.items()
            if seen.versions.get(key, "") == version and seen.began < until
        }

    def _read(self, kind: KindId, asked: float) -> _Seen:
        status, body = self.get(self.paths[kind])
        assert status == 200, body
        values = [as_object(value) for value in as_list(body["items"])]
        found = {ObjectKey(*kind, *_identity(value)): value for value in values}
        versions = {key: as_text(as_object(value["metadata"])["resourceVersion"]) for key, value in found.items()}
        return _Seen(asked, {key: default_spec(kind_of(key), value) for key, value in found.items()}, versions)


def _identity(value: JsonObject) -> tuple[str, str]:
    metadata = as_object(value["metadata"])
    return as_text(metadata["namespace"]), as_text(metadata["name"])
