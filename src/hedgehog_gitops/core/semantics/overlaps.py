"""Which networks share addresses, found by one sweep over them in order of their addresses."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise

from hedgehog_gitops.core.addresses import Prefix


def first_partners(networks: Sequence[Prefix], owners: Sequence[Hashable]) -> dict[int, int]:
    """For each network that overlaps one of another owner: the first such network, both by index.

    Two prefixes overlap only if one lies in the other, so they form trees: what overlaps a network is above or below
    it. Each tree node keeps the first index and the first one of another owner than that, which is enough.
    """
    order = [at for *_, at in sorted((each.version, each.first, each.length, at) for at, each in enumerate(networks))]
    if not any(networks[outer].overlaps(networks[inner]) for outer, inner in pairwise(order)):
        return {}  # an outer network would stand right before an inner one
    parents = _parents(networks, order)
    above = _above(order, parents, owners)
    below: list[tuple[int, ...]] = [()] * len(networks)
    for at in reversed(order):
        if (parent := parents.get(at)) is not None:
            below[parent] = _two(below[parent] + below[at] + (at,), owners)
    partners = {
        at: min((other for other in above[at] + below[at] if owners[other] != owners[at]), default=None)
        for at in {*parents, *parents.values()}
    }
    return {at: other for at, other in partners.items() if other is not None}


def _parents(networks: Sequence[Prefix], order: Sequence[int]) -> dict[int, int]:
    """The nearest network around each one; of equal networks the former is around the latter."""
    parents: dict[int, int] = {}
    around: list[int] = []
    for at in order:
        while around and not networks[around[-1]].overlaps(networks[at]):
            around.pop()
        if around:
            parents[at] = around[-1]
        around.append(at)
    return parents


def _above(order: Sequence[int], parents: dict[int, int], owners: Sequence[Hashable]) -> list[tuple[int, ...]]:
    above: list[tuple[int, ...]] = [()] * len(order)
    for at in order:
        if (parent := parents.get(at)) is not None:
            above[at] = _two((*above[parent], parent), owners)
    return above


def _two(found: tuple[int, ...], owners: Sequence[Hashable]) -> tuple[int, ...]:
    """The first index, and the first of another owner."""
    first, *rest = sorted(found)
    second = next((at for at in rest if owners[at] != owners[first]), None)
    return (first,) if second is None else (first, second)
