"""External and ExternalAttachment: the ways out of the fabric. The inbound filter is judged by `vpc_filter`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hedgehog_gitops.core.addresses import Address, Prefix, address, prefix
from hedgehog_gitops.core.rules import lint_rules, reference_rules
from hedgehog_gitops.core.rules import vpc_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.core.semantics.overlaps import first_partners
from hedgehog_gitops.core.semantics.stored import NAMESPACE, Stored, indexed
from hedgehog_gitops.core.semantics.vpc_filter import filter_faults
from hedgehog_gitops.core.semantics.vpc_odd import odd_network, odd_vlan
from hedgehog_gitops.model import kind
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

_COMMUNITY = re.compile(r"(0|[1-9][0-9]{0,4}):(0|[1-9][0-9]{0,4})\Z")
_LARGEST = 65535
_COMMUNITIES = ("inboundCommunity", "outboundCommunity")


def external(_manifest: Manifest, spec: JsonObject, _constants: FabricConstants) -> Iterator[Fault]:
    """Communities of a BGP external, prefixes of a static one."""
    static = spec.get("static")
    for field in _COMMUNITIES:
        text = as_text(spec.get(field))
        if text and static is not None:
            message = f"a static external has no {field}"
            yield Fault(rules.STATIC_EXTERNAL, ("spec", field), message, "take it out, or `static`")
        elif text and not _is_community(text):
            message = f"{field} {text!r} is no community"
            yield Fault(rules.COMMUNITY, ("spec", field), message, "write two numbers up to 65535, such as 65102:5000")
    if static is not None:
        yield from _prefixes([as_text(text) for text in as_list(as_object(static).get("prefixes"))])


def _is_community(text: str) -> bool:
    found = _COMMUNITY.match(text)
    return found is not None and all(int(number) <= _LARGEST for number in found.groups())


def _prefixes(texts: list[str]) -> Iterator[Fault]:
    at: FieldPath = ("spec", "static", "prefixes")
    if not texts:
        yield Fault(rules.STATIC_EXTERNAL, at, "a static external without prefixes", "list what is behind it")
    found: list[tuple[int, Prefix]] = []
    for index, text in enumerate(texts):
        if (network := prefix(text)) is None:
            message = f"{text!r} is no prefix"
            yield Fault(rules.STATIC_EXTERNAL, (*at, index), message, "write a network such as 203.0.113.0/24")
            continue
        found.append((index, network))
        yield from odd_network(text, network, (*at, index))
    partners = first_partners([network for _, network in found], range(len(found)))
    for later, former in sorted(partners.items()):
        if former < later:
            message = f"{texts[found[later][0]]} overlaps {texts[found[former][0]]}"
            yield Fault(rules.STATIC_EXTERNAL, (*at, found[later][0]), message, "take one of them out")


def external_attachment(_manifest: Manifest, spec: JsonObject, _constants: FabricConstants) -> Iterator[Fault]:
    """Both names, and one of two forms: a BGP session, or static."""
    for field in ("external", "connection"):
        if not spec.get(field):
            yield Fault(rules.ATTACHMENT_PARTS, ("spec", field), f"{field} is required", "name it")
    switch, neighbor = as_object(spec.get("switch")), as_object(spec.get("neighbor"))
    static = spec.get("static")
    if static is None:
        yield from _session(switch, neighbor)
    else:
        yield from _static(as_object(static), switch, neighbor)
    if "inboundACL" in spec:
        yield from filter_faults(as_object(spec["inboundACL"]))


def _session(switch: JsonObject, neighbor: JsonObject) -> Iterator[Fault]:
    own, far = as_text(switch.get("ip")), as_text(neighbor.get("ip"))
    network, peer = prefix(own), _plain_address(far)
    if network is None:
        message = f"switch.ip {own!r} is no address with a length" if own else "switch.ip is required"
        yield Fault(rules.BGP_ATTACHMENT, ("spec", "switch", "ip"), message, "write it as 198.51.100.2/30")
    if not neighbor.get("asn"):
        message = "neighbor.asn is required"
        yield Fault(rules.BGP_ATTACHMENT, ("spec", "neighbor", "asn"), message, "write the other side's ASN")
    if peer is None:
        message = f"neighbor.ip {far!r} is no address" if far else "neighbor.ip is required"
        yield Fault(rules.BGP_ATTACHMENT, ("spec", "neighbor", "ip"), message, "write it without a length")
    yield from odd_vlan(switch.get("vlan"), ("spec", "switch", "vlan"))
    yield from _unreached(network, peer, far, ("spec", "neighbor", "ip"))


def _static(static: JsonObject, switch: JsonObject, neighbor: JsonObject) -> Iterator[Fault]:
    for field, part in (("switch", switch), ("neighbor", neighbor)):
        if any(part.values()):
            message = f"a static attachment has no {field}"
            yield Fault(rules.STATIC_ATTACHMENT, ("spec", field), message, "take it out, or `static`")
    at: FieldPath = ("spec", "static")
    own, far = as_text(static.get("ip")), as_text(static.get("remoteIP"))
    network, peer = prefix(own), address(far)
    if far and peer is None:  # the schema says that it is required
        message = f"static.remoteIP {far!r} is no address"
        yield Fault(rules.STATIC_ATTACHMENT, (*at, "remoteIP"), message, "write it without a length")
    if bool(own) == (static.get("proxy") is True):
        message = "both static.ip and static.proxy" if own else "neither static.ip nor static.proxy"
        yield Fault(rules.STATIC_ATTACHMENT, at, message, "give exactly one of them")
    if own and network is None:
        message = f"static.ip {own!r} is no address with a length"
        yield Fault(rules.STATIC_ATTACHMENT, (*at, "ip"), message, "write it as 198.51.100.2/30")
    yield from odd_vlan(static.get("vlan"), (*at, "vlan"))
    yield from _unreached(network, peer, far, (*at, "remoteIP"))


def _plain_address(text: str) -> Address | None:
    """An address without a zone: the part of Go that reads it knows none."""
    return None if "%" in text else address(text)


def _unreached(network: Prefix | None, peer: Address | None, text: str, field: FieldPath) -> Iterator[Fault]:
    if network is not None and peer is not None and not network.contains(peer):
        message = f"{text} is not in the network of the switch's own address"
        yield Fault(lint_rules.NEIGHBOR_OUTSIDE, field, message, "correct the address, or the length")


def external_attachment_together(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """Of the same form as its external, on a connection that leads outside, with a VLAN of its own there."""
    is_static = spec.get("static") is not None
    external_name, connection_name = as_text(spec.get("external")), as_text(spec.get("connection"))
    target = stored.get("External", external_name)
    if target is not None and (target.get("static") is not None) != is_static:
        message = f"the attachment is {_form(is_static)}, External {external_name!r} is {_form(not is_static)}"
        other = Other(_key("External", external_name), ("spec",))
        hint = "give both `static`, or neither"
        yield Fault(reference_rules.ATTACHED_EXTERNAL, ("spec", "external"), message, hint, other)
    connection = stored.get("Connection", connection_name)
    if connection is not None and not isinstance(connection.get("external"), dict):
        other = Other(
            ObjectKey(group=kind.WIRING, kind="Connection", namespace=NAMESPACE, name=connection_name), ("spec",)
        )
        message = f"Connection {connection_name!r} is not of type external"
        hint = "name a connection that leads outside"
        yield Fault(reference_rules.EXTERNAL_CONNECTION, ("spec", "connection"), message, hint, other)
    yield from _shared_vlan(name, spec, connection_name, stored)


def _form(is_static: bool) -> str:  # noqa: FBT001 - the whole point
    return "static" if is_static else "for BGP"


def _shared_vlan(name: str, spec: JsonObject, connection: str, stored: Stored) -> Iterator[Fault]:
    vlan, field = _vlan(spec)
    sharing = _vlan_owners(stored).get((connection, vlan), [])
    if connection and len(sharing) > 1 and (others := [each for each in sharing if each.key.name != name]):
        more = f", and {len(others) - 1} more" if len(others) > 1 else ""
        held = f"VLAN {vlan}" if vlan else "no VLAN"
        message = f"ExternalAttachment {others[0].key.name!r} has {held} here as well{more}"
        yield Fault(rules.ATTACHMENT_VLAN, field, message, "give each its own VLAN", others[0])


@indexed
def _vlan_owners(stored: Stored) -> dict[tuple[str, int], list[Other]]:
    """The attachments by connection and VLAN."""
    found: dict[tuple[str, int], list[Other]] = {}
    for key, spec in stored.everywhere("ExternalAttachment"):
        vlan, field = _vlan(spec)
        found.setdefault((as_text(spec.get("connection")), vlan), []).append(Other(key, field))
    return found


def _vlan(spec: JsonObject) -> tuple[int, FieldPath]:
    """The VLAN of an attachment, 0 for none, and its field."""
    part = "static" if spec.get("static") is not None else "switch"
    vlan: Json = as_object(spec.get(part)).get("vlan")
    return (vlan if isinstance(vlan, int) else 0, ("spec", part, "vlan"))


def _key(kind_name: str, name: str) -> ObjectKey:
    return ObjectKey(group=kind.VPC, kind=kind_name, namespace=NAMESPACE, name=name)
