"""The installed command with what a person may leave out or allow, against webhooks that refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from e2e.real_cluster import BASE, RealCluster, name_of
from e2e.workspace import Workspace, make_workspace
from fakes.fabrics import thing
from fixtures_cluster import KubeCluster
from generated_fabric import texts
from hedgehog_gitops.model.plain import JsonObject
from servers.admission import Admission

FABRIC = [each for each in BASE if "gw-1" not in str(each) and not str(each["kind"]).startswith("Gateway")]
ON_SWITCHES = {"Switch", "Connection", "VPCAttachment", "ExternalAttachment"}
BAD = thing("VPCAttachment", "bad", {"subnet": "nowhere/default", "connection": "server-00001--eslag"})
LAST = thing("Server", "server-00001", {"description": "the only one left"})


@pytest.fixture
def space(tmp_path: Path, installed_command: Path, kube_cluster: KubeCluster) -> Workspace:
    space = make_workspace(tmp_path, command=[str(installed_command)])
    cluster = f"{{context: admin, kubeconfig: {kube_cluster.server.kubeconfig}}}"
    settings = f"fabrics:\n  - {{name: lab, directory: fabric, cluster: {cluster}}}\n"
    space.write("hedgehog-gitops.yaml", "apiVersion: hedgehog-gitops/v1\n" + settings)
    return space


def push(space: Workspace, *objects: JsonObject) -> None:
    """Git says exactly this."""
    space.write("fabric/managed/.gitkeep", "")
    space.git("rm", "--quiet", "-r", "--ignore-unmatch", "fabric")
    space.write("fabric/raw/all.yaml", "---\n".join(texts(objects)))
    space.push()


def pull(space: Workspace) -> None:
    space.git("pull", "--quiet", "origin", "main")


def names(*objects: JsonObject) -> set[str]:
    return set(map(name_of, objects))


def test_a_person_holds_back_and_leaves_out_by_options(
    space: Workspace, kube_cluster: KubeCluster, admission: Admission
) -> None:
    """Issue 5: `--strict`, `--exclude` and `--target`, asserted on the API server."""
    lab = RealCluster(kube_cluster)
    push(space, *FABRIC, BAD)
    assert space.run("sync", "--strict").code == 1
    assert lab.stored == set()

    pull(space)
    push(space, *FABRIC)
    without_switches = [each for each in FABRIC if each["kind"] not in ON_SWITCHES]
    one = space.run("sync", "--exclude", "Switch/*", "--format", "json")
    assert one.code == 0, one.err + one.out
    assert lab.stored == names(*without_switches)
    assert one.json()["status"] == "out_of_sync", "what was left out differs"

    two = space.run("sync", "--target", "Connection/server-00001--eslag")
    assert two.code == 0, two.err + two.out
    added = {"Connection/server-00001--eslag", "Switch/leaf-001", "Switch/leaf-002"}
    assert lab.stored == names(*without_switches) | added
    three = space.run("sync", "--format", "json")
    assert (three.code, three.json()["status"]) == (0, "in_sync"), three.err + three.out
    assert (lab.stored, admission.refused) == (names(*FABRIC), [])


def test_a_person_allows_the_deletions_of_one_plan(
    space: Workspace, kube_cluster: KubeCluster, admission: Admission
) -> None:
    """Issue 5: `--allow-deletes PLAN_ID`, for that plan and no other; asserted on the API server."""
    lab = RealCluster(kube_cluster)
    push(space, *FABRIC)
    assert space.run("sync").code == 0
    pull(space)
    push(space, LAST)
    shown = space.run("plan", "--format", "json").json()
    plan = shown["plans"][0] if "plans" in shown else shown.get("plan", shown)
    space.run("sync", "--allow-deletes", "another-plan")
    assert lab.stored == names(*FABRIC)
    pull(space)
    again = space.run("plan", "--format", "json").json()
    plan = again["plans"][0] if "plans" in again else again.get("plan", again)
    done = space.run("sync", "--allow-deletes", plan["id"])
    assert done.code == 0, done.err + done.out
    assert (lab.stored, admission.refused) == (names(LAST), [])
