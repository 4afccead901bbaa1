"""All workflows, ours and those of examples/, under the linters that know GitHub's rules."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2e.action_runner import ROOT
from servers.kube import ServerUnavailableError
from servers.workflow_tools import find_program

EXAMPLES = sorted(path for path in (ROOT / "examples/workflows").glob("*.yml") if path.name != "gitlab-ci.yml")
OURS = sorted((ROOT / ".github/workflows").glob("*.yml"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs/action.md").read_text(encoding="utf-8")
COMMIT = "0123456789" * 4


def pinned(text: str) -> str:
    """An example as a user has it: with a commit of ours."""
    return text.replace("OWNER/hedgehog-gitops@COMMIT", f"OWNER/hedgehog-gitops@{COMMIT}")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose workflows are the examples and our own, and our action."""
    root = tmp_path_factory.mktemp("repository")
    (root / ".github/workflows").mkdir(parents=True)
    for file in [*EXAMPLES, *OURS]:
        (root / ".github/workflows" / file.name).write_text(pinned(file.read_text(encoding="utf-8")))
    (root / "action.yml").write_text((ROOT / "action.yml").read_text(encoding="utf-8"))
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


def workflows() -> list[str]:
    return [f".github/workflows/{file.name}" for file in [*EXAMPLES, *OURS]]


def done(repository: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)


def test_zizmor_finds_nothing_of_medium_or_higher(repository: Path) -> None:
    """Issue 8, it must show 2."""
    program = str(Path(sys.executable).with_name("zizmor"))
    ran = done(repository, program, "--offline", "--no-progress", "--format", "json", "action.yml", ".github/workflows")
    found = [
        (each["ident"], each["determinations"]["severity"]) for each in json.loads(ran.stdout) if not each["ignored"]
    ]
    assert [each for each in found if each[1] in ("Medium", "High")] == []


@pytest.mark.parametrize("schema", ["github-actions", "github-workflows", "gitlab-ci"])
def test_files_have_the_form_that_the_published_schemas_ask_for(repository: Path, schema: str) -> None:
    """Issue 8, it must show 2."""
    files = {
        "github-actions": ["action.yml"],
        "github-workflows": workflows(),
        "gitlab-ci": ["--data-transform", "gitlab-ci", str(ROOT / "examples/workflows/gitlab-ci.yml")],
    }
    ran = done(
        repository, sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *files[schema]
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_actionlint_finds_nothing(repository: Path) -> None:
    """Issue 8, it must show 2. It knows our action's inputs and outputs too, where a workflow uses it as `./`."""
    try:
        program = str(find_program("actionlint"))
    except ServerUnavailableError as error:
        pytest.skip(str(error))
    ran = done(repository, program, "-no-color", *workflows())
    assert (ran.returncode, ran.stdout) == (0, "")


def uses(file: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every step of a workflow that uses our action, with its job."""
    jobs: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]
    steps = [(job, step) for job in jobs.values() for step in job["steps"]]
    return [(job, step) for job, step in steps if step.get("uses", "").startswith(("OWNER/", "./"))]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_asks_for_inputs_that_there_are_and_for_no_more_than_its_command_needs(file: Path) -> None:
    for job, step in uses(file):
        given = step.get("with", {})
        assert given.keys() <= ACTION["inputs"].keys()
        allowed = {f"{name}: {level}" for name, level in job["permissions"].items()}
        assert allowed <= permissions(given["command"]), f"docs/action.md allows {given['command']} less"
        outputs = re.findall(r"steps\.\w+\.outputs\.([a-z-]+)", file.read_text(encoding="utf-8"))
        assert {*outputs} <= ACTION["outputs"].keys()


def permissions(command: str) -> set[str]:
    """What docs/action.md says that a command needs at most."""
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{command}` |"))
    told = set(re.findall(r"`([a-z-]+: (?:read|write))`", row))
    return told | {"pull-requests: read"} | ({"pull-requests: write"} if "(`write` to comment)" in row else set())


@pytest.mark.parametrize("file", [*EXAMPLES, *OURS], ids=lambda file: file.stem)
def test_no_workflow_runs_what_a_stranger_wrote_with_a_token_that_may_write(file: Path) -> None:
    """Issue 8, scope: never pull_request_target."""
    assert "pull_request_target" not in yaml.safe_load(file.read_text(encoding="utf-8"))[True]
