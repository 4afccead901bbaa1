"""What is tried again, when, and what is not: writes that admission refused too early."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from fakes.fabrics import LAB, attachment, desired, live_side, owned, remembered, thing, vpc
from fakes.memory_side import MemorySide, key_of
from hedgehog_gitops.adapters.progress import Silent
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.planning import make_plan
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Refusal
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import PlanOptions
from hedgehog_gitops.usecases.apply import PAUSES, Acting, Applied, apply_plan

NAMESPACE = thing("IPv4Namespace", "default", {"subnets": ["10.0.0.0/16"]})
CONNECTION = thing("Connection", "c1", {"unbundled": {}})
LONELY = thing("Server", "lonely")
DENIED = 'admission webhook "vpc.githedgehog.com" denied the request: not found'


@dataclass
class Lagging:
    """A side whose refusals end once enough time was slept."""

    side: MemorySide = field(default_factory=MemorySide)
    slept: list[float] = field(default_factory=list)
    seen_before_first_pause: list[str] = field(default_factory=list)

    def apply(
        self,
        git: list[JsonObject],
        live: Iterable[JsonObject] = (),
        until_slept: float = 0.0,
        *,
        is_strict: bool = False,
    ) -> Applied:
        """Carry out the plan for what git says, deletes too."""
        stored = [owned(each, {"f:spec": {}}) for each in live]
        snapshot = desired(*git)
        wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
        seen = live_side(*stored)
        self.side.objects |= seen.objects
        bases = remembered(*stored)
        shown = make_plan(LAB, wanted, seen, bases).plan
        planned = make_plan(LAB, wanted, seen, bases, PlanOptions(allow_deletes=shown.id))

        def sleep(seconds: float) -> None:
            self.seen_before_first_pause = self.seen_before_first_pause or self.sent
            self.slept.append(seconds)
            if sum(self.slept) >= until_slept:
                self.side.refusals.clear()

        acting = Acting(
            side=self.side,
            bases=bases,
            record=lambda *_: None,
            keep_going=lambda: None,
            sleep=sleep,
            progress=Silent(),
            is_strict=is_strict,
        )
        return apply_plan(planned.plan, planned.needs, acting)

    @property
    def sent(self) -> list[str]:
        """The names of what was sent, in order."""
        return [change.key.name for change in self.side.seen]


def keys(*values: JsonObject) -> set[ObjectKey]:
    return set(map(key_of, values))


def test_what_is_refused_right_after_what_it_needs_was_written_is_tried_again() -> None:
    lagging = Lagging()
    lagging.side.refuse(key_of(vpc()), Refusal.INVALID, DENIED)
    applied = lagging.apply([NAMESPACE, vpc(ipv4Namespace="default"), CONNECTION, attachment(), LONELY])
    assert applied.refused == ()
    assert applied.blocked == ()
    assert lagging.slept == [PAUSES[0]]


def test_the_rest_is_done_before_anything_waits() -> None:
    lagging = Lagging()
    lagging.side.refuse(key_of(vpc()), Refusal.INVALID, DENIED)
    lagging.apply([NAMESPACE, vpc(ipv4Namespace="default"), CONNECTION, LONELY])
    assert set(lagging.seen_before_first_pause) == {"default", "blue", "c1", "lonely"}


def test_what_stays_refused_is_tried_as_often_as_there_are_pauses() -> None:
    lagging = Lagging()
    lagging.side.refuse(key_of(vpc()), Refusal.INVALID, DENIED)
    applied = lagging.apply([NAMESPACE, vpc(ipv4Namespace="default"), CONNECTION, attachment()], until_slept=99)
    assert {each.key for each in applied.refused} == keys(vpc())
    assert set(applied.blocked) == keys(attachment())
    assert lagging.sent.count("blue") == 1 + len(PAUSES)
    assert lagging.slept == list(PAUSES)


def test_what_is_refused_and_waited_for_nothing_is_sent_once() -> None:
    lagging = Lagging()
    lagging.side.refuse(key_of(LONELY), Refusal.INVALID, DENIED)
    applied = lagging.apply([NAMESPACE, LONELY])
    assert {each.key for each in applied.refused} == keys(LONELY)
    assert lagging.slept == []


@pytest.mark.parametrize(("is_strict", "blocked"), [(True, [vpc()]), (False, [])], ids=["strict", "plain"])
def test_a_strict_run_begins_no_wave_after_a_refusal(is_strict: bool, blocked: list[JsonObject]) -> None:  # noqa: FBT001
    """Issue 5, apply: independent objects go on past a bad one; `--strict` stops all."""
    lagging = Lagging()
    lagging.side.refuse(key_of(LONELY), Refusal.INVALID, "not today")
    applied = lagging.apply([NAMESPACE, LONELY, vpc(ipv4Namespace="default")], is_strict=is_strict)
    assert {each.key for each in applied.refused} == keys(LONELY)
    assert set(applied.blocked) == keys(*blocked)
    assert keys(NAMESPACE) <= {each.key for each in applied.written}, "of the same wave"


def test_a_strict_run_goes_on_once_a_refusal_was_too_early() -> None:
    lagging = Lagging()
    lagging.side.refuse(key_of(vpc()), Refusal.INVALID, DENIED)
    applied = lagging.apply([NAMESPACE, vpc(ipv4Namespace="default"), CONNECTION, attachment()], is_strict=True)
    assert (applied.refused, applied.blocked) == ((), ())


def test_a_write_that_is_stale_is_not_tried_again() -> None:
    lagging = Lagging()
    lagging.side.refuse(key_of(vpc()), Refusal.STALE)
    lagging.apply([NAMESPACE, vpc(ipv4Namespace="default")])
    assert (lagging.sent.count("blue"), lagging.slept) == (1, [])


def test_a_delete_that_is_refused_right_after_its_user_went_is_tried_again() -> None:
    """Admission still sees the attachment that was deleted a moment ago."""
    lagging = Lagging()
    lagging.side.refuse(key_of(vpc()), Refusal.INVALID, DENIED)
    applied = lagging.apply([NAMESPACE], live=[NAMESPACE, vpc(), attachment()])
    assert {each.key for each in applied.written} == keys(vpc(), attachment())
    assert lagging.slept == [PAUSES[0]]


def test_what_a_schema_refuses_is_sent_once() -> None:
    lagging = Lagging()
    lagging.side.refuse(key_of(vpc()), Refusal.INVALID, "VPC is invalid: spec.subnets: Required value")
    lagging.apply([NAMESPACE, vpc(ipv4Namespace="default")])
    assert (lagging.sent.count("blue"), lagging.slept) == (1, [])
