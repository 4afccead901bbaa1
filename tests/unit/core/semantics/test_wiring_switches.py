from __future__ import annotations

import pytest

from fakes.fabrics import thing
from fakes.wiring import FAMILIES, elsewhere, judge, leaf, spine, told, vlans
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.settings import FabricConstants

GATEWAY: JsonObject = {
    "asn": 65534,
    "protocolIP": "172.30.8.1/32",
    "vtepIP": "172.30.12.1/32",
    "vtepMAC": "ca:fe:ba:be:00:01",
    "interfaces": {"e1": {"ips": ["172.30.128.1/31"]}},
    "neighbors": [{"ip": "172.30.128.0", "asn": 65100}],
}
WITHOUT_GATEWAY = FabricConstants()
CASES: list[tuple[str, dict[str, Json], set[tuple[str, str]]]] = [
    ("below the subnet", {"ip": "172.29.255.255/21"}, {("SW-040", "spec.ip")}),
    ("first of the DHCP range", {"ip": "172.30.4.0/21"}, {("SW-040", "spec.ip")}),
    ("last before the DHCP range", {"ip": "172.30.3.255/32"}, set()),
    ("network address", {"ip": "172.30.0.0/8"}, set()),
    ("control VIP", {"ip": "172.30.0.1/21"}, {("SW-040", "spec.ip")}),
    ("no length", {"ip": "172.30.0.11"}, {("SW-040", "spec.ip")}),
    ("two protocol addresses", {"protocolIP": "172.30.8.0/31"}, {("SW-041", "spec.protocolIP")}),
    ("outside protocol subnet", {"protocolIP": "172.30.12.0/32"}, {("SW-041", "spec.protocolIP")}),
    ("last of protocol subnet", {"protocolIP": "172.30.11.255/32"}, set()),
    ("first leaf ASN", {"asn": 65101}, set()),
    ("last leaf ASN", {"asn": 65533}, set()),
    ("beyond leaf ASNs", {"asn": 65534}, {("SW-042", "spec.asn")}),
    ("ASN of spines", {"asn": 65100}, {("SW-042", "spec.asn")}),
    ("VTEP elsewhere", {"vtepIP": "172.30.16.0/32"}, {("SW-044", "spec.vtepIP")}),
    ("VTEP network", {"vtepIP": "172.30.12.1/31"}, {("SW-044", "spec.vtepIP")}),
    ("cut to nothing", {"asn": 0, "ip": "", "protocolIP": None, "profile": ""},
     {("SW-002", "spec.asn"), ("SW-003", "spec.ip"), ("SW-004", "spec.protocolIP"), ("SW-007", "spec.profile")}),
    ("virtual edge", {"role": "virtual-edge", "asn": 1, "vtepIP": None}, {("LINT-011", "spec.role")}),
    ("unknown role", {"role": "core", "asn": 1, "vtepIP": "x"}, {("SCH-001", "spec.role")}),
    ("unknown redundancy", {"redundancy": {"group": "pair", "type": "x"}}, {("SCH-001", "spec.redundancy.type")}),
    ("empty names", {"groups": [None], "vlanNamespaces": ["default", ""]},
     {("SW-022", "spec.groups[0]"), ("SW-020", "spec.vlanNamespaces[1]")}),
    ("speed of a group", {"portGroupSpeeds": {"12": "SPEED_10G"}}, set()),
    ("speed that the group lacks", {"portGroupSpeeds": {"12": "1G"}}, {("SW-024", "spec.portGroupSpeeds.12")}),
    ("speed of a management port", {"portSpeeds": {"M1": "1G"}}, {("SW-025", "spec.portSpeeds.M1")}),
    ("null breakout", {"portBreakouts": {"E1/49": ""}}, {("SW-026", "spec.portBreakouts.E1/49")}),
    ("what hangs on a wrong breakout", {"portBreakouts": {"E1/49": "x"}, "portFECs": {"E1/49/2": "rs", "E1/49": "rs"}},
     {("SW-026", "spec.portBreakouts.E1/49")}),
    ("no negotiation here", {"portAutoNegs": {"E1/1": False}}, {("SW-027", "spec.portAutoNegs.E1/1")}),
    ("no lights here", {"profile": "vs", "portLocators": {"*": ""}},
     {("LINT-PORT-LOCATOR", "spec.portLocators"), ("SW-029", "spec.portLocators")}),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_switch_is_judged(spec: dict[str, Json], expected: set[tuple[str, str]]) -> None:
    findings = judge(leaf(1, **spec), thing("SwitchGroup", "pair"))
    assert {(each.rule, each.field) for each in findings} == expected


@pytest.mark.parametrize(
    ("until", "rules"),
    [("", set()), ("10m", set()), ("1h2.5m", set()), ("+90s", set()), ("2030-01-31 12:00:00", set()),
     ("soon", {"SW-029"}), ("10", {"SW-029"}), ("2030-02-30 12:00:00", {"SW-029"}), ("2030-01-31", {"SW-029"})],
)  # fmt: skip
def test_until_when_a_light_is_on(until: str, rules: set[str]) -> None:
    findings = judge(leaf(1, profile="celestica-ds2000", portLocators={"E1/1": until}))
    assert {each.rule for each in findings} == {"LINT-PORT-LOCATOR", *rules}


@pytest.mark.parametrize("lights", [{"E1/99": "0s"}, {"E1/99": "-10m"}, {"*": "", "E1/99": "soon"}])
def test_lights_that_defaulting_drops_are_not_judged(lights: dict[str, Json]) -> None:
    findings = judge(leaf(1, profile="celestica-ds2000", portLocators=lights))
    assert {each.rule for each in findings} == {"LINT-PORT-LOCATOR"}


def test_addresses_are_compared_as_admission_does() -> None:
    """Management addresses as numbers, the others as texts; a switch of another namespace counts too."""
    two = leaf(2, ip="172.30.0.11/24", protocolIP="172.30.8.1/32", vtepIP="172.30.12.1/32", asn=65101)
    found = told(judge(leaf(1), two))
    rules = {"SW-040": "ip", "SW-041": "protocolIP", "SW-042": "asn", "SW-044": "vtepIP"}
    assert found == {(f"leaf-{number}", rule, f"spec.{field}") for number in (1, 2) for rule, field in rules.items()}
    far = told(judge(leaf(1), elsewhere(1, "lab")))
    assert {(rule, field) for _, rule, field in far if rule in rules} == {(r, f"spec.{f}") for r, f in rules.items()}


def test_a_gateway_has_addresses_too_where_there_are_gateways() -> None:
    objects = (leaf(1), thing("Gateway", "gw", GATEWAY), thing("GatewayGroup", "default"))
    with_gateway = told(judge(*objects, constants=FAMILIES))
    assert {("leaf-1", "SW-041", "spec.protocolIP"), ("leaf-1", "SW-044", "spec.vtepIP")} <= with_gateway
    assert {each for each in told(judge(*objects, constants=WITHOUT_GATEWAY)) if each[0] == "leaf-1"} == set()


def test_mclag_pairs_share_an_asn_and_a_vtep() -> None:
    pair: JsonObject = {"group": "pair", "type": "mclag"}
    shared: dict[str, Json] = {"asn": 65101, "vtepIP": "172.30.12.1/32", "redundancy": pair}
    found = told(judge(thing("SwitchGroup", "pair"), leaf(1, **shared), leaf(2, **shared)))
    assert {rule for _, rule, _ in found} == {"LINT-DEPRECATED-MCLAG"}


def test_spines_share_their_asn() -> None:
    assert told(judge(spine(1), spine(2))) == set()
    assert told(judge(spine(1, asn=65101))) == {("spine-1", "SW-043", "spec.asn")}


def test_profiles_of_a_family_exist_where_the_fabric_includes_it() -> None:
    switch = leaf(1, profile="celestica-ds2000-clsp")
    assert told(judge(switch)) == set()
    assert told(judge(switch, constants=WITHOUT_GATEWAY)) == {("leaf-1", "SW-023", "spec.profile")}


def test_a_vlan_namespace_is_found_in_any_kubernetes_namespace() -> None:
    found = told(judge(leaf(1), vlans((1000, 1999), namespace="lab")))
    assert not {each for each in found if each[0] == "leaf-1"}


@pytest.mark.parametrize(
    ("ranges", "rules"),
    [
        ([(1, 4094)], {"VLANNS-003", "VLANNS-004"}),
        ([(2999, 3000)], {"VLANNS-003"}),
        ([(3899, 3900)], {"VLANNS-003", "VLANNS-004"}),
        ([(1000, 2999), (4000, 4094)], set()),
        ([(1, 100), (5, 6), (50, 60)], {"VLANNS-003"}),
        ([(10, 20), (30, 25)], {"LINT-001"}),
        ([(0, 20)], {"LINT-001"}),
        ([(4095, 4095)], {"LINT-001"}),
        ([(7, 0), (8, 8)], set()),
    ],
)
def test_ranges_of_vlans(ranges: list[tuple[int, int]], rules: set[str]) -> None:
    assert {rule for _, rule, _ in told(judge(vlans(*ranges)))} == rules
