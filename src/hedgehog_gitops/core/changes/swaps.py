"""Objects that take from each other what only one can have: no order of their updates works.

Who takes something that another changed object had before waits for that one. Objects that wait for each other, two or
more in a ring, can only be changed by way of a free value.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hedgehog_gitops.core.changes.claims import Claim, claims
from hedgehog_gitops.core.changes.step import Step, StepFault
from hedgehog_gitops.core.rules.change_rules import SWAP
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.model.kind import ObjectKey


class _Taking(NamedTuple):
    """One claim of an object that another one had."""

    claim: Claim
    giver: ObjectKey
    given: Claim


class _Had(NamedTuple):
    """A claim of the older set, and whose it was."""

    claim: Claim
    owner: ObjectKey


def swaps(step: Step) -> Iterator[StepFault]:
    """One fault for each object of a ring, at the first thing that it takes inside the ring."""
    changed = [key for keys in step.changed.values() for key in keys]
    if len(changed) < 2:  # noqa: PLR2004 - it takes two
        return
    takings = dict(_takings(sorted(changed), step))
    ring = _ring({key: {taking.giver for taking in found} for key, found in takings.items()})
    for key in sorted(ring):
        inside = [taking for taking in takings[key] if taking.giver in ring]
        yield StepFault(key, key, _fault(key, inside))


def _takings(changed: list[ObjectKey], step: Step) -> Iterator[tuple[ObjectKey, list[_Taking]]]:
    old = {key: list(claims(key.kind, step.older[key])) for key in changed}
    had = _Holders(old)
    for key in changed:
        kept = {claim[:2] for claim in old[key]}
        new = (claim for claim in claims(key.kind, step.newer[key]) if claim[:2] not in kept)
        found = [
            _Taking(claim, holder.owner, holder.claim)
            for claim in new
            for holder in had.of(claim)
            if holder.owner != key
        ]
        if found:
            yield key, found


class _Holders:
    """Who had what, found by equality, or by overlap for networks. Networks of one scope do not overlap each other."""

    def __init__(self, old: Mapping[ObjectKey, list[Claim]]) -> None:
        self._equal: dict[tuple[str, str], _Had] = {}
        self._networks: dict[str, list[_Had]] = {}
        for key, found in old.items():
            for claim in found:
                if claim.is_network:
                    self._networks.setdefault(claim.scope, []).append(_Had(claim, key))
                else:
                    self._equal.setdefault((claim.scope, claim.value), _Had(claim, key))
        for networks in self._networks.values():
            networks.sort(key=lambda had: (had.claim.first, had.owner))
        self._starts = {scope: [had.claim.first for had in found] for scope, found in self._networks.items()}

    def of(self, claim: Claim) -> Iterator[_Had]:
        """Who had a part of what is claimed."""
        if not claim.is_network:
            if (claim.scope, claim.value) in self._equal:
                yield self._equal[claim.scope, claim.value]
            return
        networks = self._networks.get(claim.scope, [])
        starts = self._starts.get(claim.scope, [])
        for had in networks[max(bisect_right(starts, claim.first) - 1, 0) : bisect_right(starts, claim.last)]:
            if had.claim.last >= claim.first:
                yield had


def _ring(waits: Mapping[ObjectKey, set[ObjectKey]]) -> set[ObjectKey]:
    """The objects that wait, directly or through others, for somebody who waits too, and are themselves waited for."""
    forward = _without_ends(waits)
    backward: dict[ObjectKey, set[ObjectKey]] = {key: set() for key in forward}
    for key, givers in waits.items():
        for giver in givers & forward if key in forward else ():
            backward[giver].add(key)
    return _without_ends(backward)


def _without_ends(waits: Mapping[ObjectKey, set[ObjectKey]]) -> set[ObjectKey]:
    """Those left over once all that need not wait have been let go, again and again."""
    waiting = {key: set(givers) & waits.keys() for key, givers in waits.items()}
    released: dict[ObjectKey, list[ObjectKey]] = {}
    for key, givers in waiting.items():
        for giver in givers:
            released.setdefault(giver, []).append(key)
    free = [key for key, givers in waiting.items() if not givers]
    while free:
        done = free.pop()
        del waiting[done]
        for key in released.get(done, ()):
            waiting[key].discard(done)
            if not waiting[key]:
                free.append(key)
    return set(waiting)


def _fault(key: ObjectKey, inside: list[_Taking]) -> Fault:
    first = inside[0]
    giver = first.giver
    more = f" (and {len(inside) - 1} more)" if len(inside) > 1 else ""
    message = (
        f"{key.kind} {key.name!r} takes {first.claim.shown}{more} from {giver.kind} {giver.name!r}, "
        "which waits for what this one has: neither can be first"
    )
    hint = "take two steps: move one of them to a free value and apply, then put it where it belongs"
    return Fault(SWAP, first.claim.field, message, hint, Other(giver, first.given.field))
