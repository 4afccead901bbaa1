"""The set as admission sees it: all objects that decode, defaulted and stored together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.profile import Profile
from hedgehog_gitops.model.settings import FabricConstants

T = TypeVar("T")

NAMESPACE = "default"
"""The one namespace in which admission looks for partners."""


class Stored:
    """All stored specs of a set, with the fabric's constants and the switch profiles that count as built in.

    `specs` holds only objects that decode: what cannot be decoded is never stored, so others do not find it. Indexes
    are made when they are first asked for and live as long as the set (see `indexed`).
    """

    def __init__(
        self, specs: Mapping[ObjectKey, JsonObject], constants: FabricConstants, profiles: Mapping[str, Profile]
    ) -> None:
        self._specs = specs
        self.constants = constants
        self.profiles = profiles
        self._by_kind: dict[str, dict[str, JsonObject]] = {}
        self._indexes: dict[Callable[..., Any], Any] = {}
        for key in sorted(specs):
            if key.namespace == NAMESPACE:
                self._by_kind.setdefault(key.kind, {})[key.name] = specs[key]

    @property
    def specs(self) -> Mapping[ObjectKey, JsonObject]:
        """Every stored spec, of all Kubernetes namespaces. Where one kind is enough ask for that."""
        return self._specs

    def judging(self, kind: str) -> None:
        """Told before objects of a kind are judged."""

    def all(self, kind: str) -> Mapping[str, JsonObject]:
        """The specs of all objects of a kind by name, in order of their names. Kinds have one group each."""
        return self._by_kind.get(kind, NONE)

    def everywhere(self, kind: str) -> list[tuple[ObjectKey, JsonObject]]:
        """All objects of a kind, those of other namespaces too: admission's look-ups by label ask for no namespace."""
        keys = sorted((key for key in self._specs if key.kind == kind), key=_default_first)
        return [(key, self._specs[key]) for key in keys]

    def get(self, kind: str, name: str) -> JsonObject | None:
        """The spec of one object, or None."""
        return self._by_kind.get(kind, NONE).get(name)

    def index(self, make: Callable[[Stored], T]) -> T:
        """The index that `make` makes of this set; made once."""
        if make not in self._indexes:
            self._indexes[make] = make(self)
        found: T = self._indexes[make]
        return found


NONE: dict[str, JsonObject] = {}


def _default_first(key: ObjectKey) -> tuple[bool, str, str]:
    return (key.namespace != NAMESPACE, key.namespace, key.name)


def indexed(make: Callable[[Stored], T]) -> Callable[[Stored], T]:
    """Decorate a function of a set so that its answer is kept with the set."""

    def look_up(stored: Stored) -> T:
        return stored.index(make)

    look_up.__doc__ = make.__doc__
    return look_up
