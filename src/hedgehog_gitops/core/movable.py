"""What cannot be written in this plan because of what another object has, and what to do about it.

Each reason holds its object back with everything that needs it; then the rest is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hedgehog_gitops.core.canonical import canonical
from hedgehog_gitops.core.claims import CLAIMING
from hedgehog_gitops.core.holding import Divided, Holding, hold_back
from hedgehog_gitops.core.looking import Look
from hedgehog_gitops.core.ordering import Writes, bound_together, knots, occupied, swaps, torn_namespaces
from hedgehog_gitops.core.pruning import Prunes
from hedgehog_gitops.core.waves import closure
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import LiveSide
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.plan import Change

Specs = Mapping[ObjectKey, JsonObject]

_TAKEN = "{0.claim} still belongs to {0.holder}, which does not give it up in this plan"
_SWAPPED = "it swaps {0.claim} with {0.holder}; give one of them a free value first, and the rest in a second step"
_BOUND = "it names {0}, which cannot be there before it; leave that out first, and add it in a second step"
_KNOTTED = (
    "it waits for {0}, which waits for it; take what only adds or frees first (a wider namespace, a free value), "
    "and the rest in a second step"
)
_TORN = (
    "it gives up what {0} has and gets what {0} is to have; "
    "add to it first and let {0} move, and take away in a second step"
)


def movable(divided: Divided, going: Prunes, holding: Holding, specs: Specs) -> tuple[Divided, Writes]:
    """What can be written and what is held back, and the writes that are left. `specs` are the desired ones."""
    writes = _writes(divided.free, going.allowed, specs, holding.live)
    reasons = _reasons(writes, holding)
    if not reasons:
        return divided, writes
    waiting = closure(reasons, holding.graph)
    held = [
        hold_back(each, reasons.get(each.key, "something that it needs is held back"), holding)
        for each in divided.free
        if each.key in reasons or each.key in waiting
    ]
    free = tuple(each for each in divided.free if each.key not in reasons and each.key not in waiting)
    return movable(Divided(free=free, held=(*divided.held, *held)), going, holding, specs)


def stored_spec(key: ObjectKey, live: LiveSide) -> JsonObject:
    """The spec that a side has of an object, as stored."""
    return as_object(canonical(kind_of(key), live.objects[key].value, key.namespace).get("spec"))


def _reasons(writes: Writes, holding: Holding) -> dict[ObjectKey, str]:
    live = holding.live

    def stored() -> Specs:
        return {key: stored_spec(key, live) for key in live.objects if key.kind in CLAIMING}

    return {
        **{key: _KNOTTED.format(each) for key, each in knots(writes, holding.graph).items() if key in writes.after},
        **{key: _TAKEN.format(each) for key, each in occupied(writes, stored).items()},
        **{key: _SWAPPED.format(each) for key, each in swaps(writes).items()},
        **{key: _BOUND.format(each) for key, each in bound_together(writes).items()},
        **{key: _TORN.format(each) for key, each in torn_namespaces(writes).items()},
    }


def _writes(free: Iterable[Look], going: Iterable[Change], specs: Specs, live: LiveSide) -> Writes:
    acted = [each.key for each in free]
    written = (*acted, *(change.key for change in going))
    return Writes(
        after={key: specs[key] for key in acted},
        before={key: stored_spec(key, live) for key in written if key in live.objects},
    )
