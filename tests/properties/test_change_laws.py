"""Laws of judging a step from one set of objects to another, on specs that look like real ones."""

from __future__ import annotations

import copy
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.shapes import SCHEMAS, shaped
from hedgehog_gitops.core.changes import judge_step
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.model.kind import USER_KINDS, ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_object

NAMES = ["a", "b", "c", "leaf-1", "srv-1", "default"]
Specs = dict[ObjectKey, JsonObject]


@st.composite
def sets(draw: st.DrawFn) -> Specs:
    """A few objects of any kinds, as the cluster would store them."""
    chosen = st.tuples(st.sampled_from(USER_KINDS), st.sampled_from(NAMES))
    made: Specs = {}
    for kind, name in draw(st.lists(chosen, max_size=6)):
        spec = draw(shaped(as_object(as_object(SCHEMAS.schema(kind)["properties"])["spec"])))
        key = ObjectKey(group=kind.group, kind=kind.kind, namespace="default", name=name)
        made[key] = default_spec(kind, {"spec": spec})
    return made


def shuffled(specs: Specs, seed: int) -> Specs:
    entries = list(specs.items())
    random.Random(seed).shuffle(entries)  # noqa: S311 - any order will do
    return dict(entries)


@settings(max_examples=60, deadline=None)
@given(sets())
def test_a_set_against_itself_gives_nothing(specs: Specs) -> None:
    assert judge_step(specs, copy.deepcopy(specs)) == ()


@settings(max_examples=150, deadline=None)
@given(sets(), sets(), st.integers(0, 99))
def test_any_step_is_judged_whatever_the_order_of_its_objects(older: Specs, newer: Specs, seed: int) -> None:
    faults = judge_step(older, newer)
    assert judge_step(shuffled(older, seed), shuffled(newer, seed + 1)) == faults
    assert all(each.subject in older for each in faults)


@settings(max_examples=60, deadline=None)
@given(sets(), sets())
def test_what_is_only_added_disturbs_nobody(older: Specs, newer: Specs) -> None:
    assert judge_step(older, {**newer, **older}) == ()
