"""Gateways and gateway groups by themselves: what a gateway is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hedgehog_gitops.core.addresses import address, hardware_address, prefix
from hedgehog_gitops.core.rules import gateway_rules as rules
from hedgehog_gitops.core.rules import lint_rules, reference_rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text, path_text
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest


def is_off(_manifest: Manifest, _spec: JsonObject, constants: FabricConstants) -> Iterator[Fault]:
    """Whether the fabric has no gateway: then it takes no object of these kinds. All that is asked of a group."""
    if not constants.gateway:
        yield Fault(
            rules.GATEWAY_OFF,
            ("kind",),
            "the fabric's settings have the gateway off, so the cluster refuses this object",
            hint="turn the gateway on in the settings, or remove the object",
        )


def gateway_alone(manifest: Manifest, spec: JsonObject, constants: FabricConstants) -> Iterator[Fault]:
    """Everything about a gateway that needs no other object."""
    yield from is_off(manifest, spec, constants)
    if not 1 <= _number(spec.get("workers")) <= _MOST_WORKERS:
        message = f"{spec.get('workers')} workers, 1 to {_MOST_WORKERS} are allowed"
        yield _at(rules.WORKERS, ("workers",), message, "leave it out to have 4")
    yield from _own_addresses(spec)
    yield from _hardware(as_text(spec.get("vtepMAC")))
    if not spec.get("asn"):
        yield _at(rules.GATEWAY_ASN, ("asn",), "is required", f"the gateway ASN is {constants.gateway_asn}")
    yield from _interfaces(as_object(spec.get("interfaces")))
    yield from _neighbors(as_list(spec.get("neighbors")))
    yield from _groups(as_list(spec.get("groups")))
    yield from _sources(spec)
    yield from _log_levels(as_object(spec.get("logs")))


_MOST_WORKERS = 64
_IPV4, _WHOLE = 4, 32
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_.-]{0,8}[a-zA-Z0-9]\Z")
_NAME_HINT = "2 to 10 letters, digits, `_`, `.` or `-`, a letter first"
_INTERFACE_HINT = "write for example `enp2s1: {ips: [172.30.128.1/31]}`"
_UNICAST = "use an address of its own"
_HEX = re.compile(r"[+-]?[0-9a-fA-F]+\Z")
_PCI_LENGTH, _PCI_LIMITS = 12, (0xFFFF, 0xFF, 0x1F, 7)
_LEVELS = frozenset({"off", "error", "warning", "info", "debug", "trace"})


def _at(rule: Rule, field: FieldPath, message: str, hint: str) -> Fault:
    path: FieldPath = ("spec", *field)
    return Fault(rule, path, f"{path_text(path)}: {message}", hint=hint)


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0


def _own_addresses(spec: JsonObject) -> Iterator[Fault]:
    for field in ("protocolIP", "vtepIP"):
        text = as_text(spec.get(field))
        found = prefix(text)
        if found is None or found.version != _IPV4 or found.length != _WHOLE:
            message = f"{text!r} is not an IPv4 address with /32" if text else "is required"
            yield _at(rules.GATEWAY_ADDRESS, (field,), message, "write it like 172.30.8.40/32")
        elif field == "vtepIP" and not _is_ordinary(found.address, loopback=False):
            yield _at(rules.GATEWAY_ADDRESS, (field,), f"{text} is no address of a single machine", _UNICAST)


def _is_ordinary(value: int, *, loopback: bool) -> bool:
    """True for an IPv4 address that is not 0.0.0.0 and not multicast, and where it matters not of this machine."""
    first = value >> 24
    return value != 0 and not 224 <= first <= 239 and (loopback or first != 127)  # noqa: PLR2004 - 224/4 and 127/8


def _hardware(text: str) -> Iterator[Fault]:
    mac = hardware_address(text)
    if mac is None:
        message = f"{text!r} is not a hardware address" if text else "is required"
        yield _at(rules.GATEWAY_MAC, ("vtepMAC",), message, "write it like ca:fe:ba:be:00:01")
    elif mac == "00:00:00:00:00:00":
        yield _at(rules.GATEWAY_MAC, ("vtepMAC",), "is all zero", "write it like ca:fe:ba:be:00:01")
    elif int(mac[:2], 16) & 1:
        yield _at(rules.GATEWAY_MAC, ("vtepMAC",), f"{text} is a multicast address", "make its first byte even")


def _interfaces(interfaces: JsonObject) -> Iterator[Fault]:
    if not interfaces:
        yield _at(rules.INTERFACES, ("interfaces",), "a gateway needs at least one interface", _INTERFACE_HINT)
    for name, entry in interfaces.items():
        field: FieldPath = ("interfaces", name)
        if not _NAME.match(name):
            message = f"{name!r} is no name of an interface"
            yield _at(rules.INTERFACES, field, message, _NAME_HINT)._replace(at_key=True)
        yield from _interface(name, field, as_object(entry))


def _interface(name: str, field: FieldPath, entry: JsonObject) -> Iterator[Fault]:
    ips = as_list(entry.get("ips"))
    if not ips:
        yield _at(rules.INTERFACES, (*field, "ips"), "needs at least one address", _INTERFACE_HINT)
    for index, ip in enumerate(ips):
        found = prefix(as_text(ip))
        if found is None or found.version != _IPV4:
            message = f"{as_text(ip)!r} is not an IPv4 prefix"
            yield _at(rules.INTERFACES, (*field, "ips", index), message, "write it like 172.30.128.1/31")
    pci, kernel = as_text(entry.get("pci")), as_text(entry.get("kernel"))
    if pci and kernel:
        yield _at(rules.INTERFACES, (*field, "kernel"), "`pci` and `kernel` exclude each other", "keep one of the two")
    if pci and not _is_pci(pci):
        yield _at(rules.INTERFACES, (*field, "pci"), f"{pci!r} is no PCI address", "write it like 0000:02:00.0")
    if kernel and not _NAME.match(kernel):
        yield _at(rules.INTERFACES, (*field, "kernel"), f"{kernel!r} is no name of an interface", _NAME_HINT)
    if kernel and kernel == name:
        yield _at(rules.INTERFACES, (*field, "kernel"), "is the name of the entry itself", "choose another key")


def _is_pci(text: str) -> bool:
    parts = text.split(".")
    if len(text.encode()) != _PCI_LENGTH or len(parts) != 2:  # noqa: PLR2004 - device and function
        return False
    numbers = (*parts[0].split(":"), parts[1])
    return len(numbers) == len(_PCI_LIMITS) and all(
        _HEX.match(number) and 0 <= int(number, 16) <= limit for number, limit in zip(numbers, _PCI_LIMITS, strict=True)
    )


def _neighbors(neighbors: list[Json]) -> Iterator[Fault]:
    if not neighbors:
        yield _at(rules.NEIGHBORS, ("neighbors",), "a gateway needs at least one BGP neighbor", "add one")
    for index, entry in enumerate(neighbors):
        field: FieldPath = ("neighbors", index)
        text = as_text(as_object(entry).get("ip"))
        found = address(text)
        if found is None or found.version != _IPV4:
            message = f"{text!r} is not an IPv4 address without a length" if text else "is required"
            yield _at(rules.NEIGHBORS, (*field, "ip"), message, "write it like 172.30.128.0")
        elif not _is_ordinary(found.value, loopback=True):
            yield _at(rules.NEIGHBORS, (*field, "ip"), f"{text} is no address of a single machine", _UNICAST)
        if not as_object(entry).get("asn"):
            yield _at(rules.NEIGHBORS, (*field, "asn"), "is required", "name the neighbor's ASN")


def _groups(groups: list[Json]) -> Iterator[Fault]:
    """Names that are empty or repeated; that a group exists is judged with the references."""
    seen: set[str] = set()
    for index, entry in enumerate(groups):
        name = as_text(as_object(entry).get("name"))
        field: FieldPath = ("groups", index, "name")
        if not name:
            yield _at(reference_rules.GATEWAY_GROUP, field, "is required", "name a GatewayGroup")
        elif name in seen:
            yield _at(reference_rules.GATEWAY_GROUP, field, f"the gateway is in {name!r} already", "keep one")
        seen.add(name)


def _sources(spec: JsonObject) -> Iterator[Fault]:
    interfaces = as_object(spec.get("interfaces"))
    known = {*interfaces, *(as_text(as_object(entry).get("kernel")) for entry in interfaces.values())}
    for index, entry in enumerate(as_list(spec.get("neighbors"))):
        source = as_text(as_object(entry).get("source"))
        if source and source not in known:
            message = f"the gateway has no interface {source!r}"
            hint = f"it has {', '.join(sorted(filter(None, known))) or 'none'}"
            yield _at(lint_rules.SOURCE_UNKNOWN, ("neighbors", index, "source"), message, hint)


def _log_levels(logs: JsonObject) -> Iterator[Fault]:
    levels: dict[FieldPath, Json] = {("default",): logs.get("default")}
    levels |= {("tags", tag): level for tag, level in as_object(logs.get("tags")).items()}
    for field, level in levels.items():
        if as_text(level) not in _LEVELS:
            hint = f"levels are {', '.join(sorted(_LEVELS))}"
            yield _at(lint_rules.LOG_LEVEL, ("logs", *field), f"{as_text(level)!r} is no known level", hint)
