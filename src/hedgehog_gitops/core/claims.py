"""What an object occupies for itself alone: ports, VLANs, networks, addresses and numbers.

Where one object takes over what another gives up, the release has to be written before the claim, although both are
plain updates; and where two objects swap, no order works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from hedgehog_gitops.core.addresses import Prefix, prefix
from hedgehog_gitops.core.devices import ends
from hedgehog_gitops.core.semantics.gateway_exposure import shown
from hedgehog_gitops.core.semantics.vpc_alone import announced
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text


class Claim(NamedTuple):
    """One thing that only one object may have: what it is, within which scope, and which."""

    what: str
    scope: str
    value: str

    def __str__(self) -> str:
        return f"{self.what} {self.value}"


NETWORK = "network"


def claims(key: ObjectKey, spec: JsonObject) -> frozenset[Claim]:
    """What an object occupies; `spec` is its spec as stored."""
    find = _BY_KIND.get(key.kind)
    return frozenset(find(spec)) if find is not None else frozenset()


def handovers(
    released: Mapping[ObjectKey, frozenset[Claim]], claimed: Mapping[ObjectKey, frozenset[Claim]]
) -> Iterator[tuple[ObjectKey, ObjectKey, Claim]]:
    """(who claims, who has to release it first, what). Networks meet when they overlap, all else when it is equal."""
    holders: dict[Claim, list[ObjectKey]] = {}
    for key, given_up in sorted(released.items()):
        for claim in given_up:
            holders.setdefault(claim, []).append(key)
    for key, wanted in sorted(claimed.items()):
        for claim in sorted(wanted):
            yield from ((key, holder, claim) for holder in holders.get(claim, ()) if holder != key)
    yield from _overlapping(released, claimed)


def _overlapping(
    released: Mapping[ObjectKey, frozenset[Claim]], claimed: Mapping[ObjectKey, frozenset[Claim]]
) -> Iterator[tuple[ObjectKey, ObjectKey, Claim]]:
    """Networks that overlap without being equal, by a sweep over both in order of their first address."""
    spans = sorted((*_spans(released, is_claim=False), *_spans(claimed, is_claim=True)), key=_begin)
    open_spans: list[_Span] = []
    for span in spans:
        open_spans = [each for each in open_spans if each.scope == span.scope and each.network.overlaps(span.network)]
        for other in open_spans:
            if other.is_claim != span.is_claim and other.key != span.key and other.claim != span.claim:
                claimant, holder = (span, other) if span.is_claim else (other, span)
                yield claimant.key, holder.key, claimant.claim
        open_spans.append(span)


class _Span(NamedTuple):
    scope: str
    network: Prefix
    key: ObjectKey
    claim: Claim
    is_claim: bool


def _spans(owned: Mapping[ObjectKey, Iterable[Claim]], *, is_claim: bool) -> Iterator[_Span]:
    for key, found in owned.items():
        for claim in found:
            if claim.what == NETWORK and (network := prefix(claim.value)) is not None:
                yield _Span(claim.scope, network, key, claim, is_claim)


def _begin(span: _Span) -> tuple[str, int, int, int, ObjectKey]:
    return span.scope, span.network.version, span.network.first, -span.network.last, span.key


def _connection(spec: JsonObject) -> Iterator[Claim]:
    for end in ends(spec):
        yield Claim("port", "", f"{end.name}/{_lane_alias(end.port)}")
    for part in spec.values():
        for link in as_list(as_object(part).get("links")):
            for side in as_object(link).values():
                if address := as_text(as_object(side).get("ip")):
                    yield Claim("address", "fabric", address.partition("/")[0])


def _lane_alias(port: str) -> str:
    """`E1/4/1` and `E1/4` are one port to admission."""
    return port[: -len("/1")] if port.endswith("/1") and port.count("/") > 1 else port


def _switch(spec: JsonObject) -> Iterator[Claim]:
    """Two switches of an MCLAG pair share VTEP address and ASN."""
    is_mclag = as_object(spec.get("redundancy")).get("type") == "mclag"
    for field in ("ip", "protocolIP") if is_mclag else ("ip", "protocolIP", "vtepIP"):
        if address := as_text(spec.get(field)):
            yield Claim("address", field, address.partition("/")[0])
    if spec.get("role") != "spine" and not is_mclag and isinstance(asn := spec.get("asn"), int):
        yield Claim("ASN", "", str(asn))


def _vpc(spec: JsonObject) -> Iterator[Claim]:
    subnets = as_object(spec.get("subnets"))
    for network, _, _, _ in announced(subnets):
        if network:
            yield Claim(NETWORK, as_text(spec.get("ipv4Namespace")), network)
    for subnet in map(as_object, subnets.values()):
        if vlan := subnet.get("vlan"):
            yield Claim("VLAN", as_text(spec.get("vlanNamespace")), str(vlan))


def _gateway(spec: JsonObject) -> Iterator[Claim]:
    for field in ("protocolIP", "vtepIP", "vtepMAC"):
        if address := as_text(spec.get(field)):
            yield Claim("address", field, address.partition("/")[0])


def _gateway_peering(spec: JsonObject) -> Iterator[Claim]:
    for target, blocks in shown("", spec):
        yield from (Claim(NETWORK, f"shown to {target}", block.text) for block in blocks if block.prefix is not None)


def _attachment(spec: JsonObject) -> Iterator[Claim]:
    connection = as_text(spec.get("connection"))
    yield Claim("attachment", connection, as_text(spec.get("subnet")))
    if spec.get("nativeVLAN") is True:
        yield Claim("native VLAN", connection, "native")


def _external_attachment(spec: JsonObject) -> Iterator[Claim]:
    vlan: Json = as_object(spec.get("static") or spec.get("switch")).get("vlan", 0)
    yield Claim("VLAN", as_text(spec.get("connection")), str(vlan))


_BY_KIND: dict[str, Callable[[JsonObject], Iterator[Claim]]] = {
    "Connection": _connection,
    "Switch": _switch,
    "VPC": _vpc,
    "Gateway": _gateway,
    "GatewayPeering": _gateway_peering,
    "VPCAttachment": _attachment,
    "ExternalAttachment": _external_attachment,
}

CLAIMING = frozenset(_BY_KIND)
"""The kinds that occupy something."""
