"""The schemas of a cluster's own definitions, and where they differ from those that we have."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hedgehog_gitops.core.canonical import same
from hedgehog_gitops.core.crd import is_own
from hedgehog_gitops.core.decoding import BOUNDS
from hedgehog_gitops.core.definitions import schema_of, served_spec, unread_keywords
from hedgehog_gitops.core.profile_file import folded
from hedgehog_gitops.model.kind import KINDS, Kind, find_kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text
from hedgehog_gitops.model.profile import Profile

_WORDS = frozenset({"description", "x-width", "x-limits"})
"""Never compared: these are ours by origin."""

_WIDTH = 60
_PARTS = ("properties", "additionalProperties", "items")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """Schemas by (group, kind); kinds that have none, and why; and what the definitions ask beyond our schemas."""

    schemas: Mapping[tuple[str, str], JsonObject]
    absent: Mapping[str, str]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One keyword of one field, as we have it and as was found; None where there is none. No keyword: the field."""

    kind: str
    field: str
    keyword: str
    known: Json
    found: Json

    def __str__(self) -> str:
        if not self.keyword:
            return f"{self.kind} {self.field} is {'new' if self.known is None else 'gone'}"
        return f"{self.kind} {self.field}: {self.keyword} is {_shown(self.found)}, here {_shown(self.known)}"


def refresh(definitions: Iterable[JsonObject], known: Mapping[tuple[str, str], JsonObject]) -> Refreshed:
    """Our schemas made anew from definitions; definitions of other people's kinds do not matter."""
    by_kind = {kind: definition for definition in definitions if (kind := _kind(definition)) is not None}
    specs = {kind: served_spec(kind, definition) for kind, definition in by_kind.items()}
    read = {kind: spec for kind in KINDS if (spec := specs.get(kind)) is not None}
    return Refreshed(
        schemas={(kind.group, kind.kind): schema_of(spec, known[kind.group, kind.kind]) for kind, spec in read.items()},
        absent={
            kind.kind: f"version {kind.version} is not served" if kind in by_kind else "there is no definition"
            for kind in KINDS
            if kind not in read
        },
        unread=tuple(
            f"{kind.kind} {field}: {name} is not judged by validate"
            for kind, spec in read.items()
            for field, name in unread_keywords(spec)
        ),
    )


def differences(
    known: Mapping[tuple[str, str], JsonObject], found: Mapping[tuple[str, str], JsonObject]
) -> tuple[Difference, ...]:
    """What would be judged differently, for each kind that was found."""
    return tuple(
        difference
        for group_kind, schema in found.items()
        for difference in _differences(group_kind[1], "spec", _spec(known[group_kind]), _spec(schema))
    )


def profile_differences(known: Mapping[str, Profile], found: Mapping[str, Profile]) -> tuple[Difference, ...]:
    """Where switch profiles differ. Of the known ones those count whose family was found: a cluster has no others."""
    families = {profile.family for profile in found.values()}
    mine = {name: folded(profile) for name, profile in known.items() if profile.family in families}
    theirs = {name: folded(profile) for name, profile in found.items()}
    return tuple(
        difference
        for name in sorted(mine.keys() | theirs.keys())
        for difference in _profile_differences(name, mine.get(name), theirs.get(name))
    )


def _profile_differences(name: str, known: JsonObject | None, found: JsonObject | None) -> Iterator[Difference]:
    if known is None or found is None:
        yield Difference(kind="SwitchProfile", field=name, keyword="", known=known, found=found)
        return
    for part in sorted(known.keys() | found.keys()):
        if not same(known.get(part), found.get(part)):
            mine, theirs = known.get(part), found.get(part)
            yield Difference(kind="SwitchProfile", field=name, keyword=part, known=mine, found=theirs)


def _differences(kind: str, field: str, known: JsonObject, found: JsonObject) -> Iterator[Difference]:
    for keyword in sorted(_asked(known) | _asked(found)):
        mine, theirs = known.get(keyword), found.get(keyword)
        if keyword in _PARTS and (isinstance(mine, dict) or isinstance(theirs, dict)):
            yield from _parts(kind, field, keyword, as_object(mine), as_object(theirs))
        elif not same(mine, theirs):
            yield Difference(kind=kind, field=field, keyword=keyword, known=mine, found=theirs)


def _asked(schema: JsonObject) -> set[str]:
    """The keywords of a definition itself, without our words and the bounds that its numbers have anyway."""
    implied = {bound for bound in BOUNDS if not is_own(schema, bound)}
    return schema.keys() - _WORDS - implied


def _parts(kind: str, field: str, keyword: str, known: JsonObject, found: JsonObject) -> Iterator[Difference]:
    if keyword != "properties":
        yield from _differences(kind, field + {"items": "[*]"}.get(keyword, ".*"), known, found)
        return
    for name in sorted(known.keys() | found.keys()):
        mine, theirs, place = known.get(name), found.get(name), f"{field}.{name}"
        if mine is None or theirs is None:
            yield Difference(kind=kind, field=place, keyword="", known=mine, found=theirs)
        else:
            yield from _differences(kind, place, as_object(mine), as_object(theirs))


def _kind(definition: JsonObject) -> Kind | None:
    spec = as_object(definition.get("spec"))
    return find_kind(as_text(spec.get("group")), as_text(as_object(spec.get("names")).get("kind")))


def _spec(schema: JsonObject) -> JsonObject:
    return as_object(as_object(schema["properties"])["spec"])


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return "not set" if value is None else text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
