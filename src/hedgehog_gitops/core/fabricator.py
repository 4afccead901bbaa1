"""What a Fabricator object, the installer's input, says about a fabric: its constants, defaults filled in.

Only reading: what is odd counts as unset here and is judged in `semantics.fabricator_config`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hedgehog_gitops.core.addresses import address, prefix
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object
from hedgehog_gitops.model.settings import FabricConstants

CONFIG: FieldPath = ("spec", "config")
"""Where a Fabricator object keeps its configuration."""

OLD_LEAF_END, OLD_IRB = 65534, ((3000, 3999),)
"""Defaults of earlier releases, which the installer replaces by those of today."""

SOURCES: Mapping[str, FieldPath] = {
    "management_subnet": ("control", "managementSubnet"),
    "control_vip": ("control", "controlVIP"),
    "dhcp_start": ("fabric", "managementDHCPStart"),
    "dhcp_end": ("fabric", "managementDHCPEnd"),
    "protocol_subnet": ("fabric", "protocolSubnet"),
    "vtep_subnet": ("fabric", "vtepSubnet"),
    "proxy_external_subnet": ("fabric", "proxyExternalSubnet"),
    "workaround_subnet": ("fabric", "vpcWorkaroundSubnet"),
    "mclag_session_subnet": ("fabric", "mclagSessionSubnet"),
    "fabric_subnet": ("fabric", "fabricSubnet"),
    "spine_asn": ("fabric", "spineASN"),
    "leaf_asn_start": ("fabric", "leafASNStart"),
    "leaf_asn_end": ("fabric", "leafASNEnd"),
    "gateway_asn": ("gateway", "asn"),
    "irb_vlans": ("fabric", "vpcIRBVLANs"),
    "th5_vlans": ("fabric", "th5WorkaroundVLANs"),
    "gateway": ("gateway", "enable"),
    "gateway_communities": ("gateway", "communities"),
}
"""Which field below the configuration holds which constant. MTUs are the release's own, families a set of switches."""


def fabric_constants(fabricator: JsonObject) -> FabricConstants:
    """The constants of the fabric that a Fabricator object describes."""
    config = configuration(fabricator)
    read = {name: _READERS[name](at(config, path)) for name, path in SOURCES.items()}
    given: dict[str, Any] = {name: value for name, value in read.items() if value}
    if given.get("irb_vlans") == OLD_IRB:
        del given["irb_vlans"]
    if given.get("leaf_asn_end") == OLD_LEAF_END and given.get("gateway_asn", OLD_LEAF_END) == OLD_LEAF_END:
        del given["leaf_asn_end"]
    return FabricConstants(**given, profile_families=_families(as_object(config.get("fabric"))))


def configuration(fabricator: JsonObject) -> JsonObject:
    """The configuration that a Fabricator object holds, as written."""
    return as_object(at(fabricator, CONFIG))


def at(value: Json, path: FieldPath) -> Json:
    """What stands at a path of keys, or None."""
    for step in path:
        value = as_object(value).get(str(step))
    return value


def vlan_ranges(value: Json) -> tuple[tuple[int, int], ...]:
    """VLAN ranges as written; one without an end is one VLAN. What is none is left out."""
    entries = [as_object(entry) for entry in as_list(value)]
    ranges = [(number(entry.get("from")), number(entry.get("to")) or number(entry.get("from"))) for entry in entries]
    return tuple((low, high) for low, high in ranges if 0 < low <= high)


def number(value: Json) -> int:
    """The value if it is a number without a fraction, else 0, which stands for unset."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _prefix(value: Json) -> str:
    return value if isinstance(value, str) and prefix(value) is not None else ""


def _address(value: Json) -> str:
    return value if isinstance(value, str) and address(value) is not None else ""


def _communities(value: Json) -> dict[int, str]:
    entries = as_object(value).items()
    return {int(name): text for name, text in entries if name.isdecimal() and isinstance(text, str)}


def _families(fabric: JsonObject) -> tuple[str, ...]:
    chosen = {"cls-plus": ("includeCLSP", "includeCLS"), "cumulus": ("includeCumulus",)}
    more = [family for family, names in chosen.items() if any(fabric.get(name) is True for name in names)]
    return ("default", *more)


_READERS: dict[str, Callable[[Json], object]] = {
    **dict.fromkeys((name for name in SOURCES if name.endswith(("_subnet", "_vip"))), _prefix),
    **dict.fromkeys((name for name in SOURCES if "_asn" in name), number),
    **dict.fromkeys(("dhcp_start", "dhcp_end"), _address),
    **dict.fromkeys(("irb_vlans", "th5_vlans"), vlan_ranges),
    "gateway": lambda value: value is True,
    "gateway_communities": _communities,
}
