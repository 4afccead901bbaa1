"""The compact form in which switch profiles are kept: neighbours with equal data are one entry, `E1/1-48`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.profile import Port, PortProfile, Profile

_NUMBERED = re.compile(r"(.*?)([0-9]+)\Z")
_RANGE = re.compile(r"(.*?)([0-9]+)-([0-9]+)\Z")


def profiles_text(source: str, profiles: Iterable[Profile]) -> str:
    """The whole file: one line for each part of a profile that says something. `source` says where they are from."""
    entries = ",\n".join(f" {json.dumps(each.name)}: {{\n{_lines(folded(each))}\n }}" for each in _by_name(profiles))
    return f'{{\n"source": {json.dumps(source)},\n"profiles": {{\n{entries}\n}}\n}}\n'


def folded(profile: Profile) -> JsonObject:
    """One profile in compact form; what says nothing is left out."""
    parts: JsonObject = {
        "family": profile.family,
        "features": [*sorted(profile.features)],
        "maxPorts": profile.max_ports,
        "pipelines": _fold({**profile.pipelines}),
        "groups": _fold({**profile.groups}),
        "portProfiles": {name: _port_profile(each) for name, each in sorted(profile.port_profiles.items())},
        "ports": _fold({name: _port(each) for name, each in profile.ports.items()}),
    }
    return {name: part for name, part in parts.items() if part}


def unfolded(name: str, entry: JsonObject) -> Profile:
    """The profile that an entry of the file describes."""
    return Profile(
        name=name,
        family=as_text(entry.get("family")),
        features=frozenset(map(as_text, as_list(entry.get("features")))),
        ports={port: _as_port(as_object(each)) for port, each in _unfold(entry.get("ports"))},
        port_profiles={
            used: _as_port_profile(as_object(each)) for used, each in as_object(entry.get("portProfiles")).items()
        },
        groups={group: as_text(used) for group, used in _unfold(entry.get("groups"))},
        pipelines={pipeline: _number(count) for pipeline, count in _unfold(entry.get("pipelines"))},
        max_ports=_number(entry.get("maxPorts")),
    )


def _by_name(profiles: Iterable[Profile]) -> list[Profile]:
    return sorted(profiles, key=lambda profile: profile.name)


def _lines(parts: JsonObject) -> str:
    return ",\n".join(f"  {json.dumps(name)}: {json.dumps(part)}" for name, part in parts.items())


def _port(port: Port) -> JsonObject:
    said: JsonObject = {
        "profile": port.profile,
        "group": port.group,
        "pipeline": port.pipeline,
        "management": port.is_management,
    }
    return {name: value for name, value in said.items() if value}


def _port_profile(used: PortProfile) -> JsonObject:
    choice: JsonObject = {"speeds": [*used.speeds]} if used.breakouts is None else {"breakouts": {**used.breakouts}}
    negotiates: JsonObject = {"autoNegotiation": True} if used.auto_negotiation else {}
    return {"default": used.default, **choice, **negotiates}


def _as_port(entry: JsonObject) -> Port:
    return Port(
        profile=as_text(entry.get("profile")),
        group=as_text(entry.get("group")),
        pipeline=as_text(entry.get("pipeline")),
        is_management=entry.get("management") is True,
    )


def _as_port_profile(entry: JsonObject) -> PortProfile:
    modes = entry.get("breakouts")
    return PortProfile(
        default=as_text(entry.get("default")),
        speeds=tuple(map(as_text, as_list(entry.get("speeds")))),
        breakouts={mode: _number(lanes) for mode, lanes in modes.items()} if isinstance(modes, dict) else None,
        auto_negotiation=entry.get("autoNegotiation") is True,
    )


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0


def _fold(entries: Mapping[str, Json]) -> JsonObject:
    """Entries whose names count up and whose data are equal, as one."""
    runs: list[tuple[str, int, int, Json]] = []
    for (prefix, number), data in sorted(((_split(name), entry) for name, entry in entries.items()), key=_place):
        if runs and (runs[-1][0], runs[-1][2], runs[-1][3]) == (prefix, number - 1, data) and number > 0:
            runs[-1] = (prefix, runs[-1][1], number, data)
        else:
            runs.append((prefix, number, number, data))
    return {_span(prefix, first, last): data for prefix, first, last, data in runs}


def _place(entry: tuple[tuple[str, int], Json]) -> tuple[str, int]:
    return entry[0]


def _split(name: str) -> tuple[str, int]:
    found = _NUMBERED.match(name)
    return (found[1], int(found[2])) if found and str(int(found[2])) == found[2] else (name, -1)


def _span(prefix: str, first: int, last: int) -> str:
    if last < 0:
        return prefix
    return f"{prefix}{first}" if first == last else f"{prefix}{first}-{last}"


def _unfold(entries: Json) -> Iterator[tuple[str, Json]]:
    for name, data in as_object(entries).items():
        found = _RANGE.match(name)
        if found is None:
            yield name, data
        else:
            yield from ((f"{found[1]}{number}", data) for number in range(int(found[2]), int(found[3]) + 1))
