"""Laws of writing YAML: what is written reads back, and an edit changes what differs and nothing else."""

from __future__ import annotations

import json

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.writing import edit_document, to_yaml
from hedgehog_gitops.model.plain import Json, JsonObject

AWKWARD = [
    "on", "y", "N", "0o755", "089", "1e3", "12e5", "1234e56", "~", "null", "0755", "=", "<<", "- a", "a: b", "#x",
    " x", "x ", "a\nb", "a\n\nb\n", "\n", "%x", "---", "...", "1:20", "2024-01-02", "!x", "&a", "*a", "|", ">", "@",
    "`", "\t", "{", "\ufeff", "\x85", "?", ".inf", "0x1F", "1_000", "+1", "-0", ".4_6", "0b-1", "a ? b", "a,b", "'",
    '"', "a\r\nb", " a\nb", "a \nb", "a\n b\n", "a\n---\nb", "word " * 40, "x" * 200, "\u2028", "a\n\tb", "\U0001f600",
]  # fmt: skip
texts = st.text(max_size=8) | st.sampled_from(AWKWARD)
floats = st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: not number.is_integer() or number > 1e21
)
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | floats | texts
values: st.SearchStrategy[Json] = st.recursive(
    scalars, lambda below: st.lists(below, max_size=3) | st.dictionaries(texts, below, max_size=3), max_leaves=10
)
objects: st.SearchStrategy[JsonObject] = st.dictionaries(texts, values, max_size=4)
names = st.sampled_from(["a", "bc", "on", "a b", "0755", "d/e"])
plain = st.sampled_from(["x", "10.0.0.0/24", "0755", "two\nlines\n", "", None, True, 1, 1.5])
trees: st.SearchStrategy[Json] = st.recursive(
    plain, lambda below: st.lists(below, max_size=4) | st.dictionaries(names, below, max_size=4), max_leaves=12
)
documents: st.SearchStrategy[JsonObject] = st.dictionaries(names, trees, min_size=1, max_size=4)


def written(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


def only_value(text: str) -> Json:
    result = read_documents(text.encode("utf-8", "surrogatepass"), "x.yaml")
    assert result.findings == ()
    (document,) = result.documents
    return document.value


@settings(max_examples=500, deadline=None)
@given(objects)
def test_what_is_written_is_read_back_as_the_same_value(value: JsonObject) -> None:
    assert written(only_value(to_yaml(value))) == written(value)


@settings(max_examples=300, deadline=None)
@given(objects)
def test_keys_are_written_in_the_order_in_which_they_come(value: JsonObject) -> None:
    found = only_value(to_yaml(value))
    assert isinstance(found, dict)
    assert list(found) == list(value)


@settings(max_examples=300, deadline=None)
@given(objects, objects)
def test_an_edited_document_reads_as_its_target(before: JsonObject, target: JsonObject) -> None:
    text = "# head\n" + (to_yaml(before) if before else "{}\n")
    edited = edit_document(text, target)
    assert written(only_value(edited)) == written(target)
    assert (edited == text) == (written(before) == written(target))


def commented(text: str) -> str:
    """The text with a comment of its own above every line that is not inside a block of lines."""
    lines: list[str] = []
    for number, line in enumerate(text.splitlines()):
        indent = line[: len(line) - len(line.lstrip())]
        lines += [f"{indent}# note {number}", line]
    return "\n".join(lines) + "\n"


@settings(max_examples=300, deadline=None)
@given(documents, documents, st.sampled_from(["\n", "\r\n"]))
def test_comments_outside_of_what_is_taken_out_survive(before: JsonObject, added: JsonObject, line_end: str) -> None:
    text = commented(to_yaml(before)).replace("\n", line_end)
    assume(written(read_documents(text.encode(), "x").documents[0].value) == written(before))
    target = {**before, **{name: value for name, value in added.items() if name not in before}}
    edited = edit_document(text, target)
    assert edited.startswith(text.rstrip("\r\n"))


@settings(max_examples=300, deadline=None)
@given(documents, st.data())
def test_an_edit_of_one_key_leaves_the_text_of_all_others(before: JsonObject, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(before)))
    target = {**before, name: data.draw(trees)}
    rest = {key: value for key, value in before.items() if key != name}
    edited = edit_document(to_yaml(before), target)
    for key, value in rest.items():
        assert to_yaml({key: value}) in edited
