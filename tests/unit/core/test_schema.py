from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.core.crd import crd
from hedgehog_gitops.core.identify import identify
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.validation import schema_judge
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import KINDS, USER_KINDS, Kind

SCHEMAS = PackageSchemas()


def judged(kind: str, spec: str, group: str = "vpc") -> list[Finding]:
    text = f"apiVersion: {group}.githedgehog.com/v1beta1\nkind: {kind}\nmetadata: {{name: one}}\nspec:\n{spec}"
    if group == "gateway":
        text = text.replace("v1beta1", "v1alpha1")
    (document,) = read_documents(text.encode(), "x.yaml").documents
    return list(schema_judge(SCHEMAS)(identify(document).manifests))


CASES = [
    ("unknown field", "VPC", "  subnets:\n    a:\n      subnet: 10.0.0.0/24\n      vlam: 7\n", "vpc",
     ("DECODE-001", 8, 7, "spec.subnets.a.vlam", "did you mean vlan?")),
    ("text for a number", "Switch", "  role: spine\n  asn: '65100'\n", "wiring",
     ("DECODE-002", 6, 8, "spec.asn", "")),
    ("number for a text", "Server", "  description: 5\n", "wiring",
     ("DECODE-002", 5, 16, "spec.description", "put it in quotes")),
    ("list for a mapping", "VPC", "  subnets: [a]\n", "vpc", ("DECODE-002", 5, 12, "spec.subnets", "")),
    ("too wide", "VPC", "  subnets:\n    a: {vlan: 70000}\n", "vpc", ("DECODE-003", 6, 15, "spec.subnets.a.vlan", "")),
    ("negative", "Switch", "  role: spine\n  asn: -1\n", "wiring", ("DECODE-003", 6, 8, "spec.asn", "")),
    ("fraction", "Switch", "  role: spine\n  asn: 1.5\n", "wiring", ("DECODE-002", 6, 8, "spec.asn", "")),
    ("no role", "Switch", "  asn: 1\n", "wiring", ("SCH-001", 5, 3, "spec", "")),
    ("wrong role", "Switch", "  role: top\n", "wiring", ("SCH-001", 5, 9, "spec.role", "")),
    ("one link", "Connection", "  eslag:\n    links:\n    - {}\n", "wiring", ("SCH-002", 7, 5, "spec.eslag.links", "")),
    ("no address", "Connection", "  fabric:\n    links:\n    - spine: {ip: here}\n", "wiring",
     ("SCH-002", 7, 19, "spec.fabric.links[0].spine.ip", "")),
    ("trailing newline", "Connection", '  fabric:\n    links:\n    - spine: {ip: "10.0.0.1/31\\n"}\n', "wiring",
     ("SCH-002", 7, 19, "spec.fabric.links[0].spine.ip", "")),
    ("too many", "IPv4Namespace", "  subnets: [" + ", ".join(["10.0.0.0/24"] * 21) + "]\n", "vpc",
     ("SCH-003", 5, 12, "spec.subnets", "")),
    ("acl word", "GatewayPeering", "  acl: {default: maybe}\n", "gateway", ("SCH-004", 5, 18, "spec.acl.default", "")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "spec", "group", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_fault_is_named_where_it_stands(
    kind: str, spec: str, group: str, expected: tuple[str, int, int, str, str]
) -> None:
    (finding,) = judged(kind, spec, group)
    rule, line, column, field, hint = expected
    assert (finding.rule, finding.origin.line, finding.origin.column, finding.field) == (rule, line, column, field)
    assert hint in finding.hint
    assert finding.key is not None


def test_what_defaulting_fills_in_is_not_missed() -> None:
    subnet = "  subnets:\n    a:\n      subnet: 10.0.0.0/24\n      dhcp: {enable: true, options: {pxeURL: x}}\n"
    assert judged("VPC", subnet) == []
    assert judged("ExternalAttachment", "  external: e\n") == []


def test_a_null_field_is_an_absent_one() -> None:
    assert judged("VPC", "  subnets:\n  mode: ~\n") == []


def test_all_faults_are_found_at_once() -> None:
    spec = "  mode: 5\n  subnets:\n    a: {vlan: x, subnte: y}\n    b: {vlan: 99999}\n"
    assert sorted(finding.rule for finding in judged("VPC", spec)) == [
        "DECODE-001", "DECODE-002", "DECODE-002", "DECODE-003",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=[kind.kind for kind in KINDS])
def test_every_kind_has_a_valid_schema_of_its_own(kind: Kind) -> None:
    schema = SCHEMAS.schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == kind.kind


def structs(schema: Any) -> list[Any]:
    found = [schema] if isinstance(schema, dict) and "properties" in schema else []
    below = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []
    return found + [struct for part in below for struct in structs(part)]


@pytest.mark.parametrize("kind", USER_KINDS, ids=[kind.kind for kind in USER_KINDS])
def test_every_struct_is_closed_and_every_field_described(kind: Kind) -> None:
    for struct in structs(SCHEMAS.schema(kind)):
        assert struct["additionalProperties"] is False
        assert all(part.get("description") for part in struct["properties"].values())


@pytest.mark.parametrize("kind", KINDS, ids=[kind.kind for kind in KINDS])
def test_a_definition_is_structural_and_named_as_the_registry_says(kind: Kind) -> None:
    made = crd(kind, SCHEMAS.schema(kind))
    text = json.dumps(made)
    assert made["metadata"] == {"name": f"{kind.plural}.{kind.group}"}
    assert '"additionalProperties": false' not in text
    assert "x-width" not in text
    assert "$" not in "".join(key for key in text.split('"')[1::2] if key.startswith("$"))
