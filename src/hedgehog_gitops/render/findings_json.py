"""Findings as JSON: `hedgehog-gitops/validate/v1`."""

from __future__ import annotations

from hedgehog_gitops.core.rules.help import help_anchor
from hedgehog_gitops.model.finding import Finding, Origin, Related
from hedgehog_gitops.model.kind import ObjectKey
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
                "suppressed": summary.suppressed,
            },
            "findings": findings_value(validation.findings),
        }
    )


def findings_value(findings: tuple[Finding, ...]) -> list[Json]:
    """Findings as a list of JSON objects; keys of the object are empty where a finding is about a whole file."""
    return [_finding(finding) for finding in findings]


def _finding(finding: Finding) -> JsonObject:
    origin = finding.origin
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        "path": origin.path,
        "document": origin.document,
        **_span(origin),
        "field": finding.field,
        **_object(finding.key),
        "related": [_related(each) for each in finding.related],
        "help": help_anchor(finding.rule),
    }


def _span(origin: Origin) -> JsonObject:
    """A place that has no known end ends where it starts."""
    ends_at = (origin.end_line, origin.end_column) if origin.end_line else (origin.line, origin.column)
    return {"line": origin.line, "column": origin.column, "end_line": ends_at[0], "end_column": ends_at[1]}


def _object(key: ObjectKey | None) -> JsonObject:
    return {
        "group": key.group if key else "",
        "kind": key.kind if key else "",
        "namespace": key.namespace if key else "",
        "name": key.name if key else "",
    }


def _related(related: Related) -> JsonObject:
    origin = related.origin
    return {
        "path": origin.path,
        "line": origin.line,
        "column": origin.column,
        "field": related.field,
        **_object(related.key),
    }
