"""The ends of a Connection: its type, and the devices and ports that it names."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_object, as_text


class Device(StrEnum):
    """What stands at an end of a link."""

    SWITCH = "switch"
    SERVER = "server"
    GATEWAY = "gateway"


class ConnectionType(NamedTuple):
    """One member of the union: its key in the spec, its label, where its links are and what each end is."""

    key: str
    label: str
    links: str
    ends: tuple[tuple[str, Device], ...]


class End(NamedTuple):
    """One end of a link: the device, its port, what was written for both, and where that stands below `spec`."""

    device: Device
    name: str
    port: str
    text: str
    field: FieldPath

    @property
    def is_whole(self) -> bool:
        """True if it names a device and a port."""
        return bool(self.name and self.port)


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
_BY_KEY = {each.key: each for each in TYPES}


def connection_type(spec: JsonObject) -> ConnectionType | None:
    """The type that decides, or None if none is set."""
    for key, each in _BY_KEY.items():
        if key in spec and isinstance(spec[key], dict):
            return each
    return None


def ends(spec: JsonObject) -> Iterator[End]:
    """Every end of every link that names a device and a port, in order."""
    found = connection_type(spec)
    return (end for end in all_ends(found, spec) if end.is_whole) if found else iter(())


def all_ends(found: ConnectionType, spec: JsonObject) -> Iterator[End]:
    """Every end of every link of a connection of that type, also those that name nothing."""
    key, links = found.key, found.links
    value = as_object(spec[key]).get(links)
    if links == _ONE:
        yield from _ends(found, as_object(value), (key, links))
    else:
        for index, link in enumerate(as_list(value)):
            yield from _ends(found, as_object(link), (key, links, index))


def switch_names(spec: JsonObject) -> frozenset[str]:
    """The switches that a connection names."""
    return frozenset(end.name for end in ends(spec) if end.device is Device.SWITCH)


def server_names(spec: JsonObject) -> frozenset[str]:
    """The servers that a connection names."""
    return frozenset(end.name for end in ends(spec) if end.device is Device.SERVER)


_ONE = "link"
"""The field of the types that have a single link; the others have a list."""


def _ends(found: ConnectionType, link: JsonObject, path: FieldPath) -> Iterator[End]:
    for side, device in found.ends:
        text = as_text(as_object(link.get(side)).get("port"))
        name, _, port = text.partition("/")
        yield End(device, name, port, text, (*path, side, "port"))
