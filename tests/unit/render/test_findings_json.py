from __future__ import annotations

import json
from typing import Any

from hedgehog_gitops.core.validation import below
from hedgehog_gitops.model.finding import Finding, Origin, Related, Severity
from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.report import Validation, summarize
from hedgehog_gitops.render.findings_json import validation_json

BLUE = ObjectKey(group=VPC, kind="VPC", namespace="default", name="blue")
RED = ObjectKey(group=VPC, kind="VPC", namespace="default", name="red")
FOUND = Finding(
    rule="VPC-050",
    severity=Severity.ERROR,
    origin=Origin(path="managed/vpcs/blue.yaml", line=7, column=5, end_line=7, end_column=9),
    message="no IPv4Namespace named 'lab'",
    hint="did you mean 'default'?",
    field="spec.ipv4Namespace",
    key=BLUE,
    related=(
        Related(origin=Origin(path="managed/vpcs/red.yaml", line=3, column=2), key=RED, field="spec.ipv4Namespace"),
    ),
)


def printed(*findings: Finding) -> dict[str, Any]:
    text = validation_json(Validation(findings=findings, summary=summarize(findings, files=3, documents=9, objects=8)))
    value: dict[str, Any] = json.loads(text.encode())
    return value


def test_the_form_is_the_one_of_the_contract() -> None:
    value = printed(FOUND)

    assert value["schema"] == "hedgehog-gitops/validate/v1"
    assert value["ok"] is False
    assert value["summary"] == {"files": 3, "documents": 9, "objects": 8, "errors": 1, "warnings": 0, "suppressed": 0}
    (found,) = value["findings"]
    assert set(found) >= {
        "rule", "severity", "message", "hint", "path", "document", "line", "column", "field",
        "group", "kind", "namespace", "name",
    }  # fmt: skip
    assert (found["line"], found["field"], found["kind"], found["name"]) == (7, "spec.ipv4Namespace", "VPC", "blue")


def test_a_finding_says_where_it_ends_what_it_is_about_too_and_where_it_is_explained() -> None:
    (found,) = printed(FOUND)["findings"]

    assert (found["end_line"], found["end_column"]) == (7, 9)
    assert found["help"] == "docs/rules.md#vpc-050"
    assert found["related"] == [
        {
            "path": "managed/vpcs/red.yaml", "line": 3, "column": 2, "field": "spec.ipv4Namespace",
            "group": VPC, "kind": "VPC", "namespace": "default", "name": "red",
        }
    ]  # fmt: skip


def test_a_finding_about_a_whole_file_stands_at_its_first_character() -> None:
    (found,) = printed(FOUND._replace(origin=Origin(path="raw/a.yaml"), key=None, related=()))["findings"]

    assert [found[name] for name in ("line", "column", "end_line", "end_column")] == [1, 1, 1, 1]


def test_what_a_finding_points_to_counts_from_the_root_of_the_repository_too() -> None:
    (placed,) = below("fabrics/lab", (FOUND,))

    assert placed.origin.path == "fabrics/lab/managed/vpcs/blue.yaml"
    assert placed.related[0].origin.path == "fabrics/lab/managed/vpcs/red.yaml"


def test_a_file_whose_name_is_no_text_is_told_all_the_same() -> None:
    (found,) = printed(FOUND._replace(origin=Origin(path="raw/a\udcff.yaml")))["findings"]

    assert found["path"] == "raw/a\udcff.yaml"
