"""What `lines` reads, the parser reads just so, without a finding; and what people write is read by `lines`."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generated_fabric import generate_fabric, texts
from hedgehog_gitops.core.reading.building import build
from hedgehog_gitops.core.reading.lines import read_lines
from hedgehog_gitops.core.reading.stream import Chunk
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.document import Limits

LIMITS = Limits()
PIECES = [
    " ", "  ", "    ", "- ", "- - ", "-   ", "-", "a", "b", "key", "E1/1", "x.y/z-1", "on", "y", "null", "~", "<<",
    ":", ": ", ":  ", "1", "0x1F", "0o17", "017", "1e3", "1_0", ".5", "-1", "-.inf", ".nan", "1:20", "2024-01-02",
    "10.0.0.0/8", "0c:20:12", "http://a", "a b", "a - b", "a  b", '"', "'", '"x"', "'x'", '"a: b"', "'#'", '""', "''",
    "\\", "\\n", "#", " #", " # c", "{}", "[]", "{ }", "[a, b]", "{a: 1, b: [x]}", "[a,]", "[a: b]", "{a}", "[", "]",
    "{", "}", ",", "&a ", "*a", "!x ", "!!str ", "|", ">", "|-", "%", "@", "`", "?", "? ", "!", "=", "\t", "\r", "\x0b",
    "\x85", "\u2028", "\u00e9", "\ufeff", "...", "---", "--- ", "$x", "(x)", "+1", "_", "/x", "true", "false", "yes",
    "No",
]  # fmt: skip
indents = st.sampled_from(["", "", "  ", "  ", "    ", " ", "      "])
keys = st.sampled_from(
    [
        "a",
        "b",
        "c",
        "key",
        "E1/1",
        "0c:20:13",
        "1:2",
        "a:b",
        "1",
        '"a"',
        "'b: c'",
        "on",
        "- a",
        "- b",
        "- - a",
        "-   c",
        "<<",
    ]
)
values = st.sampled_from(PIECES) | st.lists(st.sampled_from(PIECES), max_size=3).map("".join)
fields = st.tuples(indents, keys, st.sampled_from([": ", ":", ":   "]), values).map("".join)
items = st.tuples(indents, st.sampled_from(["- ", "- - ", "-  "]), values).map("".join)
wild = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
lines = fields | items | fields | wild | st.sampled_from(["", "# c", "  # a: b", "spec:", "  a:", "    b:", "- x"])
documents = st.lists(lines, max_size=8).map("\n".join)


def parsed(text: str, limits: Limits = LIMITS) -> object:
    """The parser's value, or what keeps it from being one without any finding."""
    placed, findings = build(text, Chunk(0, 0, len(text), 0), "x.yaml", limits)
    return placed[0] if placed is not None and not findings else [finding.message for finding in findings]


@settings(max_examples=800, deadline=None)
@given(documents)
@example("a:\n- b:\n  - c\n  d: 1\ne: 2")
@example("a:\n  b:\nc: 1")
@example("a: b\n  c: d")
@example("a: b\n c")
@example('"a": {b: "c", d: [e, f]}\ng: [[h], {}]')
@example("a: [b c , d ]")
@example("- a\n- b")
def test_lines_and_the_parser_never_differ(text: str) -> None:
    body = f"{text}\n"
    value = read_lines(body, LIMITS.depth)
    if value is not None:
        assert json.dumps(parsed(body)) == json.dumps(value)


@pytest.mark.parametrize("depth", [1, 5, 12, 20, 40])
def test_no_document_is_read_that_is_too_deep_for_the_parser(depth: int) -> None:
    for levels in range(1, depth + 3):
        for line in ("{}a:", "{}- a:"):
            body = "".join(line.format("  " * level) + "\n" for level in range(levels)) + "  " * levels + "b: [[[c]]]\n"
            value = read_lines(f"top:\n{body}" if line[2] == "-" else body, depth)
            if value is not None:
                text = f"top:\n{body}" if line[2] == "-" else body
                assert parsed(text, Limits(depth=depth)) == value


def test_the_documents_of_a_fabric_need_no_parser() -> None:
    objects = generate_fabric(vpcs=20, leaves=4, gateways=1)
    assert [read_lines(text, LIMITS.depth) for text in texts(objects)] == objects
    assert [read_lines(to_yaml(each), LIMITS.depth) for each in objects] == objects


def test_what_stands_on_one_line_belongs_to_each_document_alone() -> None:
    one, other = (read_lines("a: {b: [c]}\n", LIMITS.depth) for _ in range(2))
    assert one == other == {"a": {"b": ["c"]}}
    assert one is not None
    assert other is not None
    assert one["a"] is not other["a"]
