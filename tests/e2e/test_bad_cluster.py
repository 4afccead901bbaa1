"""A cluster that cannot be used: expired token, no permission, not there, definitions missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from e2e.test_bad_input import NAMESPACES, VPC
from e2e.workspace import Workspace, make_workspace
from fixtures_cluster import DEFINITIONS, KubeCluster, collection_path
from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.core.crd import crd
from hedgehog_gitops.model.kind import BY_DIRECTORY

VPCS = BY_DIRECTORY["vpcs"]
EXTERNALS = BY_DIRECTORY["externals"]

EXTERNAL = """\
apiVersion: vpc.githedgehog.com/v1beta1
kind: External
metadata:
  name: isp
spec:
  ipv4Namespace: default
  inboundCommunity: 65102:5000
  outboundCommunity: 50000:50001
"""


def workspace(tmp_path: Path, kubeconfig: Path, context: str) -> Workspace:
    space = make_workspace(tmp_path)
    space.write(
        "hedgehog-gitops.yaml",
        "apiVersion: hedgehog-gitops/v1\nfabrics:\n  - name: lab\n    directory: fabrics/lab\n"
        f"    cluster: {{context: {context}, kubeconfig: {kubeconfig}}}\n    state: {{backend: sqlite}}\n",
    )
    space.write("fabrics/lab/managed/vpcs/blue.yaml", VPC)
    space.write("fabrics/lab/raw/namespaces.yaml", NAMESPACES)
    space.push()
    return space


def kubeconfig(directory: Path, cluster: KubeCluster, *, token: str = "", server: str = "") -> Path:
    file = directory / "kubeconfig"
    config = json.loads(cluster.server.kubeconfig.read_text())
    for user in config["users"]:
        user["user"]["token"] = token or user["user"]["token"]
    for entry in config["clusters"]:
        entry["cluster"]["server"] = server or entry["cluster"]["server"]
    file.write_text(json.dumps(config))
    return file


def objects(cluster: KubeCluster) -> list[object]:
    status, body = cluster.request("GET", collection_path(VPCS))
    assert status == 200
    items = body["items"]
    assert isinstance(items, list)
    return list(items)


def test_an_expired_token_is_unreachable_is_never_shown_and_nothing_is_written(
    tmp_path: Path, kube_cluster: KubeCluster
) -> None:
    file = kubeconfig(tmp_path, kube_cluster, token="c4n4ry-expired-token")  # noqa: S106 - a canary, not a secret
    space = workspace(tmp_path, file, "admin")

    plan = space.run("plan", "--detailed-exitcode")
    sync = space.run("sync")

    assert plan.code == 69
    assert sync.code == 69
    assert "401" in plan.err + plan.out
    assert "c4n4ry" not in plan.out + plan.err + sync.out + sync.err
    assert objects(kube_cluster) == []


def test_no_permission_is_unreachable_and_says_what_was_forbidden(tmp_path: Path, kube_cluster: KubeCluster) -> None:
    space = workspace(tmp_path, kube_cluster.server.kubeconfig, "nobody")

    plan = space.run("plan", "--detailed-exitcode")

    assert plan.code == 69
    assert "not allowed to list" in plan.err + plan.out


def test_a_reader_can_plan_and_cannot_apply(tmp_path: Path, kube_cluster: KubeCluster) -> None:
    space = workspace(tmp_path, kube_cluster.server.kubeconfig, "reader")

    plan = space.run("plan", "--detailed-exitcode")
    sync = space.run("sync")

    assert plan.code == 2, plan.err
    assert sync.code == 1
    assert "forbidden" in (sync.out + sync.err).lower()
    assert objects(kube_cluster) == []


def test_a_server_that_is_down_is_unreachable(tmp_path: Path, kube_cluster: KubeCluster) -> None:
    file = kubeconfig(tmp_path, kube_cluster, server="https://127.0.0.1:1")
    space = workspace(tmp_path, file, "admin")

    plan = space.run("plan", timeout=60)

    assert plan.code == 69
    assert "127.0.0.1" in plan.err + plan.out


def test_b30_a_missing_definition_is_unknown_and_the_other_kinds_are_applied(
    tmp_path: Path, kube_cluster: KubeCluster, request: pytest.FixtureRequest
) -> None:
    """A 404 on a list is not an empty list: nothing of that kind is created, and the run is not a success."""
    name = f"{EXTERNALS.plural}.{EXTERNALS.group}"
    kube_cluster.request("DELETE", f"{DEFINITIONS}/{name}")
    request.addfinalizer(lambda: put_back(kube_cluster))
    wait_until(kube_cluster, 404)
    space = workspace(tmp_path, kube_cluster.server.kubeconfig, "admin")
    space.write("fabrics/lab/managed/externals/isp.yaml", EXTERNAL)
    space.push()

    plan = space.run("plan", "--format", "json")
    sync = space.run("sync", "--format", "json")

    assert plan.code == 69, plan.err
    assert "External" in json.dumps(plan.json())
    assert sync.code != 0
    assert [each for each in objects(kube_cluster) if isinstance(each, dict)], "the VPC was applied"


def put_back(cluster: KubeCluster) -> None:
    cluster.request("POST", DEFINITIONS, crd(EXTERNALS, PackageSchemas().schema(EXTERNALS)))
    wait_until(cluster, 200)


def wait_until(cluster: KubeCluster, status: int) -> None:
    for _ in range(100_000):
        if cluster.request("GET", collection_path(EXTERNALS))[0] == status:
            return
    pytest.fail(f"externals never answered {status}")
