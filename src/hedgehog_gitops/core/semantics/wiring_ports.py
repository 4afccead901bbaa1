"""The port table of a switch: which ports its model has, split into lanes as the switch says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from hedgehog_gitops.core.rules import wiring_rules
from hedgehog_gitops.core.semantics.stored import Stored, indexed
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text
from hedgehog_gitops.model.profile import Port, Profile
from hedgehog_gitops.model.rule import Rule


class PortTable(NamedTuple):
    """The ports of one model with one set of breakouts.

    `names` are what a connection may name, `negotiating`, `correcting` and `lit` what portAutoNegs, portFECs and
    portLocators may. `lanes` has the breakout ports; `unsupported` those whose mode the model lacks, which count with
    their default.
    """

    names: frozenset[str]
    negotiating: frozenset[str]
    correcting: frozenset[str]
    lit: frozenset[str]
    lanes: Mapping[str, int]
    unsupported: tuple[str, ...]
    total: int
    by_pipeline: Mapping[str, int]


@indexed
def port_tables(stored: Stored) -> dict[str, PortTable]:
    """The tables of all switches whose profile is known, by the switch's name; equal ones are made once."""
    made: dict[tuple[str, tuple[tuple[str, str], ...]], PortTable] = {}
    tables: dict[str, PortTable] = {}
    for name, spec in stored.all("Switch").items():
        profile = stored.profiles.get(as_text(spec.get("profile")))
        if profile is None:
            continue
        breakouts = breakouts_of(spec)
        like = (profile.name, tuple(sorted(breakouts.items())))
        if like not in made:
            made[like] = port_table(profile, breakouts)
        tables[name] = made[like]
    return tables


def breakouts_of(spec: JsonObject) -> dict[str, str]:
    """The modes that a switch sets."""
    return {port: as_text(mode) for port, mode in as_object(spec.get("portBreakouts")).items()}


def port_table(profile: Profile, breakouts: Mapping[str, str]) -> PortTable:
    """The table of a model with some modes set."""
    lanes, unsupported = _lanes(profile, breakouts)
    whole = [name for name, port in profile.ports.items() if not port.is_management and name not in lanes]
    split = {base: [f"{base}/{lane}" for lane in range(1, count + 1)] for base, count in lanes.items()}
    every_lane = [lane for names in split.values() for lane in names]
    widths = {name: lanes.get(name, 1) for name, port in profile.ports.items() if not port.is_management}
    by_pipeline: Counter[str] = Counter()
    for name, width in widths.items():
        if pipeline := profile.ports[name].pipeline:
            by_pipeline[pipeline] += width
    return PortTable(
        names=frozenset((*profile.ports, *every_lane)),
        negotiating=frozenset(
            port for name in widths if _negotiates(profile, profile.ports[name]) for port in split.get(name, [name])
        ),
        correcting=frozenset((*whole, *every_lane, *(base for base, count in lanes.items() if count == 1))),
        lit=frozenset((*whole, *every_lane)),
        lanes=lanes,
        unsupported=unsupported,
        total=sum(widths.values()),
        by_pipeline=by_pipeline,
    )


def missing_port(profile: Profile, table: PortTable, port: str) -> tuple[Rule, str, str]:
    """Why a port is not in the table: the rule, what is wrong, and what to do."""
    base, _, lane = port.rpartition("/")
    if base in table.lanes:
        count = table.lanes[base]
        lanes = "1 lane" if count == 1 else f"{count} lanes"
        return wiring_rules.PORT_LANE, f"{base} has {lanes}, and {lane!r} is none of them", _lanes_hint(base, count)
    if base in profile.ports:
        return wiring_rules.PORT_WHOLE, f"{base} of a {profile.name} cannot be split", f"write {base}"
    return wiring_rules.PORT_UNKNOWN, f"a {profile.name} has no port {port!r}", f"its ports are {_span(profile)}"


def _lanes(profile: Profile, breakouts: Mapping[str, str]) -> tuple[dict[str, int], tuple[str, ...]]:
    lanes: dict[str, int] = {}
    unsupported: list[str] = []
    for name, port in profile.ports.items():
        used = profile.port_profiles.get(port.profile)
        if used is None or used.breakouts is None:
            continue
        mode = breakouts.get(name, used.default)
        if mode not in used.breakouts:
            unsupported.append(name)
        lanes[name] = used.breakouts.get(mode, used.breakouts.get(used.default, 1))
    return lanes, tuple(unsupported)


def _negotiates(profile: Profile, port: Port) -> bool:
    used = profile.port_profiles.get(port.profile)
    return used is not None and used.auto_negotiation


def _lanes_hint(base: str, count: int) -> str:
    return f"write {base} or {base}/1" if count == 1 else f"write {base}/1 to {base}/{count}, or set another breakout"


def _span(profile: Profile) -> str:
    data = [name for name, port in profile.ports.items() if not port.is_management]
    management = [name for name, port in profile.ports.items() if port.is_management]
    return ", ".join([f"{data[0]} to {data[-1]}" if data else "", *management]).strip(", ")
