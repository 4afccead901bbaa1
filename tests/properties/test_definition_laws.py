"""Definition to schema to definition: what was read once stays as it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hedgehog_gitops.core.crd import structural
from hedgehog_gitops.core.definitions import read_field
from hedgehog_gitops.model.plain import JsonObject

names = st.sampled_from(["vlan", "subnet", "links", "mode"])
bounds = st.fixed_dictionaries({}, optional={"minimum": st.integers(-9, 9), "maximum": st.integers(10, 99)})
scalars: st.SearchStrategy[JsonObject] = st.one_of(
    bounds.map(lambda own: {"type": "integer", **own}),
    bounds.map(lambda own: {"type": "integer", "format": "int32", **own}),
    st.just({"type": "integer", "format": "int64"}),
    st.just({"type": "string", "nullable": True}),
    st.sampled_from([r"^\d+$", r"[\w$]", r"^a\$|b$"]).map(lambda pattern: {"type": "string", "pattern": pattern}),
    st.lists(st.sampled_from(["a", "b", ""]), min_size=1).map(lambda words: {"type": "string", "enum": words}),
    st.just({"type": "boolean", "default": False, "description": "Whether."}),
    st.just({"type": "object", "x-kubernetes-preserve-unknown-fields": True}),
)


def containers(below: st.SearchStrategy[JsonObject]) -> st.SearchStrategy[JsonObject]:
    fields = st.dictionaries(names, below, max_size=3)
    return st.one_of(
        fields.map(lambda parts: {"type": "object", "properties": parts, "required": sorted(parts)}),
        fields.map(lambda parts: {"type": "object", "properties": parts, "x-kubernetes-preserve-unknown-fields": True}),
        below.map(lambda part: {"type": "object", "additionalProperties": part}),
        below.map(lambda part: {"type": "array", "items": part, "minItems": 1}),
    )


structurals: st.SearchStrategy[JsonObject] = st.recursive(scalars, containers, max_leaves=12)


@given(structurals, structurals)
def test_a_definition_that_was_read_once_stays_as_it_is(found: JsonObject, shipped: JsonObject) -> None:
    for known in ({}, shipped):
        made = read_field(found, known)
        again = structural(made)
        assert read_field(again, made) == made
        assert structural(read_field(again, made)) == again


@given(structurals)
def test_nothing_is_lost_but_how_a_pattern_is_written(found: JsonObject) -> None:
    assert shape(structural(read_field(found, {}))) == shape(found)


def shape(value: object) -> object:
    """The schema without the texts of patterns and without empty lists of fields."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items() if name != "pattern" and part != {}}
    return [shape(part) for part in value] if isinstance(value, list) else value
