from __future__ import annotations

import copy
import difflib
from collections.abc import Callable
from typing import Any

import pytest

from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.writing import NotRepresentableError, edit_document

TEXT = """\
# head comment
---
apiVersion: vpc.githedgehog.com/v1beta1   # why
kind:   VPC
metadata:
  name: blue
  # about labels
  labels: {a: "1", b: 'two'}

spec:
  subnets:
    # the first
    default:
      subnet: "10.0.0.0/24"   # net
      vlan: 0x3E9
    other:
      subnet: 10.0.1.0/24

  # permits
  permit:
  - [default, other]   # p1
  # second
  - - other
    - default
  note: |
    a
    b
  empty: ~   # nothing yet
# tail comment
"""


def read(text: str) -> Any:
    (document,) = read_documents(text.encode(), "x.yaml").documents
    return document.value


def changed(text: str, edit: Callable[[Any], object]) -> list[str]:
    """The lines that an edit takes out, then those that it puts in."""
    target = copy.deepcopy(read(text))
    edit(target)
    edited = edit_document(text, target)
    assert read(edited) == target
    lines = difflib.ndiff(text.splitlines(keepends=True), edited.splitlines(keepends=True))
    return sorted((line for line in lines if line[0] in "+-"), key=lambda line: line[0] == "+")


def put(*path: str | int, value: Any) -> Callable[[Any], object]:
    def edit(target: Any) -> None:
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return edit


def take(*path: str | int) -> Callable[[Any], object]:
    def edit(target: Any) -> None:
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]

    return edit


def insert(index: int, value: Any) -> Callable[[Any], object]:
    return lambda target: target["spec"]["permit"].insert(index, value)


CASES: dict[str, tuple[Callable[[Any], object], list[str]]] = {
    "a plain scalar": (put("kind", value="Server"), ["- kind:   VPC\n", "+ kind:   Server\n"]),
    "a quoted scalar keeps its quotes": (
        put("spec", "subnets", "default", "subnet", value="10.9.0.0/24"),
        ['-       subnet: "10.0.0.0/24"   # net\n', '+       subnet: "10.9.0.0/24"   # net\n'],
    ),
    "text that looks like a number is quoted": (
        put("metadata", "name", value="0755"),
        ["-   name: blue\n", "+   name: '0755'\n"],
    ),
    "a null becomes a mapping and keeps its comment": (
        put("spec", "empty", value={"a": 1}),
        ["-   empty: ~   # nothing yet\n", "+   empty:   # nothing yet\n", "+     a: 1\n"],
    ),
    "a block of lines": (put("spec", "note", value="a\nc\n"), ["-     b\n", "+     c\n"]),
    "a block of lines becomes one": (
        put("spec", "note", value="x"),
        ["-   note: |\n", "-     a\n", "-     b\n", "+   note: x\n"],
    ),
    "a key in brackets": (
        put("metadata", "labels", "c", value="3"),
        ["-   labels: {a: \"1\", b: 'two'}\n", "+   labels: {a: \"1\", b: 'two', c: '3'}\n"],
    ),
    "a key less in brackets": (
        take("metadata", "labels", "a"),
        ["-   labels: {a: \"1\", b: 'two'}\n", "+   labels: {b: 'two'}\n"],
    ),
    "a new key": (put("spec", "subnets", "default", "isolated", value=True), ["+       isolated: true\n"]),
    "a new mapping": (
        put("spec", "subnets", "new", value={"vlan": 3, "list": ["x", {"q": None}]}),
        ["+     new:\n", "+       vlan: 3\n", "+       list:\n", "+       - x\n", "+       - q: null\n"],
    ),
    "a key less": (take("spec", "subnets", "other"), ["-     other:\n", "-       subnet: 10.0.1.0/24\n"]),
    "the last key less": (take("spec", "empty"), ["-   empty: ~   # nothing yet\n"]),
    "an item less": (take("spec", "permit", 0), ["-   - [default, other]   # p1\n"]),
    "an item more at the end": (insert(2, ["x"]), ["+   - - x\n"]),
    "an item more in the middle": (insert(1, {"a": 1, "b": 2}), ["+   - a: 1\n", "+     b: 2\n"]),
    "an item more at the start": (insert(0, "x"), ["+   - x\n"]),
    "an item of an item": (
        put("spec", "permit", 1, 0, value="third"),
        ["-   - - other\n", "+   - - third\n"],
    ),
    "the first of an item's keys on the line of the dash": (
        take("spec", "permit", 1, 0),
        ["-   - - other\n", "-     - default\n", "+   - - default\n"],
    ),
    "nothing left in a mapping": (
        put("spec", "subnets", "other", value={}),
        ["-     other:\n", "-       subnet: 10.0.1.0/24\n", "+     other: {}\n"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_only_the_lines_that_differ_are_touched(name: str) -> None:
    edit, expected = CASES[name]
    assert changed(TEXT, edit) == expected


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    "restyle",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n").removesuffix("\n# tail comment"),
        lambda text: text.replace("# head comment\n", ""),
        lambda text: text + "...\n",
        lambda text: "\n".join(" " * (len(line) - len(line.lstrip())) + line for line in text.split("\n")),
    ],
    ids=["CRLF", "no last line end", "no head", "an end mark", "twice the indent"],
)
def test_other_styles_are_kept_as_well(restyle: Callable[[str], str], name: str) -> None:
    edit, expected = CASES[name]
    text = restyle(TEXT)
    assert len(changed(text, edit)) <= len(expected) + 2


def test_a_new_list_is_indented_as_the_lists_of_the_file() -> None:
    assert changed("a:\n    - 1\nb: 2\n", put("c", value=["x"])) == ["+ c:\n", "+     - x\n"]


def test_a_new_mapping_is_indented_as_the_mappings_of_the_file() -> None:
    assert changed("a:\n    b: 1\n", put("c", value={"d": {"e": 1}})) == ["+ c:\n", "+     d:\n", "+         e: 1\n"]


def test_line_ends_of_new_lines_are_those_of_the_file() -> None:
    assert edit_document("a: 1\r\n", {"a": 1, "b": {"c": 2}}) == "a: 1\r\nb:\r\n  c: 2\r\n"


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("# head\n---\na: &x\n  q: 1   # c\nb: 5\n", {"a": {"q": 2}, "b": 5}, "# head\n---\na:\n  q: 2   # c\nb: 5\n"),
        ("a: &x {q: 1}\nb: *x\n", {"a": {"q": 1}, "b": 2}, "a: &x {q: 1}\nb: 2\n"),
        ("a: {b: 1}\n", {}, "{}\n"),
        ("{}\n", {"a": 1}, "a: 1\n"),
    ],
    ids=["an anchor", "an alias", "nothing is left", "nothing was there"],
)  # fmt: skip
def test_what_has_no_simple_place_is_edited_too(text: str, target: dict[str, Any], expected: str) -> None:
    assert edit_document(text, target) == expected


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("a: &x {q: 1}\nb: *x\n", {"a": {"q": 2}, "b": {"q": 1}}),
        ("a: 1\n---\nb: 2\n", {"a": 2}),
        ("a: 1\n...\nb: 2\n", {"a": 2}),
        ("a: [\n", {"a": 2}),
    ],
    ids=["what an alias shares", "two documents", "text that is dropped", "no YAML"],
)
def test_what_cannot_be_edited_safely_is_refused(text: str, target: dict[str, Any]) -> None:
    with pytest.raises(NotRepresentableError):
        edit_document(text, target)


def test_a_text_that_reads_as_the_target_is_returned_as_it_is() -> None:
    text = "a:   [ 1,2 ]  # odd\n\n\n"
    assert edit_document(text, {"a": [1, 2]}) == text


def test_a_number_is_not_the_truth() -> None:
    assert edit_document("a: 1\nb: true\n", {"a": True, "b": 1}) == "a: true\nb: 1\n"
