"""What a plan does not know, as people are told: each reason once, with the kinds that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.record import NETBOX


class Unknown(NamedTuple):
    """One reason, and the kinds (group, kind) that are not known because of it."""

    kinds: tuple[tuple[str, str], ...]
    reason: str

    @property
    def side(self) -> SideName:
        """Which side is not known; files that cannot be read keep nothing of the cluster from being known."""
        return side_of(self.kinds[0])

    def names(self, *, is_full: bool = False) -> str:
        """The kinds; of NetBox, which shows one object as many, only how many there are."""
        if self.side is SideName.NETBOX and len(self.kinds) > 1:
            return f"NetBox ({len(self.kinds)} kinds)"
        return ", ".join(f"{kind}.{group}" if is_full else kind for group, kind in self.kinds)


def side_of(kind: tuple[str, str]) -> SideName:
    """The side that a kind (group, kind) is of."""
    return SideName.NETBOX if kind[0] == NETBOX else SideName.CLUSTER


def unknowns(frozen: Mapping[tuple[str, str], str]) -> list[Unknown]:
    """The reasons in the order of their kinds; those of the cluster's kinds each by itself."""
    found = [Unknown((kind,), reason) for kind, reason in sorted(frozen.items()) if kind[0] != NETBOX]
    reasons: dict[str, list[tuple[str, str]]] = {}
    for kind, reason in sorted(frozen.items()):
        if kind[0] == NETBOX:
            reasons.setdefault(reason, []).append(kind)
    return [*found, *(Unknown(tuple(kinds), reason) for reason, kinds in reasons.items())]
