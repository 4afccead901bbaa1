"""SwitchProfile objects as a cluster has them, made from the profiles that ship."""

from __future__ import annotations

from typing import Any

from hedgehog_gitops.adapters.package_profiles import PackageProfiles
from hedgehog_gitops.model.profile import Profile

_SYSTEMS = {"default": "sonic-bcm-base", "cls-plus": "sonic-cls-plus", "cumulus": "cumulus-linux"}


def shipped_objects() -> list[dict[str, Any]]:
    """One object for each profile of every family."""
    return [as_object(profile) for profile in PackageProfiles().values()]


def as_object(profile: Profile) -> dict[str, Any]:
    """A SwitchProfile object that says what a profile does, as a cluster has it."""
    return {
        "apiVersion": "wiring.githedgehog.com/v1beta1",
        "kind": "SwitchProfile",
        "metadata": {"name": profile.name, "namespace": "default"},
        "spec": {
            "displayName": profile.name.title(),
            "nosType": _SYSTEMS[profile.family],
            "features": dict.fromkeys(sorted(profile.features), True),
            "maxPorts": profile.max_ports,
            "pipelines": {name: {"maxPorts": count} for name, count in profile.pipelines.items()},
            "portGroups": {name: {"nos": name, "profile": used} for name, used in profile.groups.items()},
            "portProfiles": {name: _port_profile(name, profile) for name in profile.port_profiles},
            "ports": {name: _port(name, profile) for name in profile.ports},
        },
    }


def _port(name: str, profile: Profile) -> dict[str, Any]:
    found = profile.ports[name]
    said = {
        "profile": found.profile,
        "group": found.group,
        "pipeline": found.pipeline,
        "management": found.is_management,
    }
    return {"label": name} | {field: value for field, value in said.items() if value}


def _port_profile(name: str, profile: Profile) -> dict[str, Any]:
    found = profile.port_profiles[name]
    negotiates = {"autoNegAllowed": True} if found.auto_negotiation else {}
    if found.breakouts is None:
        return {"speed": {"default": found.default, "supported": list(found.speeds)}} | negotiates
    modes = {mode: {"offsets": [str(lane) for lane in range(lanes)]} for mode, lanes in found.breakouts.items()}
    return {"breakout": {"default": found.default, "supported": modes}} | negotiates
