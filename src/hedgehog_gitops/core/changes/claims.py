"""What only one object can have at a time: ports, VLANs, subnets, addresses. Who claims what, and at which field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from hedgehog_gitops.core.addresses import prefix
from hedgehog_gitops.core.devices import connection_type, ends
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text

_BASE_PORT = 2  # slashes in `leaf-1/E1/55`, which is the same port as its first lane `leaf-1/E1/55/1`


class Claim(NamedTuple):
    """One thing that is claimed: equal claims exclude each other. `shown` is how people call it.

    A network excludes every other one of its scope that it overlaps; then `first` and `last` are its bounds.
    """

    scope: str
    value: str
    shown: str
    field: FieldPath
    first: int = 0
    last: int = -1

    @property
    def is_network(self) -> bool:
        """True if the claim is a range of addresses."""
        return self.first <= self.last


def claims(kind: str, spec: JsonObject) -> Iterator[Claim]:
    """Everything that an object claims; `spec` is the one as stored."""
    find = _BY_KIND.get(kind)
    return find(spec) if find is not None else iter(())


def _switch(spec: JsonObject) -> Iterator[Claim]:
    for field in ("ip", "protocolIP", "vtepIP"):
        yield from _value(field, as_text(spec.get(field)), f"address {spec.get(field)}", ("spec", field))
    if spec.get("role") != "spine":
        yield from _value("asn", str(spec.get("asn") or ""), f"ASN {spec.get('asn')}", ("spec", "asn"))


def _connection(spec: JsonObject) -> Iterator[Claim]:
    for end in ends(spec):
        full = f"{end.name}/{end.port}"
        port = f"{full}/1" if full.count("/") == _BASE_PORT else full
        yield Claim("port", port, f"port {full}", ("spec", *end.field))
        yield from _link_address(spec, end.field[:-1])


def _link_address(spec: JsonObject, link_end: FieldPath) -> Iterator[Claim]:
    found = connection_type(spec)
    if found is None or found.key not in _FABRIC_TYPES:
        return
    _, _, index, side = link_end
    link = as_list(as_object(spec[found.key]).get(found.links))[int(index)]
    text = as_text(as_object(as_object(link).get(str(side))).get("ip"))
    yield from _value("link", text, f"address {text}", ("spec", *link_end, "ip"))


_FABRIC_TYPES = frozenset({"fabric", "mesh", "gateway"})


def _vpc(spec: JsonObject) -> Iterator[Claim]:
    for name, value in as_object(spec.get("subnets")).items():
        subnet, field = as_object(value), ("spec", "subnets", name)
        vlan = str(subnet.get("vlan") or "")
        yield from _value(f"vlan of {spec.get('vlanNamespace')}", vlan, f"VLAN {vlan}", (*field, "vlan"))
        network = prefix(as_text(subnet.get("subnet")))
        if network is not None:
            scope, text = f"subnets of {spec.get('ipv4Namespace')} {network.version}", as_text(subnet.get("subnet"))
            yield Claim(scope, text, f"subnet {text}", (*field, "subnet"), network.first, network.last)


def _attachment(spec: JsonObject) -> Iterator[Claim]:
    connection, subnet = as_text(spec.get("connection")), as_text(spec.get("subnet"))
    shown = f"subnet {subnet} on {connection}"
    yield from _value("attached", f"{connection} {subnet}", shown, ("spec", "subnet"))
    if spec.get("nativeVLAN") is True:
        yield from _value("native", connection, f"the native VLAN of {connection}", ("spec", "nativeVLAN"))


def _external_attachment(spec: JsonObject) -> Iterator[Claim]:
    for form in ("switch", "static"):
        if isinstance(vlan := as_object(spec.get(form)).get("vlan"), int) and vlan:
            shown = f"VLAN {vlan} of {spec.get('connection')}"
            yield Claim(f"vlan on {spec.get('connection')}", str(vlan), shown, ("spec", form, "vlan"))


def _gateway(spec: JsonObject) -> Iterator[Claim]:
    for field in ("protocolIP", "vtepIP", "vtepMAC"):
        yield from _value(field, as_text(spec.get(field)), f"address {spec.get(field)}", ("spec", field))


def _value(scope: str, value: Json, shown: str, field: FieldPath) -> Iterator[Claim]:
    if isinstance(value, str) and value:
        yield Claim(scope, value, shown, field)


_BY_KIND: dict[str, Callable[[JsonObject], Iterator[Claim]]] = {
    "Switch": _switch,
    "Connection": _connection,
    "VPC": _vpc,
    "VPCAttachment": _attachment,
    "ExternalAttachment": _external_attachment,
    "Gateway": _gateway,
}
