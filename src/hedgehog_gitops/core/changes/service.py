"""Who is served by what, by declaration: servers behind connections, attached to the subnets of VPCs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from hedgehog_gitops.core.devices import server_names, switch_names
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text

SHOWN = 5
"""How many names a message lists."""

Named = Mapping[str, Mapping[str, JsonObject]]
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
    """Attachments of one set, found by what they hang on."""

    def __init__(self, attachments: Iterable[Attachment], connections: Mapping[str, JsonObject]) -> None:
        self._connections = connections
        self.attachments = {each.name: each for each in attachments}
        self.paths = {each.path: each for each in self.attachments.values()}
        self.of_vpc: dict[str, list[Attachment]] = {}
        self.of_connection: dict[str, list[Attachment]] = {}
        self.of_switch: dict[str, list[Attachment]] = {}
        for each in self.attachments.values():
            self.of_vpc.setdefault(each.vpc, []).append(each)
            self.of_connection.setdefault(each.connection, []).append(each)
        for name, found in self.of_connection.items():
            for switch in sorted(switch_names(self._connections.get(name, {}))):
                self.of_switch.setdefault(switch, []).extend(found)

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


def declared(named: Named) -> Service:
    """All attachments of a set."""
    return Service(_attachments(named), named.get("Connection", {}))


def working(named: Named) -> Service:
    """The attachments of a set whose subnet and connection are there: the others serve nobody."""
    vpcs, connections = named.get("VPC", {}), named.get("Connection", {})
    found = (
        each
        for each in _attachments(named)
        if each.connection in connections and each.subnet in as_object(vpcs.get(each.vpc, {}).get("subnets"))
    )
    return Service(found, connections)


def _attachments(named: Named) -> Iterator[Attachment]:
    return (attachment(name, spec) for name, spec in named.get("VPCAttachment", {}).items())


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
