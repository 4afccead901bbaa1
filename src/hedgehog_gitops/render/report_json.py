"""The picture of a fabric as JSON, form `hedgehog-gitops/report/v1`: what the page shows, for programs too."""

from __future__ import annotations

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.picture import Picture, Pictured, Row, Seen, Told
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Missing
from hedgehog_gitops.render.text import as_json

SCHEMA = "hedgehog-gitops/report/v1"


def report_json(pictures: list[Picture]) -> str:
    """One report as it is, several as a list."""
    values: list[JsonObject] = [report_value(each) for each in pictures]
    return as_json(values[0] if len(values) == 1 else {"schema": "hedgehog-gitops/reports/v1", "reports": [*values]})


def report_value(seen: Picture) -> JsonObject:
    """The whole picture as a JSON object. Objects are referred to by their place in `objects`."""
    places = {each.key: place for place, each in enumerate(seen.objects)}
    return {
        "schema": SCHEMA,
        "fabric": seen.fabric,
        "revision": seen.revision,
        "plan_id": seen.plan_id,
        "sides": [side.value for side in seen.sides],
        "authority": dict(seen.authority),
        "objects": [_object(each) for each in seen.objects],
        "links": [
            [places[link.connection], places[link.near], places[link.far]]
            for link in seen.links
            if {link.connection, link.near, link.far} <= places.keys()
        ],
        "findings": [_finding(each) for each in seen.findings],
        "unknown": dict(seen.unknown),
    }


def _object(each: Pictured) -> JsonObject:
    value: JsonObject = {
        "kind": each.key.kind,
        "namespace": each.key.namespace,
        "name": each.key.name,
        "verdict": each.verdict.value,
        "sides": {side.value: verdict.value for side, verdict in each.sides.items()},
        "path": each.path,
        "spec": each.spec,
    }
    lists: JsonObject = {
        "told": [_told(told) for told in each.told],
        "rows": [_row(row) for row in each.rows],
        "reach": [_name(key) for key in each.reach],
    }
    return value | {name: entries for name, entries in lists.items() if entries}


def _told(told: Told) -> JsonObject:
    value: JsonObject = {
        "side": told.side.value,
        "verdict": told.verdict.value,
        "action": told.action,
        "reason": told.reason,
        "about": told.about,
    }
    if told.author is not None:
        value["author"] = {"name": told.author.name, "commit": told.author.commit, "time": told.author.time}
    return value


def _row(row: Row) -> JsonObject:
    value: JsonObject = {"side": row.side.value, "path": row.path, "verdict": row.verdict.value, "by": row.by}
    if not isinstance(row.git, Missing):
        value["git"] = row.git
    if not isinstance(row.found, Missing):
        value["found"] = row.found
    return value


def _finding(seen: Seen) -> JsonObject:
    found = seen.finding
    return {
        "rule": found.rule,
        "severity": found.severity.value,
        "message": found.message,
        "hint": found.hint,
        "path": found.origin.path,
        "line": found.origin.line,
        "column": found.origin.column,
        "source": seen.line,
        "object": _name(found.key) if found.key is not None else "",
    }


def _name(key: ObjectKey) -> str:
    return f"{key.kind}/{key.name}"
