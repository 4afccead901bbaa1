"""The writes of a plan as they will be done, and what admission says of that step.

At first a step is judged as git wants it. What is held back and which prunes are withheld changes the step: an object
that stays may be in the way of what was fine without it. So it is judged again until nothing more has to be held back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from hedgehog_gitops.core.changes.deletes import PROTECTED
from hedgehog_gitops.core.changes.live import LiveStep, judge_live
from hedgehog_gitops.core.holding import Divided, Holding, divide
from hedgehog_gitops.core.looking import Look
from hedgehog_gitops.core.movable import movable
from hedgehog_gitops.core.ordering import Writes
from hedgehog_gitops.core.pruning import Prunes
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject

Specs = Mapping[ObjectKey, JsonObject]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """What is written, held back and pruned. `unfit` are objects whose update admission would refuse, and why."""

    divided: Divided
    writes: Writes
    going: Prunes
    unfit: Mapping[ObjectKey, str]
    step: LiveStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a step is judged on: the looks that are asked for, all looks, and the desired specs as stored."""

    inside: Sequence[Look]
    looks: Sequence[Look]
    specs: Specs
    holding: Holding


def stepped(ground: Ground, going: Prunes, step: LiveStep) -> Stepped:
    """The writes that are left of what git wants. `step` is the judgement of all of it, prunes included."""
    unfit = step.refused(ground.specs)
    refused = step.refused({change.key for change in going.allowed})
    told = _telling(_without(going, dict.fromkeys(refused, "")), step)
    return _until_fit(ground, told, unfit, step, judged=_wanted(ground, going))


def sparing(going: Prunes, unread: Collection[tuple[str, str]]) -> Prunes:
    """The same, without what an object of a kind that could not be read may still use. No allowance lifts that."""
    kinds = {kind for _, kind in unread}
    doubts = {
        change.key: f"; a {users[0]} may still use it, and they could not be read"
        for change in going.allowed
        if (found := PROTECTED.get(change.key.kind)) and (users := sorted(found.users & kinds))
    }
    return _without(going, doubts)


def _until_fit(
    ground: Ground, going: Prunes, unfit: Mapping[ObjectKey, str], step: LiveStep, judged: frozenset[ObjectKey]
) -> Stepped:
    holding = replace(ground.holding, refused={**unfit, **ground.holding.refused})
    divided, writes = movable(divide(ground.inside, holding), going, holding, ground.specs)
    pruned = {change.key for change in going.allowed}
    written = {each.key for each in divided.free}
    if written | pruned == judged:
        return Stepped(divided=divided, writes=writes, going=going, unfit=unfit, step=step)
    really = judge_live(divided.free, ground.looks, ground.specs, holding.live, pruned)
    more, staying = really.refused(written), really.refused(pruned)
    reasons = {key: f"; the delete would be refused: {reason}" for key, reason in staying.items()}
    faults = step.with_errors(really, {*more, *staying})
    return _until_fit(ground, _without(going, reasons), {**unfit, **more}, faults, judged=frozenset(written | pruned))


def _wanted(ground: Ground, going: Prunes) -> frozenset[ObjectKey]:
    """What the first judgement was about."""
    leaving = {change.key for change in (*going.allowed, *going.withheld)}
    return frozenset({each.key for each in divide(ground.inside, ground.holding).free} | leaving)


def _without(going: Prunes, reasons: Mapping[ObjectKey, str]) -> Prunes:
    stopped = [
        replace(change, reason=change.reason + reasons[change.key]) for change in going.allowed if change.key in reasons
    ]
    return Prunes(
        allowed=tuple(change for change in going.allowed if change.key not in reasons),
        withheld=(*going.withheld, *stopped),
    )


def _telling(going: Prunes, step: LiveStep) -> Prunes:
    """The same; what is withheld says what deleting it would do."""
    told = (replace(change, reason=change.reason + step.of_removal(change.key)) for change in going.withheld)
    return replace(going, withheld=tuple(told))
