"""A snapshot of a real API server plans as the server does, with a memory and without one."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from fakes.fabrics import LAB
from fakes.memory_side import MemorySide
from fakes.memory_source import MemorySource
from fakes.memory_state import MemoryState
from fixtures_cluster import KubeCluster, collection_path, object_path
from hedgehog_gitops.adapters.kubernetes import KubernetesCluster
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.adapters.snapshot_cluster import SnapshotCluster, write_snapshot
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.kind import USER_KINDS, WIRING, Kind, find_kind
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Plan, Verdict
from hedgehog_gitops.ports import Side
from hedgehog_gitops.usecases.plan import preview
from hedgehog_gitops.usecases.sides import Sides
from unit.usecases.test_sync import Lab

SERVER = cast("Kind", find_kind(WIRING, "Server"))


def server(name: str, **spec: str) -> JsonObject:
    labels: JsonObject = {"team": "blue"}
    return {
        "apiVersion": SERVER.api_version,
        "kind": "Server",
        "metadata": {"name": name, "labels": labels},
        "spec": cast("JsonObject", spec),
    }


def files(**specs: dict[str, str]) -> dict[str, bytes]:
    homes = {f"fabrics/lab/managed/servers/{name}.yaml": server(name, **spec) for name, spec in specs.items()}
    return {path: to_yaml(value).encode() for path, value in homes.items()} | {"fabrics/lab/README.md": b""}


def test_a_plan_against_a_snapshot_is_the_plan_against_the_server(kube_cluster: KubeCluster, tmp_path: Path) -> None:
    """Issue 5, saved plans: `plan` without a cluster, against a `snapshot`."""
    side = KubernetesCluster(kube_cluster.settings())
    first = files(drift={"description": "A"}, git={"description": "A", "profile": "p"}, gone={"description": "A"})
    lab = Lab({path: text.decode() for path, text in first.items()})
    lab.sides = {"lab": cast("MemorySide", side)}
    lab.sync()
    patch: JsonObject = {"metadata": {"labels": {"theirs": "1"}}, "spec": {"description": "B"}}
    path = f"{object_path(SERVER, 'drift')}?fieldManager=neighbour"
    assert kube_cluster.request("PATCH", path, patch, "application/merge-patch+json")[0] == 200
    assert kube_cluster.request("POST", collection_path(SERVER), server("foreign", description="X"))[0] == 201
    source = MemorySource(
        files(drift={"description": "A"}, git={"description": "A"}, foreign={"description": "Y"}, new={})
    )

    def planned(where: Side, state: MemoryState) -> Plan:
        return preview(LAB, source, Sides(cluster=where), state, package_release(), Limits())[0]

    bases = lab.state.bases("lab", side.name)
    write_snapshot(side.read(USER_KINDS), USER_KINDS, "lab", tmp_path / "seen", bases.values())
    assert SnapshotCluster(tmp_path / "seen", "lab").remembered() == bases
    offline = SnapshotCluster(tmp_path / "seen", "lab")

    for state in (lab.state, MemoryState()):
        there = planned(side, state)
        assert planned(offline, state) == there
        assert {change.key.name: change.verdict for change in there.changes} == {
            "drift": Verdict.DRIFTED,
            "git": Verdict.PENDING,
            "new": Verdict.PENDING,
        }
        assert [held.key.name for held in there.conflicts] == ["foreign"]
