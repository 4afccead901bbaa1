"""The JSON Schemas that ship with the package."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache

from hedgehog_gitops.adapters.package_files import package_directory
from hedgehog_gitops.model.kind import BY_GROUP_KIND, Kind, kind_named
from hedgehog_gitops.model.plain import JsonObject


class PackageSchemas(Mapping[tuple[str, str], JsonObject]):
    """Every kind's schema by (group, kind), read when it is first asked for; and the configuration's."""

    def __getitem__(self, group_kind: tuple[str, str]) -> JsonObject:
        return _load(kind_named(*group_kind).plural)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(BY_GROUP_KIND)

    def __len__(self) -> int:
        return len(BY_GROUP_KIND)

    def schema(self, kind: Kind) -> JsonObject:
        """The schema of one kind, draft 2020-12."""
        return _load(kind.plural)

    def configuration(self) -> JsonObject:
        """The schema of hedgehog-gitops.yaml."""
        return _load("configuration")


@cache
def _load(name: str) -> JsonObject:
    schema: JsonObject = json.loads((package_directory("schemas") / f"{name}.json").read_text(encoding="utf-8"))
    return schema
