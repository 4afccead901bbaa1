"""Rows of NetBox in the form of ours: plain values, references, the marks read and taken out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from hedgehog_gitops.adapters.netbox.places import GENERIC, TERMINATIONS, Known, kind_at
from hedgehog_gitops.adapters.netbox.versions import version_of
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.record import NETBOX, is_reference, key_of

_BESIDE = {"id", "url", "display", "display_url", "created", "last_updated", "custom_fields", "tags"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The names of the custom fields by which we know what is ours."""

    key: str = "hedgehog_key"
    fabric: str = "hedgehog_fabric"
    base: str = "hedgehog_base"

    def of(self, row: JsonObject) -> str:
        """What an object is marked with; empty if it is not."""
        return as_text(as_object(row.get("custom_fields")).get(self.key))

    def fabric_of(self, row: JsonObject) -> str:
        """Of which fabric an object is; empty if of none."""
        return as_text(as_object(row.get("custom_fields")).get(self.fabric))

    def own_key(self, kind: str, fabric: str, row: JsonObject) -> ObjectKey | None:
        """The key of an object of this fabric; None if both marks do not say so."""
        found = key_of(kind, self.of(row))
        return found[1] if found is not None and found[0] == fabric == self.fabric_of(row) else None

    def half_key(self, kind: str, fabric: str, row: JsonObject) -> ObjectKey | None:
        """The key of an object whose mark says that it is this fabric's, and whose field of the fabric is empty."""
        found = key_of(kind, self.of(row))
        return found[1] if found is not None and found[0] == fabric and not self.fabric_of(row) else None


def live_object(kind: str, row: JsonObject, key: ObjectKey | None, known: Known, marks: Marks) -> LiveObject:
    """One row as an object of the look; without a key of ours it is called by its id."""
    twin = ObjectKey(group=NETBOX, kind=kind, namespace="", name=f"#{row['id']}")
    value = _value(row, known, marks)
    if key is None and (mark := marks.of(row)):
        value["mark"] = mark
    elif key is not None and marks.of(row) and not marks.fabric_of(row):
        value["half_marked"] = True
    return LiveObject(key=key or twin, value=value, version=version_of(row), uid=str(row["id"]))


def _value(row: JsonObject, known: Known, marks: Marks) -> JsonObject:
    value: JsonObject = {name: _plain(entry, known) for name, entry in row.items() if name not in _BESIDE}
    for name in GENERIC:
        if f"{name}_type" in value:
            value[name] = _generic(row, name, known)
            del value[f"{name}_type"], value[f"{name}_id"]
    for name in TERMINATIONS:
        if name in row:
            value[name] = _ends(row[name], known)
    custom = as_object(row.get("custom_fields"))
    value["custom_fields"] = {
        name: _plain(entry, known)
        for name, entry in custom.items()
        if name not in {marks.key, marks.fabric, marks.base}
    }
    value["tags"] = [*sorted(as_text(as_object(tag).get("slug")) for tag in as_list(row.get("tags")))]
    if (base := custom.get(marks.base)) is not None:
        value["base"] = base
    return value


def _plain(value: Json, known: Known) -> Json:
    """A choice as its value, an object as a reference, and lists of them likewise."""
    if isinstance(value, list):
        return in_order([_plain(entry, known) for entry in value])
    if not isinstance(value, dict):
        return value
    if value.keys() == {"value", "label"}:
        return value["value"]
    if "id" in value and (kind := kind_at(value.get("url"))):
        return known.refer(kind, value)
    return value


def _generic(row: JsonObject, name: str, known: Known) -> Json:
    kind, identity = as_text(row.get(f"{name}_type")), row.get(f"{name}_id")
    if not kind or not isinstance(identity, int):
        return None
    return known.refer(kind, {**as_object(row.get(name)), "id": identity})


def _ends(value: Json, known: Known) -> Json:
    ends = [as_object(end) for end in as_list(value)]
    return in_order([known.refer(as_text(end.get("object_type")), {"id": end.get("object_id")}) for end in ends])


def in_order(values: Iterable[Json]) -> list[Json]:
    """References in an order that does not depend on how NetBox lists them; other lists as they are."""
    found = list(values)
    if all(is_reference(value) for value in found):
        return sorted(found, key=lambda value: json.dumps(value, sort_keys=True))
    return found
