"""The switch profiles that ship with the package."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache

from hedgehog_gitops.adapters.package_files import package_directory
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.profile import Profile

PROFILES_FILE = "switch-profiles.json"


class PackageProfiles(Mapping[str, Profile]):
    """Every profile of every family by name. The file is read once, and a profile made when it is first asked for."""

    def __getitem__(self, name: str) -> Profile:
        return _profile(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_entries())

    def __len__(self) -> int:
        return len(_entries())


@cache
def _profile(name: str) -> Profile:
    from hedgehog_gitops.core.profile_file import unfolded  # noqa: PLC0415 - only where switches are judged

    return unfolded(name, _entries()[name])


@cache
def _entries() -> dict[str, JsonObject]:
    text = (package_directory("schemas") / PROFILES_FILE).read_text(encoding="utf-8")
    entries: dict[str, JsonObject] = json.loads(text)["profiles"]
    return entries
