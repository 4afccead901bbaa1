"""IPv4Namespace by itself: networks that VPCs take their subnets from."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.addresses import Prefix, prefix
from hedgehog_gitops.core.rules import vpc_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.overlaps import first_partners
from hedgehog_gitops.core.semantics.reserved import reserved_by
from hedgehog_gitops.core.semantics.vpc_odd import odd_network
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_text
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

MOST = 10
_SUBNETS: FieldPath = ("spec", "subnets")


def ipv4_namespace(_manifest: Manifest, spec: JsonObject, constants: FabricConstants) -> Iterator[Fault]:
    """Every entry is a network, there are few of them, and they overlap nothing that they may not."""
    texts = [as_text(text) for text in as_list(spec.get("subnets"))]
    networks: list[tuple[int, Prefix]] = []
    for at, text in enumerate(texts):
        if (network := prefix(text)) is None:
            message = f"subnet {text!r} is no prefix"
            yield Fault(rules.NAMESPACE_SUBNET, (*_SUBNETS, at), message, "write a network such as 10.10.0.0/16")
            continue
        networks.append((at, network))
        yield from odd_network(text, network, (*_SUBNETS, at))
        if (reserved := reserved_by(network, constants)) is not None:
            message = f"subnet {text} overlaps {reserved}, which the fabric keeps for itself"
            yield Fault(rules.NAMESPACE_OVERLAP, (*_SUBNETS, at), message, "take another network")
    if len(texts) > MOST:
        message = f"{len(texts)} subnets, at most {MOST} are possible"
        yield Fault(rules.NAMESPACE_COUNT, _SUBNETS, message, "use fewer, larger networks")
    yield from _overlaps(texts, networks)


def _overlaps(texts: list[str], networks: list[tuple[int, Prefix]]) -> Iterator[Fault]:
    partners = first_partners([network for _, network in networks], range(len(networks)))
    for later, former in sorted(partners.items()):
        if former < later:
            at, other = networks[later][0], networks[former][0]
            message = f"subnet {texts[at]} overlaps {texts[other]} of the same namespace"
            yield Fault(rules.NAMESPACE_OVERLAP, (*_SUBNETS, at), message, "take one of them out")
