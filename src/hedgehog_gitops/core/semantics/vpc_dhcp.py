"""DHCP of a VPC subnet: relay or server, range, options and static leases."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.addresses import Address, Prefix, address, address_text, hardware_address, prefix
from hedgehog_gitops.core.rules import lint_rules
from hedgehog_gitops.core.rules import vpc_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text

SMALLEST_MTU, LARGEST_MTU = 96, 9036
LONGEST_SERVED = 30


def dhcp_faults(at: FieldPath, subnet: JsonObject, written: JsonObject, network: Prefix | None) -> Iterator[Fault]:
    """Everything wrong with the DHCP of a subnet; `at` is its field, `written` what stands in the file."""
    dhcp = as_object(subnet.get("dhcp"))
    is_on = dhcp.get("enable") is True
    if "relay" in dhcp or "relayVPC" in dhcp:
        yield from _relay(at, dhcp, is_on=is_on)
    if not is_on:
        yield from _off(at, dhcp, written)
        return
    if network is None or network.length > LONGEST_SERVED:
        return  # refused for its prefix, and left without a range by the defaults
    gateway = as_text(subnet.get("gateway"))
    given = as_object(dhcp.get("range"))
    yield from _range((*at, "range"), as_text(given.get("start")), as_text(given.get("end")), gateway, network)
    if "options" in dhcp:
        yield from _options((*at, "options"), as_object(dhcp["options"]), network)
    if "static" in dhcp:
        yield from _leases((*at, "static"), as_object(dhcp["static"]), gateway, network)


def _relay(at: FieldPath, dhcp: JsonObject, *, is_on: bool) -> Iterator[Fault]:
    relay = as_text(dhcp.get("relay"))
    if relay and is_on:
        message = "the subnet has a DHCP relay and a server"
        yield Fault(rules.DHCP_RELAY, (*at, "relay"), message, "take `relay` out, or `enable`")
    if relay and prefix(relay) is None:
        message = f"relay {relay!r} is no prefix"
        yield Fault(rules.DHCP_RELAY, (*at, "relay"), message, "write the address with its length: 10.9.9.9/32")
    if dhcp.get("relayVPC") and not relay:
        yield Fault(rules.DHCP_RELAY, (*at, "relayVPC"), "relayVPC without relay", "add `relay`, or take it out")


def _off(at: FieldPath, dhcp: JsonObject, written: JsonObject) -> Iterator[Fault]:
    if dhcp.get("static"):
        message = "static leases, but DHCP is off"
        yield Fault(rules.STATIC_WITHOUT_DHCP, (*at, "static"), message, "set `enable: true`, or take them out")
    for field in ("range", "options"):
        if written.get(field):
            message = f"the DHCP {field} is dropped, as DHCP is off"
            yield Fault(lint_rules.DHCP_OFF, (*at, field), message, "set `enable: true`, or take it out")


def _range(at: FieldPath, start: str, end: str, gateway: str, network: Prefix) -> Iterator[Fault]:
    first, last = address(start), address(end)
    for name, text, found in (("start", start, first), ("end", end, last)):
        if (wrong := _unusable(found, gateway, network)) is not None:
            message = f"the {name} of the range, {text!r}, {wrong}"
            yield Fault(rules.DHCP_RANGE, (*at, name), message, "take an address that hosts of the subnet can have")
    if first is not None and last is not None and first >= last:
        message = f"the range starts at {start} and ends at {end}"
        yield Fault(rules.DHCP_RANGE, (*at, "end"), message, "let it end after it starts")


def _unusable(found: Address | None, gateway: str, network: Prefix) -> str | None:
    if found is None:
        return "is no address"
    if not network.contains(found):
        return "is not in the subnet"
    if found.value == network.first:
        return "is the subnet's own address"
    return "is the gateway" if found == address(gateway) else None


def _options(at: FieldPath, options: JsonObject, network: Prefix) -> Iterator[Fault]:
    for field in ("dnsServers", "timeServers"):
        for index, server in enumerate(as_list(options.get(field))):
            if address(as_text(server)) is None:
                message = f"{as_text(server)!r} is no address"
                yield Fault(rules.DHCP_OPTIONS, (*at, field, index), message, "write an address, not a name")
    mtu = _number(options.get("interfaceMTU"))
    if not SMALLEST_MTU <= mtu <= LARGEST_MTU:
        message = f"MTU {mtu} is not from {SMALLEST_MTU} to {LARGEST_MTU}"
        yield Fault(rules.DHCP_OPTIONS, (*at, "interfaceMTU"), message, "leave it out for the usual one")
    if _number(options.get("leaseTimeSeconds")) < 1:
        yield Fault(rules.DHCP_OPTIONS, (*at, "leaseTimeSeconds"), "a lease of 0 seconds", "use at least 1")
    for index, route in enumerate(as_list(options.get("advertisedRoutes"))):
        yield from _route((*at, "advertisedRoutes", index), as_object(route), network)


def _route(at: FieldPath, route: JsonObject, network: Prefix) -> Iterator[Fault]:
    destination, gateway = as_text(route.get("destination")), as_text(route.get("gateway"))
    if prefix(destination) is None:
        message = f"destination {destination!r} is no prefix" if destination else "the route has no destination"
        yield Fault(rules.DHCP_OPTIONS, (*at, "destination"), message, "write a network such as 10.42.0.0/24")
    found = address(gateway)
    if found is None or not network.contains(found):
        message = f"gateway {gateway!r} is no address of the subnet" if gateway else "the route has no gateway"
        yield Fault(rules.DHCP_OPTIONS, (*at, "gateway"), message, "write an address of the subnet")


def _leases(at: FieldPath, leases: JsonObject, gateway: str, network: Prefix) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for name, lease in leases.items():
        text = as_text(as_object(lease).get("ip"))
        if hardware_address(name) is None:
            message = f"{name!r} is no hardware address"
            yield Fault(rules.STATIC_LEASE, (*at, name), message, "write it as 0c:20:12:ff:00:01")
        if not text:
            continue  # the schema says that it is required
        if (wrong := _not_leasable(text, gateway, network)) is not None:
            message = f"address {text!r} {wrong}"
            yield Fault(rules.STATIC_LEASE, (*at, name, "ip"), message, "give it a free address of the subnet")
        elif (owner := owners.setdefault(text, name)) != name:
            message = f"{owner} has address {text} already"
            yield Fault(rules.STATIC_LEASE, (*at, name, "ip"), message, "give it a free address of the subnet")


def _not_leasable(text: str, gateway: str, network: Prefix) -> str | None:
    """Why nobody can have the address; gateway and broadcast address are compared as text."""
    found = address(text)
    if found is not None and text == gateway:
        return "is the gateway"
    if found is not None and text == address_text(network.version, network.last):
        return "is the broadcast address"
    return _unusable(found, "", network)


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0
