"""Plain data as YAML and JSON give it, and the path of a field inside it."""

from __future__ import annotations

import re
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = "dict[str, Json]"

FieldPath: TypeAlias = tuple[str | int, ...]
"""Keys and list indexes from the root of a document, e.g. ("spec", "links", 0, "server", "port")."""

_BARE = re.compile(r"[A-Za-z0-9_\-/]+\Z")


def path_text(path: FieldPath) -> str:
    """The path as people write it: `spec.links[0].server.port`; a key with a dot is quoted in brackets."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _BARE.match(step):
            parts.append(f".{step}" if parts else step)
        else:
            parts.append(f'["{step}"]')
    return "".join(parts)


def get_path(value: Json, path: FieldPath) -> Json:
    """The value at a path; KeyError or IndexError where there is none."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
        else:
            raise KeyError(step)
    return value


def as_object(value: Json) -> JsonObject:
    """The value if it is an object, else an empty one: for reading below a field whose type is judged elsewhere."""
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Json]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: Json) -> str:
    """The value if it is text, else empty text."""
    return value if isinstance(value, str) else ""


def without_path(value: JsonObject, path: FieldPath) -> JsonObject:
    """The object without the field at a path of keys; the same object where there is no such field."""
    if not path or path[0] not in value:
        return value
    first, *rest = path
    name = str(first)
    if not rest:
        return {key: entry for key, entry in value.items() if key != name}
    below = value[name]
    return {**value, name: without_path(below, tuple(rest))} if isinstance(below, dict) else value
