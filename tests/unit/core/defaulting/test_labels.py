"""Labels and annotations of the system: dropped from what a user wrote, then computed from the spec."""

from __future__ import annotations

import pytest

from hedgehog_gitops.core.defaulting import with_defaults
from hedgehog_gitops.model.kind import KINDS
from hedgehog_gitops.model.plain import JsonObject, as_object

BY_NAME = {kind.kind: kind for kind in KINDS}
F = "fabric.githedgehog.com/"


def metadata(kind: str, spec: JsonObject, **written: JsonObject) -> JsonObject:
    value: JsonObject = {"metadata": {"name": "one", **written}, "spec": spec}
    return as_object(with_defaults(BY_NAME[kind], value)["metadata"])


ESLAG: JsonObject = {
    "eslag": {
        "links": [
            {"server": {"port": "srv-1/e1"}, "switch": {"port": "leaf-2/E1/1"}},
            {"server": {"port": "srv-1/e2"}, "switch": {"port": "leaf-1/E1/1"}},
        ]
    }
}
CASES: list[tuple[str, JsonObject, JsonObject]] = [
    ("Connection", ESLAG, {
        f"{F}connection-type": "eslag", f"switch.{F}leaf-1": "true", f"switch.{F}leaf-2": "true",
        f"server.{F}srv-1": "true"}),
    ("Connection", {"staticExternal": {"link": {"switch": {"port": "leaf-1/E1/1"}}, "withinVPC": "v"}},
     {f"{F}connection-type": "static-external", f"switch.{F}leaf-1": "true", f"{F}vpc": "v"}),
    ("Connection", {"gateway": {"links": [{"switch": {"port": "s-1/E1/1"}, "gateway": {"port": "gw-1/e1"}}]}},
     {f"{F}connection-type": "gateway", f"switch.{F}s-1": "true"}),
    ("Switch", {"groups": ["m"], "profile": "p"},
     {f"switchgroup.{F}m": "true", f"vlanns.{F}default": "true", f"{F}profile": "p"}),
    ("VPC", {"vlanNamespace": "vl"}, {f"{F}ipv4ns": "default", f"{F}vlanns": "vl"}),
    ("External", {}, {f"{F}ipv4ns": "default"}),
    ("VPCAttachment", {"subnet": "v", "connection": "c"},
     {f"{F}connection": "c", f"{F}vpc": "v", f"{F}subnet": "default"}),
    ("VPCAttachment", {"subnet": "v/s", "connection": "c", "nativeVLAN": True},
     {f"{F}connection": "c", f"{F}vpc": "v", f"{F}subnet": "s", f"{F}nativevlan": "true"}),
    ("VPCPeering", {"permit": [{"b": {}, "a": {}}]},
     {f"vpc.{F}a": "true", f"vpc.{F}b": "true", f"{F}vpc1": "a", f"{F}vpc2": "b"}),
    ("ExternalAttachment", {"connection": "c", "external": "e"}, {f"{F}connection": "c", f"{F}external": "e"}),
    ("ExternalPeering", {"permit": {"vpc": {"name": "v"}, "external": {"name": "e"}}},
     {f"{F}vpc": "v", f"{F}external": "e"}),
    ("GatewayPeering", {"peering": {"vpc-1": {}, "ext.e": {}}},
     {"vpc.gateway.githedgehog.com/vpc-1": "true", "vpc.gateway.githedgehog.com/ext.e": "true"}),
    ("Server", {}, {}),
    ("SwitchGroup", {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "spec", "labels"), CASES)
def test_the_system_labels_what_a_spec_names(kind: str, spec: JsonObject, labels: JsonObject) -> None:
    written: JsonObject = {"team": "net", f"old.{F}x": "true", f"{F}vpc": "stale"}
    assert metadata(kind, spec, labels=written)["labels"] == {"team": "net", **labels}


def test_a_connection_is_annotated_with_its_devices_and_loses_what_else_has_the_systems_name() -> None:
    written: JsonObject = {"note": "x", f"{F}p2p-link": "10.0.0.0/31", f"{F}other": "y"}
    assert metadata("Connection", ESLAG, annotations=written)["annotations"] == {
        "note": "x",
        f"{F}switches": "leaf-1,leaf-2",
        f"{F}servers": "srv-1",
    }


@pytest.mark.parametrize(
    ("kind", "name"), [("VPCAttachment", "p2p-link"), ("Switch", "route-summ"), ("VPC", "of-ours")]
)
def test_annotations_of_other_kinds_are_a_users_whatever_their_name(kind: str, name: str) -> None:
    assert metadata(kind, {}, annotations={f"{F}{name}": "x"})["annotations"] == {f"{F}{name}": "x"}


def test_annotations_that_the_gateway_adds_are_not_a_users() -> None:
    added: JsonObject = {"gateway.githedgehog.com/vpcs": "a,b", "gateway.githedgehog.com/nat": "x", "note": "y"}
    assert metadata("GatewayPeering", {}, annotations=added)["annotations"] == {"note": "y"}


def test_a_summary_of_ports_is_not_a_users() -> None:
    assert "annotations" not in metadata("SwitchProfile", {}, annotations={f"{F}ports": "32x100G"})


def test_an_object_without_a_namespace_is_in_the_default_one() -> None:
    assert metadata("SwitchGroup", {}) == {"name": "one", "namespace": "default"}
    assert metadata("SwitchGroup", {}, namespace="lab")["namespace"] == "lab"  # type: ignore[arg-type]  # a text here


def test_kinds_of_the_installer_keep_every_label() -> None:
    labels: JsonObject = {f"{F}x": "true"}
    assert metadata("ControlNode", {}, labels=labels)["labels"] == labels
