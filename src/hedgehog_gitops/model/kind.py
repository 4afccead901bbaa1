"""The kind registry: every Hedgehog kind as data, and the identity of an object.

Source: the CRDs of the fabric API v0.129 line. A plural is data and is never derived from the kind's name.
"""

from __future__ import annotations

from enum import StrEnum
from sys import intern
from typing import NamedTuple

WIRING = "wiring.githedgehog.com"
VPC = "vpc.githedgehog.com"
GATEWAY = "gateway.githedgehog.com"
AGENT = "agent.githedgehog.com"
DHCP = "dhcp.githedgehog.com"
GATEWAY_INTERNAL = "gwint.githedgehog.com"
FABRICATOR = "fabricator.githedgehog.com"


class Owner(StrEnum):
    """Who writes objects of a kind: people in git, or the fabric's own controllers."""

    USER = "user"
    CONTROLLER = "controller"
    INSTALLER = "installer"


class ObjectKey(NamedTuple):
    """Who an object is, the same in git, the cluster and NetBox. The version is no part of it.

    A tuple, because keys are compared, sorted and looked up far more often than anything else.
    """

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name}"


class Kind(NamedTuple):
    """One kind: names in the API, its directory below `managed/`, who owns it, and its place in the create order."""

    group: str
    kind: str
    plural: str
    version: str
    accepted: tuple[str, ...] = ()
    owner: Owner = Owner.USER
    order: int = 0
    short_names: tuple[str, ...] = ()

    @property
    def singular(self) -> str:
        """The lower-case name that kubectl accepts."""
        return self.kind.lower()

    @property
    def api_version(self) -> str:
        """`group/version` as a manifest writes it; one text for all objects of the kind."""
        return intern(f"{self.group}/{self.version}")

    @property
    def directory(self) -> str:
        """The directory below `managed/`: the plural, as the layout has always had it."""
        return self.plural

    def accepts(self, version: str) -> bool:
        """True if a manifest may name this version: the preferred one, or an older one with the same fields."""
        return version == self.version or version in self.accepted


def _wiring(kind: str, plural: str, order: int, *short: str, owner: Owner = Owner.USER) -> Kind:
    return Kind(
        group=WIRING, kind=kind, plural=plural, version="v1beta1", owner=owner, order=order, short_names=short,
        accepted=("v1alpha2",),
    )  # fmt: skip


def _vpc(kind: str, plural: str, order: int, *short: str) -> Kind:
    return Kind(
        group=VPC, kind=kind, plural=plural, version="v1beta1", order=order, short_names=short, accepted=("v1alpha2",)
    )


def _gateway(kind: str, plural: str, order: int, *short: str, owner: Owner = Owner.USER) -> Kind:
    return Kind(
        group=GATEWAY, kind=kind, plural=plural, version="v1alpha1", order=order, short_names=short, owner=owner
    )


def _system(group: str, version: str, kind: str, plural: str, *short: str) -> Kind:
    return Kind(group=group, kind=kind, plural=plural, version=version, owner=Owner.CONTROLLER, short_names=short)


def _installer(kind: str, plural: str) -> Kind:
    return Kind(group=FABRICATOR, kind=kind, plural=plural, version="v1beta1", owner=Owner.INSTALLER)


KINDS: tuple[Kind, ...] = (
    _wiring("VLANNamespace", "vlannamespaces", 10, "vlanns"),
    _vpc("IPv4Namespace", "ipv4namespaces", 10, "ipns"),
    _wiring("SwitchGroup", "switchgroups", 10, "sg"),
    _wiring("ServerProfile", "serverprofiles", 10),
    _gateway("GatewayGroup", "gatewaygroups", 10, "gwgr"),
    _wiring("Switch", "switches", 20, "sw"),
    _wiring("Server", "servers", 20, "srv"),
    _vpc("VPC", "vpcs", 30),
    _vpc("External", "externals", 30, "ext"),
    _gateway("Gateway", "gateways", 40, "gw"),
    _wiring("Connection", "connections", 40, "conn"),
    _vpc("VPCAttachment", "vpcattachments", 50, "vpcattach"),
    _vpc("ExternalAttachment", "externalattachments", 50, "extattach"),
    _vpc("VPCPeering", "vpcpeerings", 50, "vpcpeer"),
    _vpc("ExternalPeering", "externalpeerings", 50, "extpeering", "extpeer"),
    _gateway("GatewayPeering", "gatewaypeerings", 60, "gwpeer"),
    _wiring("SwitchProfile", "switchprofiles", 0, "sp", owner=Owner.CONTROLLER),
    _gateway("VPCInfo", "vpcinfos", 0, "gwvpc", owner=Owner.CONTROLLER),
    _system(AGENT, "v1beta1", "Agent", "agents", "ag"),
    _system(AGENT, "v1beta1", "Catalog", "catalogs"),
    _system(DHCP, "v1beta1", "DHCPSubnet", "dhcpsubnets", "dhcp"),
    _system(GATEWAY_INTERNAL, "v1alpha1", "GatewayAgent", "gatewayagents", "gwag"),
    _installer("Fabricator", "fabricators"),
    _installer("ControlNode", "controlnodes"),
    _installer("FabNode", "fabnodes"),
)

BY_GROUP_KIND: dict[tuple[str, str], Kind] = {(kind.group, kind.kind): kind for kind in KINDS}
USER_KINDS: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind.owner is Owner.USER)
BY_DIRECTORY: dict[str, Kind] = {kind.directory: kind for kind in USER_KINDS}


def find_kind(group: str, kind: str) -> Kind | None:
    """The registry's entry for an exact group and kind, or None: a foreign `Server` is not ours."""
    return BY_GROUP_KIND.get((group, kind))


def kind_named(group: str, kind: str) -> Kind:
    """The registry's entry for a known group and kind; KeyError for a foreign one."""
    return BY_GROUP_KIND[group, kind]


def kind_of(key: ObjectKey) -> Kind:
    """The registry's entry of a known object; KeyError for a foreign one."""
    return BY_GROUP_KIND[key.group, key.kind]
