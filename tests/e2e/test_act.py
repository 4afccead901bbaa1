"""act as a second opinion: example workflows as GitHub's runner would run them, on this machine without containers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2e.action_runner import INSTALLING, ROOT, use_sources
from e2e.workspace import AUTHOR, Workspace, make_workspace
from servers.github import REPOSITORY, TOKEN, GitHub, running
from servers.kube import ServerUnavailableError
from servers.workflow_tools import find_program

COMMIT = "0123456789" * 4
UPLOAD = "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02"
STUB = {
    "name": "stub",
    "description": "Keeps what it is given.",
    "inputs": {name: {"description": name, "default": ""} for name in ("name", "path", "overwrite")},
    "runs": {
        "using": "composite",
        "steps": [
            {
                "shell": "bash",
                "env": {"NAME": "${{ inputs.name }}", "FILE": "${{ inputs.path }}"},
                "run": 'mkdir -p "$STORE" && cp "$FILE" "$STORE/$NAME.json"',
            }
        ],
    },
}


@dataclass(frozen=True)
class Runner:
    """act with a repository, our action in it, and GitHub's API."""

    program: Path
    space: Workspace
    root: Path
    hub: GitHub

    def run(self, event: str, workflow: str, payload: dict[str, Any] | None = None) -> tuple[int, str]:
        """Run an example for an event; its exit code and log."""
        file = self.root / "event.json"
        file.write_text(json.dumps(payload or {}))
        command = [
            *(str(self.program), event, "-W", f".github/workflows/{workflow}.yml", "-e", str(file)),
            *("-P", "ubuntu-latest=-self-hosted", "-s", f"GITHUB_TOKEN={TOKEN}"),
            *("--local-repository", f"OWNER/hedgehog-gitops@{COMMIT}={self.root / 'action'}"),
            *("--local-repository", f"{UPLOAD}={self.root / 'stub'}"),
            *("--env", f"GITHUB_API_URL={self.hub.url}", "--env", f"STORE={self.root / 'store'}"),
        ]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GIT_"))}
        done = subprocess.run(
            command,
            cwd=self.space.work,
            env={**clean, **AUTHOR, "XDG_CACHE_HOME": str(self.root / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    try:
        program = find_program("act")
    except ServerUnavailableError as error:
        pytest.skip(str(error))
    space = make_workspace(tmp_path)
    shutil.copytree(ROOT / "examples/quickstart", space.work, dirs_exist_ok=True)
    raw = space.work / "fabrics/quickstart/raw/07-attachments.yaml"
    raw.write_text(raw.read_text().replace("web/frontent", "web/frontend"))
    space.write(
        "hedgehog-gitops.yaml",
        "apiVersion: hedgehog-gitops/v1\nfabrics:\n  - name: quickstart\n    directory: fabrics/quickstart\n"
        f"    cluster: {{directory: {tmp_path / 'live'}}}\n    state: {{path: {tmp_path / 'state.sqlite'}}}\n",
    )
    for file in (ROOT / "examples/workflows").glob("*.yml"):
        text = file.read_text(encoding="utf-8").replace("hedgehog-gitops@COMMIT", f"hedgehog-gitops@{COMMIT}")
        space.write(f".github/workflows/{file.name}", text)
    space.push()
    space.git("remote", "set-url", "origin", f"https://github.com/{REPOSITORY}")
    _write_actions(tmp_path)
    with running() as hub:
        yield Runner(program, space, tmp_path, hub)


def _write_actions(root: Path) -> None:
    """Ours with the sources of this checkout in place of what its steps install, and a stub for storing artifacts."""
    definition = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = [each for each in definition["runs"]["steps"] if "run" in each and each["name"] not in INSTALLING]
    for step in steps:
        step["env"]["HEDGEHOG_HOME"] = str(use_sources(root / "temp") / "hedgehog-gitops")
    definition["runs"]["steps"] = steps
    for name, value in (("action", definition), ("stub", STUB)):
        (root / name).mkdir()
        (root / name / "action.yml").write_text(yaml.safe_dump(value, sort_keys=False))


@pytest.mark.slow
def test_push_pull_request_and_schedule(runner: Runner) -> None:
    """Issue 8, it must show 1: act in host mode on push, pull_request and schedule events."""
    code, log = runner.run("push", "check")
    assert code == 0, log
    assert "::set-output:: result=clean" in log
    event = {"pull_request": runner.hub.open_pull(7, head=runner.space.git("rev-parse", "HEAD").strip())}
    code, log = runner.run("pull_request", "plan", event)
    assert code == 0, log
    (comment,) = runner.hub.comments[7]
    assert "38 to create" in comment["body"]
    stored = json.loads((runner.root / "store/hedgehog-gitops-plan-quickstart.json").read_text())
    assert f"::set-output:: plan-id={stored['id']}" in log
    assert runner.space.run("apply", "--yes").code == 0
    vpc = runner.root / "live/vpcs/data.yaml"
    vpc.write_text(vpc.read_text().replace("vlan: 1002", "vlan: 1042"))
    code, log = runner.run("schedule", "drift")
    assert code == 1
    assert re.search("::set-output:: failure-reason=drift", log)
    assert [issue["title"] for issue in runner.hub.issues.values()] == ["Drift in fabric quickstart"]
    assert TOKEN not in log
