from __future__ import annotations

import pytest

from hedgehog_gitops.core.suppression import read_comments
from hedgehog_gitops.core.suppression.comments import Comments

MARK = "# hedgehog-gitops: ignore LINT-003 agreed"


def read(text: str) -> Comments:
    return read_comments(text, "a.yaml")


def lines(text: str) -> list[tuple[int, int]]:
    """The lines that each suppression of a text holds for."""
    return [(ignore.first, ignore.last) for ignore in read(text.replace("MARK", MARK)).ignores]


OBJECT = "apiVersion: a/v1\nkind: VPC\nmetadata:\n  name: x\nspec:\n  vlan: 1\n"


@pytest.mark.parametrize(
    "text",
    [
        f"MARK\n{OBJECT}",
        f"---\nMARK\n{OBJECT}",
        f"--- MARK\n{OBJECT}",
        f"MARK\n---\n{OBJECT}",
        OBJECT.replace("kind: VPC", "kind: VPC MARK"),
        OBJECT.replace("metadata:\n", "metadata: MARK\n"),
        OBJECT.replace("metadata:\n", "MARK\nmetadata:\n"),
    ],
    ids=["first line", "below the separator", "on it", "above it", "on kind", "on metadata", "above metadata"],
)
def test_a_comment_at_the_head_holds_for_the_whole_object(text: str) -> None:
    ((first, last),) = lines(text)
    assert first == 1
    assert last >= text.count("\n")


def test_a_comment_at_the_head_of_a_later_document_holds_for_that_one_only() -> None:
    assert lines(f"{OBJECT}---\nMARK\n{OBJECT}---\n{OBJECT}") == [(8, 15)]


def test_content_begins_with_spec_where_spec_comes_first() -> None:
    text = "kind: VPC\nspec: # here\n  vlan: 1 MARK\nmetadata: {name: x}\n"
    assert lines(text) == [(3, 3)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spec:\n  a: 1 MARK\n  b: 2\n", (2, 2)),
        ("spec:\n  a: MARK\n    b: 1\n    c: 2\n  d: 3\n", (2, 4)),
        ("spec:\n  list:\n  - x: 1 MARK\n    y: 2\n", (3, 3)),
        ("spec:\n  a: | MARK\n    one\n    two\n  b: 1\n", (2, 4)),
        ("spec:\n  a: {b: 1,\n    c: 2\n  } MARK\n", (2, 4)),
        ('spec:\n  a: "one\n    two" MARK\n', (2, 3)),
        ("spec:\n  MARK\n  a:\n    b: 1\n    c: 2\n  d: 3\n", (3, 5)),
        ("spec:\n  list:\n  MARK\n  - x: 1\n    y: 2\n  - z: 3\n", (4, 5)),
        ("spec:\n  MARK\n  # another comment\n  a: 1\n", (4, 4)),
        ("spec:\n  list:\n  - x: 1\n  MARK\n  -\n    y: 2\n", (5, 6)),
    ],
    ids=["scalar", "mapping", "first of an item", "block", "flow", "quoted", "above", "item", "comments", "dash alone"],
)
def test_a_comment_holds_for_the_field_on_its_line_or_below_it(text: str, expected: tuple[int, int]) -> None:
    assert lines(f"kind: VPC\n{text}") == [(expected[0] + 1, expected[1] + 1)]


def test_several_comments_above_a_field_hold_each() -> None:
    assert lines("spec:\n  MARK\n  MARK\n  a:\n    b: 1\n") == [(4, 5), (4, 5)]


def test_a_comment_above_a_blank_line_holds_for_nothing_but_itself() -> None:
    assert lines("spec:\n  MARK\n\n  a: 1\n") == [(2, 2)]


@pytest.mark.parametrize(
    "text",
    [
        'spec:\n  a: "x MARK"\n',
        "spec:\n  a: 'x MARK'\n",
        "spec:\n  a: |\n    MARK\n  b: 1\n",
        "spec:\n  a: >-\n    x\n    MARK\n",
        'spec:\n  "x MARK": 1\n',
        'spec:\n  a: "x\n    MARK\n    y"\n',
        "spec:\n  a: xMARK\n",
        "spec:\n  a: 1 # write MARK\n",
        "spec: [MARK\n",
    ],
    ids=["double", "single", "block", "folded", "key", "lines", "no blank", "inside a comment", "no YAML"],
)
def test_what_is_no_comment_of_its_own_is_no_suppression(text: str) -> None:
    assert read(text.replace("MARK", MARK)) == ((), ())


def test_a_suppression_has_its_place_its_rules_and_its_reason() -> None:
    ((ignore,), faults) = read(
        "kind: VPC\nspec:\n  a: 1  # hedgehog-gitops: ignore LINT-003, vpc-050 old racks, see #7 \n"
    )
    assert [rule.ids for rule in ignore.rules] == [("LINT-003",), ("VPC-050",)]
    assert ignore.reason == "old racks, see #7"
    assert (ignore.origin.line, ignore.origin.column, ignore.origin.end_column) == (3, 9, 70)
    assert faults == ()


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("ignore", "IGNORE-001"),
        ("ignore LINT-003", "IGNORE-001"),
        ("ignore LINT-003  ", "IGNORE-001"),
        ("ignroe LINT-003 because", "IGNORE-001"),
        ("", "IGNORE-001"),
        ("ignore LINT-998 because", "IGNORE-002"),
        ("ignore YAML-006 because", "IGNORE-004"),
        ("ignore IGNORE-003 because", "IGNORE-004"),
        ("ignore OBJECT-004 because", "IGNORE-004"),
    ],
)
def test_a_suppression_that_cannot_hold_is_told(words: str, rule: str) -> None:
    ignores, faults = read(f"spec:\n  a: 1 # hedgehog-gitops: {words}\n")
    assert ignores == ()
    assert [each.rule for each in faults] == [rule]
    assert (faults[0].origin.line, faults[0].origin.column) == (2, 8)


def test_of_several_rules_those_that_there_are_hold() -> None:
    ignores, faults = read("a: 1 # hedgehog-gitops: ignore LINT-003,LINT-998 because\n")
    assert [[rule.name for rule in ignore.rules] for ignore in ignores] == [["LINT-003"]]
    assert [each.rule for each in faults] == ["IGNORE-002"]


def test_line_ends_of_windows_change_nothing() -> None:
    assert lines("kind: VPC\r\nspec:\r\n  a: 1 MARK\r\n") == [(3, 3)]


def test_many_suppressions_are_read_in_time_that_grows_with_their_number() -> None:
    text = "spec:\n" + "".join(
        f"  a{number}: ] # hedgehog-gitops: x\n".replace("]", "[\n  ]") for number in range(2000)
    )
    assert len(read(text).findings) == 2000
    assert len(read("a: 1\n" + f"{MARK}\n" * 5000).ignores) == 5000
