"""Which function judges which kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.gateway_exposure import peering_together
from hedgehog_gitops.core.semantics.gateway_gateway import gateway_alone, is_off
from hedgehog_gitops.core.semantics.gateway_peering import peering_alone
from hedgehog_gitops.core.semantics.gateway_sharing import gateway_together
from hedgehog_gitops.core.semantics.stored import Stored
from hedgehog_gitops.core.semantics.vpc_alone import vpc
from hedgehog_gitops.core.semantics.vpc_attachments import attachment, attachment_together
from hedgehog_gitops.core.semantics.vpc_externals import external, external_attachment, external_attachment_together
from hedgehog_gitops.core.semantics.vpc_ipv4_namespace import ipv4_namespace
from hedgehog_gitops.core.semantics.vpc_peerings import (
    external_peering,
    external_peering_together,
    vpc_peering,
    vpc_peering_together,
)
from hedgehog_gitops.core.semantics.vpc_together import vpc_together
from hedgehog_gitops.core.semantics.wiring import switch_together
from hedgehog_gitops.core.semantics.wiring_connections import connection
from hedgehog_gitops.core.semantics.wiring_links import connection_together
from hedgehog_gitops.core.semantics.wiring_switches import switch
from hedgehog_gitops.core.semantics.wiring_vlans import vlan_namespace
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

ALONE: dict[str, Callable[[Manifest, JsonObject, FabricConstants], Iterable[Fault]]] = {
    "IPv4Namespace": ipv4_namespace,
    "VPC": vpc,
    "VPCAttachment": attachment,
    "VPCPeering": vpc_peering,
    "External": external,
    "ExternalAttachment": external_attachment,
    "ExternalPeering": external_peering,
    "Gateway": gateway_alone,
    "GatewayGroup": is_off,
    "GatewayPeering": peering_alone,
    "Connection": connection,
    "Switch": switch,
    "VLANNamespace": vlan_namespace,
}
"""By kind: (manifest, spec as stored, constants). The manifest is there for names, labels and annotations."""

TOGETHER: dict[str, Callable[[str, JsonObject, Stored], Iterable[Fault]]] = {
    "VPC": vpc_together,
    "VPCAttachment": attachment_together,
    "VPCPeering": vpc_peering_together,
    "ExternalAttachment": external_attachment_together,
    "ExternalPeering": external_peering_together,
    "Gateway": gateway_together,
    "GatewayPeering": peering_together,
    "Connection": connection_together,
    "Switch": switch_together,
}
"""By kind: (name, spec as stored, the set)."""
