"""What is told without an engine: every yes is right, and what people write is told."""

from __future__ import annotations

import jsonschema
import pytest

from fakes.shapes import SCHEMAS
from generated_fabric import generate_fabric
from hedgehog_gitops.core.decoding import decoding_schema, storing_schema
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.plainly import fits_plainly
from hedgehog_gitops.model.kind import KINDS
from hedgehog_gitops.model.plain import Json, JsonObject

_KINDS = {kind.kind: kind for kind in KINDS}


def test_every_object_of_a_good_fabric_is_told_without_an_engine() -> None:
    """Issue 4, 3: a commit hook on few files loads no engine."""
    for value in generate_fabric(vpcs=20, leaves=4):
        kind = _KINDS[str(value["kind"])]
        schema = SCHEMAS.schema(kind)
        assert fits_plainly(decoding_schema(schema), value), value
        assert fits_plainly(storing_schema(schema), {"spec": default_spec(kind, value)}), value


ODD: list[Json] = [None, True, False, 0, 1, 5, -1, 2**70, 0.5, 1.0, "", "a", "ab", [], [1], [1, 2, 3], {}, {"a": 1}]
FORMS: list[JsonObject] = [
    {"type": "integer"},
    {"type": ["string", "null"]},
    {"type": "boolean", "enum": [True]},
    {"enum": ["a", 1, None]},
    {"pattern": "^a$"},
    {"minimum": 1, "maximum": 4},
    {"minimum": 0.75},
    {"minItems": 1, "maxItems": 2, "items": {"type": "integer"}},
    {"items": False},
    {"required": ["a"]},
    {"properties": {"a": {"type": "string"}}},
    {"properties": {"a": True}, "additionalProperties": False},
    {"additionalProperties": {"type": "string"}},
    {"minLength": 1},
    {"not": {}},
    {"$ref": "#/$defs/none", "$defs": {"none": False}},
]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_yes_is_right_and_a_word_that_is_not_known_is_no_yes(form: JsonObject) -> None:
    reference = jsonschema.Draft202012Validator(form)
    assert [value for value in ODD if fits_plainly(form, value) and not reference.is_valid(value)] == []
