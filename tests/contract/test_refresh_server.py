"""Refreshing from a real API server: what it serves of our own definitions is what ships."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from fakes.switch_profiles import shipped_objects
from fixtures_cluster import KubeCluster, collection_path
from hedgehog_gitops.adapters.kubernetes import KubernetesCluster, Patience, read_definitions
from hedgehog_gitops.adapters.package_profiles import PackageProfiles
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.adapters.release_directory import release_in
from hedgehog_gitops.cli.main import main
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import AGENT, KINDS, WIRING, Kind, find_kind
from hedgehog_gitops.model.plain import JsonObject

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = "apiVersion: hedgehog-gitops/v1\nfabrics: [{{name: one, directory: fabric, cluster: {{{}}}}}]\n"


@pytest.fixture
def configured(kube_cluster: KubeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory whose configuration names the server, as admin."""
    (tmp_path / "hedgehog-gitops.yaml").write_text(CONFIGURATION.format(named(kube_cluster, "admin")))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def named(cluster: KubeCluster, user: str) -> str:
    return f"kubeconfig: {cluster.server.kubeconfig}, context: {user}"


def test_the_server_has_the_schemas_that_ship(configured: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (configured / "hedgehog-gitops.yaml").exists()
    assert main(["schema", "--from-cluster", "--check"]) == 0
    assert capsys.readouterr().out == f"{len(KINDS)} compared: no differences\n"


def test_what_is_made_from_the_server_is_what_ships_byte_for_byte(configured: Path) -> None:
    assert main(["schema", "--from-cluster", "-o", "made"]) == 0
    for kind in KINDS:
        name = f"{kind.plural}.json"
        assert (configured / "made" / name).read_bytes() == (ROOT / "schemas" / name).read_bytes()


def test_without_permission_nothing_is_said_about_the_schemas(
    kube_cluster: KubeCluster, configured: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (configured / "hedgehog-gitops.yaml").write_text(CONFIGURATION.format(named(kube_cluster, "reader")))
    assert main(["schema", "--from-cluster", "--check"]) == 69
    assert "allow `get` on customresourcedefinitions" in capsys.readouterr().err


def test_without_a_configuration_the_current_context_is_asked(
    kube_cluster: KubeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KUBECONFIG", str(kube_cluster.server.kubeconfig))
    assert main(["schema", "--from-cluster", "--check"]) == 0


def test_a_kind_that_the_server_does_not_define_is_left_out(kube_cluster: KubeCluster) -> None:
    strange = Kind(group="nowhere.githedgehog.com", kind="Nothing", plural="nothings", version="v1")
    agents = cast("Kind", find_kind(AGENT, "Agent"))
    transport = KubernetesCluster(kube_cluster.settings()).transport
    assert [each["kind"] for each in read_definitions(transport, [strange, agents])] == ["CustomResourceDefinition"]


def test_a_server_that_does_not_answer_in_time_is_unreachable(kube_cluster: KubeCluster) -> None:
    patience = Patience(attempts=1, answer=0.000001, connect=0.000001)
    transport = KubernetesCluster(kube_cluster.settings(), patience=patience).transport
    with pytest.raises(UnreachableError):
        read_definitions(transport, KINDS)


def test_the_profiles_of_the_server_are_compared_and_taken_over(
    kube_cluster: KubeCluster, configured: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profiles = cast("Kind", find_kind(WIRING, "SwitchProfile"))
    for value in shipped_objects():
        status, body = kube_cluster.request("POST", collection_path(profiles), value)
        assert status == 201, body
    assert main(["schema", "--profiles", "--from-cluster", "--check"]) == 0
    assert f"{len(PackageProfiles())} compared: no differences" in capsys.readouterr().out
    assert main(["schema", "--profiles", "--from-cluster", "-o", "made"]) == 0
    assert dict(release_in(configured / "made", package_release()).profiles) == dict(PackageProfiles())

    change: JsonObject = {"spec": {"features": {"mclag": None}, "maxPorts": 7}}
    name = f"{collection_path(profiles)}/{next(iter(PackageProfiles()))}"
    assert kube_cluster.request("PATCH", name, change, "application/merge-patch+json")[0] == 200
    assert main(["schema", "--profiles", "--from-cluster", "--check"]) == 1
    assert ": maxPorts is 7, here not set\n" in capsys.readouterr().out


def test_a_cluster_without_profiles_says_so(configured: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert configured.is_dir()
    assert main(["schema", "--profiles", "--from-cluster", "-o", "made"]) == 64
    assert "the cluster has no SwitchProfile objects" in capsys.readouterr().err
    assert not (configured / "made").exists()


def test_the_server_holds_no_format_to_its_range(kube_cluster: KubeCluster) -> None:
    """So a field of format int32 whose width we do not know is not bounded as an int32: Go may well have a uint32."""
    catalogs = cast("Kind", find_kind(AGENT, "Catalog"))
    value: JsonObject = {
        "apiVersion": catalogs.api_version,
        "kind": "Catalog",
        "metadata": {"name": "one"},
        "spec": {"connectionIDs": {"a": 2**31}},
    }
    assert kube_cluster.request("POST", collection_path(catalogs), value)[0] == 201
