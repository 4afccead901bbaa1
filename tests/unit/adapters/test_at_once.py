"""Calls at once: each entry once, errors raised, nothing begun after the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from hedgehog_gitops.adapters.at_once import at_once


def test_each_entry_is_called_once() -> None:
    assert sorted(at_once(lambda entry: entry * 2, iter(range(500)), 8)) == [2 * entry for entry in range(500)]


def test_no_entries_give_nothing() -> None:
    assert list(at_once(str, iter(()), 8)) == []


def test_an_outcome_comes_as_soon_as_it_is_there() -> None:
    released = threading.Event()

    def call(entry: int) -> int:
        if entry == 0:
            assert released.wait(10)
        return entry

    outcomes = at_once(call, iter(range(5)), 2)
    first = [next(outcomes) for _ in range(4)]
    released.set()
    assert (sorted(first), list(outcomes)) == ([1, 2, 3, 4], [0])


def test_an_error_is_raised_and_nothing_more_is_begun() -> None:
    begun: list[int] = []

    def call(entry: int) -> int:
        begun.append(entry)
        if entry == 3:
            raise KeyError(entry)
        time.sleep(0.002)
        return entry

    with pytest.raises(KeyError):
        list(at_once(call, iter(range(1000)), 2))
    assert len(begun) < 20


def test_when_nobody_listens_any_more_nothing_more_is_begun() -> None:
    begun: list[int] = []

    def call(entry: int) -> int:
        begun.append(entry)
        time.sleep(0.002)
        return entry

    with closing(at_once(call, iter(range(1000)), 2)) as outcomes:
        next(outcomes)
    assert len(begun) < 20


def test_an_error_of_the_entries_themselves_is_raised() -> None:
    def entries() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        list(at_once(str, entries(), 2))
