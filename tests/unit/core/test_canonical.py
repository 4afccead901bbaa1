from __future__ import annotations

import pytest

from hedgehog_gitops.core.canonical import canonical, digest, same
from hedgehog_gitops.core.defaulting import with_defaults
from hedgehog_gitops.model.kind import KINDS
from hedgehog_gitops.model.plain import Json, JsonObject

BY_NAME = {kind.kind: kind for kind in KINDS}


def form(kind: str, spec: Json = None, namespace: str = "default", **metadata: Json) -> JsonObject:
    return canonical(BY_NAME[kind], {"metadata": {"name": "one", **metadata}, "spec": spec}, namespace)


def test_b10_an_empty_spec_is_a_spec() -> None:
    expected = {
        "apiVersion": "wiring.githedgehog.com/v1beta1",
        "kind": "SwitchGroup",
        "metadata": {"name": "one", "namespace": "default"},
        "spec": {},
    }
    assert form("SwitchGroup", {}) == expected
    assert form("SwitchGroup", None) == expected


def test_b11_what_the_server_returns_has_the_form_of_what_was_written() -> None:
    written: JsonObject = {"metadata": {"name": "blue"}, "spec": {"subnets": {"a": {"subnet": "10.0.1.0/24"}}}}
    live: JsonObject = {
        "apiVersion": "vpc.githedgehog.com/v1beta1",
        "kind": "VPC",
        "metadata": {
            "name": "blue",
            "namespace": "default",
            "uid": "1-2-3",
            "resourceVersion": "77",
            "generation": 3,
            "creationTimestamp": "2026-01-01T00:00:00Z",
            "managedFields": [{"manager": "x"}],
            "labels": {"fabric.githedgehog.com/ipv4ns": "default", "fabric.githedgehog.com/vlanns": "default"},
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"},
        },
        "spec": {
            "ipv4Namespace": "default",
            "vlanNamespace": "default",
            "subnets": {"a": {"subnet": "10.0.1.0/24", "gateway": "10.0.1.1", "dhcp": {}}},
        },
        "status": {"ready": True},
    }
    assert canonical(BY_NAME["VPC"], live) == canonical(BY_NAME["VPC"], written)


@pytest.mark.parametrize("empty", [{}, [], "", 0, False, None], ids=repr)
def test_an_empty_field_is_an_absent_one(empty: Json) -> None:
    assert form("Server", {"description": "x", "profile": empty}) == form("Server", {"description": "x"})


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("VPC", {"subnets": {"a": {}}}, {"subnets": {}}),
        ("Switch", {"portAutoNegs": {"E1/1": False}}, {}),
        ("External", {"static": {}}, {}),
        ("Switch", {"linkFlapErrDisable": {}}, {}),
        ("VPC", {"permit": [["a", "b"]]}, {"permit": [["b", "a"]]}),
        ("VPCPeering", {"permit": [{"a": {}, "b": {}}]}, {"permit": [{"a": {}}]}),
        ("Connection", {"fabric": {"links": [{}, {}]}}, {"fabric": {"links": [{}]}}),
    ],
    ids=["a subnet", "no auto-negotiation", "static", "flap limits", "order", "a peer", "a link"],
)
def test_what_says_something_is_kept(kind: str, one: JsonObject, other: JsonObject) -> None:
    assert form(kind, one) != form(kind, other)


def test_a_locator_light_is_no_part_of_what_is_compared() -> None:
    """It puts itself out: the cluster turns it into a time and drops it later."""
    assert form("Switch", {"role": "spine", "portLocators": {"E1/1": ""}}) == form("Switch", {"role": "spine"})


def test_what_tools_leave_behind_is_not_compared() -> None:
    left: JsonObject = {"argocd.argoproj.io/tracking-id": "x", "hnp.githedgehog.com/managed-by": "y"}
    labels: JsonObject = {"app.kubernetes.io/instance": "z", "kustomize.toolkit.fluxcd.io/name": "f"}
    assert form("Server", {}, annotations=left, labels=labels) == form("Server", {})


def test_a_users_labels_are_compared() -> None:
    assert form("Server", {}, labels={"team": "net"})["metadata"] == {
        "name": "one",
        "namespace": "default",
        "labels": {"team": "net"},
    }


def test_the_version_in_which_an_object_is_written_is_not_compared() -> None:
    old: JsonObject = {"apiVersion": "vpc.githedgehog.com/v1alpha2", "metadata": {"name": "one"}, "spec": {}}
    assert canonical(BY_NAME["VPC"], old) == form("VPC", {})


def test_an_object_without_a_namespace_is_in_the_one_of_its_fabric() -> None:
    assert form("Server", {}, "lab") == form("Server", {}, namespace="lab")


@pytest.mark.parametrize("broken", [5, "x", [1], None], ids=repr)
@pytest.mark.parametrize("part", ["metadata", "spec"])
def test_what_is_no_object_does_no_harm(part: str, broken: Json) -> None:
    value: JsonObject = {"metadata": {"name": "one"}, "spec": {}, part: broken}
    for kind in KINDS:
        assert canonical(kind, value) == canonical(kind, with_defaults(kind, value))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ([1], [True], False),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ([1, 2], [2, 1], False),
        ("1", 1, False),
        (None, {}, False),
        (0.0, -0.0, True),
        (1e300, 10**300, False),
        (2**53, float(2**53), True),
        ("\ud800", "\ud800", True),
    ],
    ids=repr,
)
def test_sameness_is_that_of_values_and_digests_follow_it(one: Json, other: Json, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert same(one, other) is same(other, one) is expected
    assert (digest(one) == digest(other)) is expected


def test_a_digest_is_the_same_in_every_run() -> None:
    assert digest({"b": [1, True], "a": "é"}) == "4cfe375505341a795919ae919b0f726bc2f6d3a426822a940384413dc1c22bc1"
