"""One review, judged by the rules of the package: why admission says no, or empty text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from fakes.fabrics import manifest
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.changes import judge_step
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.label_limits import label_limits
from hedgehog_gitops.core.profiles import BuiltIn
from hedgehog_gitops.core.references import references
from hedgehog_gitops.core.semantics import Fault, Stored, alone
from hedgehog_gitops.core.semantics.table import room_of
from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.kind import Kind, ObjectKey, kind_of
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.settings import FabricConstants

RELEASE = package_release()
CONSTANTS = FabricConstants(gateway=True)
BUILT_IN = BuiltIn(RELEASE.profiles, CONSTANTS.profile_families)

Specs = Mapping[ObjectKey, JsonObject]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What is asked of admission: the object before, and the object after (None for a delete)."""

    operation: str
    key: ObjectKey
    new: JsonObject | None
    old: JsonObject | None

    @property
    def kind(self) -> Kind:
        """The kind of the object."""
        return kind_of(self.key)

    def __str__(self) -> str:
        return f"{self.operation} {self.key.kind}/{self.key.name}"


def refusal(review: Review, stored: Specs) -> str:
    """Why a write is refused with these objects stored, in the words of the first rule that it breaks."""
    others = {key: spec for key, spec in stored.items() if key != review.key}
    if review.new is None:
        return next(_of_the_step(review, stored, others), "")
    spec = default_spec(review.kind, review.new)
    before = others if review.old is None else {**others, review.key: default_spec(review.kind, review.old)}
    after = {**others, review.key: spec}
    set_faults = _told(_of_the_set(review.key, spec, after), alone(manifest(review.new), spec, CONSTANTS))
    steps = _of_the_step(review, before, after) if review.old is not None else iter(())
    return next(chain(_not_found(review, spec, stored), set_faults, steps), "")


def _not_found(review: Review, spec: JsonObject, stored: Specs) -> Iterator[str]:
    """In the real webhooks' words. An object that is being made does not find itself."""
    for edge in references(review.key, spec):
        target = stored.get(edge.target)
        if target is None:
            yield f"{edge.target.kind} {edge.target.name} not found"
        elif edge.part is not None and edge.part not in as_object(target.get("subnets")):
            yield f"subnet {edge.part} not found in VPC {edge.target.name}"


def _of_the_set(key: ObjectKey, spec: JsonObject, specs: Specs) -> Iterator[Fault]:
    stored = Stored(specs, CONSTANTS, BUILT_IN)
    yield from (fault for subject, fault in label_limits(stored) if subject == key)
    if (judge := room_of(key.kind).together.get(key.kind)) is not None:
        yield from judge(key.name, spec, stored)


def _told(*faults: Iterator[Fault] | tuple[Fault, ...]) -> Iterator[str]:
    for fault in chain(*faults):
        if fault.rule.severity is Severity.ERROR:
            yield f"{fault.rule.id} {fault.message}"


def _of_the_step(review: Review, before: Specs, after: Specs) -> Iterator[str]:
    yield from _told(tuple(each.fault for each in judge_step(before, after) if each.subject == review.key))
