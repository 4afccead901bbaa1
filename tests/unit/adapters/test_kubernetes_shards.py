from __future__ import annotations

import pytest

from fakes.fabrics import remembered, thing
from hedgehog_gitops.adapters.kubernetes import shards
from hedgehog_gitops.adapters.kubernetes.shards import cut, joined
from hedgehog_gitops.model.live import SideName

RECORDS = remembered(*(thing("Server", f"s{number}", {"description": f"server {number}"}) for number in range(40)))
CLUSTER = SideName.CLUSTER


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "LIMIT", 900)


def test_few_records_are_one_piece() -> None:
    pieces = cut(RECORDS, (), RECORDS)
    assert list(pieces) == [(1, 0)]
    assert joined(pieces, CLUSTER) == RECORDS


@pytest.mark.usefixtures("small")
def test_many_records_are_split_until_each_piece_is_small_enough() -> None:
    """Issue 6, scope: compressed and split when large."""
    pieces = cut(RECORDS, (), RECORDS)
    level = max(level for level, _ in pieces)
    assert level > 1
    assert set(pieces) == {(level, index) for index in range(level)}
    assert all(len(data) <= 900 for data in pieces.values())
    assert joined(pieces, CLUSTER) == RECORDS


@pytest.mark.usefixtures("small")
def test_only_pieces_in_which_something_moved_are_written_again() -> None:
    before = cut(RECORDS, (), RECORDS)
    gone = next(iter(RECORDS))
    left = {key: record for key, record in RECORDS.items() if key != gone}
    after = cut(left, before, {gone})
    assert len(after) == 1
    assert joined({**before, **after}, CLUSTER) == left


def test_a_cut_that_was_begun_and_not_finished_loses_nothing_and_brings_nothing_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Issue 6, scope: a run killed between two pieces leaves a memory that can be read."""
    before = cut(RECORDS, (), RECORDS)
    gone = next(iter(RECORDS))
    left = {key: record for key, record in RECORDS.items() if key != gone}
    monkeypatch.setattr(shards, "LIMIT", 900)
    after = cut(left, before, {gone})
    written = dict(before)
    for place, data in after.items():
        written[place] = data
        found = joined(written, CLUSTER)
        assert left.items() <= found.items()
    assert joined(written, CLUSTER) == left
    torn = {place: data for place, data in written.items() if place != max(after)}
    assert set(cut(left, torn, {gone})) == set(after)


def test_a_piece_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"."):
        joined({(1, 0): b"damaged"}, CLUSTER)
