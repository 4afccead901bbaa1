"""The order of all writes of a plan: what is needed first, what is released before it is claimed, users before prunes.

Everything is one graph over the objects that are written: a create or update waits for what it needs, a claim for the
release, a prune for everybody who used the object. What goes round in a circle of claims is a swap, which no order
can carry out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from hedgehog_gitops.core.claims import Claim, claims, handovers
from hedgehog_gitops.core.membership import members_needed
from hedgehog_gitops.core.references import references
from hedgehog_gitops.core.rooms import narrowed
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject

Specs = Mapping[ObjectKey, JsonObject]
Graph = Mapping[ObjectKey, Collection[ObjectKey]]
NOTHING: JsonObject = {}
NO_GRAPH: Graph = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes:
    """What is written: the specs (as stored) that objects are to have, and those that the side has of all written.

    An object in `before` alone is pruned, one in `after` alone is created.
    """

    after: Specs
    before: Specs

    @property
    def pruned(self) -> frozenset[ObjectKey]:
        """The objects that go."""
        return frozenset(self.before.keys() - self.after.keys())


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One thing that passes from one object to another."""

    claimant: ObjectKey
    holder: ObjectKey
    claim: Claim


def needs(writes: Writes, graph: Graph = NO_GRAPH) -> dict[ObjectKey, frozenset[ObjectKey]]:
    """What each write waits for, among the writes.

    By `graph` (what each desired object needs) it waits through what is not written, too: an attachment for the switch
    at the far end of its connection.
    """
    waits: dict[ObjectKey, set[ObjectKey]] = {key: set() for key in sorted((*writes.after, *writes.before))}
    standing = writes.after.keys() & writes.before.keys()
    for key, spec in writes.after.items():
        named = _written_needs(key, spec, waits.keys(), graph)
        waits[key] |= named - _relays(key, named, standing)
    for peering, gateways in members_needed(writes.after, graph):
        waits[peering] |= gateways
    for handover in hand_overs(writes):
        waits[handover.claimant].add(handover.holder)
    for each in narrowed(writes.after, writes.before):
        for user in each.content & waits.keys():
            waits[user].discard(each.namespace)
        waits[each.namespace] |= each.leaving
    pruned = writes.pruned
    for user, spec in writes.before.items():
        named = _targets(user, spec) & pruned
        for target in named - _relays(user, named, pruned):
            waits[target].add(user)
    return {key: frozenset(held) for key, held in waits.items()}


def knots(writes: Writes, graph: Graph) -> dict[ObjectKey, ObjectKey]:
    """The writes that wait for each other in a ring, for whatever reasons, each with one that it waits for."""
    waits = needs(writes, graph)
    ring = rings(waits)
    return {key: min(waits[key] & ring) for key in sorted(ring)}


def hand_overs(writes: Writes) -> tuple[Handover, ...]:
    """Everything that passes between the objects that are written."""
    found = handovers(_released(writes), _claimed(writes))
    return tuple(Handover(claimant=claimant, holder=holder, claim=claim) for claimant, holder, claim in found)


def swaps(writes: Writes) -> dict[ObjectKey, Handover]:
    """The objects that wait for each other's release in a circle, each with what it waits for."""
    waits: dict[ObjectKey, dict[ObjectKey, Handover]] = {}
    for each in hand_overs(writes):
        waits.setdefault(each.claimant, {})[each.holder] = each
    stuck = in_circles({key: frozenset(holders) for key, holders in waits.items()})
    return {key: next(each for holder, each in sorted(waits[key].items()) if holder in stuck) for key in sorted(stuck)}


def torn_namespaces(writes: Writes) -> dict[ObjectKey, ObjectKey]:
    """The namespaces that give up and get what one and the same VPC leaves and takes, each with that VPC."""
    return {each.namespace: min(each.torn) for each in narrowed(writes.after, writes.before) if each.torn}


def occupied(writes: Writes, read_live: Callable[[], Specs]) -> dict[ObjectKey, Handover]:
    """The objects that claim what an object of the side has and does not give up in these writes.

    `read_live` gives the specs of the side as stored; it is asked only if something is claimed.
    """
    wanted = {key: found for key, found in _claimed(writes).items() if found}
    if not wanted:
        return {}
    staying = {key: claims(key, spec) for key, spec in read_live().items() if key not in writes.before}
    kept = {key: claims(key, spec) & claims(key, writes.after.get(key, NOTHING)) for key, spec in writes.before.items()}
    taken: dict[ObjectKey, Handover] = {}
    for claimant, holder, claim in handovers({**staying, **kept}, wanted):
        taken.setdefault(claimant, Handover(claimant=claimant, holder=holder, claim=claim))
    return taken


def _relays(key: ObjectKey, named: Collection[ObjectKey], among: Collection[ObjectKey]) -> set[ObjectKey]:
    """The VPCs that a VPC only names as its DHCP relay. Admission asks for one to be there, and lets any go."""
    return {each for each in named if each.kind == key.kind == "VPC" and each in among}


def _written_needs(key: ObjectKey, spec: JsonObject, written: Collection[ObjectKey], graph: Graph) -> set[ObjectKey]:
    reached: set[ObjectKey] = set()
    frontier = _targets(key, spec)
    while frontier:
        reached |= frontier
        passed = [target for target in frontier if target not in written]
        frontier = {far for target in passed for far in graph.get(target, ())} - reached
    return {target for target in reached if target in written} - {key}


def _targets(key: ObjectKey, spec: JsonObject) -> set[ObjectKey]:
    return {reference.target for reference in references(key, spec)} - {key}


def _released(writes: Writes) -> dict[ObjectKey, frozenset[Claim]]:
    return {key: claims(key, spec) - claims(key, writes.after.get(key, NOTHING)) for key, spec in writes.before.items()}


def _claimed(writes: Writes) -> dict[ObjectKey, frozenset[Claim]]:
    return {key: claims(key, spec) - claims(key, writes.before.get(key, NOTHING)) for key, spec in writes.after.items()}


def bound_together(writes: Writes) -> dict[ObjectKey, ObjectKey]:
    """New objects that need each other, or themselves, each with one that it needs: none finds the other made."""
    made = writes.after.keys() - writes.before.keys()
    named = {key: {each.target for each in references(key, writes.after[key])} & made for key in sorted(made)}
    ring = rings(named)
    return {key: min(named[key] & ring) for key in sorted(ring)}


def rings(waits: Mapping[ObjectKey, Collection[ObjectKey]]) -> frozenset[ObjectKey]:
    """The keys that wait, directly or through others, for somebody who waits too, and are themselves waited for."""
    forward = in_circles(waits)
    backward: dict[ObjectKey, set[ObjectKey]] = {key: set() for key in forward}
    for key in forward:
        for holder in set(waits[key]) & forward:
            backward[holder].add(key)
    return in_circles(backward)


def in_circles(waits: Mapping[ObjectKey, Collection[ObjectKey]]) -> frozenset[ObjectKey]:
    """The keys that lie on a circle, or wait for one: what is left once all that can go has gone."""
    left = {key: set(holders) & waits.keys() for key, holders in waits.items()}
    waited_for: dict[ObjectKey, list[ObjectKey]] = {}
    for key, holders in left.items():
        for holder in holders:
            waited_for.setdefault(holder, []).append(key)
    free = [key for key, holders in left.items() if not holders]
    while free:
        done = free.pop()
        del left[done]
        for key in waited_for.get(done, ()):
            left[key].discard(done)
            if not left[key]:
                free.append(key)
    return frozenset(left)
