from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from fakes.fabrics import remembered, thing
from hedgehog_gitops.adapters.kubernetes import shards
from hedgehog_gitops.adapters.kubernetes.shards import Piece, Place, Records, cut
from hedgehog_gitops.model.live import SideName

RECORDS = remembered(*(thing("Server", f"s{number}", {"description": f"server {number}"}) for number in range(40)))
CLUSTER = SideName.CLUSTER


def joined(pieces: Mapping[Place, bytes], fences: Mapping[Place, int] | None = None) -> Records:
    """The records in pieces of one fencing number, or of these."""
    numbers = fences or dict.fromkeys(pieces, 7)
    return shards.joined({place: Piece(numbers[place], data) for place, data in pieces.items()}, CLUSTER)


def present(pieces: Iterable[Place]) -> dict[Place, int]:
    return dict.fromkeys(pieces, 7)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "LIMIT", 900)


def test_few_records_are_one_piece() -> None:
    pieces = cut(RECORDS, {}, RECORDS)
    assert list(pieces) == [(1, 0)]
    assert joined(pieces) == RECORDS


@pytest.mark.usefixtures("small")
def test_many_records_are_split_until_each_piece_is_small_enough() -> None:
    """Issue 6, scope: compressed and split when large."""
    pieces = cut(RECORDS, {}, RECORDS)
    level = max(level for level, _ in pieces)
    assert level > 1
    assert set(pieces) == {(level, index) for index in range(level)}
    assert all(len(data) <= 900 for data in pieces.values())
    assert joined(pieces) == RECORDS


@pytest.mark.usefixtures("small")
def test_only_pieces_in_which_something_moved_are_written_again() -> None:
    before = cut(RECORDS, {}, RECORDS)
    gone = next(iter(RECORDS))
    left = {key: record for key, record in RECORDS.items() if key != gone}
    after = cut(left, present(before), {gone})
    assert len(after) == 1
    assert joined({**before, **after}) == left


def test_a_cut_that_was_begun_and_not_finished_loses_nothing_and_brings_nothing_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Issue 6, scope: a run killed between two pieces leaves a memory that can be read."""
    before = cut(RECORDS, {}, RECORDS)
    gone = next(iter(RECORDS))
    left = {key: record for key, record in RECORDS.items() if key != gone}
    monkeypatch.setattr(shards, "LIMIT", 900)
    after = cut(left, present(before), {gone})
    written = dict(before)
    for place, data in after.items():
        written[place] = data
        found = joined(written)
        assert left.items() <= found.items()
    assert joined(written) == left
    torn = {place: data for place, data in written.items() if place != max(after)}
    assert set(cut(left, present(torn), {gone})) == set(after)


@pytest.mark.usefixtures("small")
def test_what_was_written_under_an_earlier_lock_covers_nothing_of_a_later_one() -> None:
    """Issue 6, state: a larger cut of a run that had lost its lock does not count, and is written over."""
    gone = next(iter(RECORDS))
    left = {key: record for key, record in RECORDS.items() if key != gone}
    late = cut(RECORDS, {}, RECORDS)
    shards.LIMIT = 700_000
    newer = cut(left, {}, left)
    fences = {**dict.fromkeys(late, 7), **dict.fromkeys(newer, 8)}
    assert joined({**late, **newer}, fences) == left
    assert set(cut(left, fences, {gone})) == set(late), "all of them, before the smaller one may go"


def test_a_piece_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"."):
        joined({(1, 0): b"damaged"})
