"""VPCAttachment: a subnet of a VPC on a connection to a server."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.addresses import prefix
from hedgehog_gitops.core.devices import Device
from hedgehog_gitops.core.rules import reference_rules
from hedgehog_gitops.core.rules import vpc_rules as rules
from hedgehog_gitops.core.semantics.faces import VpcFace
from hedgehog_gitops.core.semantics.faults import Fault, Other, other_wiring
from hedgehog_gitops.core.semantics.stored import NAMESPACE, Stored, indexed
from hedgehog_gitops.core.semantics.wiring_cables import cables
from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

P2P_LINK = "fabric.githedgehog.com/p2p-link"
ATTACHABLE = ("unbundled", "bundled", "eslag")
NEEDED = {"": frozenset({"l2vni", "l3vni"}), "l3vni": frozenset({"l3vni"}), "l3flat": frozenset({"l3vni"})}
_SUBNET: FieldPath = ("spec", "subnet")
_CONNECTION: FieldPath = ("spec", "connection")
_IPV4, _PAIR = 4, 31


def attachment(manifest: Manifest, spec: JsonObject, _constants: FabricConstants) -> Iterator[Fault]:
    """Both names, and a pair of addresses in the annotation if it is there."""
    subnet = as_text(spec.get("subnet"))
    if not subnet or subnet.startswith("/"):
        message = f"subnet {subnet!r} names no VPC" if subnet else "subnet is required"
        yield Fault(rules.ATTACHMENT_NAMES, _SUBNET, message, "write <vpc>/<subnet>")
    if not spec.get("connection"):
        yield Fault(rules.ATTACHMENT_NAMES, _CONNECTION, "connection is required", "name a connection to a server")
    annotations = as_object(as_object(manifest.value.get("metadata")).get("annotations"))
    if P2P_LINK in annotations:
        text = as_text(annotations[P2P_LINK])
        network = prefix(text)
        if network is None or network.version != _IPV4 or network.length != _PAIR:
            message = f"p2p-link {text!r} is no IPv4 /31"
            yield Fault(rules.POINT_TO_POINT, ("metadata", "annotations", P2P_LINK), message, "write 10.10.1.0/31")


def attachment_together(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """The connection and its switches can carry the VPC, and no other attachment does the same."""
    vpc_name, _, subnet_name = as_text(spec.get("subnet")).partition("/")
    connection_name = as_text(spec.get("connection"))
    vpc, connection = stored.vpc_face(vpc_name), stored.get("Connection", connection_name)
    if connection is not None:
        yield from _connection(connection_name, connection, stored)
        if vpc is not None:
            switches = _switch_names(connection_name, stored)
            yield from _mode(connection, vpc, vpc_name)
            yield from _switches(switches, vpc, vpc_name, stored)
            if subnet_name in vpc.host_bgp:
                yield from _host_bgp(spec, connection, switches, stored)
    if connection_name and vpc_name:
        yield from _repeated(name, spec, connection_name, stored)


def _connection(name: str, connection: JsonObject, stored: Stored) -> Iterator[Fault]:
    other = other_wiring("Connection", name, "spec")
    if not any(each in connection for each in ATTACHABLE):
        message = f"Connection {name!r} is not to a server"
        hint = "name an unbundled, bundled or eslag connection"
        yield Fault(reference_rules.ATTACHED_CONNECTION, _CONNECTION, message, hint, other)
    elif not cables(stored)[name].is_sound:
        message = f"Connection {name!r} is malformed, so nobody knows its switches"
        yield Fault(
            reference_rules.ATTACHED_CONNECTION, _CONNECTION, message, f"correct Connection {name} first", other
        )


def _switch_names(connection: str, stored: Stored) -> list[str]:
    """The switches that would carry the VPC; none of a connection to which nothing can be attached."""
    cable = cables(stored)[connection]
    if not cable.is_sound or cable.type is None or cable.type.key not in ATTACHABLE:
        return []
    return sorted({end.name for end in cable.ends if end.device is Device.SWITCH})


def _mode(connection: JsonObject, vpc: VpcFace, vpc_name: str) -> Iterator[Fault]:
    mode = as_text(vpc.mode)
    if mode and "eslag" in connection:
        key = ObjectKey(group=VPC, kind="VPC", namespace=NAMESPACE, name=vpc_name)
        message = f"VPC {vpc_name!r} has mode {mode}, which does not work over an ESLAG"
        yield Fault(
            rules.ESLAG_MODE, _CONNECTION, message, "attach it by another connection", Other(key, ("spec", "mode"))
        )


def _host_bgp(spec: JsonObject, connection: JsonObject, switches: list[str], stored: Stored) -> Iterator[Fault]:
    if "unbundled" not in connection:
        message = "a subnet of BGP hosts on a connection that is not unbundled"
        yield Fault(rules.HOST_BGP_ATTACHMENT, _CONNECTION, message, "name an unbundled connection")
    if spec.get("nativeVLAN") is True:
        message = "nativeVLAN for a subnet of BGP hosts"
        hint = "take it out, and leave out the subnet's VLAN"
        yield Fault(rules.HOST_BGP_ATTACHMENT, ("spec", "nativeVLAN"), message, hint)
    for name in switches:
        redundancy = as_object(as_object(stored.get("Switch", name)).get("redundancy"))
        if redundancy.get("group") and redundancy.get("type") == "mclag":
            message = f"Switch {name!r} is of an MCLAG pair"
            other = other_wiring("Switch", name, "spec", "redundancy", "type")
            yield Fault(rules.HOST_BGP_ATTACHMENT, _CONNECTION, message, "attach it to another switch", other)


def _switches(names: list[str], vpc: VpcFace, vpc_name: str, stored: Stored) -> Iterator[Fault]:
    namespace, mode = as_text(vpc.vlan_namespace), as_text(vpc.mode)
    for name in names:
        if (switch := stored.get("Switch", name)) is None:
            message = f"the connection is to Switch {name!r}, which does not exist or is refused"
            yield Fault(rules.ATTACHED_SWITCH, _CONNECTION, message, "add the switch, or correct the connection")
            continue
        if namespace not in as_list(switch.get("vlanNamespaces")):
            message = f"Switch {name!r} does not list VLANNamespace {namespace!r} of VPC {vpc_name!r}"
            other = other_wiring("Switch", name, "spec", "vlanNamespaces")
            yield Fault(rules.ATTACHED_SWITCH, _CONNECTION, message, "add the namespace to the switch", other)
        model = as_text(switch.get("profile"))
        if (profile := stored.profiles.get(model)) is None:
            message = f"Switch {name!r} is of profile {model!r}, which does not exist"
            other = other_wiring("Switch", name, "spec", "profile")
            yield Fault(rules.ATTACHED_SWITCH, _CONNECTION, message, "correct the switch's profile", other)
        elif not NEEDED.get(mode, frozenset()) <= profile.features:
            message = f"Switch {name!r} is of profile {model!r}, which cannot carry mode {mode or 'l2vni'}"
            other = other_wiring("Switch", name, "spec", "profile")
            yield Fault(rules.ATTACHED_SWITCH, _CONNECTION, message, "attach the VPC to another switch", other)


def _repeated(name: str, spec: JsonObject, connection: str, stored: Stored) -> Iterator[Fault]:
    subnet = as_text(spec.get("subnet"))
    if (other := _other(_attached(stored)[connection, subnet], name)) is not None:
        message = f"VPCAttachment {other.name!r} attaches {subnet!r} to the connection as well"
        yield Fault(rules.ATTACHED_TWICE, _SUBNET, message, "take one of them out", Other(other, _SUBNET))
    if spec.get("nativeVLAN") is True and (other := _other(_native(stored)[connection], name)) is not None:
        message = f"VPCAttachment {other.name!r} has the connection's native VLAN"
        place = Other(other, ("spec", "nativeVLAN"))
        yield Fault(rules.ATTACHED_TWICE, ("spec", "nativeVLAN"), message, "take one of the two out", place)


def _other(keys: list[ObjectKey], own: str) -> ObjectKey | None:
    return next((key for key in keys if key.name != own), None) if len(keys) > 1 else None


@indexed
def _attached(stored: Stored) -> dict[tuple[str, str], list[ObjectKey]]:
    """The attachments by connection and subnet."""
    found: dict[tuple[str, str], list[ObjectKey]] = {}
    for key, spec in _labelled(stored):
        found.setdefault((as_text(spec.get("connection")), as_text(spec.get("subnet"))), []).append(key)
    return found


@indexed
def _native(stored: Stored) -> dict[str, list[ObjectKey]]:
    """The attachments with the native VLAN by connection."""
    found: dict[str, list[ObjectKey]] = {}
    for key, spec in _labelled(stored):
        if spec.get("nativeVLAN") is True:
            found.setdefault(as_text(spec.get("connection")), []).append(key)
    return found


def _labelled(stored: Stored) -> Iterator[tuple[ObjectKey, JsonObject]]:
    """The attachments that others find: without a VPC they get no labels, by which admission looks."""
    for key, spec in stored.everywhere("VPCAttachment"):
        subnet = as_text(spec.get("subnet"))
        if subnet and not subnet.startswith("/"):
            yield key, spec
