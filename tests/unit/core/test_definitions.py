from __future__ import annotations

import json
import re
from typing import cast

import pytest

from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.core.crd import crd
from hedgehog_gitops.core.definitions import python_pattern, read_field, schema_of, served_spec, unread_keywords
from hedgehog_gitops.core.refreshing import Refreshed, differences, refresh
from hedgehog_gitops.model.kind import KINDS, VPC, WIRING, Kind, find_kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, get_path

SCHEMAS = PackageSchemas()
VPC_KIND = cast("Kind", find_kind(VPC, "VPC"))
SWITCH = cast("Kind", find_kind(WIRING, "Switch"))
SPEC = ("spec", "versions", 0, "schema", "openAPIV3Schema", "properties", "spec")


def definition(kind: Kind) -> JsonObject:
    return cast("JsonObject", json.loads(json.dumps(crd(kind, SCHEMAS.schema(kind)))))


def as_a_server_returns_it(value: Json) -> Json:
    """Keys in alphabetical order, and empty maps left out."""
    if isinstance(value, dict):
        return {name: as_a_server_returns_it(part) for name, part in sorted(value.items()) if part != {}}
    return [as_a_server_returns_it(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", KINDS, ids=[kind.kind for kind in KINDS])
def test_a_schema_comes_back_from_its_definition_byte_for_byte(kind: Kind) -> None:
    shipped = SCHEMAS.schema(kind)
    for made in (definition(kind), as_object(as_a_server_returns_it(definition(kind)))):
        spec = served_spec(kind, made)
        assert spec is not None
        assert json.dumps(schema_of(spec, shipped)) == json.dumps(shipped)
        assert list(unread_keywords(spec)) == []


@pytest.mark.parametrize("kind", KINDS, ids=[kind.kind for kind in KINDS])
def test_a_definition_comes_back_from_its_schema(kind: Kind) -> None:
    made = definition(kind)
    spec = served_spec(kind, made)
    assert spec is not None
    assert crd(kind, schema_of(spec, SCHEMAS.schema(kind))) == made


def changed(path: tuple[str, ...], value: Json) -> Refreshed:
    """The VPC definition with one thing changed below its spec, refreshed."""
    made = definition(VPC_KIND)
    *above, last = path
    as_object(get_path(made, (*SPEC, *above)))[last] = value
    return refresh([made], SCHEMAS)


SUBNET = ("properties", "subnets", "additionalProperties", "properties")
CHANGES: list[tuple[str, tuple[str, ...], Json, str]] = [
    ("a new field", (*SUBNET, "speed"), {"type": "string"}, "VPC spec.subnets.*.speed is new"),
    ("a bound", (*SUBNET, "vlan", "maximum"), 4000, "VPC spec.subnets.*.vlan: maximum is 4000, here 65535"),
    ("a type", (*SUBNET, "vlan", "type"), "string", 'VPC spec.subnets.*.vlan: type is "string", here "integer"'),
    ("a default", ("properties", "mode", "default"), "l3", 'VPC spec.mode: default is "l3", here not set'),
    ("a list's items", ("properties", "permit", "items", "maxItems"), 3,
     "VPC spec.permit[*]: maxItems is 3, here not set"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "said"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES])
def test_a_difference_is_named_where_it_is(path: tuple[str, ...], value: Json, said: str) -> None:
    refreshed = changed(path, value)
    assert [str(each) for each in differences(SCHEMAS, refreshed.schemas)] == [said]


def test_a_field_that_the_cluster_does_not_have_is_gone() -> None:
    made = definition(VPC_KIND)
    del as_object(get_path(made, (*SPEC, "properties")))["mode"]
    found = refresh([made], SCHEMAS).schemas
    assert [str(each) for each in differences(SCHEMAS, found)] == ["VPC spec.mode is gone"]


def test_other_words_are_no_difference() -> None:
    refreshed = changed(("properties", "mode", "description"), "Other words.")
    assert differences(SCHEMAS, refreshed.schemas) == ()
    assert refreshed.schemas == {(VPC, "VPC"): SCHEMAS.schema(VPC_KIND)}


def test_the_width_of_a_number_is_kept_while_its_type_and_format_are_the_same() -> None:
    shipped: JsonObject = {"type": "integer", "format": "int32", "x-width": "uint32"}
    assert read_field({"type": "integer", "format": "int32"}, shipped)["maximum"] == 2**32 - 1
    assert read_field({"type": "integer", "format": "int32"}, {})["minimum"] == -(2**31)
    assert "x-width" not in read_field({"type": "integer", "format": "int64"}, shipped)
    assert read_field({"type": "integer", "format": "int32"}, {})["maximum"] == 2**32 - 1
    own = read_field({"type": "integer", "format": "int32", "minimum": 5}, shipped)
    assert (own["minimum"], own["maximum"], own["x-limits"]) == (5, 2**32 - 1, ["minimum"])


def test_what_a_definition_preserves_may_hold_anything() -> None:
    assert read_field({"type": "object", "x-kubernetes-preserve-unknown-fields": True}, {}) == {"type": "object"}
    assert read_field({"type": "object"}, {})["additionalProperties"] is False
    assert read_field({"type": "string", "nullable": True}, {})["type"] == ["string", "null"]


def test_what_our_schemas_cannot_say_is_told() -> None:
    refreshed = changed(("properties", "mode", "x-kubernetes-validations"), [{"rule": "self != 'x'"}])
    assert refreshed.unread == ("VPC spec.mode: x-kubernetes-validations is not judged by validate",)


def test_a_pattern_that_only_go_understands_is_left_out_and_told() -> None:
    refreshed = changed(("properties", "mode", "pattern"), r"^\p{L}+$")
    assert refreshed.unread == ("VPC spec.mode: pattern is not judged by validate",)
    assert refreshed.schemas == {(VPC, "VPC"): SCHEMAS.schema(VPC_KIND)}


def test_a_version_that_is_not_served_and_a_missing_definition_are_told_apart() -> None:
    made = definition(VPC_KIND)
    as_object(get_path(made, ("spec", "versions", 0)))["name"] = "v2"
    absent = refresh([made, definition(SWITCH)], SCHEMAS).absent
    assert absent["VPC"] == "version v1beta1 is not served"
    assert absent["Server"] == "there is no definition"
    assert "Switch" not in absent


@pytest.mark.parametrize(
    ("go", "fits", "does_not"),
    [
        (r"^\d+$", "12", "12\n"),
        (r"^\d+$", "12", "\u0661"),
        (r"^[\d.]+$", "1.2", "x"),
        (r"^[a$]+$", "a$", "b"),
        (r"^a\$$", "a$", "a"),
        (r"^[]x]$", "]", "y"),
        (r"^[^\]]$", "x", "]"),
        (r"^\w+$", "a_1", "é"),
    ],
)
def test_a_pattern_means_what_it_means_to_go(go: str, fits: str, does_not: str) -> None:
    pattern = re.compile(python_pattern(go))
    assert pattern.search(fits)
    assert not pattern.search(does_not)
    assert python_pattern(python_pattern(go).replace("$(?!\\n)", "$")) == python_pattern(go)
