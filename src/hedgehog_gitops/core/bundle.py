"""One JSON Schema for files that hold objects of any kind, for editors.

The kind that an object says it is decides by which schema it is judged, so a fault is told as that schema tells it,
never as "matches none of twenty-five".
"""

from __future__ import annotations

from collections.abc import Mapping

from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OF_A_FILE = ("$schema", "$id", "$comment")


def bundle(schemas: Mapping[tuple[str, str], JsonObject]) -> JsonObject:
    """The schemas of all kinds in one, each applied to the objects of its kind."""
    kinds: list[Json] = [kind for _, kind in schemas]
    versions = dict.fromkeys(str(version) for schema in schemas.values() for version in _versions(schema))
    definitions: JsonObject = {
        kind: {name: part for name, part in schema.items() if name not in _OF_A_FILE}
        for (_, kind), schema in schemas.items()
    }
    return {
        "$schema": DIALECT,
        "$id": "urn:hedgehog-gitops:schema:bundle",
        "title": "Any Hedgehog object",
        "type": "object",
        "required": ["apiVersion", "kind"],
        "properties": {
            "apiVersion": {"type": "string", "enum": [*versions], "description": "Group and version."},
            "kind": {"type": "string", "enum": kinds, "description": "The kind."},
        },
        "allOf": [_choice(kind) for _, kind in schemas],
        "$defs": definitions,
    }


def _choice(kind: str) -> JsonObject:
    says_so: JsonObject = {"required": ["kind"], "properties": {"kind": {"const": kind}}}
    return {"if": says_so, "then": {"$ref": f"#/$defs/{kind}"}}


def _versions(schema: JsonObject) -> list[Json]:
    return as_list(as_object(as_object(schema["properties"])["apiVersion"]).get("enum"))
