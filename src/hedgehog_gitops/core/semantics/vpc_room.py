"""The judges of VPCs, what is attached to them, and what they reach."""

from __future__ import annotations

from hedgehog_gitops.core.semantics.judges import Alone, Together
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

ALONE: dict[str, Alone] = {
    "IPv4Namespace": ipv4_namespace,
    "VPC": vpc,
    "VPCAttachment": attachment,
    "VPCPeering": vpc_peering,
    "External": external,
    "ExternalAttachment": external_attachment,
    "ExternalPeering": external_peering,
}

TOGETHER: dict[str, Together] = {
    "VPC": vpc_together,
    "VPCAttachment": attachment_together,
    "VPCPeering": vpc_peering_together,
    "ExternalAttachment": external_attachment_together,
    "ExternalPeering": external_peering_together,
}
