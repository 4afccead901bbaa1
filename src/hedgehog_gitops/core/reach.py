"""Blast radius: the objects that a change reaches, in the fabric's terms.

Downwards everything that needs the object, however far away; and for each attachment that is reached, what it joins:
the VPC, the servers and the switches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from hedgehog_gitops.core.waves import create_order, reverse
from hedgehog_gitops.model.kind import ObjectKey

Graph = Mapping[ObjectKey, frozenset[ObjectKey]]

ATTACHED = frozenset({"VPCAttachment", "ExternalAttachment"})
TOLD_FIRST = ("VPCAttachment", "Server", "VPC", "Switch", "ExternalAttachment", "External", "Connection")


class Reach:
    """Who needs whom in one set, asked many times. `graph` says what each object needs."""

    def __init__(self, graph: Graph) -> None:
        self._needs = graph

    @cached_property
    def _needed_by(self) -> dict[ObjectKey, frozenset[ObjectKey]]:
        return reverse(self._needs)

    def of(self, key: ObjectKey) -> tuple[ObjectKey, ...]:
        """The objects that a change of this one reaches: attachments, servers, VPCs and switches first."""
        users = self._users(key)
        ends = {end for each in (*users, key) if each.kind in ATTACHED for end in self._ends(each)}
        return tuple(sorted((users | ends) - {key}, key=_told))

    def _users(self, key: ObjectKey) -> frozenset[ObjectKey]:
        reached: set[ObjectKey] = set()
        frontier = [key]
        while frontier:
            found = self._needed_by.get(frontier.pop(), frozenset()) - reached
            reached |= found
            frontier += found
        return frozenset(reached)

    def _ends(self, attachment: ObjectKey) -> Iterable[ObjectKey]:
        """What an attachment joins: its VPC or external, and the devices of its connection."""
        for need in self._needs.get(attachment, frozenset()):
            yield need
            if need.kind == "Connection":
                yield from self._needs.get(need, frozenset())


def _told(key: ObjectKey) -> tuple[int, tuple[int, ObjectKey]]:
    rank = TOLD_FIRST.index(key.kind) if key.kind in TOLD_FIRST else len(TOLD_FIRST)
    return rank, create_order(key)
