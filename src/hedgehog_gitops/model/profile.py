"""Switch profiles: what a model of switch can do, port by port."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class PortProfile(NamedTuple):
    """What a port can be: `speeds` if it has a speed, `breakouts` (mode to number of lanes) if it can be split.

    `default` is the speed or the mode it has when nothing is said.
    """

    default: str
    speeds: tuple[str, ...] = ()
    breakouts: Mapping[str, int] | None = None
    auto_negotiation: bool = False


class Port(NamedTuple):
    """One port: of a port profile, of a group, or for management; `pipeline` where ports are counted by pipeline."""

    profile: str = ""
    group: str = ""
    pipeline: str = ""
    is_management: bool = False


class Profile(NamedTuple):
    """One model of switch. `groups` names each port group's port profile; 0 in `max_ports` is no limit."""

    name: str
    family: str
    features: frozenset[str]
    ports: Mapping[str, Port]
    port_profiles: Mapping[str, PortProfile]
    groups: Mapping[str, str]
    pipelines: Mapping[str, int]
    max_ports: int = 0
