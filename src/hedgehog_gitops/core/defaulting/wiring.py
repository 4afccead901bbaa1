"""Defaults of the wiring kinds."""

from __future__ import annotations

from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text

_VLANS = range(1, 4095)


def vlan_namespace(spec: JsonObject) -> JsonObject:
    """Open ranges are closed and sorted; one invalid range wipes the whole list (a quirk of the real webhook)."""
    ranges = [_closed(as_object(entry)) for entry in as_list(spec.get("ranges"))]
    if any(not _is_valid(entry) for entry in ranges):
        return {name: entry for name, entry in spec.items() if name != "ranges"}
    return {**spec, "ranges": [*sorted(ranges, key=_bounds)]} if ranges else spec


def switch(spec: JsonObject) -> JsonObject:
    """Groups and VLAN namespaces complete and sorted, speeds without their prefix, link flap limits filled in."""
    group = as_text(as_object(spec.get("redundancy")).get("group"))
    groups = _texts(spec.get("groups"))
    defaulted: JsonObject = {**spec, "vlanNamespaces": [*sorted(_texts(spec.get("vlanNamespaces")) or ["default"])]}
    if group or groups:
        defaulted["groups"] = [*sorted([*groups, group] if group and group not in groups else groups)]
    for field in ("portSpeeds", "portGroupSpeeds"):
        if isinstance(speeds := spec.get(field), dict):
            defaulted[field] = {port: _speed(speed) for port, speed in speeds.items()}
    if isinstance(limits := spec.get("linkFlapErrDisable"), dict):
        defaulted["linkFlapErrDisable"] = {
            "flapThreshold": 3, "samplingInterval": 30, "recoveryInterval": 300, **limits,
        }  # fmt: skip
    return defaulted


def _closed(entry: JsonObject) -> JsonObject:
    return {**entry, "to": entry.get("to") or entry.get("from") or 0}


def _is_valid(entry: JsonObject) -> bool:
    first, last = _bounds(entry)
    return first in _VLANS and last in _VLANS and first <= last


def _bounds(entry: JsonObject) -> tuple[int, int]:
    first, last = entry.get("from"), entry.get("to")
    return (first if isinstance(first, int) else 0, last if isinstance(last, int) else 0)


def _speed(value: Json) -> Json:
    return value.removeprefix("SPEED_") if isinstance(value, str) else value


def _texts(value: Json) -> list[str]:
    """A list of texts as Go decodes it: a null is empty text."""
    return [as_text(entry) for entry in as_list(value)]


WIRING_DEFAULTS = {"VLANNamespace": vlan_namespace, "Switch": switch}
