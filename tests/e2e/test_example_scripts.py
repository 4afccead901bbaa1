"""The examples that are no workflow of GitHub's: their own lines, run by a shell in a clone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2e.action_runner import ROOT, Event, QuickAction, use_sources
from e2e.test_workflows import uses
from e2e.workspace import AUTHOR, Workspace, make_workspace

EXAMPLES = ROOT / "examples/workflows"
JOBS: dict[str, Any] = yaml.safe_load((EXAMPLES / "gitlab-ci.yml").read_text(encoding="utf-8"))


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A fabric with the name that the examples have, in a clone of a remote; our command is on PATH."""
    made = make_workspace(tmp_path)
    shutil.copytree(ROOT / "examples/quickstart", made.work, dirs_exist_ok=True)
    config = made.work / "hedgehog-gitops.yaml"
    config.write_text(config.read_text().replace("name: quickstart", "name: prod"))
    raw = made.work / "fabrics/quickstart/raw/07-attachments.yaml"
    raw.write_text(raw.read_text().replace("web/frontent", "web/frontend"))
    made.push()
    use_sources(tmp_path / "temp")
    return made


def shell(space: Workspace, tmp_path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = f"{tmp_path / 'temp/hedgehog-gitops/venv/bin'}:{os.environ['PATH']}"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GIT_"))}
    return subprocess.run(
        command, cwd=space.work, env={**clean, **AUTHOR, "PATH": path}, capture_output=True, text=True, check=False
    )


def test_gitlabs_jobs_check_plan_apply_and_find_nothing_left(space: Workspace, tmp_path: Path) -> None:
    """Issue 8, scope: each example is exercised."""
    for job in ("validate", "plan", "apply", "drift"):
        for line in JOBS[job]["script"]:
            ran = shell(space, tmp_path, "bash", "-euo", "pipefail", "-c", line)
            assert ran.returncode == 0, (job, ran.stdout, ran.stderr)
        files = JOBS[job].get("artifacts", {})
        for file in (*files.get("paths", ()), *files.get("reports", {}).values()):
            assert (space.work / file).is_file()
    assert json.loads((space.work / "plan.json").read_text())["fabric"] == "prod"


def test_cron_syncs_what_is_due_and_nothing_a_minute_later(space: Workspace, tmp_path: Path) -> None:
    """Issue 8, scope: plain cron."""
    script = EXAMPLES / "cron/hedgehog-gitops-sync"
    first = shell(space, tmp_path, str(script), str(space.work))
    assert (first.returncode, "38 created" in first.stdout) == (0, True), first.stderr
    again = shell(space, tmp_path, str(script), str(space.work))
    assert (again.returncode, "skipped" in again.stdout) == (0, True), again.stdout


def test_a_job_a_fabric_comes_out_of_the_matrix(space: Workspace, tmp_path: Path) -> None:
    """Issue 8, scope: a matrix over fabrics from `fabrics --format github-matrix`, as monorepo.yml uses it."""
    listed = json.loads(shell(space, tmp_path, "hedgehog-gitops", "fabrics", "--format", "github-matrix").stdout)
    assert listed == {"include": [{"fabric": "prod", "directory": "fabrics/quickstart"}]}
    action = QuickAction(directory=ROOT, workspace=space.work, temp=tmp_path / "temp")
    (_, checking), (_, planning) = uses(EXAMPLES / "monorepo.yml")
    first = action.run_with(checking["with"], Event("pull_request"))
    assert json.loads(first.outputs["matrix"]) == listed
    for entry in listed["include"]:
        given = {**planning["with"], "fabric": entry["fabric"], "comment": "false"}
        ran = action.run_with(given, Event("pull_request"))
        assert (ran.code, ran.outputs["plan-artifact"]) == (0, "hedgehog-gitops-plan-prod")


def test_the_container_runs_nobodys_root_and_one_release() -> None:
    """It is not built here; what can be read of it is."""
    text = (ROOT / "examples/container/Containerfile").read_text(encoding="utf-8")
    assert "USER 10001" in text
    assert "==${VERSION}" in text
