from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgehog_gitops.core.judge import field_changes, judge, worst
from hedgehog_gitops.model.plan import MISSING, FieldValue, Verdict

A, B, C = 1, 2, 3
TABLE = [
    (A, A, A, Verdict.IN_SYNC),
    (A, B, B, Verdict.IN_SYNC),
    (MISSING, A, A, Verdict.IN_SYNC),
    (A, MISSING, MISSING, Verdict.IN_SYNC),
    (A, B, A, Verdict.PENDING),
    (MISSING, A, MISSING, Verdict.PENDING),
    (A, MISSING, A, Verdict.PENDING),
    (A, A, B, Verdict.DRIFTED),
    (A, A, MISSING, Verdict.DRIFTED),
    (MISSING, MISSING, A, Verdict.UNMANAGED),
    (A, B, C, Verdict.CONFLICT),
    (MISSING, A, B, Verdict.CONFLICT),
    (A, MISSING, B, Verdict.CONFLICT),
    (A, B, MISSING, Verdict.CONFLICT),
]


@pytest.mark.parametrize(("base", "desired", "live", "verdict"), TABLE)
def test_the_verdict_says_who_moved(base: FieldValue, desired: FieldValue, live: FieldValue, verdict: Verdict) -> None:
    assert judge(base, desired, live) is verdict


def test_true_is_not_one_and_absent_is_not_null() -> None:
    assert judge(base=1, desired=True, live=1) is Verdict.PENDING
    assert judge(None, MISSING, None) is Verdict.PENDING


values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b"]),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.sampled_from("xyz"), below, max_size=3),
    max_leaves=6,
)


@given(values, values)
def test_equal_values_have_no_changes(base: FieldValue, value: FieldValue) -> None:
    assert field_changes(base, value, value, lambda _path: "") == ()


@given(values, values, values)
def test_there_are_changes_exactly_where_desired_and_live_differ(
    base: FieldValue, desired: FieldValue, live: FieldValue
) -> None:
    changes = field_changes(base, desired, live, lambda _path: "")
    assert bool(changes) == (judge(MISSING, desired, live) is not Verdict.IN_SYNC)
    assert worst(changes) is not Verdict.IN_SYNC or all(each.verdict is Verdict.UNMANAGED for each in changes)


def test_a_list_is_compared_whole() -> None:
    (change,) = field_changes({"l": [1]}, {"l": [1, 2]}, {"l": [1]}, lambda _path: "")
    assert change.path == ("l",)
