"""The hooks, by `pre-commit try-repo` on a scratch repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.test_bad_input import CONFIG, NAMESPACES, VPC
from e2e.workspace import AUTHOR, Workspace, make_workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    space = make_workspace(tmp_path)
    space.write("hedgehog-gitops.yaml", CONFIG)
    space.write("fabrics/lab/raw/namespaces.yaml", NAMESPACES)
    space.write("fabrics/lab/raw/blue.yaml", VPC)
    space.git("add", "--all")
    return space


def hook(space: Workspace, home: Path, name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), name, "--all-files", "--verbose"],
        cwd=space.work,
        env={**os.environ, **AUTHOR, "PRE_COMMIT_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.slow
def test_the_validating_hook_passes_a_good_fabric_and_names_the_line_of_a_bad_one(space: Workspace, home: Path) -> None:
    good = hook(space, home, "hedgehog-gitops-validate")
    assert good.returncode == 0, good.stdout + good.stderr

    space.write("fabrics/lab/raw/blue.yaml", VPC.replace("vlan:", "vlam:"))
    space.git("add", "--all")
    bad = hook(space, home, "hedgehog-gitops-validate")

    assert bad.returncode == 1
    assert "fabrics/lab/raw/blue.yaml:11:" in bad.stdout


@pytest.mark.slow
def test_the_normalizing_hook_fails_once_and_passes_when_its_work_is_staged(space: Workspace, home: Path) -> None:
    first = hook(space, home, "hedgehog-gitops-normalize")
    assert first.returncode == 1, first.stdout
    assert (space.work / "fabrics/lab/managed/vpcs/blue.yaml").read_text() == VPC

    space.git("add", "--all")
    assert hook(space, home, "hedgehog-gitops-normalize").returncode == 0
