"""Findings as JSON: `hedgehog-gitops/validate/v1`."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.render.text import as_json


def validation_json(validation: Validation) -> str:
    """The whole validation, stable and versioned."""
    summary = validation.summary
    return as_json(
        {
            "schema": "hedgehog-gitops/validate/v1",
            "ok": validation.ok,
            "summary": {
                "files": summary.files,
                "documents": summary.documents,
                "objects": summary.objects,
                "errors": summary.errors,
                "warnings": summary.warnings,
            },
            "findings": findings_value(validation.findings),
        }
    )


def findings_value(findings: tuple[Finding, ...]) -> list[Json]:
    """Findings as a list of JSON objects; keys of the object are empty where a finding is about a whole file."""
    return [_finding(finding) for finding in findings]


def _finding(finding: Finding) -> JsonObject:
    origin, key = finding.origin, finding.key
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        "path": origin.path,
        "document": origin.document,
        "line": origin.line,
        "column": origin.column,
        "field": finding.field,
        "group": key.group if key else "",
        "kind": key.kind if key else "",
        "namespace": key.namespace if key else "",
        "name": key.name if key else "",
    }
