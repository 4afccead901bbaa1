from __future__ import annotations

import pytest

from fakes.fabrics import attachment, desired, thing, vpc
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.references import Dependencies, missing_references
from hedgehog_gitops.core.semantics import placed
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.plain import JsonObject

LINK: JsonObject = {"server": {"port": "srv/e1"}, "switch": {"port": "leaf/E1/1"}}
CASES: list[tuple[str, JsonObject, list[tuple[str, str]]]] = [
    ("switch", thing("Switch", "s", {"groups": ["g"], "vlanNamespaces": ["v"]}),
     [("SW-020", "spec.vlanNamespaces[0]"), ("SW-022", "spec.groups[0]")]),
    ("redundancy", thing("Switch", "s", {"redundancy": {"group": "g", "type": "eslag"}}),
     [("SW-020", "spec.vlanNamespaces[0]"), ("SW-022", "spec.redundancy.group")]),
    ("connection", thing("Connection", "c", {"unbundled": {"link": LINK}}),
     [("CONN-020", "spec.unbundled.link.switch.port"), ("CONN-021", "spec.unbundled.link.server.port")]),
    ("within", thing("Connection", "c", {"staticExternal": {"withinVPC": "v", "link": {}}}),
     [("CONN-044", "spec.staticExternal.withinVPC")]),
    ("gateway end", thing("Connection", "c", {"gateway": {"links": [{"gateway": {"port": "gw/e1"}}]}}),
     [("LINT-003", "spec.gateway.links[0].gateway.port")]),
    ("vpc", vpc(), [("VPC-050", "spec.ipv4Namespace"), ("VPC-050", "spec.vlanNamespace")]),
    ("attachment", attachment(), [("VATT-010", "spec.subnet"), ("VATT-011", "spec.connection")]),
    ("peering", thing("VPCPeering", "p", {"permit": [{"a": {}, "b": {}}]}),
     [("VPEER-004", "spec.permit[0].a"), ("VPEER-004", "spec.permit[0].b")]),
    ("external", thing("External", "e", {}), [("EXT-004", "spec.ipv4Namespace")]),
    ("external attachment", thing("ExternalAttachment", "e", {"external": "x", "connection": "y"}),
     [("EATT-004", "spec.external"), ("EATT-005", "spec.connection")]),
    ("external peering", thing("ExternalPeering", "e", {"permit": {"vpc": {"name": "v"}, "external": {"name": "x"}}}),
     [("EPEER-003", "spec.permit.vpc.name"), ("EPEER-003", "spec.permit.external.name")]),
    ("gateway", thing("Gateway", "g", {"groups": [{"name": "x"}]}), [("GW-007", "spec.groups[0].name")]),
    ("gateway peering", thing("GatewayPeering", "g", {"peering": {"v": {}, "ext.x": {}}, "gatewayGroup": "q"}),
     [("GWP-020", "spec.gatewayGroup"), ("GWP-022", "spec.peering.v"), ("GWP-022", 'spec.peering["ext.x"]')]),
]  # fmt: skip


def missing(*values: JsonObject) -> tuple[Finding, ...]:
    manifests = desired(*values).manifests
    faults = missing_references(manifests, default_specs(manifests))
    return tuple(placed(manifests[key], fault, manifests) for key, fault in faults)


@pytest.mark.parametrize(("value", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_name_that_nothing_has_is_found(value: JsonObject, expected: list[tuple[str, str]]) -> None:
    findings = missing(value)
    assert sorted((finding.rule, finding.field) for finding in findings) == sorted(expected)


def test_the_gateway_group_default_is_part_of_the_set() -> None:
    (finding,) = missing(thing("Gateway", "g"))
    assert (finding.rule, finding.field) == ("GW-007", "spec.groups[0].name")
    assert missing(thing("Gateway", "g"), thing("GatewayGroup", "default")) == ()


def test_a_near_name_is_suggested() -> None:
    whole = [vpc("blue"), thing("IPv4Namespace", "defaults"), thing("VLANNamespace", "default")]
    (finding,) = missing(*whole)
    assert finding.hint == "did you mean 'defaults'?"


def test_a_subnet_that_the_vpc_does_not_have_is_found() -> None:
    whole = [vpc(), attachment(), thing("IPv4Namespace", "default"), thing("VLANNamespace", "default")]
    whole[1] = thing("VPCAttachment", "at", {"subnet": "blue/defualt", "connection": "c1"})
    whole.append(thing("Connection", "c1", {"external": {"link": {"switch": {"port": "s1/E1/1"}}}}))
    whole.append(thing("Switch", "s1", {}))
    (finding,) = missing(*whole)
    assert (finding.rule, finding.hint) == ("VATT-010", "did you mean 'default'?")


def test_a_vpc_that_relays_through_itself_needs_nobody() -> None:
    itself = vpc()
    itself["spec"] = {
        "subnets": {"default": {"subnet": "10.0.0.0/24", "dhcp": {"relay": "10.9.9.9/32", "relayVPC": "blue"}}}
    }
    specs = default_specs(desired(itself).manifests)
    graph = Dependencies(specs, specs.keys())
    assert list(graph.values()) == [frozenset()]


def test_what_is_refused_itself_is_not_found() -> None:
    manifests = desired(vpc(), attachment()).manifests
    specs = {key: spec for key, spec in default_specs(manifests).items() if key.kind == "VPCAttachment"}
    faults = [fault for _, fault in missing_references(manifests, specs)]
    assert [fault.rule.id for fault in faults] == ["VATT-010", "VATT-011"]
    assert "is refused itself" in faults[0].message
    assert faults[0].other is not None
    assert faults[0].other.key.name == "blue"


def test_near_names_are_looked_for_once_however_many_ask() -> None:
    """Ten thousand objects that name the same missing one cost one comparison, not ten thousand."""
    findings = missing(*(vpc(f"v{number}") for number in range(10_000)))
    assert len(findings) == 20_000
