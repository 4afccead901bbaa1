"""Who is served by what, by declaration: servers behind connections, attached to the subnets of VPCs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from hedgehog_gitops.core.devices import server_names, switch_names
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text

SHOWN = 5
"""How many names a message lists."""

Specs = Mapping[str, JsonObject]
"""Specs of one kind by name."""

Named = Mapping[str, Specs]
"""Specs by kind and name."""


class Attachment(NamedTuple):
    """One VPCAttachment: which subnet of which VPC is served through which connection."""

    name: str
    vpc: str
    subnet: str
    connection: str
    is_native: bool

    @property
    def path(self) -> tuple[str, str, str]:
        """What it serves, whatever it is called itself."""
        return (self.connection, self.vpc, self.subnet)


class Service:
    """Attachments of one set, found by what they hang on, when somebody asks."""

    def __init__(self, find: Callable[[], Iterable[Attachment]], connections: Callable[[], Specs]) -> None:
        self._find = find
        self._read_connections = connections

    @cached_property
    def attachments(self) -> dict[str, Attachment]:
        """All of them by name."""
        return {each.name: each for each in self._find()}

    @cached_property
    def paths(self) -> dict[tuple[str, str, str], Attachment]:
        """By what they serve."""
        return {each.path: each for each in self.attachments.values()}

    @cached_property
    def of_vpc(self) -> dict[str, list[Attachment]]:
        """By the VPC's name."""
        return _grouped(self.attachments.values(), lambda each: each.vpc)

    @cached_property
    def of_connection(self) -> dict[str, list[Attachment]]:
        """By the connection's name."""
        return _grouped(self.attachments.values(), lambda each: each.connection)

    @cached_property
    def of_switch(self) -> dict[str, list[Attachment]]:
        """By the names of the switches that the connection leads to."""
        behind: dict[str, list[Attachment]] = {}
        for name, found in self.of_connection.items():
            for switch in sorted(switch_names(self._connections.get(name, {}))):
                behind.setdefault(switch, []).extend(found)
        return behind

    @cached_property
    def _connections(self) -> Specs:
        return self._read_connections()

    def servers(self, attachments: Iterable[Attachment]) -> list[str]:
        """The servers at the other end of the attachments' connections."""
        connections = {each.connection for each in attachments}
        return sorted({server for name in connections for server in server_names(self._connections.get(name, {}))})

    def lost(self, attachments: Iterable[Attachment], lead: str = "service is lost for") -> str:
        """`; service is lost for servers a, b (VPC web)`, or that nothing is attached."""
        found = list(attachments)
        if not found:
            return "; no server is attached behind it"
        vpcs = listed("VPC", sorted({each.vpc for each in found}))
        servers = self.servers(found)
        return f"; {lead} {listed('server', servers)} ({vpcs})" if servers else f"; {lead} {vpcs}"


def declared(read: Callable[[], Named]) -> Service:
    """All attachments of a set."""
    return Service(lambda: _attachments(read()), lambda: read().get("Connection", {}))


def working(read: Callable[[], Named]) -> Service:
    """The attachments of a set whose subnet and connection are there: the others serve nobody."""
    return Service(lambda: _working(read()), lambda: read().get("Connection", {}))


def _working(named: Named) -> Iterator[Attachment]:
    vpcs, connections = named.get("VPC", {}), named.get("Connection", {})
    for each in _attachments(named):
        if each.connection in connections and each.subnet in as_object(vpcs.get(each.vpc, {}).get("subnets")):
            yield each


def _attachments(named: Named) -> Iterator[Attachment]:
    return (attachment(name, spec) for name, spec in named.get("VPCAttachment", {}).items())


def _grouped(attachments: Iterable[Attachment], by: Callable[[Attachment], str]) -> dict[str, list[Attachment]]:
    grouped: dict[str, list[Attachment]] = {}
    for each in attachments:
        grouped.setdefault(by(each), []).append(each)
    return grouped


def attachment(name: str, spec: JsonObject) -> Attachment:
    """An attachment's spec, as stored, taken apart."""
    vpc, _, subnet = as_text(spec.get("subnet")).partition("/")
    return Attachment(name, vpc, subnet, as_text(spec.get("connection")), spec.get("nativeVLAN") is True)


def listed(word: str, names: list[str]) -> str:
    """`server a`, `servers a, b`, `servers a, b, c, d, e and 3 more`."""
    shown = ", ".join(names[:SHOWN])
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{word if len(names) == 1 else word + 's'} {shown}{more}"


def peered_with(external: str, named: Named) -> list[str]:
    """The VPCs that reach an External through a peering."""
    permits = (as_object(spec.get("permit")) for spec in named.get("ExternalPeering", {}).values())
    return sorted(
        {
            as_text(as_object(permit.get("vpc")).get("name"))
            for permit in permits
            if as_object(permit.get("external")).get("name") == external
        }
    )
