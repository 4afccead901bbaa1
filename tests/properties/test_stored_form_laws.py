"""Laws of defaulting and of the form in which objects are compared, on specs that look like real ones."""

from __future__ import annotations

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.core.canonical import canonical, digest, same
from hedgehog_gitops.core.defaulting import default_spec, with_defaults
from hedgehog_gitops.model.kind import USER_KINDS, Kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object

SCHEMAS = PackageSchemas()
KEYS = st.sampled_from(["a", "b", "E1/1", "AA:BB:CC:DD:EE:FF", "aa-bb-cc-dd-ee-ff", "all", ""])
TEXTS = st.sampled_from(
    ["", "a", "b", "b/c", "10.0.1.0/24", "10.0.1.77/24", "10.0.2.0/31", "10.0.0.0/32", "0.0.0.0/0", "::/0", "fd00::/20",
     "10.0.0.0/024", "10.0.0.1", "SPEED_25G", "eslag", "leaf-1/E1/1", "srv-1/e1", "\udc80", "é"]
)  # fmt: skip
NUMBERS = st.sampled_from([0, 1, 5, 4094, 4095, -1, 70000, 1.5, 2.0])
ANYTHING: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda below: st.lists(below, max_size=2) | st.dictionaries(KEYS, below, max_size=2),
    max_leaves=4,
)
LABELS = ["team", "fabric.githedgehog.com/vpc", "switch.fabric.githedgehog.com/x", "vpc.gateway.githedgehog.com/y",
          "argocd.argoproj.io/z", "gateway.githedgehog.com/nat", "fabric.githedgehog.com/p2p-link"]  # fmt: skip


def shaped(schema: JsonObject) -> st.SearchStrategy[Json]:
    """Values that mostly have the form of a schema, and now and then any other."""
    return st.integers(0, 19).flatmap(lambda dice: ANYTHING if dice == 0 else fitting(schema))


def fitting(schema: JsonObject) -> st.SearchStrategy[Json]:
    """Values of the type of a schema."""
    match schema.get("type"):
        case "object" if "properties" in schema:
            fields = as_object(schema["properties"])
            return st.lists(st.sampled_from(sorted(fields)), max_size=5, unique=True).flatmap(
                lambda names: st.fixed_dictionaries({name: shaped(as_object(fields[name])) for name in names})
            ) if fields else st.just({})  # fmt: skip
        case "object":
            return st.dictionaries(KEYS, shaped(as_object(schema.get("additionalProperties"))), max_size=3)
        case "array":
            return st.lists(shaped(as_object(schema["items"])), max_size=3)
        case "string":
            return TEXTS | st.sampled_from([str(word) for word in as_list(schema.get("enum"))] or ["x"])
        case "integer":
            return NUMBERS
        case "boolean":
            return st.booleans()
        case _:
            return ANYTHING


@st.composite
def objects(draw: st.DrawFn) -> tuple[Kind, JsonObject]:
    kind = draw(st.sampled_from(USER_KINDS))
    labels = st.dictionaries(st.sampled_from(LABELS), st.sampled_from(["", "x"]), max_size=3)
    metadata: JsonObject = {"name": "n", "labels": {**draw(labels)}, "annotations": {**draw(labels)}}
    spec = draw(shaped(as_object(as_object(SCHEMAS.schema(kind)["properties"])["spec"])))
    return kind, {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata, "spec": spec}


@settings(max_examples=1000, deadline=None)
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


@settings(max_examples=500, deadline=None)
@given(objects())
def test_what_is_stored_is_stored_as_it_is(made: tuple[Kind, JsonObject]) -> None:
    kind, value = made
    stored = with_defaults(kind, value)
    assert same(with_defaults(kind, stored), stored)


@settings(max_examples=500, deadline=None)
@given(objects())
def test_the_order_of_keys_says_nothing(made: tuple[Kind, JsonObject]) -> None:
    kind, value = made
    assert digest(canonical(kind, as_object(turned(value)))) == digest(canonical(kind, value))


def turned(value: Json) -> Json:
    """The value with the keys of every mapping in the opposite order."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    return [turned(entry) for entry in value] if isinstance(value, list) else value
