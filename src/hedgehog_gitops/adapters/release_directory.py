"""A release of the fabric API as a directory of files, in the form of `schemas/`: what `schema --from` writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from hedgehog_gitops.adapters.package_profiles import PROFILES_FILE
from hedgehog_gitops.core.profile_file import unfolded
from hedgehog_gitops.core.schema import is_usable
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.kind import kind_named
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.profile import Profile
from hedgehog_gitops.model.release import Release


def release_in(directory: Path, shipped: Release) -> Release:
    """The schemas and profiles in a directory; a kind that has no file there is as it ships, and so are profiles."""
    if not directory.is_dir():
        raise UsageError(
            f"there is no directory {directory}; make it with hedgehog-gitops schema --from-cluster -o DIR"
        )
    file = directory / PROFILES_FILE
    profiles = _profiles(file) if file.exists() else shipped.profiles
    return Release(schemas=DirectorySchemas(directory, shipped.schemas), profiles=profiles)


class DirectorySchemas(Mapping[tuple[str, str], JsonObject]):
    """Every kind's schema by (group, kind), read when it is first asked for and kept."""

    def __init__(self, directory: Path, shipped: Mapping[tuple[str, str], JsonObject]) -> None:
        self._directory = directory
        self._shipped = shipped
        self._read: dict[tuple[str, str], JsonObject] = {}

    def __getitem__(self, group_kind: tuple[str, str]) -> JsonObject:
        if group_kind not in self._read:
            self._read[group_kind] = self._load(group_kind)
        return self._read[group_kind]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._shipped)

    def __len__(self) -> int:
        return len(self._shipped)

    def _load(self, group_kind: tuple[str, str]) -> JsonObject:
        shipped = self._shipped[group_kind]
        file = self._directory / f"{kind_named(*group_kind).plural}.json"
        if not file.exists():
            return shipped
        schema = as_object(read_json(file))
        if schema.get("$id") != shipped["$id"] or not is_usable(schema):
            raise UsageError(f"{file} is no schema of {group_kind[1]}; write it again with schema --from")
        return schema


def _profiles(file: Path) -> Mapping[str, Profile]:
    entries = read_json(file).get("profiles")
    if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
        raise UsageError(f"{file} holds no switch profiles; write it again with schema --profiles --from")
    return {name: unfolded(name, as_object(entry)) for name, entry in entries.items()}


def read_json(file: Path) -> JsonObject:
    """The JSON object in a file; `UsageError` if it holds anything else."""
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} cannot be read as JSON: {error}") from error
    if not isinstance(value, dict):
        raise UsageError(f"{file} holds no JSON object")
    return value
