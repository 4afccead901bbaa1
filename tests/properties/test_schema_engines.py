"""The compiled schema engine says what the reference says, on every kind, about what is written and what is stored.

What is said without an engine is never yes where they say no.
"""

from __future__ import annotations

import json

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.shapes import SCHEMAS, objects_of
from hedgehog_gitops.core.decoding import decoding_schema, storing_schema
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.plainly import fits_plainly
from hedgehog_gitops.model.kind import USER_KINDS, Kind
from hedgehog_gitops.model.plain import Json, JsonObject

by_kind = pytest.mark.parametrize("kind", USER_KINDS, ids=[kind.kind for kind in USER_KINDS])


@by_kind
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_both_engines_give_one_verdict(kind: Kind, data: st.DataObject) -> None:
    """The form that is stored is judged twice: as defaulting makes it, and as it was written."""
    value = data.draw(objects_of(kind).filter(is_text))
    decoding, storing = decoding_schema(SCHEMAS.schema(kind)), storing_schema(SCHEMAS.schema(kind))
    assert_same(decoding, value)
    assert_same(storing, value)
    assert_same(storing, {"spec": default_spec(kind, value)})


ODD: st.SearchStrategy[Json] = st.sampled_from(
    [
        True,
        False,
        1,
        1.0,
        -0.0,
        2**53 + 1,
        2**64,
        1e308,
        "1",
        "",
        " ",
        "true",
        None,
        [],
        [None],
        {},
        {"": None},
        "\U0001f984",
    ]
)


@by_kind
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_both_engines_agree_on_what_is_no_object_at_all(kind: Kind, data: st.DataObject) -> None:
    metadata, spec, top = (data.draw(ODD) for _ in range(3))
    schema = decoding_schema(SCHEMAS.schema(kind))
    assert_same(schema, {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata, "spec": spec})
    assert_same(schema, top)


def is_text(value: Json) -> bool:
    """False for what no file can hold: half of a surrogate pair."""
    return "\\ud" not in json.dumps(value)


def assert_same(schema: JsonObject, value: Json) -> None:
    fast = jsonschema_rs.validator_for(schema).is_valid(value)
    assert fast == jsonschema.Draft202012Validator(schema).is_valid(value), json.dumps(value)
    assert fast or not fits_plainly(schema, value), json.dumps(value)
