"""The labels and annotations that belong to the system: dropped from what a user wrote, then computed from the spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hedgehog_gitops.core.devices import connection_type, server_names, switch_names
from hedgehog_gitops.model.kind import GATEWAY, VPC, WIRING, Kind
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text

SYSTEM = "fabric.githedgehog.com/"
GATEWAY_VPC = "vpc.gateway.githedgehog.com/"
ANNOTATED = frozenset(("Connection", "SwitchProfile"))
"""The kinds whose annotations with the system's name are the system's; on others, such as `p2p-link`, a user's."""
GATEWAY_ANNOTATIONS = frozenset(("gateway.githedgehog.com/vpcs", "gateway.githedgehog.com/nat"))


def system_labels(kind: Kind, labels: JsonObject, spec: JsonObject) -> JsonObject:
    """A user's own labels, with the system's as the defaulting webhook computes them."""
    if kind.group not in {WIRING, VPC, GATEWAY}:
        return dict(labels)
    return {**user_labels(kind, labels), **dict(_computed(kind.kind, spec))}


def user_labels(kind: Kind, labels: JsonObject) -> JsonObject:
    """The labels without those that only the system writes. The API server reads null as empty text."""
    return {name: "" if text is None else text for name, text in labels.items() if not _is_system_label(kind, name)}


def system_annotations(kind: Kind, annotations: JsonObject, spec: JsonObject) -> JsonObject:
    """A user's own annotations, with the system's."""
    kept = user_annotations(kind, annotations)
    if kind.kind == "Connection":
        for name, devices in (("switches", switch_names(spec)), ("servers", server_names(spec))):
            if devices:
                kept[f"{SYSTEM}{name}"] = ",".join(sorted(devices))
    return kept


def user_annotations(kind: Kind, annotations: JsonObject) -> JsonObject:
    """The annotations without those that only the system writes. Null is empty text here too."""
    return {
        name: "" if text is None else text
        for name, text in annotations.items()
        if not _is_system_annotation(kind, name)
    }


def _is_system_label(kind: Kind, name: str) -> bool:
    return SYSTEM in name or (kind.group == GATEWAY and name.startswith(GATEWAY_VPC))


def _is_system_annotation(kind: Kind, name: str) -> bool:
    if kind.kind in ANNOTATED:
        return SYSTEM in name
    return kind.group == GATEWAY and name in GATEWAY_ANNOTATIONS


def _computed(kind: str, spec: JsonObject) -> Iterator[tuple[str, str]]:
    if kind in _NAMED:
        yield from _named(spec, **_NAMED[kind])
    if kind in _LISTED:
        yield from _LISTED[kind](spec)


def _switch(spec: JsonObject) -> Iterator[tuple[str, str]]:
    yield from ((f"switchgroup.{SYSTEM}{as_text(name)}", "true") for name in as_list(spec.get("groups")))
    yield from ((f"vlanns.{SYSTEM}{as_text(name)}", "true") for name in as_list(spec.get("vlanNamespaces")))


def _external_peering(spec: JsonObject) -> Iterator[tuple[str, str]]:
    permit = as_object(spec.get("permit"))
    for side in ("vpc", "external"):
        yield f"{SYSTEM}{side}", as_text(as_object(permit.get(side)).get("name"))


def _gateway_peering(spec: JsonObject) -> Iterator[tuple[str, str]]:
    yield from ((f"{GATEWAY_VPC}{name}", "true") for name in as_object(spec.get("peering")))


def _named(spec: JsonObject, **labels: str) -> Iterator[tuple[str, str]]:
    for field, label in labels.items():
        yield f"{SYSTEM}{label}", as_text(spec.get(field))


def _connection(spec: JsonObject) -> Iterator[tuple[str, str]]:
    if found := connection_type(spec):
        yield f"{SYSTEM}connection-type", found.label
    yield from ((f"switch.{SYSTEM}{name}", "true") for name in sorted(switch_names(spec)))
    yield from ((f"server.{SYSTEM}{name}", "true") for name in sorted(server_names(spec)))
    if within := as_text(as_object(spec.get("staticExternal")).get("withinVPC")):
        yield f"{SYSTEM}vpc", within


def _attachment(spec: JsonObject) -> Iterator[tuple[str, str]]:
    vpc, _, subnet = as_text(spec.get("subnet")).partition("/")
    yield f"{SYSTEM}connection", as_text(spec.get("connection"))
    yield f"{SYSTEM}vpc", vpc
    yield f"{SYSTEM}subnet", subnet
    if spec.get("nativeVLAN") is True:
        yield f"{SYSTEM}nativevlan", "true"


def _peering(spec: JsonObject) -> Iterator[tuple[str, str]]:
    names = sorted({name for entry in as_list(spec.get("permit")) for name in as_object(entry)})
    yield from ((f"vpc.{SYSTEM}{name}", "true") for name in names)
    yield from ((f"{SYSTEM}vpc{number}", name) for number, name in enumerate(names[:2], start=1))


_NAMED: dict[str, dict[str, str]] = {
    "Switch": {"profile": "profile"},
    "VPC": {"ipv4Namespace": "ipv4ns", "vlanNamespace": "vlanns"},
    "External": {"ipv4Namespace": "ipv4ns"},
    "ExternalAttachment": {"connection": "connection", "external": "external"},
}
"""Labels that repeat one field of the spec."""

_LISTED: dict[str, Callable[[JsonObject], Iterator[tuple[str, str]]]] = {
    "Connection": _connection,
    "Switch": _switch,
    "VPCAttachment": _attachment,
    "VPCPeering": _peering,
    "ExternalPeering": _external_peering,
    "GatewayPeering": _gateway_peering,
}
