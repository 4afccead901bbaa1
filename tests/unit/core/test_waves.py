from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fakes.fabrics import keys, thing
from hedgehog_gitops.core.waves import closure, waves
from hedgehog_gitops.model.kind import ObjectKey

A, B, C, D = keys(thing("Server", name) for name in "abcd")


def test_each_wave_needs_only_earlier_ones() -> None:
    graph = {A: frozenset[ObjectKey](), B: frozenset({A}), C: frozenset({A}), D: frozenset({B, C})}
    assert waves([D, C, B, A], graph) == ((A,), (B, C), (D,))


def test_objects_outside_the_keys_do_not_count() -> None:
    assert waves([B], {A: frozenset(), B: frozenset({A})}) == ((B,),)


def test_a_circle_does_not_hang_and_comes_last() -> None:
    graph = {A: frozenset({B}), B: frozenset({A}), C: frozenset[ObjectKey]()}
    assert waves([A, B, C], graph) == ((C,), (A,), (B,))


def test_the_closure_is_everything_that_needs_the_blocked() -> None:
    graph = {A: frozenset[ObjectKey](), B: frozenset({A}), C: frozenset({B}), D: frozenset[ObjectKey]()}
    assert closure((A,), graph) == {B, C}


@given(st.dictionaries(st.integers(0, 12), st.frozensets(st.integers(0, 12), max_size=4)))
def test_every_key_is_in_exactly_one_wave_after_what_it_needs(edges: dict[int, frozenset[int]]) -> None:
    named = dict(enumerate(keys(thing("Server", f"s{n}") for n in range(13))))
    graph = {named[n]: frozenset(named[m] for m in needs if m < n) for n, needs in edges.items()}
    order = waves(graph, graph)
    flat = [key for wave in order for key in wave]
    assert sorted(flat) == sorted(graph)
    for key, needs in graph.items():
        at = next(index for index, wave in enumerate(order) if key in wave)
        earlier = {other for wave in order[:at] for other in wave}
        assert needs & graph.keys() <= earlier
