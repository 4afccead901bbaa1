"""JSON Schemas read out of CustomResourceDefinitions, the reverse of `crd`: what a cluster serves, in our form.

A definition knows neither the width of Go's integers nor our descriptions. Both are taken over from the schema that
ships, field by field, where type and format are still the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hedgehog_gitops.core.crd import KEPT
from hedgehog_gitops.core.decoding import BOUNDS, WIDTHS
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text

FORMATS: dict[str, tuple[int, int]] = {"int32": (-(2**31), 2**32 - 1)}
"""What a Go integer behind a format can hold. Definitions call uint32 an int32, and the API server checks neither."""

COMMENT = "Made from a CustomResourceDefinition by hedgehog-gitops schema --from."
_CARRIED = tuple(name for name in KEPT if name not in {"description", "format", "required"})
_PRESERVE = "x-kubernetes-preserve-unknown-fields"
_READ = {*KEPT, *BOUNDS, _PRESERVE, "nullable", "properties", "additionalProperties", "items", "title", "example"}
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)
_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t\n\f\r "}
_END = "$(?!\\n)"


def served_spec(kind: Kind, definition: JsonObject) -> JsonObject | None:
    """The schema of `spec` in the version that manifests name; None if the definition does not serve it."""
    for entry in as_list(as_object(definition.get("spec")).get("versions")):
        version = as_object(entry)
        if version.get("name") == kind.version and version.get("served") is not False:
            whole = as_object(as_object(version.get("schema")).get("openAPIV3Schema"))
            return as_object(as_object(whole.get("properties")).get("spec"))
    return None


def schema_of(spec: JsonObject, shipped: JsonObject) -> JsonObject:
    """The schema of a kind whose definition has this `spec`; the shipped one where nothing but words differs."""
    properties = as_object(shipped["properties"])
    made: JsonObject = {
        **shipped,
        "properties": {**properties, "spec": read_field(spec, as_object(properties["spec"]))},
    }
    return made if made == shipped else {**made, "$comment": COMMENT}


def read_field(found: JsonObject, shipped: JsonObject) -> JsonObject:
    """One field of a definition and everything below it, its keywords in the order of the shipped field."""
    made: JsonObject = {name: found[name] for name in _CARRIED if name in found}
    if isinstance(pattern := made.pop("pattern", None), str) and is_python_pattern(pattern):
        made["pattern"] = python_pattern(pattern)
    if found.get("nullable") is True and isinstance(found.get("type"), str):
        made["type"] = [found["type"], "null"]
    made |= limits(found, _width(found, shipped))
    made |= _below(found, shipped)
    if "required" in found:
        made["required"] = sorted(as_list(found["required"]), key=str)
    if description := shipped.get("description") or found.get("description"):
        made["description"] = description
    return {**{name: made[name] for name in shipped if name in made}, **made}


def limits(found: JsonObject, width: str) -> JsonObject:
    """Minimum and maximum: the definition's own, else those of the width; `x-width` keeps it for strict decoding."""
    format_name = as_text(found.get("format"))
    low, high = WIDTHS.get(width) or FORMATS.get(format_name) or (None, None)
    own: list[Json] = [name for name in BOUNDS if name in found]
    made: JsonObject = {
        "minimum": found.get("minimum", low),
        "maximum": found.get("maximum", high),
        "x-width": width or None,
        "format": format_name or None,
        "x-limits": own or None,
    }
    return {name: value for name, value in made.items() if value is not None}


def python_pattern(pattern: str) -> str:
    """Go's meaning in Python's words: classes are ASCII, and the end is the end, not the place before a newline."""
    return _ATOM.sub(lambda found: _python_atom(found[0]), pattern)


def unread_keywords(found: JsonObject, field: str = "spec") -> Iterator[tuple[str, str]]:
    """Fields with what their definition asks and our schemas cannot say, such as CEL rules."""
    yield from ((field, name) for name in found if name not in _READ)
    pattern = found.get("pattern")
    if isinstance(pattern, str) and not is_python_pattern(pattern):
        yield field, "pattern"
    for name, part in as_object(found.get("properties")).items():
        yield from unread_keywords(as_object(part), f"{field}.{name}")
    for name, step in (("additionalProperties", ".*"), ("items", "[*]")):
        if isinstance(part := found.get(name), dict):
            yield from unread_keywords(part, field + step)


def is_python_pattern(pattern: str) -> bool:
    """True if a pattern of Go's means something to Python too."""
    try:
        re.compile(python_pattern(pattern))
    except re.error:
        return False
    return True


def _width(found: JsonObject, shipped: JsonObject) -> str:
    is_same = all(found.get(name) == shipped.get(name) for name in ("type", "format"))
    return as_text(shipped.get("x-width")) if is_same else ""


def _below(found: JsonObject, shipped: JsonObject) -> JsonObject:
    made: JsonObject = {}
    entries, items = found.get("additionalProperties"), found.get("items")
    is_struct = found.get("type") == "object" and not entries
    if is_struct and not found.get(_PRESERVE):
        made["additionalProperties"] = False
    if "properties" in found or made:
        made["properties"] = _fields(as_object(found.get("properties")), as_object(shipped.get("properties")))
    if isinstance(entries, dict):
        made["additionalProperties"] = read_field(entries, as_object(shipped.get("additionalProperties")))
    if isinstance(items, dict):
        made["items"] = read_field(items, as_object(shipped.get("items")))
    return made


def _fields(found: JsonObject, shipped: JsonObject) -> JsonObject:
    names = [*(name for name in shipped if name in found), *sorted(found.keys() - shipped.keys())]
    return {name: read_field(as_object(found[name]), as_object(shipped.get(name))) for name in names}


def _python_atom(atom: str) -> str:
    if atom == "$":
        return _END
    if atom.startswith("["):
        return re.sub(r"\\(.)", lambda escaped: _CLASSES.get(escaped[1], escaped[0]), atom, flags=re.DOTALL)
    return f"[{_CLASSES[atom[1]]}]" if atom[1] in _CLASSES else atom
