"""Fights on a real API server, whose record of writers says who the other one is."""

from __future__ import annotations

from typing import cast

from fakes.memory_side import MemorySide
from fakes.memory_source import MemorySource
from fixtures_cluster import KubeCluster, object_path
from hedgehog_gitops.adapters.kubernetes import KubernetesCluster
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.kind import WIRING, Kind, find_kind
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.state import Outcome, SyncResult
from unit.usecases.test_sync import Lab, only

SERVER = cast("Kind", find_kind(WIRING, "Server"))
HOME = "fabrics/lab/managed/servers/web.yaml"


def written(**spec: str) -> str:
    return to_yaml(
        {
            "apiVersion": SERVER.api_version,
            "kind": "Server",
            "metadata": {"name": "web"},
            "spec": cast("JsonObject", spec),
        }
    )


def patched(cluster: KubeCluster, manager: str, **spec: str) -> None:
    path = f"{object_path(SERVER, 'web')}?fieldManager={manager}"
    status, body = cluster.request("PATCH", path, {"spec": cast("JsonObject", spec)}, "application/merge-patch+json")
    assert status == 200, body


def stored(cluster: KubeCluster) -> JsonObject:
    return as_object((cluster.get(SERVER, "web") or {}).get("spec"))


def test_a_fight_with_one_of_two_managers_pauses_its_field_and_no_other(kube_cluster: KubeCluster) -> None:
    """Issue 5, fight detection: A-B-A names both writers and pauses that field only."""
    lab = Lab({HOME: written(description="A", profile="P"), "fabrics/lab/README.md": ""})
    lab.sides = {"lab": cast("MemorySide", KubernetesCluster(kube_cluster.settings()))}

    def sync() -> SyncResult:
        return only(lab.sync(force=True))

    def git_says(**spec: str) -> None:
        lab.source = MemorySource({HOME: written(**spec).encode(), "fabrics/lab/README.md": b""})

    assert sync().outcome is Outcome.APPLIED
    patched(kube_cluster, "stubborn", description="B")
    assert sync().outcome is Outcome.APPLIED
    assert stored(kube_cluster) == {"description": "A", "profile": "P"}

    patched(kube_cluster, "stubborn", description="B")
    patched(kube_cluster, "once", profile="Q")
    result = sync()
    assert stored(kube_cluster) == {"description": "B", "profile": "P"}, "one is paused, the other is put back"
    assert any(
        "fight: stubborn and hedgehog-gitops keep overwriting spec.description" in each for each in result.failures
    )

    git_says(description="A", profile="R")
    assert sync().outcome is Outcome.PARTIAL
    assert stored(kube_cluster) == {"description": "B", "profile": "R"}, "a pause outlasts our other writes"

    git_says(description="C", profile="R")
    assert sync().outcome is Outcome.APPLIED
    assert stored(kube_cluster) == {"description": "C", "profile": "R"}


def test_a_writer_that_counts_up_is_paused_after_three(kube_cluster: KubeCluster) -> None:
    """Issue 5, fight detection: A-B-A-C-A-D-A, and git's next value ends it."""
    lab = Lab({HOME: written(description="A"), "fabrics/lab/README.md": ""})
    lab.sides = {"lab": cast("MemorySide", KubernetesCluster(kube_cluster.settings()))}
    assert only(lab.sync(force=True)).outcome is Outcome.APPLIED
    for number in range(3):
        patched(kube_cluster, "counter", description=str(number))
        assert only(lab.sync(force=True)).outcome is Outcome.APPLIED
        assert stored(kube_cluster) == {"description": "A"}

    patched(kube_cluster, "counter", description="3")
    assert "counter and hedgehog-gitops keep overwriting" in str(only(lab.sync(force=True)).failures)
    assert stored(kube_cluster) == {"description": "3"}

    lab.source = MemorySource({HOME: written(description="E").encode(), "fabrics/lab/README.md": b""})
    assert only(lab.sync(force=True)).outcome is Outcome.APPLIED
    assert stored(kube_cluster) == {"description": "E"}
