from __future__ import annotations

import pytest

from hedgehog_gitops.core.fabricator import fabric_constants
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.settings import FabricConstants


def constants(**config: Json) -> FabricConstants:
    value: JsonObject = {"kind": "Fabricator", "spec": {"config": config}}
    return fabric_constants(value)


def test_what_is_unset_or_odd_has_the_default() -> None:
    odd = constants(control={"managementSubnet": 5, "controlVIP": ""}, fabric={"spineASN": "65100", "vtepSubnet": "x"})
    assert odd == constants() == FabricConstants()
    assert fabric_constants({"spec": None}) == FabricConstants()


def test_every_constant_that_the_installer_knows_is_read() -> None:
    control: JsonObject = {"managementSubnet": "10.1.0.0/21", "controlVIP": "10.1.0.1/32"}
    fabric: JsonObject = {
        "managementDHCPStart": "10.1.4.0",
        "managementDHCPEnd": "10.1.7.9",
        "protocolSubnet": "10.2.0.0/22",
        "vtepSubnet": "10.3.0.0/22",
        "proxyExternalSubnet": "10.4.0.0/22",
        "vpcWorkaroundSubnet": "10.5.0.0/19",
        "mclagSessionSubnet": "10.6.0.0/31",
        "fabricSubnet": "10.7.0.0/17",
        "spineASN": 64900,
        "leafASNStart": 64901,
        "leafASNEnd": 64999,
        "vpcIRBVLANs": [{"from": 3000, "to": 3100}, {"from": 3200}],
        "th5WorkaroundVLANs": [{"from": 3900, "to": 3950}],
        "includeCLSP": True,
        "includeCumulus": True,
    }
    gateway: JsonObject = {"enable": True, "asn": 64800, "communities": {"0": "50001:0"}}
    assert constants(control=control, fabric=fabric, gateway=gateway) == FabricConstants(
        management_subnet="10.1.0.0/21",
        control_vip="10.1.0.1/32",
        dhcp_start="10.1.4.0",
        dhcp_end="10.1.7.9",
        protocol_subnet="10.2.0.0/22",
        vtep_subnet="10.3.0.0/22",
        proxy_external_subnet="10.4.0.0/22",
        workaround_subnet="10.5.0.0/19",
        mclag_session_subnet="10.6.0.0/31",
        fabric_subnet="10.7.0.0/17",
        spine_asn=64900,
        leaf_asn_start=64901,
        leaf_asn_end=64999,
        gateway_asn=64800,
        irb_vlans=((3000, 3100), (3200, 3200)),
        th5_vlans=((3900, 3950),),
        gateway=True,
        gateway_communities={0: "50001:0"},
        profile_families=("default", "cls-plus", "cumulus"),
    )


@pytest.mark.parametrize(
    ("fabric", "gateway", "leaf_end"),
    [
        ({"leafASNEnd": 65534}, {}, 65533),
        ({"leafASNEnd": 65534}, {"asn": 65534}, 65533),
        ({"leafASNEnd": 65534}, {"asn": 65000}, 65534),
    ],
)
def test_defaults_of_earlier_releases_are_replaced(fabric: JsonObject, gateway: JsonObject, leaf_end: int) -> None:
    assert constants(fabric=fabric, gateway=gateway).leaf_asn_end == leaf_end
    assert constants(fabric={"vpcIRBVLANs": [{"from": 3000, "to": 3999}]}).irb_vlans == ((3000, 3899),)
