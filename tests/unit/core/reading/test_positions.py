from __future__ import annotations

import pytest

from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.model.document import Document, Limits, ReadResult
from hedgehog_gitops.model.finding import Finding, Origin
from hedgehog_gitops.model.plain import FieldPath

TEXT = """\
# head
kind: VPC
metadata: {name: blue, labels: {a: "b"}}
spec:
  permit:
  - [one, two]
  -  three
  text: |
    several
    lines
---
second: true
"""


def read(text: str | bytes, limits: Limits | None = None) -> ReadResult:
    return read_documents(text if isinstance(text, bytes) else text.encode(), "x.yaml", limits)


def place(document: Document, *path: str | int, key: bool = False) -> tuple[int, int, int, int]:
    origin = document.origin(path, key=key)
    return (origin.line, origin.column, origin.end_line, origin.end_column)


@pytest.mark.parametrize(
    ("path", "key", "start"),
    [
        ((), False, (2, 1)),
        (("kind",), False, (2, 7)),
        (("kind",), True, (2, 1)),
        (("metadata", "name"), False, (3, 18)),
        (("metadata", "name"), True, (3, 12)),
        (("metadata", "labels", "a"), False, (3, 36)),
        (("spec",), True, (4, 1)),
        (("spec", "permit", 0, 1), False, (6, 11)),
        (("spec", "permit", 1), False, (7, 6)),
        (("spec", "text"), True, (8, 3)),
    ],
)
def test_every_key_and_value_has_its_place(path: FieldPath, key: bool, start: tuple[int, int]) -> None:  # noqa: FBT001 - a table's column
    first = read(TEXT).documents[0]
    assert place(first, *path, key=key)[:2] == start


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("key: {a: 1}\n", (1, 4)),
        ("key:\n  a:\n    b: 1\n", (1, 4)),
        ('{"key" : {"a": 1}}\n', (1, 7)),
        ("'key': &x 1\n", (1, 6)),
        ("key: &x {a: 1}\nother: *x\n", (1, 4)),
    ],
    ids=["flow", "block", "json", "quoted", "anchor"],
)
def test_a_key_ends_where_it_ends_and_not_where_its_value_does(text: str, end: tuple[int, int]) -> None:
    assert place(read(text).documents[0], "key", key=True)[2:] == end


def test_what_a_merge_brings_in_is_named_at_the_merge_key() -> None:
    document = read("base: &b {x: 1}\nhere:\n  <<: *b\n").documents[0]
    assert place(document, "here", "x", key=True) == (3, 3, 3, 5)


def test_a_scalar_that_cannot_be_read_has_an_end() -> None:
    (finding,) = read("vlan: .inf\n").findings
    assert (finding.origin.column, finding.origin.end_column) == (7, 11)


def test_a_scalar_ends_where_its_text_ends() -> None:
    assert place(read(TEXT).documents[0], "kind") == (2, 7, 2, 10)


def test_a_block_ends_with_its_last_value_and_not_at_the_next_key() -> None:
    assert place(read(TEXT).documents[0], "spec", "permit")[2:] == (7, 11)


def test_a_field_that_is_not_there_is_placed_at_what_is_above_it() -> None:
    first = read(TEXT).documents[0]
    assert place(first, "metadata", "namespace") == place(first, "metadata")


def test_lines_count_through_the_whole_file() -> None:
    assert place(read(TEXT).documents[1], "second") == (12, 9, 12, 13)


def test_an_alias_stands_where_it_is_written_and_what_it_holds_where_its_anchor_is() -> None:
    (document,) = read("a: &x {q: 1}\nb: *x\n").documents
    assert place(document, "b") == (2, 4, 2, 6)
    assert place(document, "b", key=True)[:2] == (2, 1)
    assert place(document, "b", "q") == (1, 11, 1, 12)
    assert place(document)[2:] == (2, 6)


def test_the_head_comment_belongs_to_the_first_document() -> None:
    text = "# who owns this\n---\na: 1\n"
    (document,) = read(text).documents
    assert document.value == {"a": 1}
    assert text[document.start : document.end] == text


def test_empty_documents_keep_the_index_of_those_after_them() -> None:
    documents = read("a: 1\n---\n# nothing\n---\nb: 2\n").documents
    assert [(each.index, each.value) for each in documents] == [(0, {"a": 1}), (1, None), (2, {"b": 2})]


def rules(result: ReadResult) -> list[tuple[str, int, int]]:
    return [(each.rule, each.origin.line, each.origin.column) for each in result.findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: [1\n", ("YAML-001", 3, 1)),
        ("a: 1\na: 2\n", ("YAML-003", 2, 1)),
        ("on: 1\n'true': 2\n", ("YAML-003", 2, 1)),
        ("? [a]\n: 1\n", ("YAML-004", 1, 3)),
        ("a: 1\n--- b\n", ("YAML-005", 2, 1)),
        ("a: 1\n---#c\nb: 1\n", ("YAML-005", 2, 1)),
        ("a: 1\n...\nb: 2\n", ("YAML-006", 3, 1)),
        ("[a]\nb: 2\n", ("YAML-006", 2, 1)),
        ("a: 1\r---\rb: 2\r", ("YAML-006", 2, 1)),
        ("a: 1\nb: x\x01y\n", ("YAML-001", 2, 5)),
        ("a: 1\n\ufeffb: 2\n", ("YAML-002", 2, 1)),
        ('a: "b\\/c"\n', ("YAML-001", 1, 4)),
        ("a: &x {q: 1}\nb:\n  <<: *x\n", ("YAML-007", 3, 3)),
        ("a: .inf\n", ("YAML-012", 1, 4)),
        ("a: !!int ten\n", ("YAML-013", 1, 4)),
        ("%YAML 1.1\n---\na: 1\n", ("YAML-014", 1, 1)),
        ("x: 1\n---\na: *gone\n", ("YAML-001", 3, 4)),
    ],
)  # fmt: skip
def test_a_fault_is_found_where_it_stands(text: str, expected: tuple[str, int, int]) -> None:
    assert rules(read(text)) == [expected]


def test_one_broken_document_does_not_hide_the_others() -> None:
    result = read("a: 1\n---\nb: [\n---\nc: 3\n")
    assert [each.value for each in result.documents] == [{"a": 1}, {"c": 3}]
    assert rules(result)[0][0] == "YAML-001"


def test_all_duplicate_keys_are_found_at_once() -> None:
    assert [line for _, line, _ in rules(read("a: 1\na: 2\nb: 1\nb: 2\n"))] == [2, 4]


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (b"a: 1\n\xff\xfe", "YAML-002", 2),
        ("a: 1".encode("utf-16"), "YAML-002", 1),
        (b"\x7fELF\x00\x01", "YAML-002", 1),
        (b"[" * 10_000 + b"]" * 10_000, "YAML-009", 1),
    ],
    ids=["bad UTF-8", "UTF-16", "binary", "ten thousand levels"],
)
def test_what_cannot_be_read_is_one_finding(data: bytes, rule: str, line: int) -> None:
    result = read(data)
    assert [(each.rule, each.origin.line) for each in result.findings] == [(rule, line)]
    assert result.documents == ()


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert [each.rule for each in read("\n".join(lines)).findings] == ["YAML-010"]


def test_a_file_of_a_hundred_megabytes_is_not_looked_at() -> None:
    (finding,) = read(bytes(100 * 1024 * 1024)).findings
    assert finding.rule == "YAML-008"
    assert "100.0 MiB" in finding.message


def test_many_aliases_are_fine_while_one_value_in_a_hundred_is_written_out() -> None:
    small = "a: &a [" + "x," * 99 + "x]\n"
    assert read(small + "b: [" + "*a," * 90 + "]\n").findings == ()
    tower = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [" + "*a," * 10 + "]\nc: &c [" + "*b," * 10 + "]\n"
    assert [each.rule for each in read(tower + "d: [" + "*c," * 10 + "]\n").findings] == ["YAML-010"]


def test_the_last_line_of_a_file_counts_as_ended() -> None:
    """The splitter of kubectl ends it, so a block of lines at the end of a file has its line end."""
    assert read("a: |\n  b").documents[0].value == {"a": "b\n"}


def test_each_document_may_have_a_byte_order_mark_of_its_own() -> None:
    documents = read("\ufeffa: 1\n---\n\ufeffb: 2\n").documents
    assert [each.value for each in documents] == [{"a": 1}, {"b": 2}]


def test_limits_can_be_set() -> None:
    small = Limits(file_bytes=10, depth=2, documents=1)
    assert [each.rule for each in read("a: 1234567\n", small).findings] == ["YAML-008"]
    assert [each.rule for each in read("[[[1]]]", small).findings] == ["YAML-009"]
    assert [each.rule for each in read("a\n---\nb\n", small).findings] == ["YAML-011"]


def test_a_message_names_the_first_place_of_a_repeated_key() -> None:
    (finding,) = read("a: 1\nb: 2\na: 3\n").findings
    assert isinstance(finding, Finding)
    assert "first on line 1" in finding.message
    assert finding.origin == Origin(path="x.yaml", document=0, line=3, column=1, end_line=3, end_column=2)
