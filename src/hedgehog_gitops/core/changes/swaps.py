"""Objects that take from each other what only one can have: no order of their updates works.

Who takes something that another changed object gives up waits for that one. Objects that wait for each other, two or
more in a ring, can only be changed by way of a free value.
"""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.changes.step import Step, StepFault
from hedgehog_gitops.core.claims import Claim
from hedgehog_gitops.core.ordering import Handover, Writes, hand_overs, rings
from hedgehog_gitops.core.rules.change_rules import SWAP
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import FieldPath, Json


def swaps(step: Step) -> Iterator[StepFault]:
    """One fault for each object of a ring, at the first thing that it takes inside the ring."""
    changed = [key for keys in step.changed.values() for key in keys]
    if len(changed) < 2:  # noqa: PLR2004 - it takes two
        return
    writes = Writes(after={key: step.newer[key] for key in changed}, before={key: step.older[key] for key in changed})
    taken: dict[ObjectKey, list[Handover]] = {}
    for each in hand_overs(writes):
        taken.setdefault(each.claimant, []).append(each)
    ring = rings({key: {each.holder for each in found} for key, found in taken.items()})
    for key in sorted(ring):
        inside = sorted(
            (each for each in taken[key] if each.holder in ring), key=lambda each: (each.holder, each.claim)
        )
        yield StepFault(key, key, _fault(inside, step))


def _fault(inside: list[Handover], step: Step) -> Fault:
    key, giver, claim = inside[0].claimant, inside[0].holder, inside[0].claim
    more = f" (and {len(inside) - 1} more)" if len(inside) > 1 else ""
    message = (
        f"{key.kind} {key.name!r} takes {claim}{more} from {giver.kind} {giver.name!r}, "
        "which waits for what this one has: neither can be first"
    )
    hint = "take two steps: move one of them to a free value and apply, then put it where it belongs"
    return Fault(SWAP, _place(step.newer[key], claim), message, hint, Other(giver, _place(step.older[giver], claim)))


def _place(spec: Json, claim: Claim) -> FieldPath:
    """The field that holds what is claimed, or the spec as a whole."""
    forms = (claim.value, f"{claim.value}/1")
    for path, value in _leaves(spec, ("spec",)):
        text = str(value)
        if text in forms or (claim.what == "address" and text.partition("/")[0] == claim.value):
            return path
    return ("spec",)


def _leaves(value: Json, path: FieldPath) -> Iterator[tuple[FieldPath, Json]]:
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from _leaves(entry, (*path, name))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _leaves(entry, (*path, index))
    else:
        yield path, value
