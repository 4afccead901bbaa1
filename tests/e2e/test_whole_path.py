"""The whole path on real input: the installed command, a bare git remote, a real API server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from e2e.workspace import Ended, Workspace, make_workspace
from fixtures_cluster import KubeCluster, managers
from hedgehog_gitops.model.kind import BY_DIRECTORY, USER_KINDS
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object

VPCS, SERVERS = BY_DIRECTORY["vpcs"], BY_DIRECTORY["servers"]

EAST = """\
# The address plan of the east hall.
apiVersion: vpc.githedgehog.com/v1beta1
kind: IPv4Namespace
metadata:
  name: default
spec:
  subnets:   # one per tenant group
  - 10.0.0.0/16
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: VLANNamespace
metadata:
  name: default
spec:
  ranges:
  - {from: 1000, to: 2999}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: SwitchGroup
metadata:
  name: pair-1
spec: {}
---
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata:
  name: blue
spec:
  subnets:
    default:
      subnet: 10.0.1.0/24
      vlan: 1001          # agreed with the storage team
      dhcp:
        enable: true
"""
WEST = """\
apiVersion: wiring.githedgehog.com/v1beta1
kind: Server
metadata: {name: west-01, namespace: default}
spec: {description: "first in the west hall"}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Server
metadata: {name: west-02, namespace: default}
spec: {}
"""


@pytest.fixture
def space(tmp_path: Path, installed_command: Path, kube_cluster: KubeCluster) -> Workspace:
    space = make_workspace(tmp_path, command=[str(installed_command)])
    cluster = f"{{context: admin, kubeconfig: {kube_cluster.server.kubeconfig}}}"
    fabrics = [f"  - name: {n}\n    directory: fabrics/{n}\n    cluster: {cluster}\n" for n in ("east", "west")]
    space.write("hedgehog-gitops.yaml", "apiVersion: hedgehog-gitops/v1\nfabrics:\n" + "".join(fabrics))
    space.write("fabrics/east/raw/plan/All Of It.YML", EAST)
    space.write("fabrics/west/raw/servers.yaml", WEST)
    space.push("raw files of two fabrics")
    return space


def test_sync_ingests_in_one_commit_applies_everything_and_a_second_run_does_nothing(
    space: Workspace, kube_cluster: KubeCluster
) -> None:
    """B01, B42: asserted on the remote repository and on the API server."""
    commits = space.remote_commits()

    first = space.run("sync", "--format", "json")

    assert first.code == 0, first.err + first.out
    assert space.remote_commits() == commits + 1
    files = space.remote_files()
    assert not [file for file in files if "/raw/" in file and not file.endswith(".gitkeep")]
    assert "fabrics/east/managed/vpcs/blue.yaml" in files
    assert "# agreed with the storage team" in space.remote_text("fabrics/east/managed/vpcs/blue.yaml")
    stored = kube_cluster.get(VPCS, "blue")
    assert stored is not None
    assert managers(stored) == {"hedgehog-gitops": "Apply"}
    assert names(kube_cluster) == {"IPv4Namespace/default", "VLANNamespace/default", "SwitchGroup/pair-1", "VPC/blue",
                                   "Server/west-01", "Server/west-02"}  # fmt: skip

    head, writes = space.remote_head(), write_requests(kube_cluster)
    second = space.run("sync", "--format", "json")

    assert second.code == 0, second.err
    assert space.remote_head() == head
    assert write_requests(kube_cluster) == writes, "counted by the API server itself"
    assert [each["outcome"] for each in results(second)] == ["unchanged", "unchanged"]


def test_drift_by_another_manager_gives_exit_code_2_and_its_name_and_sync_puts_it_back(
    space: Workspace, kube_cluster: KubeCluster
) -> None:
    assert space.run("sync").code == 0
    path = "/apis/vpc.githedgehog.com/v1beta1/namespaces/default/vpcs/blue?fieldManager=night-shift"
    patch: JsonObject = {"spec": {"subnets": {"default": {"vlan": 1500}}}}
    status, answer = kube_cluster.request("PATCH", path, patch, "application/merge-patch+json")
    assert status == 200, answer
    space.git("pull", "--quiet", "origin", "main")

    plan = space.run("plan", "--detailed-exitcode", "--fabric", "east")

    assert plan.code == 2, plan.err
    assert "night-shift" in plan.out
    assert "spec.subnets.default.vlan: 1500 → 1001" in plan.out
    assert vlan(kube_cluster) == 1500, "a plan writes nothing"

    assert space.run("sync").code == 0
    assert vlan(kube_cluster) == 1001
    assert space.run("plan", "--detailed-exitcode").code == 0


def test_an_unchanged_plan_takes_one_request_per_list_page(space: Workspace, kube_cluster: KubeCluster) -> None:
    assert space.run("sync").code == 0
    space.git("pull", "--quiet", "origin", "main")
    before = all_requests(kube_cluster)

    assert space.run("plan", "--fabric", "west").code == 0

    assert all_requests(kube_cluster) - before == len(USER_KINDS)


def results(done: Ended) -> list[dict[str, str]]:
    value = done.json()
    return list(value.get("runs", [value]))


def names(cluster: KubeCluster) -> set[str]:
    found = set()
    for kind in USER_KINDS:
        path = f"/apis/{kind.group}/{kind.version}/namespaces/default/{kind.plural}"
        for item in as_list(cluster.request("GET", path)[1]["items"]):
            found.add(f"{kind.kind}/{as_object(as_object(item)['metadata'])['name']}")
    return found


def vlan(cluster: KubeCluster) -> object:
    stored = cluster.get(VPCS, "blue")
    assert stored is not None
    subnets = as_object(as_object(stored["spec"])["subnets"])
    return as_object(subnets["default"])["vlan"]


def write_requests(cluster: KubeCluster) -> int:
    return counted(cluster, "POST|PUT|PATCH|APPLY|DELETE")


def all_requests(cluster: KubeCluster) -> int:
    return counted(cluster, "POST|PUT|PATCH|APPLY|DELETE|GET|LIST|WATCH")


def counted(cluster: KubeCluster, verbs: str) -> int:
    """Requests about Hedgehog kinds that the server has counted so far."""
    pattern = rf'^apiserver_request_total\{{[^}}]*group="[^"]*githedgehog[^"]*"[^}}]*verb="(?:{verbs})"[^}}]*\}} (\d+)'
    return sum(int(number) for number in re.findall(pattern, cluster.metrics(), re.MULTILINE))
