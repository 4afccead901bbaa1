"""What only a real API server can show: permissions, field ownership, its own count of requests."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from fixtures_cluster import KubeCluster, collection_path, managers, object_path
from hedgehog_gitops.adapters.kubernetes import KubernetesCluster
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import KINDS, VPC, WIRING, Kind, ObjectKey, find_kind
from hedgehog_gitops.model.live import LiveObject, Refusal, Refused, SideName, WriteOutcome, Written
from hedgehog_gitops.model.plain import JsonObject, as_object, get_path
from hedgehog_gitops.model.plan import Action, Change, Precondition, Verdict
from hedgehog_gitops.model.settings import ClusterSettings

VPC_KIND = cast("Kind", find_kind(VPC, "VPC"))
SWITCH = cast("Kind", find_kind(WIRING, "Switch"))


def manifest(name: str = "vpc-1", *, vlan: int = 1001, **metadata: str) -> JsonObject:
    return {
        "apiVersion": VPC_KIND.api_version,
        "kind": "VPC",
        "metadata": {"name": name, "namespace": "default", **metadata},
        "spec": {"subnets": {"default": {"subnet": "10.0.1.0/24", "vlan": vlan}}},
    }


def change(value: JsonObject, seen: LiveObject | None = None, action: Action = Action.CREATE) -> Change:
    name = str(get_path(value, ("metadata", "name")))
    return Change(
        side=SideName.CLUSTER,
        action=action,
        verdict=Verdict.PENDING,
        key=ObjectKey(group=VPC, kind="VPC", namespace="default", name=name),
        fields=(),
        reason="",
        precondition=Precondition() if seen is None else Precondition(version=seen.version, uid=seen.uid),
        manifest=None if action is Action.PRUNE else value,
    )


def only(outcomes: list[WriteOutcome]) -> WriteOutcome:
    (outcome,) = outcomes
    return outcome


def stored(side: KubernetesCluster, value: JsonObject) -> LiveObject:
    outcome = only(list(side.write([change(value)])))
    assert isinstance(outcome, Written), outcome
    assert outcome.object is not None
    return outcome.object


def someone_patches(cluster: KubeCluster, name: str, vlan: int) -> None:
    path = f"{object_path(VPC_KIND, name)}?fieldManager=kubectl-edit"
    patch: JsonObject = {"spec": {"subnets": {"default": {"vlan": vlan}}}}
    status, body = cluster.request("PATCH", path, patch, "application/merge-patch+json")
    assert status == 200, body


def owned(value: JsonObject, manager: str) -> str:
    """The fields of one manager, as JSON text."""
    entries = cast("list[JsonObject]", get_path(value, ("metadata", "managedFields")))
    return json.dumps([entry["fieldsV1"] for entry in entries if entry["manager"] == manager])


def lists_counted(cluster: KubeCluster) -> int:
    """How many list requests for our groups the server has answered, by its own count."""
    rows = re.findall(r"^apiserver_request_total\{(.*)\} (\S+)$", cluster.metrics(), re.MULTILINE)
    return sum(int(float(number)) for labels, number in rows if "githedgehog" in labels and 'verb="LIST"' in labels)


def requests_counted(cluster: KubeCluster) -> int:
    rows = re.findall(r"^apiserver_request_total\{.*githedgehog.*\} (\S+)$", cluster.metrics(), re.MULTILINE)
    return sum(int(float(number)) for number in rows)


def test_b30_every_kind_of_the_registry_is_served_under_its_plural(kube_cluster: KubeCluster) -> None:
    live = KubernetesCluster(kube_cluster.settings()).read(KINDS)
    assert (live.unknown, live.requests) == ({}, len(KINDS))


def test_b30_a_plural_that_the_server_does_not_know_is_unknown(kube_cluster: KubeCluster) -> None:
    live = KubernetesCluster(kube_cluster.settings()).read([SWITCH._replace(plural="switchs"), VPC_KIND])
    assert set(live.unknown) == {(WIRING, "Switch")}
    assert "CRD is missing" in live.unknown[WIRING, "Switch"]


def test_b37_a_user_without_permission_sees_unknown_and_not_nothing(kube_cluster: KubeCluster) -> None:
    stored(KubernetesCluster(kube_cluster.settings()), manifest())
    live = KubernetesCluster(kube_cluster.settings("nobody")).read([VPC_KIND])
    assert (dict(live.objects), set(live.unknown)) == ({}, {(VPC, "VPC")})
    assert 'User "nobody" cannot list' in live.unknown[VPC, "VPC"]


def test_b37_a_kind_that_may_not_be_read_leaves_the_others_known(kube_cluster: KubeCluster) -> None:
    stored(KubernetesCluster(kube_cluster.settings()), manifest())
    foreign = Kind(group="apiextensions.k8s.io", kind="CustomResourceDefinition", plural="x", version="v1")
    live = KubernetesCluster(kube_cluster.settings("reader")).read([VPC_KIND, foreign])
    assert [key.name for key in live.objects] == ["vpc-1"]
    assert set(live.unknown) == {(foreign.group, foreign.kind)}


def test_a_reader_may_not_write(kube_cluster: KubeCluster) -> None:
    outcome = only(list(KubernetesCluster(kube_cluster.settings("reader")).write([change(manifest())])))
    assert isinstance(outcome, Refused)
    assert outcome.refusal is Refusal.FORBIDDEN
    assert kube_cluster.get(VPC_KIND, "vpc-1") is None


def test_b35_an_expired_token_is_one_request_and_an_error(kube_cluster: KubeCluster, tmp_path: Path) -> None:
    asked: list[str] = []
    settings = changed_kubeconfig(kube_cluster, tmp_path, token="expired")  # noqa: S106 - worth nothing
    side = KubernetesCluster(settings, on_request=lambda method, _: asked.append(method))
    with pytest.raises(UnreachableError, match="401"):
        side.read([VPC_KIND])
    assert asked == ["GET"]


def test_b35_a_certificate_that_is_not_trusted_is_one_request_and_an_error(
    kube_cluster: KubeCluster, tmp_path: Path
) -> None:
    asked: list[str] = []
    settings = changed_kubeconfig(kube_cluster, tmp_path, trusted=False)
    side = KubernetesCluster(settings, on_request=lambda method, _: asked.append(method))
    with pytest.raises(UnreachableError, match=r"not trusted.*verification stays on"):
        side.read([VPC_KIND])
    assert asked == ["GET"]


def changed_kubeconfig(
    cluster: KubeCluster, directory: Path, *, token: str = "", trusted: bool = True
) -> ClusterSettings:
    config = json.loads(cluster.server.kubeconfig.read_text())
    if token:
        config["users"][0]["user"]["token"] = token
    if not trusted:
        del config["clusters"][0]["cluster"]["certificate-authority"]
    path = directory / "kubeconfig"
    path.write_text(json.dumps(config))
    return ClusterSettings(kubeconfig=str(path))


def test_a_created_object_is_ours_by_apply(kube_cluster: KubeCluster) -> None:
    stored(KubernetesCluster(kube_cluster.settings()), manifest())
    assert managers(kube_cluster.get(VPC_KIND, "vpc-1") or {}) == {"hedgehog-gitops": "Apply"}


def test_drift_is_visible_in_managed_fields(kube_cluster: KubeCluster) -> None:
    side = KubernetesCluster(kube_cluster.settings())
    seen = stored(side, manifest())
    someone_patches(kube_cluster, "vpc-1", 2002)
    live = side.read([VPC_KIND]).objects[seen.key].value
    assert "f:vlan" not in owned(live, "hedgehog-gitops")
    assert "f:vlan" in owned(live, "kubectl-edit")


def test_an_apply_takes_a_drifted_field_back(kube_cluster: KubeCluster) -> None:
    side = KubernetesCluster(kube_cluster.settings())
    seen = stored(side, manifest())
    someone_patches(kube_cluster, "vpc-1", 2002)
    drifted = side.read([VPC_KIND]).objects[seen.key]
    assert isinstance(only(list(side.write([change(manifest(), drifted, Action.UPDATE)]))), Written)
    live = kube_cluster.get(VPC_KIND, "vpc-1") or {}
    assert get_path(live, ("spec", "subnets", "default", "vlan")) == 1001
    assert "f:vlan" in owned(live, "hedgehog-gitops")


@pytest.mark.parametrize("place", ["metadata", "spec"])
def test_an_unknown_field_is_refused_at_the_first_attempt(kube_cluster: KubeCluster, place: str) -> None:
    asked: list[str] = []
    side = KubernetesCluster(kube_cluster.settings(), on_request=lambda method, _: asked.append(method))
    value = manifest()
    odd: JsonObject = {**value, place: {**as_object(value[place]), "bogus": "field"}}
    outcome = only(list(side.write([change(odd)])))
    assert isinstance(outcome, Refused)
    assert outcome.refusal is Refusal.INVALID
    assert f".{place}.bogus: field not declared in schema" in outcome.message
    assert asked == ["PATCH"]
    assert kube_cluster.get(VPC_KIND, "vpc-1") is None


def test_a_value_of_the_wrong_type_is_refused_at_the_first_attempt(kube_cluster: KubeCluster) -> None:
    asked: list[str] = []
    side = KubernetesCluster(kube_cluster.settings(), on_request=lambda method, _: asked.append(method))
    outcome = only(list(side.write([change({**manifest(), "spec": {"ipv4Namespace": 7}})])))
    assert isinstance(outcome, Refused)
    assert (outcome.refusal, asked) == (Refusal.INVALID, ["PATCH"])


def test_a_write_to_a_namespace_that_is_not_there_is_not_found(kube_cluster: KubeCluster) -> None:
    value = manifest(namespace="nowhere")
    lost = replace(change(value), key=change(value).key._replace(namespace="nowhere"))
    outcome = only(list(KubernetesCluster(kube_cluster.settings()).write([lost])))
    assert isinstance(outcome, Refused)
    assert outcome.refusal is Refusal.NOT_FOUND


def test_only_the_configured_namespace_is_read(kube_cluster: KubeCluster) -> None:
    stored(KubernetesCluster(kube_cluster.settings()), manifest())
    elsewhere = KubernetesCluster(kube_cluster.settings(namespace="kube-system")).read([VPC_KIND])
    assert (elsewhere.objects, elsewhere.unknown) == ({}, {})


def test_a_look_is_one_list_request_per_page_by_the_servers_own_count(kube_cluster: KubeCluster) -> None:
    side = KubernetesCluster(kube_cluster.settings(), page_size=10)
    list(side.write([change(manifest(f"vpc-{number}")) for number in range(25)]))
    lists, requests = lists_counted(kube_cluster), requests_counted(kube_cluster)
    live = side.read(KINDS)
    assert len(live.objects) == 25
    assert live.requests == len(KINDS) + 2
    assert lists_counted(kube_cluster) - lists == live.requests
    assert requests_counted(kube_cluster) - requests == live.requests


def test_the_two_ways_of_looking_agree(kube_cluster: KubeCluster) -> None:
    side = KubernetesCluster(kube_cluster.settings(), page_size=3)
    list(side.write([change(manifest(f"vpc-{number}")) for number in range(10)]))
    status, body = kube_cluster.request("GET", collection_path(VPC_KIND))
    assert status == 200
    names = {str(get_path(as_object(item), ("metadata", "name"))) for item in cast("list[JsonObject]", body["items"])}
    assert {key.name for key in side.read([VPC_KIND]).objects} == names
