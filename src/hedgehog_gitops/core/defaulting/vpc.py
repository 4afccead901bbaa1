"""Defaults of the VPC kinds."""

from __future__ import annotations

from hedgehog_gitops.core.addresses import Prefix, address_text, hardware_address, prefix
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text

INTERFACE_MTU = 9036
LEASE_SECONDS = 3600
_LONGEST_SERVED = 30


def ipv4_namespace(spec: JsonObject) -> JsonObject:
    """The subnets sorted as text."""
    return _sorted(spec, "subnets")


def vpc(spec: JsonObject) -> JsonObject:
    """Namespaces named, and every subnet completed."""
    defaulted = {**spec}
    for field in ("ipv4Namespace", "vlanNamespace"):
        defaulted[field] = spec.get(field) or "default"
    if isinstance(subnets := spec.get("subnets"), dict):
        defaulted["subnets"] = {name: _subnet(subnet) for name, subnet in subnets.items()}
    if routes := as_list(spec.get("staticRoutes")):
        defaulted["staticRoutes"] = [_route(route) for route in routes]
    return defaulted


def with_stored_keys(spec: JsonObject, live: JsonObject) -> JsonObject:
    """The VPC with hardware addresses as defaulting writes them where DHCP is on, by the spec or else by the live one.

    A key that is rewritten after an apply belongs to nobody: a change of it, or its removal, would not arrive.
    """
    subnets, stored = as_object(spec.get("subnets")), as_object(live.get("subnets"))
    if not any("static" in as_object(as_object(subnet).get("dhcp")) for subnet in subnets.values()):
        return spec
    return {
        **spec,
        "subnets": {name: _with_stored_keys(subnet, as_object(stored.get(name))) for name, subnet in subnets.items()},
    }


def attachment(spec: JsonObject) -> JsonObject:
    """A subnet without a slash is the VPC's default subnet."""
    subnet = as_text(spec.get("subnet"))
    return {**spec, "subnet": f"{subnet}/default"} if subnet and "/" not in subnet else spec


def external(spec: JsonObject) -> JsonObject:
    """The IPv4 namespace named."""
    return {**spec, "ipv4Namespace": spec.get("ipv4Namespace") or "default"}


def external_attachment(spec: JsonObject) -> JsonObject:
    """The two structs that are always written."""
    return {**spec, "switch": spec.get("switch") or {}, "neighbor": spec.get("neighbor") or {}}


def external_peering(spec: JsonObject) -> JsonObject:
    """Subnets and prefixes sorted."""
    permit = as_object(spec.get("permit"))
    if not permit:
        return spec
    defaulted = {**permit}
    if isinstance(side := permit.get("vpc"), dict):
        defaulted["vpc"] = _sorted(side, "subnets")
    if isinstance(side := permit.get("external"), dict):
        defaulted["external"] = _sorted(side, "prefixes")
    return {**spec, "permit": defaulted}


def _route(value: Json) -> Json:
    """Go reads null as an empty text, here as in all lists of texts; only here such an object passes."""
    hops = as_list(as_object(value).get("nextHops"))
    return {**as_object(value), "nextHops": ["" if hop is None else hop for hop in hops]} if None in hops else value


def _subnet(value: Json) -> Json:
    network = prefix(as_text(as_object(value).get("subnet")))
    if not isinstance(value, dict) or network is None:
        return value
    defaulted = {**value}
    if not value.get("gateway") and value.get("hostBGP") is not True:
        defaulted["gateway"] = _address(network, 1) if network.first < network.last else ""
    if network.length > _LONGEST_SERVED:
        return defaulted
    if dhcp := _dhcp(as_object(value.get("dhcp")), network):
        return {**defaulted, "dhcp": dhcp}
    defaulted.pop("dhcp", None)
    return defaulted


def _with_stored_keys(subnet: Json, live: JsonObject) -> Json:
    dhcp, before = as_object(as_object(subnet).get("dhcp")), as_object(live.get("dhcp"))
    static = dhcp.get("static")
    if dhcp.get("enable", before.get("enable")) is not True or not isinstance(static, dict):
        return subnet
    return {**as_object(subnet), "dhcp": {**dhcp, "static": _hosts(static)}}


def _hosts(static: JsonObject) -> JsonObject:
    return {hardware_address(name) or name: entry for name, entry in static.items()}


def _dhcp(value: JsonObject, network: Prefix) -> JsonObject:
    if value.get("enable") is not True:
        return {name: entry for name, entry in value.items() if name not in {"range", "options"}}
    given = as_object(value.get("range"))
    served = {
        **given,
        "start": given.get("start") or _address(network, 2),
        "end": given.get("end") or address_text(network.version, network.last),
    }
    defaulted: JsonObject = {**value, "range": served}
    if isinstance(options := value.get("options"), dict):
        defaulted["options"] = _options(options)
    if isinstance(static := value.get("static"), dict):
        defaulted["static"] = _hosts(static)
    return defaulted


def _options(value: JsonObject) -> JsonObject:
    defaulted = {
        **value,
        "interfaceMTU": value.get("interfaceMTU") or INTERFACE_MTU,
        "leaseTimeSeconds": value.get("leaseTimeSeconds") or LEASE_SECONDS,
    }
    for field in ("dnsServers", "timeServers", "advertisedRoutes"):
        defaulted = _sorted(defaulted, field)
    return defaulted


def _sorted(value: JsonObject, field: str) -> JsonObject:
    entries = as_list(value.get(field))
    return {**value, field: [*sorted(entries, key=_order)]} if entries else value


def _order(value: Json) -> str:
    entry = as_object(value)
    return "/".join(as_text(entry[name]) for name in sorted(entry)) if entry else as_text(value)


def _address(network: Prefix, offset: int) -> str:
    return address_text(network.version, network.first + offset)


VPC_DEFAULTS = {
    "IPv4Namespace": ipv4_namespace,
    "VPC": vpc,
    "VPCAttachment": attachment,
    "External": external,
    "ExternalAttachment": external_attachment,
    "ExternalPeering": external_peering,
}
