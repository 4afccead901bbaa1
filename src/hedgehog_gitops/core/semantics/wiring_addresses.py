"""The addresses and ASNs of a switch: in their ranges, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hedgehog_gitops.core.addresses import Address, Prefix, address, prefix
from hedgehog_gitops.core.rules import wiring_rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.core.semantics.stored import NAMESPACE, Stored, indexed
from hedgehog_gitops.core.semantics.wiring_switches import LEAVES, SPINE
from hedgehog_gitops.model.kind import WIRING, ObjectKey
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text
from hedgehog_gitops.model.rule import Rule

_HOST = 32
_TOLD = 1


class Users(NamedTuple):
    """Who has which number: management addresses as numbers, protocol and VTEP addresses as texts, ASNs of leaves."""

    management: dict[Address, list[ObjectKey]]
    protocol: dict[str, list[ObjectKey]]
    vtep: dict[str, list[ObjectKey]]
    leaf_asns: dict[int, list[ObjectKey]]


def _key(entry: tuple[ObjectKey, JsonObject]) -> ObjectKey:
    return entry[0]


@indexed
def users(stored: Stored) -> Users:
    """Every switch's numbers, of all Kubernetes namespaces, and those of gateways where the fabric has gateways."""
    found = Users({}, {}, {}, {})
    for key, spec in sorted(stored.everywhere("Switch"), key=_key):
        if (management := prefix(as_text(spec.get("ip")))) is not None:
            found.management.setdefault(_address(management), []).append(key)
        _add(found, key, spec)
        asn = spec.get("asn")
        if isinstance(asn, int) and spec.get("role") in LEAVES:
            found.leaf_asns.setdefault(asn, []).append(key)
    if stored.constants.gateway:
        for key, spec in sorted(stored.everywhere("Gateway"), key=_key):
            _add(found, key, spec)
    return found


def address_faults(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """What is wrong with the addresses and the ASN of a switch."""
    key = ObjectKey(group=WIRING, kind="Switch", namespace=NAMESPACE, name=name)
    role = spec.get("role")
    if management := as_text(spec.get("ip")):
        yield from _management(key, management, stored)
    if protocol := as_text(spec.get("protocolIP")):
        subnet, rule = stored.constants.protocol_subnet, wiring_rules.SW_PROTOCOL
        yield from _host(key, "protocolIP", protocol, subnet, rule, users(stored).protocol, has_own=True)
    asn = spec.get("asn")
    if isinstance(asn, int) and asn:
        yield from _asn(key, asn, spec, stored)
    if role in LEAVES and (vtep := as_text(spec.get("vtepIP"))):
        subnet, rule = stored.constants.vtep_subnet, wiring_rules.SW_VTEP
        yield from _host(key, "vtepIP", vtep, subnet, rule, users(stored).vtep, has_own=not _is_mclag(spec))


def _management(key: ObjectKey, text: str, stored: Stored) -> Iterator[Fault]:
    constants, rule, field = stored.constants, wiring_rules.SW_MANAGEMENT, "ip"
    found = prefix(text)
    if found is None:
        yield _at(rule, field, f"{text!r} is no address with a length", "write it as 172.30.0.11/21")
        return
    own, subnet, start = _address(found), prefix(constants.management_subnet), address(constants.dhcp_start)
    if subnet is not None and not subnet.contains(own):
        hint = f"use an address of {constants.management_subnet}"
        yield _at(rule, field, f"{text} lies outside the management subnet", hint)
    elif start is not None and own.version == start.version and own.value >= start.value:
        hint = f"use an address below {constants.dhcp_start}"
        yield _at(rule, field, f"{text} is not below the DHCP range, which starts at {constants.dhcp_start}", hint)
    vip = prefix(constants.control_vip)
    if vip is not None and own == _address(vip):
        yield _at(rule, field, f"{text} is the control VIP", "use another address")
    yield from _taken(rule, key, field, text, users(stored).management.get(own, []))


def _host(
    key: ObjectKey,
    field: str,
    text: str,
    subnet: str,
    rule: Rule,
    taken: Mapping[str, list[ObjectKey]],
    *,
    has_own: bool,
) -> Iterator[Fault]:
    """A /32 inside a subnet; `has_own` unless the switch may share it."""
    found, network = prefix(text), prefix(subnet)
    if found is None or found.length != _HOST:
        yield _at(rule, field, f"{text!r} is no /32", "write the address with /32")
    elif network is not None and not network.contains(_address(found)):
        yield _at(rule, field, f"{text} lies outside {subnet}", f"use an address of {subnet}")
    if has_own:
        yield from _taken(rule, key, field, text, taken.get(text, []))


def _asn(key: ObjectKey, asn: int, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    constants, role = stored.constants, spec.get("role")
    if role == SPINE and asn != constants.spine_asn:
        hint = f"write {constants.spine_asn}"
        yield _at(wiring_rules.SW_SPINE_ASN, "asn", f"{asn} is not the ASN of spines", hint)
    if role not in LEAVES:
        return
    if not constants.leaf_asn_start <= asn <= constants.leaf_asn_end:
        bounds = f"{constants.leaf_asn_start} to {constants.leaf_asn_end}"
        yield _at(wiring_rules.SW_LEAF_ASN, "asn", f"{asn} is no ASN for leaves", f"use one from {bounds}")
    if not _is_mclag(spec):
        yield from _taken(wiring_rules.SW_LEAF_ASN, key, "asn", str(asn), users(stored).leaf_asns.get(asn, []))


def _taken(rule: Rule, key: ObjectKey, field: str, what: str, having: list[ObjectKey]) -> Iterator[Fault]:
    if len(having) > 1 or (having and having[0] != key):
        others = [other for other in having if other != key]
        more = f" and {len(others) - 1} more" if len(others) > _TOLD else ""
        first = others[0]
        message = f"{what} is also that of {first.kind} {first.name}{more}"
        yield Fault(rule, ("spec", field), message, "give each its own", Other(first, ("spec", field)))


def _at(rule: Rule, field: str, message: str, hint: str) -> Fault:
    return Fault(rule, ("spec", field), message, hint)


def _add(found: Users, key: ObjectKey, spec: JsonObject) -> None:
    for field, taken in (("protocolIP", found.protocol), ("vtepIP", found.vtep)):
        if text := as_text(spec.get(field)):
            taken.setdefault(text, []).append(key)


def _address(network: Prefix) -> Address:
    return Address(network.version, network.address)


def _is_mclag(spec: JsonObject) -> bool:
    redundancy: Json = spec.get("redundancy")
    return as_object(redundancy).get("type") == "mclag"
