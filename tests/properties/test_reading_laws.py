"""Laws of reading YAML, and of the values that it gives."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from hedgehog_gitops.core.canonical import canonical, digest, same
from hedgehog_gitops.core.defaulting import with_defaults
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.reading.stream import split
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.kind import USER_KINDS
from hedgehog_gitops.model.plain import Json, JsonObject

AWKWARD = [
    "on", "y", "N", "0o755", "089", "1e3", "12e5", "1234e56", "~", "null", "0755", "=", "<<", "- a", "a: b", "#x",
    " x", "x ", "a\nb", "a\n\nb\n", "\n", "%x", "---", "...", "1:20", "2024-01-02", "!x", "&a", "*a", "|", ">", "@",
    "`", "\t", "{", "\ufeff", "\x85", "?", ".inf", "0x1F", "1_000", "+1", "-0",
]  # fmt: skip
texts = st.text(max_size=8) | st.sampled_from(AWKWARD)
scalars = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | texts
values: st.SearchStrategy[Json] = st.recursive(
    scalars, lambda below: st.lists(below, max_size=3) | st.dictionaries(texts, below, max_size=3), max_leaves=10
)
objects: st.SearchStrategy[JsonObject] = st.dictionaries(texts, values, max_size=4)


def strictly_equal(one: Json, other: Json) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def only_value(text: str) -> Json:
    (document,) = read_documents(text.encode("utf-8", "surrogatepass"), "x.yaml").documents
    return document.value


@settings(max_examples=200, deadline=None)
@given(st.lists(objects, min_size=1, max_size=4), st.booleans())
def test_b04_every_document_of_a_stream_is_found_and_reads_alone_as_it_reads_in_the_file(
    many: list[JsonObject],
    has_crlf: bool,  # noqa: FBT001 - hypothesis passes it by position
) -> None:
    text = "---\n".join(to_yaml(value) for value in many)
    if has_crlf:
        text = text.replace("\n", "\r\n")
    documents = read_documents(text.encode("utf-8", "surrogatepass"), "x.yaml").documents
    assert len(documents) == len(many)
    for document, value in zip(documents, many, strict=True):
        assert strictly_equal(only_value(text[document.start : document.end]), document.value)
        assert has_crlf or strictly_equal(document.value, value)


LINES = [
    "---", "--- ", "--- # c", "---#c", "--- x", "----", "...", "... # c", "# c", "", " ", "a: 1", "b: |", "  text",
    " ---", "c: [1", "%YAML 1.1", '"x', 'y"', "\ufeffd: 1", "- 1", "x: \u2028", "e: 1\r", "---\r", "\t",
]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=10), st.booleans())
def test_b04_nothing_but_separator_lines_stands_between_documents(
    lines: list[str],
    is_ended: bool,  # noqa: FBT001 - hypothesis passes it by position
) -> None:
    text = "\n".join(lines) + ("\n" if is_ended else "")
    chunks, _ = split(text, "x.yaml")
    bounds = [0, *(place for chunk in chunks for place in (chunk.start, chunk.end)), len(text)]
    assert bounds == sorted(bounds)
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        assert all(line.startswith("---") for line in text[start:end].splitlines() if line)
    assert [chunk.line for chunk in chunks] == [text.count("\n", 0, chunk.start) for chunk in chunks]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=10).map("\n".join) | st.text(max_size=30) | st.binary(max_size=30))
def test_whatever_a_file_holds_it_is_read_or_refused_with_a_place(content: str | bytes) -> None:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    result = read_documents(data, "x.yaml")
    assert all(finding.origin.line >= 1 and finding.origin.column >= 1 for finding in result.findings)
    for document in result.documents:
        strictly_equal(document.value, document.value)  # plain data: JSON can hold it


specs: st.SearchStrategy[JsonObject] = st.dictionaries(
    st.sampled_from(
        ["ranges", "subnets", "groups", "redundancy", "vlanNamespaces", "portSpeeds", "dhcp", "permit", "peering",
         "static", "switch", "acl", "logs", "linkFlapErrDisable", "subnet", "links", "unbundled", "x"]
    ),
    values,
    max_size=5,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(USER_KINDS), specs)
def test_defaulting_never_raises_never_changes_its_input_and_is_settled_after_once(kind, spec) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - hypothesis gives a Kind and a spec
    value: JsonObject = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": "n"}, "spec": spec}
    before = json.dumps(value)

    stored = with_defaults(kind, value)
    form = canonical(kind, value)

    assert json.dumps(value) == before
    assert same(canonical(kind, stored), form), "b11: written and stored form are one"
    assert same(canonical(kind, form), form)


@settings(max_examples=300, deadline=None)
@given(values, values)
def test_digests_are_equal_exactly_when_values_are_the_same(one: Json, other: Json) -> None:
    assert (digest(one) == digest(other)) == same(one, other)
    assert digest(one) == digest(json.loads(json.dumps(one)))
