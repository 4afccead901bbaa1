"""Who owns a field of a live object, read from its managedFields. They hold names, not values.

Source: structured-merge-diff's FieldsV1: `f:name` a field, `k:{...}` an item by key, `v:...` an item by value, `.` the
thing itself. Most lists of Hedgehog's kinds are atomic, so an owner of a field owns all that is below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text

MANAGER = "hedgehog-gitops"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldManager:
    """One writer of an object: its name, how it writes, and when it last did (as the API server says it)."""

    name: str
    operation: str
    time: str
    fields: JsonObject

    @property
    def is_ours(self) -> bool:
        """True for our own server-side apply."""
        return self.name == MANAGER and self.operation == "Apply"


def managers(value: JsonObject) -> tuple[FieldManager, ...]:
    """The writers of a live object's own fields; those of its status are left out."""
    return tuple(_managers(value))


def is_applied_by_us(value: JsonObject) -> bool:
    """True if our manager has applied the object and still owns a part of it."""
    return any(manager.is_ours for manager in managers(value))


def owner_of(writers: tuple[FieldManager, ...], path: FieldPath) -> FieldManager | None:
    """The writer of a field, another's before our own: when two own it, the other one is news."""
    owners = [manager for manager in writers if _owns(manager.fields, path)]
    return next((owner for owner in owners if not owner.is_ours), owners[0] if owners else None)


def is_ours(writers: tuple[FieldManager, ...], path: FieldPath) -> bool:
    """True if our apply still owns the field: then live is what we last wrote."""
    return any(manager.is_ours and _owns(manager.fields, path) for manager in writers)


def _managers(value: JsonObject) -> Iterator[FieldManager]:
    for each in as_list(as_object(value.get("metadata")).get("managedFields")):
        entry = as_object(each)
        if entry.get("subresource"):
            continue
        yield FieldManager(
            name=as_text(entry.get("manager")),
            operation=as_text(entry.get("operation")),
            time=as_text(entry.get("time")),
            fields=as_object(entry.get("fieldsV1")),
        )


def _owns(fields: JsonObject, path: FieldPath) -> bool:
    """Walks down as far as the set goes; an end reached on the way owns everything below it."""
    node: Json = fields
    for depth, step in enumerate(path):
        below = as_object(node).get(f"f:{step}")
        if below is None:
            return depth > 0 and _is_leaf(node)
        node = below
    return True


def _is_leaf(node: Json) -> bool:
    return not [name for name in as_object(node) if name != "."]
