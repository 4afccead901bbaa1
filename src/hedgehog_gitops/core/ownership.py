"""Who owns a field of a live object, read from its managedFields. They hold names, not values.

Source: structured-merge-diff's FieldsV1: `f:name` a field, `k:{...}` an item by key, `v:...` an item by value, `.` the
thing itself. Most lists of Hedgehog's kinds are atomic, so an owner of a field owns all that is below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text

MANAGER = "hedgehog-gitops"
FIRST_MANAGER = "before-first-apply"
LEGACY_MANAGERS = frozenset({"kubectl-client-side-apply", "kubectl-create", "kubectl-replace", FIRST_MANAGER})
"""Writers that stood for a whole object before us: what they set is taken over when the object is adopted."""
ORIGIN_MARK = "hnp.githedgehog.com/managed-by"
"""The annotation of the tool before this one, on each object that it pushed; its writer is one of those, too."""


class FieldManager(NamedTuple):
    """One writer of an object: its name, how it writes, and when it last did (as the API server says it)."""

    name: str
    operation: str
    time: str
    fields: JsonObject

    @property
    def is_ours(self) -> bool:
        """True for our own server-side apply."""
        return self.name == MANAGER and self.operation == "Apply"


def field_set(value: Json) -> JsonObject:
    """What somebody owns who set all of a value, in the form of FieldsV1."""
    return {f"f:{name}": {".": {}, **field_set(entry)} for name, entry in as_object(value).items()}


def with_writers(value: JsonObject) -> JsonObject:
    """An object of an API server with its writers: where their record was lost, it counts as made before any apply."""
    metadata = as_object(value.get("metadata"))
    if metadata.get("managedFields"):
        return value
    set_by_people: JsonObject = {name: metadata[name] for name in ("labels", "annotations") if name in metadata}
    fields = field_set({"metadata": set_by_people, "spec": value.get("spec")})
    entry: JsonObject = {"manager": FIRST_MANAGER, "operation": "Update", "fieldsType": "FieldsV1", "fieldsV1": fields}
    return {**value, "metadata": {**metadata, "managedFields": [entry]}}


def managers(value: JsonObject) -> tuple[FieldManager, ...]:
    """The writers of a live object's own fields; those of its status are left out."""
    return tuple(_managers(value))


def is_applied_by_us(value: JsonObject) -> bool:
    """True if our manager has applied the object and still owns a part of it."""
    return any(manager.is_ours for manager in managers(value))


def owners_of(writers: tuple[FieldManager, ...], path: FieldPath) -> tuple[FieldManager, ...]:
    """All writers of a field."""
    return tuple(manager for manager in writers if _owns(manager.fields, path))


def owner_of(writers: tuple[FieldManager, ...], path: FieldPath) -> FieldManager | None:
    """The writer of a field, another's before our own: when two own it, the other one is news."""
    owners = owners_of(writers, path)
    return next((owner for owner in owners if not owner.is_ours), owners[0] if owners else None)


def is_ours(writers: tuple[FieldManager, ...], path: FieldPath) -> bool:
    """True if our apply still owns the field: then live is what we last wrote."""
    return any(manager.is_ours and _owns(manager.fields, path) for manager in writers)


def taken_over(value: JsonObject) -> list[Json] | None:
    """The managedFields with what older tools' applies own made ours; None where there is nothing to take over.

    What of it the next apply leaves out is then removed with it. Other writers' entries stay as they are.
    Source: what kubectl does when it moves an object from client-side to server-side apply.
    """
    entries = [as_object(entry) for entry in as_list(as_object(value.get("metadata")).get("managedFields"))]
    taken = [entry for entry in entries if _is_legacy_entry(entry)]
    if not taken:
        return None
    ours = next((entry for entry in entries if _is_our_entry(entry)), {})
    fields: Json = as_object(ours.get("fieldsV1"))
    for entry in taken:
        fields = _united(fields, as_object(entry.get("fieldsV1")))
    merged: JsonObject = {**taken[0], **ours, "manager": MANAGER, "operation": "Apply", "fieldsV1": fields}
    return [*(entry for entry in entries if entry not in taken and entry != ours), merged]


def as_adopted(value: JsonObject) -> JsonObject:
    """A live object with its writers as they are between taking over and our first apply."""
    if (entries := taken_over(value)) is None:
        return value
    return {**value, "metadata": {**as_object(value.get("metadata")), "managedFields": entries}}


def _is_legacy_entry(entry: JsonObject) -> bool:
    is_update = entry.get("operation") == "Update" and not entry.get("subresource")
    marked = _owns(as_object(entry.get("fieldsV1")), ("metadata", "annotations", ORIGIN_MARK))
    return is_update and (marked or entry.get("manager") in LEGACY_MANAGERS)


def _is_our_entry(entry: JsonObject) -> bool:
    return entry.get("manager") == MANAGER and entry.get("operation") == "Apply" and not entry.get("subresource")


def _united(one: Json, other: Json) -> Json:
    first, second = as_object(one), as_object(other)
    return {name: _united(first.get(name), second.get(name)) for name in sorted(first.keys() | second.keys())}


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
    """True if the set names the field, or something below it."""
    node: Json = fields
    return all((node := as_object(node).get(f"f:{step}")) is not None for step in path)
