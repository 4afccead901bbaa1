"""The action, its real steps run by bash as the runner would run them: inputs reach them by environment only."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2e.test_bad_input import CONFIG, NAMESPACES, VPC
from e2e.workspace import Workspace, make_workspace

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def evaluated(text: str, inputs: dict[str, str]) -> str:
    """The two expressions that the action uses."""
    text = text.replace("${{ github.action_path }}", str(ROOT))
    return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: inputs[found[1]], text)


def run_step(
    step: dict[str, Any], inputs: dict[str, str], workspace: Path, temp: Path
) -> subprocess.CompletedProcess[str]:
    env = {name: evaluated(value, inputs) for name, value in step["env"].items()}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=workspace,
        env={**os.environ, **env, "RUNNER_TEMP": str(temp), "GITHUB_ACTIONS": "true"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def run_action(space: Workspace, temp: Path, **given: str) -> subprocess.CompletedProcess[str]:
    inputs = {name: given.get(name, spec["default"]) for name, spec in ACTION["inputs"].items()}
    install, run = ACTION["runs"]["steps"]
    if not (temp / "hedgehog-gitops").exists():
        installed = run_step(install, inputs, space.work, temp)
        assert installed.returncode == 0, installed.stderr
    return run_step(run, inputs, space.work, temp)


@pytest.fixture(scope="module")
def temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runner")


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    space = make_workspace(tmp_path)
    space.write("hedgehog-gitops.yaml", CONFIG)
    space.write("fabrics/lab/raw/namespaces.yaml", NAMESPACES)
    space.write("fabrics/lab/raw/blue.yaml", VPC)
    space.push()
    return space


def test_a_good_fabric_passes_and_a_bad_one_is_annotated_on_its_line(space: Workspace, temp: Path) -> None:
    good = run_action(space, temp)
    assert good.returncode == 0, good.stderr

    space.write("fabrics/lab/raw/blue.yaml", VPC.replace("vlan:", "vlam:"))
    bad = run_action(space, temp)

    assert bad.returncode == 1
    assert "::error file=fabrics/lab/raw/blue.yaml,line=11," in bad.stdout


def test_a_value_with_spaces_and_commands_in_it_is_only_a_value(space: Workspace, temp: Path) -> None:
    evil = "lab; touch pwned $(touch pwned) `touch pwned`"
    done = run_action(space, temp, fabric=evil)

    assert done.returncode == 64
    assert "no fabric" in done.stderr
    assert not (space.work / "pwned").exists()


def test_sync_runs_as_in_a_checkout(space: Workspace, temp: Path) -> None:
    done = run_action(space, temp, command="sync", format="json")
    assert done.returncode == 0, done.stderr
    assert "fabrics/lab/managed/vpcs/blue.yaml" in space.remote_files()
