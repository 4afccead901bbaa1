"""Laws of defaulting and of the form in which objects are compared, on specs that look like real ones."""

from __future__ import annotations

import copy
import json

from hypothesis import given, settings

from fakes.shapes import objects
from hedgehog_gitops.core.canonical import canonical, digest, same
from hedgehog_gitops.core.defaulting import default_spec, with_defaults
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_object


@settings(max_examples=300, deadline=None)
@given(objects())
def test_b11_what_is_written_and_what_is_stored_have_one_form(made: tuple[Kind, JsonObject]) -> None:
    kind, value = made
    before = copy.deepcopy(value)

    stored = with_defaults(kind, value)
    form = canonical(kind, value)

    assert json.dumps(value) == json.dumps(before)
    assert same(canonical(kind, stored), form)
    assert same(canonical(kind, form), form)
    assert same(canonical(kind, value, spec=default_spec(kind, value)), form)
    assert digest(form) == digest(canonical(kind, stored))


@settings(max_examples=150, deadline=None)
@given(objects())
def test_what_is_stored_is_stored_as_it_is(made: tuple[Kind, JsonObject]) -> None:
    kind, value = made
    stored = with_defaults(kind, value)
    assert same(with_defaults(kind, stored), stored)


@settings(max_examples=150, deadline=None)
@given(objects())
def test_the_order_of_keys_says_nothing(made: tuple[Kind, JsonObject]) -> None:
    kind, value = made
    assert digest(canonical(kind, as_object(turned(value)))) == digest(canonical(kind, value))


def turned(value: Json) -> Json:
    """The value with the keys of every mapping in the opposite order."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    return [turned(entry) for entry in value] if isinstance(value, list) else value
