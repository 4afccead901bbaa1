from __future__ import annotations

import pytest

from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.plain import Json


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("blue", "a: blue\n"),
        ("10.0.0.0/24", "a: 10.0.0.0/24\n"),
        ("11:22:33:44:55:66", "a: 11:22:33:44:55:66\n"),
        ("yes", "a: 'yes'\n"),
        ("0755", "a: '0755'\n"),
        ("12e5", "a: '12e5'\n"),
        ("", "a: ''\n"),
        ("a: b", "a: 'a: b'\n"),
        ("tab\there", 'a: "tab\\there"\n'),
        ("two\nlines\n", "a: |\n  two\n  lines\n"),
        ("two\nlines", "a: |-\n  two\n  lines\n"),
        ("ends with a blank \nline", 'a: "ends with a blank \\nline"\n'),
        (None, "a: null\n"),
        (True, "a: true\n"),
        (1.5, "a: 1.5\n"),
        ({}, "a: {}\n"),
        ([], "a: []\n"),
        ([1, {"b": 2, "a": 3}], "a:\n- 1\n- b: 2\n  a: 3\n"),
    ],
    ids=repr,
)
def test_a_value_is_written_as_a_person_would_write_it(value: Json, line: str) -> None:
    assert to_yaml({"a": value}) == line


def test_a_long_text_stays_on_one_line() -> None:
    assert to_yaml({"a": "word " * 100 + "end"}).count("\n") == 1


def test_a_value_that_stands_twice_is_written_twice() -> None:
    shared: Json = {"x": 1}
    assert to_yaml({"a": shared, "b": shared}) == "a:\n  x: 1\nb:\n  x: 1\n"
