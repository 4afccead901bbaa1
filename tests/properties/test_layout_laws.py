"""Laws of the layout: one home per object, one object per home."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hedgehog_gitops.core.directories import check_directory, overlapping, overlaps
from hedgehog_gitops.core.layout import Area, classify_path, managed_path
from hedgehog_gitops.model.finding import has_errors
from hedgehog_gitops.model.kind import USER_KINDS, ObjectKey

labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?", fullmatch=True)
subdomains = st.lists(labels, min_size=1, max_size=3).map(".".join)
namespaces = st.one_of(st.just("default"), labels)
keys = st.builds(
    lambda kind, namespace, name: ObjectKey(group=kind.group, kind=kind.kind, namespace=namespace, name=name),
    st.sampled_from(USER_KINDS),
    namespaces,
    subdomains,
)
segments = st.text(st.sampled_from("abAB-_. 1é"), min_size=1, max_size=4)
directories = st.lists(segments, min_size=1, max_size=4).map("/".join)


@given(keys, keys)
def test_two_identities_never_share_a_path_even_without_case(one: ObjectKey, other: ObjectKey) -> None:
    assert (managed_path(one).casefold() == managed_path(other).casefold()) == (one == other)


@given(keys)
def test_every_home_is_a_managed_place_of_its_kind(key: ObjectKey) -> None:
    place = classify_path(managed_path(key))
    assert place.area is Area.MANAGED
    assert place.kind is not None
    assert (place.kind.kind, place.synonym) == (key.kind, "")


@given(st.text())
def test_a_checked_directory_is_in_canonical_form(text: str) -> None:
    check = check_directory(text)
    if not has_errors(check.findings):
        assert check_directory(check.directory) == check
        assert check.directory == check.directory.strip("/")
        assert not {"", ".", ".."} & set(check.directory.split("/"))


@given(directories, directories)
def test_overlap_is_mutual_and_a_directory_overlaps_what_is_inside_it(one: str, other: str) -> None:
    assert overlaps(one, other) == overlaps(other, one)
    assert overlaps(one, f"{one}/{other}")


@given(st.lists(directories, max_size=6))
def test_overlapping_finds_something_exactly_if_some_pair_overlaps(found: list[str]) -> None:
    pairs = {(i, j) for j in range(len(found)) for i in range(j) if overlaps(found[i], found[j])}
    assert set(overlapping(found)) <= pairs
    assert bool(overlapping(found)) == bool(pairs)
