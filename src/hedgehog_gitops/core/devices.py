"""The ends of a Connection: its type, and the devices and ports that it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_object


class Device(StrEnum):
    """What stands at an end of a link."""

    SWITCH = "switch"
    SERVER = "server"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionType:
    """One member of the union: its key in the spec, its label, where its links are and what each end is."""

    key: str
    label: str
    links: str
    ends: tuple[tuple[str, Device], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a link: the device, its port, and where the port stands below `spec`."""

    device: Device
    name: str
    port: str
    field: FieldPath


_SERVER_LINK = (("server", Device.SERVER), ("switch", Device.SWITCH))
TYPES: tuple[ConnectionType, ...] = (
    ConnectionType(key="mclag", label="mclag", links="links", ends=()),
    ConnectionType(key="mclagDomain", label="mclag-domain", links="peerLinks", ends=()),
    ConnectionType(key="unbundled", label="unbundled", links="link", ends=_SERVER_LINK),
    ConnectionType(key="bundled", label="bundled", links="links", ends=_SERVER_LINK),
    ConnectionType(key="eslag", label="eslag", links="links", ends=_SERVER_LINK),
    ConnectionType(
        key="fabric", label="fabric", links="links", ends=(("spine", Device.SWITCH), ("leaf", Device.SWITCH))
    ),
    ConnectionType(key="mesh", label="mesh", links="links", ends=(("leaf1", Device.SWITCH), ("leaf2", Device.SWITCH))),
    ConnectionType(
        key="gateway", label="gateway", links="links", ends=(("switch", Device.SWITCH), ("gateway", Device.GATEWAY))
    ),
    ConnectionType(
        key="vpcLoopback",
        label="vpc-loopback",
        links="links",
        ends=(("switch1", Device.SWITCH), ("switch2", Device.SWITCH)),
    ),
    ConnectionType(key="external", label="external", links="link", ends=(("switch", Device.SWITCH),)),
    ConnectionType(key="staticExternal", label="static-external", links="link", ends=(("switch", Device.SWITCH),)),
)
"""In the order in which the first one that is set decides."""


def connection_type(spec: JsonObject) -> ConnectionType | None:
    """The type that decides, or None if none is set."""
    return next((each for each in TYPES if isinstance(spec.get(each.key), dict)), None)


def ends(spec: JsonObject) -> Iterator[End]:
    """Every end of every link that names a device, in order."""
    found = connection_type(spec)
    if found is None:
        return
    for link, path in _links(as_object(spec[found.key]).get(found.links), (found.key, found.links)):
        for side, device in found.ends:
            text = as_object(as_object(link).get(side)).get("port")
            name, _, port = text.partition("/") if isinstance(text, str) else ("", "", "")
            if name:
                yield End(device=device, name=name, port=port, field=(*path, side, "port"))


def switch_names(spec: JsonObject) -> frozenset[str]:
    """The switches that a connection names."""
    return frozenset(end.name for end in ends(spec) if end.device is Device.SWITCH)


def server_names(spec: JsonObject) -> frozenset[str]:
    """The servers that a connection names."""
    return frozenset(end.name for end in ends(spec) if end.device is Device.SERVER)


def _links(value: Json, path: FieldPath) -> Iterator[tuple[Json, FieldPath]]:
    if isinstance(value, list):
        yield from ((link, (*path, index)) for index, link in enumerate(value))
    else:
        yield value, path
