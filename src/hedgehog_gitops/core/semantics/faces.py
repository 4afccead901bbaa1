"""What others look at of a VPC: little of it, so that most changes of one leave them as they are."""

from __future__ import annotations

from typing import NamedTuple

from hedgehog_gitops.model.plain import Json, JsonObject, as_object


class VpcFace(NamedTuple):
    """The VPC's namespaces and mode as they are stored, and which of its subnets are for BGP hosts."""

    ipv4_namespace: Json
    vlan_namespace: Json
    mode: Json
    host_bgp: frozenset[str]


def vpc_face(spec: JsonObject) -> VpcFace:
    """The face of a VPC's spec as stored."""
    subnets = as_object(spec.get("subnets")).items()
    host_bgp = frozenset(name for name, subnet in subnets if as_object(subnet).get("hostBGP") is True)
    return VpcFace(spec.get("ipv4Namespace"), spec.get("vlanNamespace"), spec.get("mode"), host_bgp)
