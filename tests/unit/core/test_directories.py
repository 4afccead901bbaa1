from __future__ import annotations

import pytest

from hedgehog_gitops.core.directories import check_directory, overlapping, overlaps
from hedgehog_gitops.model.finding import has_errors


@pytest.mark.parametrize(
    ("text", "directory"),
    [
        ("fabrics/prod", "fabrics/prod"),
        ("fabrics/prod/", "fabrics/prod"),
        ("./fabrics//prod", "fabrics/prod"),
        ("fabrics\\prod", "fabrics/prod"),
        (" env/build/target ", "env/build/target"),
    ],
)
def test_spellings_of_one_directory_have_one_form(text: str, directory: str) -> None:
    assert check_directory(text) == (directory, ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "/abs",
        "C:\\x",
        "~/x",
        "a/../b",
        "..",
        "a/.git/b",
        ".GIT",
        "a/.git.",
        "a\x00b",
        "a\nb",
        "con",
        "a/NUL.txt",
    ],
)
def test_unsafe_directories_are_refused(text: str) -> None:
    check = check_directory(text)
    assert {finding.rule for finding in check.findings if finding.severity == "error"} == {"LAYOUT-002"}


def test_the_root_is_refused_unless_allowed() -> None:
    assert [finding.rule for finding in check_directory(".").findings] == ["LAYOUT-003"]
    assert check_directory(".", allow_root=True) == ("", ())


@pytest.mark.parametrize(
    "text", ["my fabrics/prod", "a/.hidden", "a__b", "-a", "a-", "x" * 256, "/".join("abcdefghijk"), "a/A", "größe"]
)
def test_unusual_directories_are_usable_with_a_warning(text: str) -> None:
    findings = check_directory(text).findings
    assert findings
    assert not has_errors(findings)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a", "a", True),
        ("a", "a/b", True),
        ("a/b", "a", True),
        ("fabric-1", "fabric-10", False),
        ("Fabric-1", "fabric-1/x", True),
        ("a b", "a_b", False),
        ("", "a", True),
    ],
)
def test_b28_directories_overlap_by_whole_components_whatever_the_case(one: str, other: str, *, expected: bool) -> None:
    assert overlaps(one, other) is expected


def test_b28_every_overlap_of_many_is_found() -> None:
    assert overlapping(["a/b", "fabric-1", "fabric-10", "A", "x", "FABRIC-1/y"]) == ((0, 3), (1, 5))
