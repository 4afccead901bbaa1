"""Batches that are sent side by side: an even number, alike in size, and never more than one request takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hedgehog_gitops.adapters.netbox.batches import MOST_ENTRIES, batches, evenly


@given(number=st.integers(1, 2000), kind=st.sampled_from(["dcim.cable", "dcim.interface", "ipam.ipaddress"]))
def test_batches_side_by_side_are_even_and_whole(number: int, kind: str) -> None:
    parts = list(batches(kind, [{}] * number, evenly(kind, number)))
    assert [place for part in parts for place in part] == list(range(number))
    assert max(map(len, parts)) <= (100 if kind == "dcim.cable" else MOST_ENTRIES)
    assert len(parts) == 1 or len(parts) % 2 == 0
    assert (len(parts) > 1) == (number > 60)


def test_what_one_request_takes_at_once_is_sent_in_two() -> None:
    """Issue 7, 5: a NetBox of several processes works on both."""
    assert [len(part) for part in batches("dcim.cable", [{}] * 372, evenly("dcim.cable", 372))] == [93] * 4
    assert [len(part) for part in batches("dcim.interface", [{}] * 90, evenly("dcim.interface", 90))] == [45, 45]
