"""Specs by a kind's schema from plain random numbers: few values, so that two of them often agree, and small edits."""

from __future__ import annotations

from random import Random

from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object

_SCHEMAS = PackageSchemas()
_KEYS = ("a", "b", "c")
_MACS = ("AA:BB:CC:DD:EE:01", "aa-bb-cc-dd-ee-02")
_TEXTS = ("a", "b", "SPEED_25G", "b/c", "leaf-1/E1/1")
_PREFIXES = ("10.0.1.0/24", "10.0.2.0/24", "10.0.1.77/24")
_ADDRESSES = ("10.0.1.1", "10.0.1.9", "10.0.2.1")
_LIMITED = ("minimum", "maximum")
PASSING = frozenset({"portLocators"})
"""Fields that are not compared, because the fabric takes them out again by itself."""


def spec_schema(kind: Kind) -> JsonObject:
    """The schema of a kind's spec."""
    return as_object(as_object(_SCHEMAS.schema(kind)["properties"])["spec"])


def random_spec(random: Random, kind: Kind) -> JsonObject:
    """A spec that the API server takes, mostly."""
    return as_object(_value(random, spec_schema(kind), ""))


def edited(random: Random, kind: Kind, spec: JsonObject, *, leave_out: float = 0.3) -> JsonObject:
    """The spec with a few fields changed, added, left out, emptied or null."""
    for _ in range(random.choice((1, 1, 2, 4))):
        spec = as_object(_edited(random, spec_schema(kind), spec, leave_out))
    return spec


def some_of(random: Random, value: JsonObject) -> JsonObject:
    """A part of a value: what somebody sends who cares for a few fields only."""
    return {
        name: some_of(random, entry) if isinstance(entry, dict) and random.random() < 0.6 else entry
        for name, entry in value.items()
        if random.random() < 0.5
    }


def _edited(random: Random, schema: JsonObject, value: JsonObject, leave_out: float) -> Json:
    fields, entries = _fields(schema), schema.get("additionalProperties")
    if not fields and entries is False:
        return value
    name = random.choice([*fields] or [*value, *_KEYS])
    below = fields.get(name) or as_object(entries)
    old = value.get(name)
    if isinstance(old, dict) and old and (as_object(below).get("type") == "object") and random.random() < 0.75:
        return {**value, name: _edited(random, below, old, leave_out)}
    if name in value and random.random() < leave_out:
        return {key: entry for key, entry in value.items() if key != name}
    return {**value, name: _emptied(random, below) if random.random() < 0.15 else _value(random, below, name)}


def _emptied(random: Random, schema: JsonObject) -> Json:
    empty: dict[str, Json] = {"object": {}, "array": [], "string": "", "boolean": False}
    return random.choice([None, empty.get(str(schema.get("type")), 0)])


def _fields(schema: JsonObject) -> dict[str, JsonObject]:
    fields = as_object(schema.get("properties"))
    return {name: as_object(below) for name, below in fields.items() if name not in PASSING}


def _value(random: Random, schema: JsonObject, name: str) -> Json:
    match schema.get("type"):
        case "object" if "properties" in schema:
            needed = as_list(schema.get("required"))
            chosen = [each for each in _fields(schema) if each in needed or random.random() < 0.4]
            return {each: _value(random, _fields(schema)[each], each) for each in chosen}
        case "object":
            below = as_object(schema.get("additionalProperties"))
            return {
                key: _value(random, below, key)
                for key in random.sample(_MACS if name == "static" else _KEYS, random.choice((1, 1, 2)))
            }
        case "array":
            least = schema.get("minItems")
            number = max(random.choice((1, 1, 2)), least if isinstance(least, int) else 0)
            return [_value(random, as_object(schema["items"]), name) for _ in range(number)]
        case "string":
            return random.choice(_texts(schema, name))
        case "integer":
            return _number(random, schema)
        case "boolean":
            return random.random() < 0.6
        case _:
            return "x"


def _texts(schema: JsonObject, name: str) -> list[str]:
    if "enum" in schema:
        return [str(word) for word in as_list(schema["enum"])]
    if name in {"gateway", "nextHop", "start", "end"}:
        return list(_ADDRESSES)
    is_prefix = "pattern" in schema or name.lower() in {"subnet", "ip", "prefix", "subnets", "cidr"}
    return list(_PREFIXES if is_prefix else _TEXTS)


def _number(random: Random, schema: JsonObject) -> int:
    lowest, highest = (schema.get(name) for name in _LIMITED)
    number = random.choice((1, 2, 10))
    if isinstance(lowest, int):
        number = max(number, lowest)
    return min(number, highest) if isinstance(highest, int) else number
