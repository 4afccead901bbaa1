"""Overlaps are found by one sweep; comparing all pairs would find the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hedgehog_gitops.core.addresses import Prefix, address_text, prefix
from hedgehog_gitops.core.semantics.overlaps import first_partners

DRAWN = st.tuples(
    st.integers(min_value=0, max_value=255),
    st.integers(min_value=24, max_value=32),
    st.integers(min_value=0, max_value=3),
)


@given(st.lists(DRAWN, max_size=40))
def test_the_sweep_finds_what_comparing_all_pairs_finds(drawn: list[tuple[int, int, int]]) -> None:
    networks = [_network(f"{address_text(4, number)}/{length}") for number, length, _ in drawn]
    owners = [owner for *_, owner in drawn]
    assert first_partners(networks, owners) == _by_comparing_all(networks, owners)


def test_networks_of_two_families_never_overlap() -> None:
    assert first_partners([_network("0.0.0.0/0"), _network("::/0")], ["one", "two"]) == {}


def _network(text: str) -> Prefix:
    found = prefix(text)
    assert found is not None
    return found


def _by_comparing_all(networks: list[Prefix], owners: list[int]) -> dict[int, int]:
    found = {}
    for at, one in enumerate(networks):
        others = [other for other, two in enumerate(networks) if owners[other] != owners[at] and one.overlaps(two)]
        if others:
            found[at] = others[0]
    return found
