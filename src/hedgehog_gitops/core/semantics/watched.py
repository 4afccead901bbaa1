"""The stored set, with a note of which kinds are looked at while the objects of one kind are judged.

A judge sees nothing but its object's spec, the set, and what is the same in every run. So if no object of any kind that
it looked at has changed, it looks at the same kinds again, and says the same.
Of VPCs it may have looked at the faces only; then it is enough that those are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from hedgehog_gitops.core.semantics.faces import VpcFace
from hedgehog_gitops.core.semantics.stored import Stored
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.settings import FabricConstants

if TYPE_CHECKING:
    from hedgehog_gitops.model.profile import Profile

T = TypeVar("T")

EVERY_KIND = "*"
"""Noted when a judge looks at the set as a whole."""

VPC_FACES = "VPC faces"
"""Noted when a judge looks at VPCs, and at no more than their faces."""


class Watched(Stored):
    """`reads` is by the kind that was judged: the kinds that were looked at."""

    def __init__(
        self, specs: Mapping[ObjectKey, JsonObject], constants: FabricConstants, profiles: Mapping[str, Profile]
    ) -> None:
        super().__init__(specs, constants, profiles)
        self.reads: dict[str, set[str]] = {}
        self._noting: set[str] = set()
        self._noted: set[Callable[..., Any]] = set()
        self._index_reads: dict[Callable[..., Any], set[str]] = {}

    @property
    def specs(self) -> Mapping[ObjectKey, JsonObject]:
        """Every stored spec."""
        self._noting.add(EVERY_KIND)
        return self._specs

    def judging(self, kind: str) -> None:
        """From now on what is looked at is looked at for this kind."""
        self._noting = self.reads.setdefault(kind, {kind})
        self._noted = set()

    def all(self, kind: str) -> Mapping[str, JsonObject]:
        """The specs of all objects of a kind by name."""
        self._noting.add(kind)
        return super().all(kind)

    def keys(self, kind: str) -> list[ObjectKey]:
        """Who is of a kind, in all namespaces."""
        self._noting.add(kind)
        return super().keys(kind)

    def everywhere(self, kind: str) -> list[tuple[ObjectKey, JsonObject]]:
        """All objects of a kind, those of other namespaces too."""
        self._noting.add(kind)
        return super().everywhere(kind)

    def get(self, kind: str, name: str) -> JsonObject | None:
        """The spec of one object, or None."""
        self._noting.add(kind)
        return (self._by_kind.get(kind) or self._named(kind)).get(name)

    def vpc_face(self, name: str) -> VpcFace | None:
        """As much of a VPC as others look at, or None."""
        self._noting.add(VPC_FACES)
        return super().vpc_face(name)

    def index(self, make: Callable[[Stored], T]) -> T:
        """An index looks at kinds once, and everybody who asks for it has looked at them."""
        if make in self._noted:
            found: T = self._indexes[make]
            return found
        if make not in self._index_reads:
            asking, self._noting, self._noted = (self._noting, self._noted), set(), set()
            super().index(make)
            self._index_reads[make] = self._noting
            self._noting, self._noted = asking
        self._noting |= self._index_reads[make]
        self._noted.add(make)
        return super().index(make)
