"""The step that a plan takes: from what a side holds to what it would hold, judged before anything is planned.

What differs decides the cost: where a look found everything equal, nothing is made and nothing is judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from hedgehog_gitops.core.changes.judging import judge_step
from hedgehog_gitops.core.changes.placing import placed_changes
from hedgehog_gitops.core.changes.step import StepFault
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.looking import Look
from hedgehog_gitops.model.finding import Finding, Severity, in_file_order
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import LiveSide
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Verdict
from hedgehog_gitops.model.snapshot import Manifest

Specs = Mapping[ObjectKey, JsonObject]

_EQUAL = frozenset({Verdict.IN_SYNC, Verdict.UNKNOWN})


@dataclass(frozen=True, slots=True)
class LiveStep:
    """The faults of a plan's step. A prune is judged too, whether it will be done or not."""

    faults: tuple[StepFault, ...] = ()

    def refused(self, keys: Collection[ObjectKey]) -> dict[ObjectKey, str]:
        """Those of these objects whose update or delete admission would refuse, and why."""
        found: dict[ObjectKey, str] = {}
        for each in self.faults:
            if each.fault.rule.severity is Severity.ERROR and each.subject in keys:
                found.setdefault(each.subject, f"{each.fault.rule.id} {each.fault.message}")
        return found

    def with_errors(self, later: LiveStep, keys: Collection[ObjectKey]) -> LiveStep:
        """With the refusals of these objects by a later judgement."""
        errors = [
            each
            for each in later.faults
            if each.subject in keys and each.fault.rule.severity is Severity.ERROR and each not in self.faults
        ]
        return LiveStep((*self.faults, *errors))

    def of_removal(self, key: ObjectKey) -> str:
        """What is to be said of a prune, to be put behind its reason; empty text for nothing."""
        if refusal := self.refused({key}).get(key):
            return f"; the delete would be refused: {refusal}"
        told = [f"{each.fault.rule.id} {each.fault.message}" for each in self.faults if each.subject == key]
        return f"; it would cut service: {told[0]}" if told else ""

    def findings(
        self, written: Collection[ObjectKey], refused: Collection[ObjectKey], manifests: Mapping[ObjectKey, Manifest]
    ) -> tuple[Finding, ...]:
        """What is to be told of the objects that are written, and why others are refused; at their fields in git."""
        told = [
            each
            for each in self.faults
            if each.subject in (refused if each.fault.rule.severity is Severity.ERROR else written)
        ]
        return in_file_order(tuple(each._replace(related=()) for each in placed_changes(told, manifests, {})))


def judge_live(
    free: Iterable[Look], looks: Iterable[Look], specs: Specs, live: LiveSide, gone: Iterable[ObjectKey]
) -> LiveStep:
    """The step from what the side holds to what it would hold. `specs` are the desired ones as stored.

    Only the `free` looks are written; `gone` are objects that we own and git no longer has. A kind that could not be
    read is taken to be as git says.
    """
    leaving = live.objects.keys() & set(gone)
    moving = [each.key for each in free if each.live is not None]
    if not (leaving or moving):
        return LiveStep()
    differing = {each.key for each in looks if each.verdict not in _EQUAL}
    read = live.objects.keys() & (differing | (live.objects.keys() - specs.keys()))
    before = {key: spec for key, spec in specs.items() if key not in differing}
    before |= {key: default_spec(kind_of(key), live.objects[key].value) for key in read}
    after = {key: spec for key, spec in before.items() if key not in leaving}
    after |= {each.key: specs[each.key] for each in free}
    return LiveStep(judge_step(before, after))
