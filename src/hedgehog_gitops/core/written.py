"""Where a field of the stored object stands in the written one: defaulting sorts some lists and completes others."""

from __future__ import annotations

from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject
from hedgehog_gitops.model.snapshot import Manifest


def written_path(manifest: Manifest, field: FieldPath) -> FieldPath:
    """The path in the manifest of a field of its stored form; an entry that nobody wrote is its whole list."""
    if not any(isinstance(step, int) for step in field):
        return field
    written: Json = manifest.value
    stored: Json = {**manifest.value, "spec": default_spec(manifest.kind, manifest.value)}
    path: list[str | int] = []
    for step in field:
        place = step
        if isinstance(step, int) and isinstance(stored, list) and isinstance(written, list):
            found = _index(stored, step, written)
            if found is None:
                break
            place = found
        path.append(place)
        stored, written = _below(stored, step), _below(written, place)
    return tuple(path)


def _index(stored: list[Json], at: int, written: list[Json]) -> int | None:
    """The index among the written entries of a stored one; equal entries keep their order."""
    if at >= len(stored):
        return at
    if at < len(written) and _became(written[at], stored[at]):
        return at
    alike = [index for index, entry in enumerate(written) if _became(entry, stored[at])]
    before = sum(entry == stored[at] for entry in stored[:at])
    return alike[min(before, len(alike) - 1)] if alike else None


def _became(written: Json, stored: Json) -> bool:
    """True if the stored entry says all that the written one does."""
    if written == stored or (written is None and not stored):
        return True
    if isinstance(written, dict) and isinstance(stored, dict):
        return all(_became(entry, stored.get(name)) for name, entry in _said(written).items())
    return False


def _said(entry: JsonObject) -> JsonObject:
    return {name: value for name, value in entry.items() if value}


def _below(value: Json, step: str | int) -> Json:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None
