"""A switch and its profile: what the model can do, and whether the switch asks for more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches

from hedgehog_gitops.core.rules import wiring_rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.stored import Stored
from hedgehog_gitops.core.semantics.wiring_ports import PortTable, port_tables
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_object, as_text
from hedgehog_gitops.model.profile import PortProfile, Profile
from hedgehog_gitops.model.rule import Rule

ALL_PORTS = "*"


def model_faults(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """What a switch asks of its model that the model does not have."""
    wanted = as_text(spec.get("profile"))
    if not wanted:
        return
    profile = stored.profiles.get(wanted)
    if profile is None:
        yield _unknown(wanted, stored)
        return
    table = port_tables(stored)[name]
    if "portGroupSpeeds" in spec or "portSpeeds" in spec:
        yield from _speeds(spec, profile)
    if "portBreakouts" in spec:
        yield from _breakouts(spec, profile)
    for field, rule in _KEYED.items():
        if field in spec:
            yield from _keys(field, rule, spec, table)
    if "portLocators" in spec:
        yield from _locators(spec, profile, table)
    yield from _features(spec, profile)
    yield from _budget(profile, table)


_KEYED = {"portAutoNegs": wiring_rules.SW_AUTO_NEGOTIATION, "portFECs": wiring_rules.SW_FEC}


def _unknown(wanted: str, stored: Stored) -> Fault:
    near = get_close_matches(wanted, stored.profiles, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "use the name of a built-in profile"
    return Fault(wiring_rules.SW_UNKNOWN_PROFILE, ("spec", "profile"), f"no profile is named {wanted!r}", hint)


def _speeds(spec: JsonObject, profile: Profile) -> Iterator[Fault]:
    for group, speed in as_object(spec.get("portGroupSpeeds")).items():
        used = profile.port_profiles.get(profile.groups.get(group, ""))
        field, rule = ("spec", "portGroupSpeeds", group), wiring_rules.SW_GROUP_SPEED
        if used is None:
            groups = ", ".join(profile.groups) or "none"
            yield Fault(rule, field, f"a {profile.name} has no port group {group!r}", f"its groups: {groups}")
        else:
            yield from _choice(rule, field, f"group {group}", speed, used.speeds)
    for port, speed in as_object(spec.get("portSpeeds")).items():
        used = _port_profile(profile, port)
        field, rule = ("spec", "portSpeeds", port), wiring_rules.SW_SPEED
        if used is None or not used.speeds:
            yield Fault(rule, field, f"{port} of a {profile.name} has no speed of its own", _why(profile, port))
        else:
            yield from _choice(rule, field, port, speed, used.speeds)


def _breakouts(spec: JsonObject, profile: Profile) -> Iterator[Fault]:
    for port, mode in as_object(spec.get("portBreakouts")).items():
        used = _port_profile(profile, port)
        field, rule = ("spec", "portBreakouts", port), wiring_rules.SW_BREAKOUT
        if used is None or used.breakouts is None:
            yield Fault(rule, field, f"{port} of a {profile.name} cannot be split", _why(profile, port))
        else:
            yield from _choice(rule, field, port, mode, tuple(used.breakouts))


def _choice(rule: Rule, field: FieldPath, what: str, value: Json, choices: tuple[str, ...]) -> Iterator[Fault]:
    if value not in choices:
        yield Fault(rule, field, f"{what} cannot be {value!r}", f"it can be {', '.join(choices)}")


def _why(profile: Profile, port: str) -> str:
    found = profile.ports.get(port)
    if found is None:
        base = port.rpartition("/")[0]
        return f"write the whole port, {base}" if base in profile.ports else "the model has no such port"
    if found.group:
        return f"it belongs to port group {found.group}; see portGroupSpeeds"
    used = profile.port_profiles.get(found.profile)
    if used is None:
        return "it is a management port"
    return (
        "it is a breakout port; see portBreakouts" if used.breakouts is not None else "it has one speed; see portSpeeds"
    )


def _port_profile(profile: Profile, port: str) -> PortProfile | None:
    found = profile.ports.get(port)
    return profile.port_profiles.get(found.profile) if found is not None else None


def _keys(field: str, rule: Rule, spec: JsonObject, table: PortTable) -> Iterator[Fault]:
    allowed = table.negotiating if field == "portAutoNegs" else table.correcting
    what = "auto-negotiation" if field == "portAutoNegs" else "error correction"
    for port in as_object(spec.get(field)):
        if port not in allowed and not _is_spoiled(port, table):
            yield Fault(rule, ("spec", field, port), f"{port} has no {what} to set", _lanes_hint(port, table))


def _is_spoiled(port: str, table: PortTable) -> bool:
    """True if the port's breakout is wrong, which is said there."""
    return port in table.unsupported or port.rpartition("/")[0] in table.unsupported


def _lanes_hint(port: str, table: PortTable) -> str:
    if port in table.lanes:
        return f"name its lanes, {port}/1 to {port}/{table.lanes[port]}"
    base = port.rpartition("/")[0]
    return f"{base} has {table.lanes[base]} lanes" if base in table.lanes else "take it out"


def _locators(spec: JsonObject, profile: Profile, table: PortTable) -> Iterator[Fault]:
    entries = as_object(spec.get("portLocators"))
    kept = {ALL_PORTS: entries[ALL_PORTS]} if ALL_PORTS in entries else entries
    kept = {port: until for port, until in kept.items() if not _is_over(as_text(until))}
    rule, field = wiring_rules.SW_LOCATOR, ("spec", "portLocators")
    if kept and "portLocator" not in profile.features:
        yield Fault(rule, field, f"a {profile.name} has no locator lights", "take it out")
        return
    for port, until in kept.items():
        if port != ALL_PORTS and port not in table.lit and not _is_spoiled(port, table):
            yield Fault(rule, (*field, port), f"{port} is no port with a light", _lanes_hint(port, table))
        if not _is_time(as_text(until)):
            hint = "write a duration such as 10m, or a UTC time such as 2030-01-31 12:00:00"
            yield Fault(rule, (*field, port), f"{until!r} is no time", hint)


_DURATION = re.compile(r"[-+]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)\Z")
_PART = re.compile(r"([0-9.]+)(ns|us|µs|μs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,][0-9]+)?\Z")


def _is_time(text: str) -> bool:
    return not text or _DURATION.match(text) is not None or _is_moment(text)


def _is_moment(text: str) -> bool:
    found = _MOMENT.match(text)
    try:
        return found is not None and bool(datetime.fromisoformat(found[1]))
    except ValueError:
        return False


def _is_over(text: str) -> bool:
    """True for a duration of less than a second: defaulting drops the entry. Of a moment nobody can say here."""
    if not text or _DURATION.match(text) is None:
        return False
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
    return text.startswith("-") or seconds < 1


def _features(spec: JsonObject, profile: Profile) -> Iterator[Fault]:
    asked = (
        (spec.get("roce") is True, "roce", ("roce",), wiring_rules.SW_ROCE),
        (as_object(spec.get("ecmp")).get("roceQPN") is True, "ecmpRoCEQPN", ("ecmp", "roceQPN"), wiring_rules.SW_ROCE),
        (
            as_object(spec.get("redundancy")).get("type") == "eslag",
            "eslag",
            ("redundancy", "type"),
            wiring_rules.SW_ESLAG,
        ),
    )
    for is_asked, feature, field, rule in asked:
        if is_asked and feature not in profile.features:
            message = f"a {profile.name} does not have the feature {feature}"
            yield Fault(rule, ("spec", *field), message, "take it out, or use another model")


def _budget(profile: Profile, table: PortTable) -> Iterator[Fault]:
    rule, field, hint = wiring_rules.SW_BUDGET, ("spec", "portBreakouts"), "use breakouts with fewer lanes"
    if 0 < profile.max_ports < table.total:
        message = (
            f"with these breakouts the switch has {table.total} ports; a {profile.name} drives {profile.max_ports}"
        )
        yield Fault(rule, field, message, hint)
    for pipeline, count in table.by_pipeline.items():
        most = profile.pipelines.get(pipeline, count)
        if count > most:
            ports = ", ".join(name for name, port in profile.ports.items() if port.pipeline == pipeline)
            message = f"pipeline {pipeline} has {count} ports and drives {most}; its ports are {ports}"
            yield Fault(rule, field, message, hint)
