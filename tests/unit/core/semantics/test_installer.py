"""Odd objects of the installer are judged without an exception, and hashes are never shown."""

from __future__ import annotations

import json

import pytest

from hedgehog_gitops.core.identify import identify
from hedgehog_gitops.core.installer import installer_objects, judge_installer
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.plain import Json, JsonObject


def thing(kind: str, name: str, spec: Json) -> JsonObject:
    metadata: JsonObject = {"name": name, "namespace": "fab"}
    return {"apiVersion": "fabricator.githedgehog.com/v1beta1", "kind": kind, "metadata": metadata, "spec": spec}


def judged(*values: JsonObject) -> tuple[Finding, ...]:
    text = "---\n".join(json.dumps(value) + "\n" for value in values)
    documents = read_documents(text.encode(), "fab.yaml").documents
    return judge_installer(installer_objects((document, identify(document)) for document in documents))


@pytest.mark.parametrize("odd", [None, 5, "text", [], [None], {}, {"x": None}, True, -1, 1.5], ids=str)
def test_odd_values_are_judged_and_not_raised(odd: Json) -> None:
    sections = {
        "control": ("managementSubnet", "controlVIP", "kubeClusterDNS", "dummySubnet", "defaultUser"),
        "registry": ("mode", "upstream"),
        "fabric": ("managementDHCPStart", "spineASN", "vpcIRBVLANs", "eslagESIPrefix", "defaultSwitchUsers"),
        "gateway": ("asn", "communities", "enable"),
        "observability": ("defaults",),
    }
    for section, names in sections.items():
        judged(thing("Fabricator", "default", {"config": {section: odd}}))
        for name in names:
            config: JsonObject = {section: {name: odd}}
            assert judged(thing("Fabricator", "default", {"config": config}))
    for kind in ("ControlNode", "FabNode"):
        for part in ("bootstrap", "management", "external", "dummy", "roles"):
            assert judged(thing(kind, "one", {part: odd}))
            assert judged(thing(kind, "one", {part: {"ip": odd, "interface": odd}}))
        judged(thing(kind, "one", odd))


def test_a_hash_is_never_shown() -> None:
    config: JsonObject = {
        "control": {"defaultUser": {"password": "canary-1"}},
        "fabric": {"defaultSwitchUsers": {"admin": {"role": "admin", "password": "canary-2"}}},
    }
    told = judged(thing("Fabricator", "default", {"config": config}))
    assert [finding.rule for finding in told] == ["FAB-004", "FAB-004"]
    assert not any("canary" in f"{finding.message} {finding.hint}" for finding in told)


def test_a_second_fabricator_and_a_second_control_node_are_refused() -> None:
    spec: JsonObject = {"bootstrap": {"disk": "/dev/sda"}, "management": {"interface": "a"}}
    control: JsonObject = {**spec, "external": {"interface": "b", "ip": "dhcp"}}
    two = [thing("ControlNode", "a", control), thing("ControlNode", "b", control)]
    assert [(finding.rule, finding.field) for finding in judged(*two)] == [("CTRL-001", "metadata.name")]
    fabricators = judged(*(thing("Fabricator", "default", {}) for _ in range(2)))
    assert ("FAB-001", "kind") in {(finding.rule, finding.field) for finding in fabricators}
