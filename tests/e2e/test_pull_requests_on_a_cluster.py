"""The same with a real API server: what a person changed there has a name, and the memory lies in the cluster."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from e2e.github_desk import VPC, opened
from fixtures_cluster import KubeCluster, object_path
from hedgehog_gitops.model.kind import KINDS
from hedgehog_gitops.model.plain import JsonObject

KIND = next(kind for kind in KINDS if kind.kind == "VPC")


@pytest.mark.server
def test_plan_approval_apply_and_drift(kube_cluster: KubeCluster, tmp_path: Path) -> None:
    """Issue 8, it must show 1: against a real kube-apiserver and a real bare git remote."""
    cluster = f"{{kubeconfig: {kube_cluster.server.kubeconfig}, context: admin}}"
    with opened(tmp_path, cluster) as desk:
        assert desk.run("push", command="apply", approval="none").outputs["creates"] == "38"
        desk.edit(VPC, "vlan: 1002", "vlan: 1500")
        desk.store(desk.run("pull_request", desk.pull_request(7), command="plan"))
        assert "1 to update" in desk.comments(7)[0]
        desk.merge(7)
        ran = desk.run("push", command="apply")
        assert (ran.code, ran.outputs["updates"]) == (0, "1"), ran.raw
        path = f"{object_path(KIND, 'data')}?fieldManager=night-shift"
        patch: JsonObject = {"spec": {"subnets": {"default": {"vlan": 1042}}}}
        assert kube_cluster.request("PATCH", path, patch, "application/merge-patch+json")[0] == 200
        found = desk.run("schedule", command="drift", fail_on="drift")
        assert (found.code, found.outputs["drift"]) == (2, "1"), found.raw
        (issue,) = desk.hub.issues.values()
        assert re.search(r"drifted by night-shift at \S+; was <code>1500</code>", issue["body"])
        assert "last good run 0 minutes ago" in issue["body"]
        assert desk.run("push", command="apply", approval="none").code == 0
        desk.run("schedule", command="drift")
        assert issue["state"] == "closed"
