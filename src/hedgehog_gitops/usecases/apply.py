"""Apply: carry out a plan wave by wave, and remember each write once the side has confirmed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from hedgehog_gitops.core.settling import (
    NOTHING,
    Carried,
    intended_record,
    is_remembered,
    leaving_record,
    staying_record,
    written_record,
)
from hedgehog_gitops.core.waves import closure
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Refusal, Refused, WriteOutcome, Written
from hedgehog_gitops.model.plan import Action, Change, Plan
from hedgehog_gitops.model.state import BaseRecord
from hedgehog_gitops.ports import Progress, Records, Side

Record: TypeAlias = Callable[[Sequence[BaseRecord], Sequence[ObjectKey]], None]
Graph: TypeAlias = Mapping[ObjectKey, frozenset[ObjectKey]]
Outcomes: TypeAlias = Mapping[ObjectKey, WriteOutcome]

_OPEN = frozenset({Refusal.UNREACHABLE, Refusal.TERMINATING})
"""After these the object may go all the same."""

_ADMISSION = "admission webhook "
"""How the API server begins when a webhook said no; what a schema refuses it refuses for good."""

PAUSES = (0.2, 1.0)
"""Seconds before the second and third try when admission has not yet seen what we have just written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """What applying works with.

    `bases` is what is remembered of the side before the first write. `keep_going` raises when the lock is lost, in any
    thread, and costs nothing while it surely holds; `record` keeps what was written, and forgets what is gone.
    `carried` is what the records keep beside that. `is_strict`: after a refusal no further wave is begun.
    """

    side: Side | Records
    bases: Mapping[ObjectKey, BaseRecord]
    record: Record
    keep_going: Callable[[], None]
    sleep: Callable[[float], None]
    progress: Progress
    carried: Mapping[ObjectKey, Carried] = field(default_factory=dict)
    is_strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of a plan's changes: each key is in exactly one of the three."""

    written: tuple[Written, ...]
    refused: tuple[Refused, ...]
    blocked: tuple[ObjectKey, ...]


NOTHING_DONE = Applied(written=(), refused=(), blocked=())


def together(parts: Iterable[Applied]) -> Applied:
    """What became of the changes of several sides."""
    found = tuple(parts)
    return Applied(
        written=tuple(written for part in found for written in part.written),
        refused=tuple(refused for part in found for refused in part.refused),
        blocked=tuple(key for part in found for key in part.blocked),
    )


def untried(plan: Plan) -> Applied:
    """Nothing of a plan is begun."""
    return Applied(written=(), refused=(), blocked=tuple(change.key for change in plan.changes))


def apply_plan(plan: Plan, graph: Graph, acting: Acting) -> Applied:
    """Carry out all changes, wave by wave. A refused object holds back only what waits for it (`graph`).

    What is to be made or deleted is remembered before it is sent: a run that ends in between leaves nothing that is
    nobody's, and does not take its own deletion for somebody else's.
    What admission may have refused too early is tried again once everything else is done.
    """
    acting.progress.step("apply", total=len(plan.changes))
    acting.record(_intended(plan), ())
    done = _all_waves(plan, graph, {}, acting)
    tries: Counter[ObjectKey] = Counter()
    while early := [key for key in _refused_early(done, graph) if tries[key] < len(PAUSES)]:
        acting.sleep(max(PAUSES[tries[key]] for key in early))
        tries.update(early)
        kept = {key: outcome for key, outcome in done.items() if key not in early}
        done = _all_waves(plan, graph, kept, acting)
    return Applied(
        written=tuple(outcome for outcome in done.values() if isinstance(outcome, Written)),
        refused=tuple(outcome for outcome in done.values() if isinstance(outcome, Refused)),
        blocked=tuple(change.key for change in plan.changes if change.key not in done),
    )


def _all_waves(plan: Plan, graph: Graph, done: Outcomes, acting: Acting) -> Outcomes:
    """What became of each change, with those of `done`; what is held back has no entry."""
    changes = {change.key: change for change in plan.changes}
    found = dict(done)
    held = _held(found, changes, graph, acting)
    for wave in plan.waves:
        sending = [changes[key] for key in wave if key not in found and key not in held]
        if not sending:
            continue
        acting.keep_going()
        outcomes = _write(sending, plan, acting)
        found |= {outcome.key: outcome for outcome in outcomes}
        if any(isinstance(outcome, Refused) for outcome in outcomes):
            held = _held(found, changes, graph, acting)
    return found


def _held(done: Outcomes, keys: Collection[ObjectKey], graph: Graph, acting: Acting) -> Collection[ObjectKey]:
    """What is held back by what was refused so far: all that waits for it, or, strictly, everything."""
    refused = _refused(done)
    return keys if acting.is_strict and refused else closure(refused, graph)


def _refused(done: Outcomes) -> list[ObjectKey]:
    return [key for key, outcome in done.items() if isinstance(outcome, Refused)]


def _refused_early(done: Outcomes, graph: Graph) -> list[ObjectKey]:
    """What admission refused although what it waits for was just written: its look-ups lag behind our writes."""
    return [
        key
        for key, outcome in done.items()
        if isinstance(outcome, Refused)
        and outcome.refusal is Refusal.INVALID
        and outcome.message.startswith(_ADMISSION)
        and any(isinstance(done.get(need), Written) for need in graph.get(key, ()))
    ]


def _write(changes: Sequence[Change], plan: Plan, acting: Acting) -> list[WriteOutcome]:
    outcomes: list[WriteOutcome] = []
    leaving = {change.key: change for change in changes if change.manifest is None}
    acting.record([leaving_record(acting.bases[key]) for key in leaving], ())
    try:
        for outcome in acting.side.write(changes, acting.keep_going):
            outcomes.append(outcome)
            acting.progress.advance()
    finally:
        staying = [
            staying_record(acting.bases[key], leaving[key].precondition.uid) for key in _survivors(outcomes, leaving)
        ]
        acting.record([*_records(outcomes, changes, plan, acting.carried), *staying], _gone(outcomes, leaving))
    return outcomes


def _intended(plan: Plan) -> list[BaseRecord]:
    return [
        intended_record(change.key, change.manifest, plan.revision, change.side)
        for change in plan.changes
        if change.action is Action.CREATE and change.manifest is not None and is_remembered(change.key)
    ]


def _gone(outcomes: Iterable[WriteOutcome], leaving: Collection[ObjectKey]) -> list[ObjectKey]:
    return [outcome.key for outcome in outcomes if isinstance(outcome, Written) and outcome.key in leaving]


def _survivors(outcomes: Iterable[WriteOutcome], leaving: Collection[ObjectKey]) -> list[ObjectKey]:
    """Prunes that were surely not done. Of one without an answer nobody knows."""
    return [
        outcome.key
        for outcome in outcomes
        if isinstance(outcome, Refused) and outcome.key in leaving and outcome.refusal not in _OPEN
    ]


def _records(
    outcomes: Iterable[WriteOutcome], changes: Sequence[Change], plan: Plan, carried: Mapping[ObjectKey, Carried]
) -> list[BaseRecord]:
    manifests = {change.key: change.manifest for change in changes}
    return [
        written_record(manifest, outcome.object, plan.revision, changes[0].side, carried.get(outcome.key, NOTHING))
        for outcome in outcomes
        if isinstance(outcome, Written)
        and outcome.object is not None
        and (manifest := manifests[outcome.key]) is not None
        and is_remembered(outcome.key)
    ]
