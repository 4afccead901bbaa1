"""Two schemas out of one: what strict decoding refuses in the written object, and what the API server refuses later."""

from __future__ import annotations

from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object

LIMITS = (
    "required", "enum", "pattern", "minItems", "maxItems",
    "minLength", "maxLength", "minProperties", "maxProperties", "uniqueItems", "multipleOf",
)  # fmt: skip
BOUNDS = ("minimum", "maximum")
WIDTHS: dict[str, tuple[int, int]] = {"uint8": (0, 2**8 - 1), "uint16": (0, 2**16 - 1), "uint32": (0, 2**32 - 1)}
IDENTITY = ("apiVersion", "kind")


def decoding_schema(schema: JsonObject) -> JsonObject:
    """Fields, types and widths only. A null field or record is taken: to Go it is an absent or an empty one."""
    properties = as_object(schema["properties"])
    judged: JsonObject = {
        name: _decoding(as_object(part), nullable=True) for name, part in properties.items() if name not in IDENTITY
    }
    return {**schema, "properties": {**properties, **judged}}


def storing_schema(schema: JsonObject) -> JsonObject:
    """The spec as it stands; identity has been judged by decoding."""
    properties = as_object(schema["properties"])
    return {"$schema": schema["$schema"], "type": "object", "properties": {"spec": properties["spec"]}}


def _decoding(schema: JsonObject, *, nullable: bool) -> JsonObject:
    kept: JsonObject = {name: part for name, part in schema.items() if name not in (*LIMITS, *BOUNDS)}
    if nullable and isinstance(kept.get("type"), str):
        kept["type"] = [kept["type"], "null"]
    low, high = WIDTHS.get(str(schema.get("x-width")), (None, None))
    if low is not None:
        kept |= {"minimum": low, "maximum": high}
    if "properties" in schema:
        fields = as_object(schema["properties"])
        kept["properties"] = {name: _decoding(as_object(part), nullable=True) for name, part in fields.items()}
    if isinstance(entries := schema.get("additionalProperties"), dict):
        kept["additionalProperties"] = _decoding(entries, nullable=entries.get("type") == "object")
    if isinstance(items := schema.get("items"), dict):
        kept["items"] = _decoding(items, nullable=True)
    return kept


def type_words(schema_type: Json) -> str:
    """`integer` or `text`, for messages."""
    names = [name for name in (as_list(schema_type) or [schema_type]) if name != "null"]
    return " or ".join(WORDS.get(str(name), str(name)) for name in names)


WORDS = {
    "string": "text",
    "object": "a mapping",
    "array": "a list",
    "integer": "a whole number",
    "boolean": "a boolean",
}
