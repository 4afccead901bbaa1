"""Blast radius: the objects that a change reaches, in the fabric's terms.

Downwards everything that needs the object, however far away; and for each attachment that is reached, what it joins:
the VPC, the servers and the switches. A plan's graph holds what an object needed and what it will need: a server that
an attachment leaves is reached too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from hedgehog_gitops.core.references import references
from hedgehog_gitops.core.waves import create_order, reached
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject

Graph = Mapping[ObjectKey, frozenset[ObjectKey]]
NO_GRAPH: Graph = {}
NOBODY: frozenset[ObjectKey] = frozenset()

ATTACHED = frozenset({"VPCAttachment", "ExternalAttachment"})
TOLD_FIRST = ("VPCAttachment", "Server", "VPC", "Switch", "ExternalAttachment", "External", "Connection")

NAMED = 10
"""How many objects of each kind a blast radius names."""


class Reach:
    """Who needs whom in one set, asked many times.

    `graph` says what each object needs, `former` what some needed before: a server that an attachment leaves is
    reached too.
    """

    def __init__(self, graph: Graph, former: Graph = NO_GRAPH) -> None:
        self._graph = graph
        self._former = former

    @cached_property
    def _needed_by(self) -> dict[ObjectKey, set[ObjectKey]]:
        users: dict[ObjectKey, set[ObjectKey]] = {}
        for graph in (self._graph, self._former):
            for key, needs in graph.items():
                for need in needs:
                    users.setdefault(need, set()).add(key)
        return users

    def _needs(self, key: ObjectKey) -> frozenset[ObjectKey]:
        return self._graph.get(key, NOBODY) | self._former.get(key, NOBODY)

    def of(self, key: ObjectKey) -> tuple[ObjectKey, ...]:
        """The objects that a change of this one reaches: attachments, servers, VPCs and switches first."""
        users = reached((key,), self._needed_by)
        ends = {end for each in (*users, key) if each.kind in ATTACHED for end in self._ends(each)}
        return tuple(sorted((users | ends) - {key}, key=_told))

    def _ends(self, attachment: ObjectKey) -> Iterable[ObjectKey]:
        """What an attachment joins: its VPC or external, and the devices of its connection."""
        for need in self._needs(attachment):
            yield need
            if need.kind == "Connection":
                yield from self._needs(need)


def former_needs(before: Mapping[ObjectKey, JsonObject], known: Collection[ObjectKey]) -> Graph:
    """What the objects of `before` (specs as the side has them) needed there."""
    return {
        key: frozenset(each.target for each in references(key, spec) if each.target in known) - {key}
        for key, spec in before.items()
    }


def named(radius: Iterable[ObjectKey]) -> tuple[ObjectKey, ...]:
    """The first few of each kind."""
    left: Counter[str] = Counter()
    shown: list[ObjectKey] = []
    for key in radius:
        left[key.kind] += 1
        if left[key.kind] <= NAMED:
            shown.append(key)
    return tuple(shown)


def counted(radius: Iterable[ObjectKey]) -> dict[str, int]:
    """How many of each kind."""
    return dict(Counter(key.kind for key in radius))


def _told(key: ObjectKey) -> tuple[int, tuple[int, ObjectKey]]:
    rank = TOLD_FIRST.index(key.kind) if key.kind in TOLD_FIRST else len(TOLD_FIRST)
    return rank, create_order(key)
