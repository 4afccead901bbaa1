"""`doctor` against a real API server, as users who may do everything, read only, and nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fixtures_cluster import KubeCluster
from hedgehog_gitops.cli.main import main
from hedgehog_gitops.core.looking import is_compared
from hedgehog_gitops.model.kind import USER_KINDS
from hedgehog_gitops.model.settings import Fabric

CONFIGURATION = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - {{name: one, directory: fabric, cluster: {{kubeconfig: {file}, context: {user}}}, prune: {{enabled: {prune}}}}}
"""
KINDS = [kind for kind in USER_KINDS if is_compared(Fabric(name="one", directory="fabric"), kind)]


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def examined(
    directory: Path, capsys: pytest.CaptureFixture[str], file: object, user: str, prune: str = "false"
) -> tuple[int, dict[str, Any], dict[tuple[str, str], str]]:
    """The exit code, the whole result, and what is not well: check and severity with the message."""
    (directory / "hedgehog-gitops.yaml").write_text(CONFIGURATION.format(file=file, user=user, prune=prune))
    code = main(["doctor", "--format", "json"])
    value = json.loads(capsys.readouterr().out)
    mine = [found for found in value["findings"] if found["fabric"] == "one" and found["severity"] != "ok"]
    assert all(found["advice"] for found in mine)
    return (
        code,
        value,
        {
            (f"{found['check']}: {found['message'].split(' is not ')[0]}", found["severity"]): found["message"]
            for found in mine
        },
    )


def test_whoever_may_do_everything_is_told_that_all_is_well(
    kube_cluster: KubeCluster, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Issue 6, scope: doctor: reachability, versions, permissions needed and held, clock skew, each with advice."""
    code, value, wrong = examined(directory, capsys, kube_cluster.server.kubeconfig, "admin")
    checks = {found["check"] for found in value["findings"] if found["severity"] == "ok"}
    assert (code, value["ok"], wrong) == (0, True, {})
    assert checks == {"configuration", "cluster", "clock", "permissions", "state"}
    assert value["versions"]["cluster of one"].startswith("v1.")
    (objects,) = [found["message"] for found in value["findings"] if found["message"].startswith("objects: ")]
    assert objects == f"objects: list, get, create, patch, delete on {len(KINDS)} kinds of resources are held"


def test_whoever_may_only_read_is_told_what_is_missing_and_where(
    kube_cluster: KubeCluster, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, value, wrong = examined(directory, capsys, kube_cluster.server.kubeconfig, "reader")
    assert (code, value["ok"]) == (1, False)
    assert {key for key in wrong if not key[0].startswith("state: ")} == {
        ("permissions: objects: create", "error"),
        ("permissions: objects: patch", "error"),
        ("permissions: objects: delete", "warning"),
        *((f"permissions: state and lock: {verb}", "error") for verb in ("get", "list", "create", "update", "delete")),
    }
    patched = wrong["permissions: objects: patch", "error"]
    assert all(f"{kind.plural}.{kind.group}" in patched for kind in KINDS)
    assert any(key[0].startswith("state: ") for key in wrong)


def test_to_delete_is_an_error_where_prune_is_on(
    kube_cluster: KubeCluster, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, wrong = examined(directory, capsys, kube_cluster.server.kubeconfig, "reader", "true")
    assert ("permissions: objects: delete", "error") in wrong


def test_b20_expired_credentials_and_a_server_that_is_not_there_are_unreachable_with_advice(
    kube_cluster: KubeCluster, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = kube_cluster.server.kubeconfig.read_text()
    expired, gone = directory / "expired", directory / "gone"
    expired.write_text(text.replace(kube_cluster.server.tokens["admin"], "expired"))
    gone.write_text(text.replace(kube_cluster.server.url, "https://127.0.0.1:1"))
    first, _, wrong = examined(directory, capsys, expired, "admin")
    assert any(key[0].startswith("cluster: ") and "(401)" in message for key, message in wrong.items())
    second, _, _ = examined(directory, capsys, gone, "admin")
    assert (first, second) == (1, 1)  # the state is kept in the cluster too, and cannot be used
    (directory / "hedgehog-gitops.yaml").write_text(
        CONFIGURATION.format(file=gone, user="admin", prune="false").replace(
            "prune:", "state: {backend: sqlite}, prune:"
        )
    )
    assert main(["doctor"]) == 69


def test_requests_for_objects_state_and_lock_are_counted(
    kube_cluster: KubeCluster, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Issue 6, scope: metrics: request counts."""
    examined(directory, capsys, kube_cluster.server.kubeconfig, "admin")
    main(["init"])
    assert main(["sync", "--metrics", "one.prom"]) == 0
    lines = (directory / "one.prom").read_text().splitlines()
    prefix = 'hedgehog_gitops_requests_total{fabric="one",method='
    counted = {
        line.removeprefix(prefix).split('"')[1]: int(line.split()[-1]) for line in lines if line.startswith(prefix)
    }
    assert counted["GET"] >= len(KINDS)
    assert counted["POST"] >= 2  # the first run makes the lease and the state
