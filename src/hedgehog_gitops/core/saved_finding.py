"""A finding of a plan as JSON, with the keys that `validate` gives it, and back."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_text

_NOBODY = ObjectKey(group="", kind="", namespace="", name="")
_PLACE = ("document", "line", "column", "end_line", "end_column")


def finding_value(finding: Finding) -> JsonObject:
    """The finding as a JSON object; what it is related to is left out."""
    origin, key = finding.origin, finding.key or _NOBODY
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        "path": origin.path,
        **{name: getattr(origin, name) for name in _PLACE},
        "field": finding.field,
        "group": key.group,
        "kind": key.kind,
        "namespace": key.namespace,
        "name": key.name,
    }


def finding_from(value: JsonObject) -> Finding:
    """The finding that `finding_value` wrote. ValueError or KeyError if the object is none."""
    numbers = {name: number for name in _PLACE if isinstance(number := value[name], int)}
    names = {name: as_text(value[name]) for name in ("group", "kind", "namespace", "name")}
    return Finding(
        rule=as_text(value["rule"]),
        severity=Severity(as_text(value["severity"])),
        origin=Origin(path=as_text(value["path"]), **numbers),
        message=as_text(value["message"]),
        hint=as_text(value["hint"]),
        field=as_text(value["field"]),
        key=ObjectKey(**names) if names["kind"] else None,
    )
