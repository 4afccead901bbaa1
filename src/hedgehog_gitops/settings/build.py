"""From a judged configuration document to `Settings`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeVar

from hedgehog_gitops.core.directories import check_directory
from hedgehog_gitops.model.document import Document, Limits
from hedgehog_gitops.model.ignore import IgnoreEntry
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.settings import (
    Authority,
    ClusterSettings,
    Containers,
    Fabric,
    FabricConstants,
    GitSettings,
    IngestSettings,
    NetboxSettings,
    NotifySettings,
    OnConflict,
    OnMissing,
    PruneSettings,
    Settings,
    StateSettings,
    SyncSettings,
)

_Section = TypeVar("_Section")


_DEFAULTS = FabricConstants()
_NO_FILES: Mapping[str, FabricConstants] = {}


def build_settings(document: Document, root: str, described: Mapping[str, FabricConstants] = _NO_FILES) -> Settings:
    """The settings in a document whose shape has been judged; `described` is what the files of `settings_from` say."""
    value = as_object(document.value)
    return Settings(
        root=root,
        schemas=as_text(value.get("schemas")),
        git=_section(GitSettings, value.get("git")),
        limits=_section(Limits, value.get("limits")),
        fabrics=tuple(_fabric(document, index, described) for index in range(len(as_list(value.get("fabrics"))))),
        ignores=ignore_entries(document, ("ignore",)),
    )


def ignore_entries(document: Document, at: FieldPath) -> tuple[IgnoreEntry, ...]:
    """The suppressions in a list of the configuration, with the rules that can be suppressed."""
    values = ignore_values(document, at)
    if not values:
        return ()
    from hedgehog_gitops.core.suppression.names import named  # noqa: PLC0415 - every rule there is, only to look one up

    return tuple(
        IgnoreEntry(
            origin=document.origin((*at, index)),
            rules=named([as_text(name) for name in as_list(entry["rules"])], document.origin((*at, index)))[0],
            reason=as_text(entry["reason"]),
            paths=tuple(as_text(path) for path in as_list(entry.get("paths", ["**"]))),
            is_shared=at == ("ignore",),
        )
        for index, entry in enumerate(values)
    )


def ignore_values(document: Document, at: FieldPath) -> list[JsonObject]:
    """The entries of a list of suppressions as they are written; none where there is no list."""
    value = document.value
    for step in at:
        value = as_list(value)[step] if isinstance(step, int) else as_object(value).get(step)
    return [as_object(entry) for entry in as_list(value)]


def build_constants(value: Json, others: FabricConstants = _DEFAULTS) -> FabricConstants:
    """Fabric constants from their section; absent ones are those of `others`, the Fabricator's defaults."""
    section = dict(as_object(value))
    given: dict[str, Any] = {name: _constant(name, entry) for name, entry in section.items()}
    return others._replace(**given)


def _fabric(document: Document, index: int, described: Mapping[str, FabricConstants]) -> Fabric:
    value = as_object(as_list(as_object(document.value).get("fabrics"))[index])
    others = described.get(as_text(value.get("settings_from")))
    return Fabric(
        name=as_text(value.get("name")),
        directory=check_directory(as_text(value.get("directory"))).directory,
        sync=_section(SyncSettings, value.get("sync")),
        cluster=_section(ClusterSettings, value["cluster"]) if "cluster" in value else None,
        netbox=_netbox(as_object(value["netbox"])) if "netbox" in value else None,
        authority=_authority(as_object(value.get("authority"))),
        on_missing=OnMissing(as_text(value.get("on_missing")) or OnMissing.ASK),
        prune=_section(PruneSettings, value.get("prune")),
        state=_section(StateSettings, value.get("state")),
        ingest=_ingest(as_object(value.get("ingest"))),
        constants=build_constants(value.get("settings"), others or _DEFAULTS),
        ignores=(*ignore_entries(document, ("fabrics", index, "ignore")), *ignore_entries(document, ("ignore",))),
        notify=_notify(value.get("notify", as_object(document.value).get("notify"))),
        config_digest=_digest(value, others),
    )


def _section(kind: type[_Section], value: Json) -> _Section:
    given: dict[str, Any] = dict(as_object(value))
    return kind(**given)


def _notify(value: Json) -> NotifySettings | None:
    return _section(NotifySettings, value) if value is not None else None


def _netbox(value: JsonObject) -> NetboxSettings:
    settings = _section(NetboxSettings, value)
    return settings._replace(containers=Containers(settings.containers), kinds=tuple(settings.kinds))


def _authority(value: JsonObject) -> dict[str, Authority]:
    return {"default": Authority.GIT} | {kind: Authority(as_text(name)) for kind, name in sorted(value.items())}


def _ingest(value: JsonObject) -> IngestSettings:
    settings = _section(IngestSettings, value)
    return settings._replace(on_conflict=OnConflict(settings.on_conflict), layout_roots=tuple(settings.layout_roots))


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


def _digest(value: JsonObject, others: FabricConstants | None) -> str:
    """Changes with what the fabric's entry says, and with what the installer's file says about the fabric."""
    whole = value if others is None else {"fabric": value, "settings_from": others._asdict()}
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
