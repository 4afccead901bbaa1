"""From a judged configuration document to `Settings`."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any, TypeVar

from hedgehog_gitops.core.directories import check_directory
from hedgehog_gitops.core.suppression import named
from hedgehog_gitops.model.document import Document, Limits
from hedgehog_gitops.model.ignore import IgnoreEntry
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.settings import (
    Authority,
    ClusterSettings,
    Fabric,
    FabricConstants,
    GitSettings,
    IngestSettings,
    OnConflict,
    OnMissing,
    PruneSettings,
    Settings,
    StateSettings,
    SyncSettings,
)

_Section = TypeVar("_Section")


def build_settings(document: Document, root: str) -> Settings:
    """The settings in a document whose shape has been judged."""
    value = as_object(document.value)
    return Settings(
        root=root,
        schemas=as_text(value.get("schemas")),
        git=_section(GitSettings, value.get("git")),
        limits=_section(Limits, value.get("limits")),
        fabrics=tuple(
            _fabric(document, index, as_object(entry)) for index, entry in enumerate(as_list(value.get("fabrics")))
        ),
        ignores=ignore_entries(document, ("ignore",)),
    )


def ignore_entries(document: Document, at: FieldPath) -> tuple[IgnoreEntry, ...]:
    """The suppressions in a list of the configuration, with the rules that can be suppressed."""
    return tuple(
        IgnoreEntry(
            origin=document.origin((*at, index)),
            rules=named([as_text(name) for name in as_list(entry["rules"])], document.origin((*at, index)))[0],
            reason=as_text(entry["reason"]),
            paths=tuple(as_text(path) for path in as_list(entry.get("paths", ["**"]))),
            is_shared=at == ("ignore",),
        )
        for index, entry in enumerate(ignore_values(document, at))
    )


def ignore_values(document: Document, at: FieldPath) -> list[JsonObject]:
    """The entries of a list of suppressions as they are written; none where there is no list."""
    value = document.value
    for step in at:
        value = as_list(value)[step] if isinstance(step, int) else as_object(value).get(step)
    return [as_object(entry) for entry in as_list(value)]


def build_constants(value: Json) -> FabricConstants:
    """Fabric constants from their section; absent ones keep the Fabricator's defaults."""
    section = dict(as_object(value))
    given: dict[str, Any] = {name: _constant(name, entry) for name, entry in section.items()}
    return FabricConstants(**given)


def _fabric(document: Document, index: int, value: JsonObject) -> Fabric:
    return Fabric(
        name=as_text(value.get("name")),
        directory=check_directory(as_text(value.get("directory"))).directory,
        sync=_section(SyncSettings, value.get("sync")),
        cluster=_section(ClusterSettings, value["cluster"]) if "cluster" in value else None,
        authority=_authority(as_object(value.get("authority"))),
        on_missing=OnMissing(as_text(value.get("on_missing")) or OnMissing.ASK),
        prune=_section(PruneSettings, value.get("prune")),
        state=_section(StateSettings, value.get("state")),
        ingest=_ingest(as_object(value.get("ingest"))),
        constants=build_constants(value.get("settings")),
        ignores=(*ignore_entries(document, ("fabrics", index, "ignore")), *ignore_entries(document, ("ignore",))),
        config_digest=_digest(value),
    )


def _section(kind: type[_Section], value: Json) -> _Section:
    given: dict[str, Any] = dict(as_object(value))
    return kind(**given)


def _authority(value: JsonObject) -> dict[str, Authority]:
    return {"default": Authority.GIT} | {kind: Authority(as_text(name)) for kind, name in sorted(value.items())}


def _ingest(value: JsonObject) -> IngestSettings:
    settings = _section(IngestSettings, value)
    return dataclasses.replace(
        settings, on_conflict=OnConflict(settings.on_conflict), layout_roots=tuple(settings.layout_roots)
    )


def _constant(name: str, value: Json) -> object:
    match name:
        case "irb_vlans" | "th5_vlans":
            ranges = [as_object(entry) for entry in as_list(value)]
            return tuple((entry["from"], entry["to"]) for entry in ranges)
        case "gateway_communities":
            return {int(priority): community for priority, community in as_object(value).items()}
        case "profile_families":
            return tuple(as_list(value))
        case _:
            return value


def _digest(value: JsonObject) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
