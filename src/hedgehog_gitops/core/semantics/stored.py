"""The set as admission sees it: all objects that decode, defaulted and stored together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from hedgehog_gitops.core.semantics.faces import VpcFace, vpc_face
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.settings import FabricConstants

if TYPE_CHECKING:
    from hedgehog_gitops.model.profile import Profile

T = TypeVar("T")

NAMESPACE = "default"
"""The one namespace in which admission looks for partners."""


class Stored:
    """All stored specs of a set, with the fabric's constants and the switch profiles that count as built in.

    `specs` holds only objects that decode: what cannot be decoded is never stored, so others do not find it. A spec is
    looked at when somebody asks for its kind. Indexes are made when they are first asked for and live as long as the
    set (see `indexed`).
    """

    def __init__(
        self, specs: Mapping[ObjectKey, JsonObject], constants: FabricConstants, profiles: Mapping[str, Profile]
    ) -> None:
        self._specs = specs
        self.constants = constants
        self.profiles = profiles
        self._keys: dict[str, list[ObjectKey]] = {}
        self._by_kind: dict[str, dict[str, JsonObject]] = {}
        self._indexes: dict[Callable[..., Any], Any] = {}
        for key in specs:
            self._keys.setdefault(key.kind, []).append(key)

    @property
    def specs(self) -> Mapping[ObjectKey, JsonObject]:
        """Every stored spec, of all Kubernetes namespaces. Where one kind is enough ask for that."""
        return self._specs

    @property
    def kinds(self) -> list[str]:
        """The kinds of which there are objects."""
        return sorted(self._keys)

    def judging(self, kind: str) -> None:
        """Told before objects of a kind are judged."""

    def all(self, kind: str) -> Mapping[str, JsonObject]:
        """The specs of all objects of a kind by name, in order of their names. Kinds have one group each."""
        return self._named(kind)

    def keys(self, kind: str) -> list[ObjectKey]:
        """Who is of a kind, in all namespaces."""
        return sorted(self._keys.get(kind, ()), key=_default_first)

    def everywhere(self, kind: str) -> list[tuple[ObjectKey, JsonObject]]:
        """All objects of a kind, those of other namespaces too: admission's look-ups by label ask for no namespace."""
        return [(key, self._specs[key]) for key in self.keys(kind)]

    def get(self, kind: str, name: str) -> JsonObject | None:
        """The spec of one object, or None."""
        return self._named(kind).get(name)

    def vpc_face(self, name: str) -> VpcFace | None:
        """As much of a VPC as others look at, or None. Who needs no more is not judged again for the rest of it."""
        spec = self._named("VPC").get(name)
        return None if spec is None else vpc_face(spec)

    def _named(self, kind: str) -> dict[str, JsonObject]:
        if kind not in self._by_kind:
            found = sorted(key for key in self._keys.get(kind, ()) if key.namespace == NAMESPACE)
            self._by_kind[kind] = {key.name: self._specs[key] for key in found}
        return self._by_kind[kind]

    def index(self, make: Callable[[Stored], T]) -> T:
        """The index that `make` makes of this set; made once."""
        if make not in self._indexes:
            self._indexes[make] = make(self)
        found: T = self._indexes[make]
        return found


def _default_first(key: ObjectKey) -> tuple[bool, str, str]:
    return (key.namespace != NAMESPACE, key.namespace, key.name)


def indexed(make: Callable[[Stored], T]) -> Callable[[Stored], T]:
    """Decorate a function of a set so that its answer is kept with the set."""

    def look_up(stored: Stored) -> T:
        return stored.index(make)

    look_up.__doc__ = make.__doc__
    return look_up
