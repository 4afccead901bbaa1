"""The hooks as pre-commit and prek install and run them, from a repository that offers them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from e2e.conftest import shared_directory, uv_command
from e2e.workspace import Ended, ended, git

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("src", "schemas", "examples", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
RAW = "fabrics/quickstart/raw/07-attachments.yaml"
SERVERS = "fabrics/quickstart/raw/03-servers.yaml"
TENANTS = "fabrics/quickstart/raw/06-tenants.yaml"
VALIDATE, NORMALIZE = "hedgehog-gitops-validate", "hedgehog-gitops-normalize"


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that offers the hooks: what a tag of ours holds."""
    with shared_directory(tmp_path_factory, "hooks") as shared:
        directory = shared / "repository"
        if not directory.exists():
            (part := shared / "part").mkdir()
            for each in PARTS:
                copy = shutil.copytree if (ROOT / each).is_dir() else shutil.copy
                copy(ROOT / each, part / each)
            commit(part)
            part.rename(directory)
    return directory


@dataclass(frozen=True)
class Runner:
    """A program that installs hooks and runs them, with a place of its own for what it makes."""

    command: tuple[str, ...]
    env: Mapping[str, str]

    def run(self, fabric: Path, *arguments: str) -> Ended:
        return ended([*self.command, "run", "--verbose", *arguments], fabric, self.env, 600)

    def try_repository(self, fabric: Path, hooks: Path, *arguments: str) -> Ended:
        return ended([*self.command, "try-repo", "--verbose", str(hooks), *arguments], fabric, self.env, 600)


@pytest.fixture(scope="session", params=["pre-commit", "prek"])
def runner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Both runners of the same hooks; each keeps the environment that it makes, once for a test run."""
    with shared_directory(tmp_path_factory, f"home of {request.param}") as shared:
        home = str(shared)  # both lock it when they install
    if request.param == "pre-commit":
        return Runner((sys.executable, "-m", "pre_commit"), {"PRE_COMMIT_HOME": home})
    path = os.pathsep.join([str(Path(uv_command()).parent), os.environ["PATH"]])
    return Runner((str(Path(sys.executable).parent / "prek"),), {"PREK_HOME": home, "PATH": path})


@pytest.fixture
def fabric(hooks: Path, tmp_path: Path) -> Path:
    """A repository with the quick-start fabric, its mistake corrected, that uses both hooks."""
    work = tmp_path / "work"
    shutil.copytree(ROOT / "examples/quickstart", work)
    (work / RAW).write_text((work / RAW).read_text().replace("web/frontent", "web/frontend"))
    revision = git(hooks, "rev-parse", "HEAD").strip()
    used = {"repo": hooks.as_uri(), "rev": revision, "hooks": [{"id": VALIDATE}, {"id": NORMALIZE}]}
    (work / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [used]}))
    commit(work)
    return work


def commit(directory: Path) -> None:
    git(directory, "init", "--quiet", "--initial-branch=main")
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message", "all")


def staged(fabric: Path) -> Path:
    git(fabric, "add", "--all")
    return fabric


@pytest.mark.slow
def test_the_validating_hook_passes_a_good_fabric(fabric: Path, runner: Runner) -> None:
    done = runner.run(fabric, "--all-files", VALIDATE)
    assert done.code == 0, done.out + done.err
    assert "8 files and 38 objects: no findings" in done.out


@pytest.mark.slow
def test_the_validating_hook_names_the_path_and_line_of_a_mistake(fabric: Path, runner: Runner) -> None:
    (fabric / RAW).write_text((fabric / RAW).read_text().replace("web/frontend", "web/frontent"))
    done = runner.run(staged(fabric), VALIDATE)
    assert done.code == 1
    assert f"{RAW}:15:11: error" in done.out


@pytest.mark.slow
def test_an_older_mistake_in_another_file_does_not_stop_a_commit(fabric: Path, runner: Runner) -> None:
    (fabric / RAW).write_text((fabric / RAW).read_text().replace("web/frontend", "web/frontent"))
    git(staged(fabric), "commit", "--quiet", "--message", "a mistake")
    servers = fabric / SERVERS
    servers.write_text("# Both rows.\n" + servers.read_text())
    done = runner.run(staged(fabric), VALIDATE)
    assert done.code == 0, done.out + done.err
    assert "that the change has nothing to do with" in done.out
    assert runner.run(fabric, "--all-files", VALIDATE).code == 1


@pytest.mark.slow
def test_a_commit_that_only_removes_an_object_is_stopped_by_what_needs_it(fabric: Path, runner: Runner) -> None:
    (fabric / TENANTS).unlink()
    done = runner.run(staged(fabric), VALIDATE)
    assert done.code == 1, done.out + done.err
    assert f"{RAW}:" in done.out
    assert "VATT-010" in done.out


@pytest.mark.slow
def test_a_range_of_commits_is_checked_as_one_change(fabric: Path, runner: Runner) -> None:
    start = git(fabric, "rev-parse", "HEAD").strip()
    (fabric / TENANTS).unlink()
    git(staged(fabric), "commit", "--quiet", "--message", "no tenants")
    assert runner.run(fabric, "--from-ref", start, "--to-ref", "HEAD", VALIDATE).code == 1
    assert runner.run(fabric, "--from-ref", "HEAD", "--to-ref", "HEAD", VALIDATE).code == 0


@pytest.mark.slow
def test_the_normalizing_hook_fails_once_and_passes_when_its_work_is_staged(fabric: Path, runner: Runner) -> None:
    first = runner.run(fabric, "--all-files", NORMALIZE)
    assert first.code == 1, first.out + first.err
    assert "files were modified by this hook" in first.out
    assert (fabric / "fabrics/quickstart/managed/vpcs/web.yaml").exists()
    again = runner.run(staged(fabric), "--all-files", NORMALIZE)
    assert again.code == 0, again.out + again.err


@pytest.mark.slow
def test_a_commit_without_yaml_is_not_normalized_and_passes(fabric: Path, runner: Runner) -> None:
    (fabric / "notes.txt").write_text("no YAML here\n")
    done = runner.run(staged(fabric))
    assert done.code == 0, done.out + done.err
    assert done.out.count("(no files to check)") == 1
    assert not (fabric / "fabrics/quickstart/managed/vpcs/web.yaml").exists()


@pytest.mark.slow
def test_the_hooks_can_be_tried_without_a_configuration_of_them(fabric: Path, hooks: Path, runner: Runner) -> None:
    (fabric / ".pre-commit-config.yaml").unlink()
    (fabric / RAW).write_text((fabric / RAW).read_text().replace("web/frontend", "web/frontent"))
    done = runner.try_repository(staged(fabric), hooks, VALIDATE, "--all-files")
    assert done.code == 1, done.out + done.err
    assert f"{RAW}:15:11: error" in done.out
