"""The bundle tells the fault that the kind's own schema tells."""

from __future__ import annotations

import json

import jsonschema
import jsonschema_rs
import pytest

from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.core.bundle import bundle
from hedgehog_gitops.model.kind import KINDS, Kind
from hedgehog_gitops.model.plain import Json, JsonObject

SCHEMAS = PackageSchemas()
BUNDLE = bundle(SCHEMAS)
SERVER: JsonObject = {
    "apiVersion": "wiring.githedgehog.com/v1beta1",
    "kind": "Server",
    "metadata": {"name": "server-01"},
    "spec": {},
}


def told(value: Json) -> list[tuple[str, str]]:
    """The path and words of every error, as a validator that knows nothing of us finds them."""
    errors = jsonschema.Draft202012Validator(BUNDLE).iter_errors(value)
    return sorted((error.json_path, error.message) for error in errors)


def test_the_bundle_is_a_schema_of_its_dialect() -> None:
    jsonschema.Draft202012Validator.check_schema(BUNDLE)
    jsonschema_rs.validator_for(BUNDLE)
    assert "oneOf" not in json.dumps(BUNDLE)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.kind for kind in KINDS])
def test_each_kind_is_judged_by_its_own_schema(kind: Kind) -> None:
    value: JsonObject = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": "one"}, "color": 1}
    assert told(value) == [("$", "Additional properties are not allowed ('color' was unexpected)")]


FAULTS: list[tuple[str, JsonObject, tuple[str, str]]] = [
    ("an unknown field", {"spec": {"descr": "x"}},
     ("$.spec", "Additional properties are not allowed ('descr' was unexpected)")),
    ("a wrong type", {"spec": {"description": 5}}, ("$.spec.description", "5 is not of type 'string'")),
    ("a wrong group", {"apiVersion": "vpc.githedgehog.com/v1beta1"},
     ("$.apiVersion", ("'vpc.githedgehog.com/v1beta1' is not one of "
      "['wiring.githedgehog.com/v1beta1', 'wiring.githedgehog.com/v1alpha2']"))),
    ("no name", {"metadata": {}}, ("$.metadata", "'name' is a required property")),
]  # fmt: skip


@pytest.mark.parametrize(("part", "fault"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
def test_one_fault_is_one_error_at_its_place(part: JsonObject, fault: tuple[str, str]) -> None:
    assert told(SERVER) == []
    assert told({**SERVER, **part}) == [fault]


def test_a_kind_that_is_none_is_told_as_that() -> None:
    ((path, message),) = told({**SERVER, "kind": "Servr"})
    assert path == "$.kind"
    assert message.startswith("'Servr' is not one of ['VLANNamespace', ")


def test_without_a_kind_only_that_is_told() -> None:
    assert told({"apiVersion": "wiring.githedgehog.com/v1beta1"}) == [("$", "'kind' is a required property")]
