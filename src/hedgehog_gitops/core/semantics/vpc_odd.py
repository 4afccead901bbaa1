"""What admission lets pass in the addresses of VPC kinds although it is odd."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.addresses import Prefix, address_text
from hedgehog_gitops.core.rules import lint_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.model.plain import FieldPath, Json

IPV6 = 6
LAST_VLAN = 4094


def odd_network(text: str, network: Prefix, field: FieldPath) -> Iterator[Fault]:
    """A warning for a network of IPv6, or one written with host bits."""
    if network.version == IPV6:
        message = f"{text} is an IPv6 prefix; the fabric routes IPv4 only"
        yield Fault(rules.IPV6, field, message, "write an IPv4 prefix")
    if not network.is_canonical:
        meant = f"{address_text(network.version, network.first)}/{network.length}"
        yield Fault(rules.HOST_BITS, field, f"{text} has host bits and is read as {meant}", f"write {meant}")


def odd_vlan(vlan: Json, field: FieldPath) -> Iterator[Fault]:
    """A warning for a VLAN that no switch can have."""
    if isinstance(vlan, int) and vlan > LAST_VLAN:
        yield Fault(rules.VLAN_RANGE, field, f"VLAN {vlan} does not exist", f"use 1 to {LAST_VLAN}, or none")
