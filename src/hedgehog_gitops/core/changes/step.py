"""Two sets of objects, and what differs between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.stored import NAMESPACE
from hedgehog_gitops.model.kind import KINDS, ObjectKey
from hedgehog_gitops.model.plain import JsonObject

Specs = Mapping[ObjectKey, JsonObject]

_GROUPS = {kind.kind: kind.group for kind in KINDS}


class StepFault(NamedTuple):
    """One fault of a step. `subject` is the object whose update or removal it is about.

    `place` is the object at whose field the fault stands: the subject, or one of the newer set that still names it.
    """

    subject: ObjectKey
    place: ObjectKey
    fault: Fault


class Step:
    """The step from an older set to a newer one; both hold specs as stored. Kinds have one group each.

    Objects outside the fabric's namespace are left out: admission refuses them anyway.
    """

    def __init__(self, older: Specs, newer: Specs) -> None:
        self.older = older
        self.newer = newer
        self.changed = _by_kind(key for key, spec in newer.items() if _differs(spec, older.get(key)))
        self.added = _by_kind(newer.keys() - older.keys())
        self.removed = _by_kind(older.keys() - newer.keys())

    @property
    def is_still(self) -> bool:
        """True if nothing differs."""
        return not (self.changed or self.added or self.removed)

    def updates(self, kind: str) -> Iterator[tuple[ObjectKey, JsonObject, JsonObject]]:
        """Each changed object of a kind: its key, what it was, what it becomes."""
        for key in self.changed.get(kind, ()):
            yield key, self.older[key], self.newer[key]

    def removals(self, kind: str) -> Iterator[tuple[ObjectKey, JsonObject]]:
        """Each removed object of a kind, and what it was."""
        for key in self.removed.get(kind, ()):
            yield key, self.older[key]

    @cached_property
    def before(self) -> Mapping[str, Mapping[str, JsonObject]]:
        """The older specs by kind and name."""
        return _named(self.older)

    @cached_property
    def after(self) -> Mapping[str, Mapping[str, JsonObject]]:
        """The newer specs by kind and name."""
        return _named(self.newer)


def key_of(kind: str, name: str) -> ObjectKey:
    """The identity of an object of ours."""
    return ObjectKey(group=_GROUPS[kind], kind=kind, namespace=NAMESPACE, name=name)


def _by_kind(keys: Iterator[ObjectKey] | set[ObjectKey]) -> dict[str, list[ObjectKey]]:
    found: dict[str, list[ObjectKey]] = {}
    for key in sorted(keys):
        if key.namespace == NAMESPACE:
            found.setdefault(key.kind, []).append(key)
    return found


def _differs(now: JsonObject, was: JsonObject | None) -> bool:
    """What was not looked at closely is the same object in both sets."""
    return now is not was and was is not None and now != was


def _named(specs: Specs) -> dict[str, dict[str, JsonObject]]:
    found: dict[str, dict[str, JsonObject]] = {}
    for key, spec in specs.items():
        if key.namespace == NAMESPACE:
            found.setdefault(key.kind, {})[key.name] = spec
    return {kind: dict(sorted(named.items(), key=_name)) for kind, named in sorted(found.items())}


def _name(entry: tuple[str, JsonObject]) -> str:
    return entry[0]
