"""What fits a schema for certain, told without the compiled engine: to load that takes longer than to judge a few.

Only a yes counts. A no means: wrong, or written in a way that the engines have to be asked about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from hedgehog_gitops.model.plain import Json, JsonObject

_Test: TypeAlias = Callable[[Json, Json, JsonObject], bool]


def fits_plainly(schema: JsonObject, value: Json) -> bool:
    """True if a value fits the schema beyond doubt."""
    return all(
        keyword in _NOTES or keyword.startswith("x-") or (keyword in _TESTS and _TESTS[keyword](wanted, value, schema))
        for keyword, wanted in schema.items()
    )


def _type(wanted: Json, value: Json, _schema: JsonObject) -> bool:
    names = wanted if isinstance(wanted, list) else [wanted]
    return _NAMES.get(type(value)) in names


def _properties(wanted: Json, value: Json, _schema: JsonObject) -> bool:
    if not isinstance(value, dict) or not isinstance(wanted, dict):
        return not isinstance(value, dict)
    return all(_fits(wanted[name], part) for name, part in value.items() if name in wanted)


def _additional(wanted: Json, value: Json, schema: JsonObject) -> bool:
    if not isinstance(value, dict):
        return True
    named = schema.get("properties") or {}
    return isinstance(named, dict) and all(_fits(wanted, part) for name, part in value.items() if name not in named)


def _items(wanted: Json, value: Json, _schema: JsonObject) -> bool:
    return not isinstance(value, list) or all(_fits(wanted, part) for part in value)


def _fits(schema: Json, value: Json) -> bool:
    return fits_plainly(schema, value) if isinstance(schema, dict) else schema is True


def _required(wanted: Json, value: Json, _schema: JsonObject) -> bool:
    return isinstance(wanted, list) and (not isinstance(value, dict) or all(name in value for name in wanted))


def _enum(wanted: Json, value: Json, _schema: JsonObject) -> bool:
    return isinstance(wanted, list) and isinstance(value, str) and value in wanted


def _pattern(wanted: Json, value: Json, _schema: JsonObject) -> bool:
    return isinstance(wanted, str) and (not isinstance(value, str) or re.search(wanted, value) is not None)


def _minimum(wanted: Json, value: Json, _schema: JsonObject) -> bool:
    return type(wanted) is int and (value >= wanted if type(value) is int else not isinstance(value, float))


def _maximum(wanted: Json, value: Json, _schema: JsonObject) -> bool:
    return type(wanted) is int and (value <= wanted if type(value) is int else not isinstance(value, float))


def _fewest(wanted: Json, value: Json, _schema: JsonObject) -> bool:
    return isinstance(wanted, int) and (not isinstance(value, list) or len(value) >= wanted)


def _most(wanted: Json, value: Json, _schema: JsonObject) -> bool:
    return isinstance(wanted, int) and (not isinstance(value, list) or len(value) <= wanted)


_NAMES: dict[type, str] = {dict: "object", list: "array", str: "string", int: "integer", bool: "boolean"}
_NAMES[type(None)] = "null"
_NOTES = frozenset({"$schema", "$id", "$comment", "title", "description", "default", "format"})
"""Words that decide nothing; so does every `x-...`."""

_TESTS: dict[str, _Test] = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "required": _required,
    "enum": _enum,
    "pattern": _pattern,
    "minimum": _minimum,
    "maximum": _maximum,
    "minItems": _fewest,
    "maxItems": _most,
}
"""By keyword: (what it says, the value, the whole schema)."""
