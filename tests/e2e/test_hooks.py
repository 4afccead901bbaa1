"""The hooks as pre-commit installs and runs them, from a repository that offers them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
import yaml

from e2e.workspace import Ended, ended, git

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("src", "schemas", "examples", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
RAW = "fabrics/quickstart/raw/07-attachments.yaml"
VALIDATE, NORMALIZE = "hedgehog-gitops-validate", "hedgehog-gitops-normalize"


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that offers the hooks: what a tag of ours holds."""
    directory = tmp_path_factory.mktemp("hooks") / "repository"
    directory.mkdir()
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, directory / part)
    commit(directory)
    return directory


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environment that it makes once for both hooks."""
    return tmp_path_factory.mktemp("pre-commit")


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


def pre_commit(fabric: Path, home: Path, *arguments: str) -> Ended:
    command = [sys.executable, "-m", "pre_commit", "run", "--verbose", *arguments]
    return ended(command, fabric, {"PRE_COMMIT_HOME": str(home)}, 600)


@pytest.mark.slow
def test_the_validating_hook_passes_a_good_fabric(fabric: Path, home: Path) -> None:
    done = pre_commit(fabric, home, "--all-files", VALIDATE)
    assert done.code == 0, done.out + done.err
    assert "8 files and 38 objects: no findings" in done.out


@pytest.mark.slow
def test_the_validating_hook_names_the_path_and_line_of_a_mistake(fabric: Path, home: Path) -> None:
    (fabric / RAW).write_text((fabric / RAW).read_text().replace("web/frontend", "web/frontent"))
    git(fabric, "add", "--all")
    done = pre_commit(fabric, home, "--all-files", VALIDATE)
    assert done.code == 1
    assert f"{RAW}:15:11: error" in done.out


@pytest.mark.slow
def test_the_normalizing_hook_fails_once_and_passes_when_its_work_is_staged(fabric: Path, home: Path) -> None:
    first = pre_commit(fabric, home, "--all-files", NORMALIZE)
    assert first.code == 1, first.out + first.err
    assert "files were modified by this hook" in first.out
    assert (fabric / "fabrics/quickstart/managed/vpcs/web.yaml").exists()
    git(fabric, "add", "--all")
    again = pre_commit(fabric, home, "--all-files", NORMALIZE)
    assert again.code == 0, again.out + again.err


@pytest.mark.slow
def test_a_commit_without_yaml_runs_no_hook(fabric: Path, home: Path) -> None:
    (fabric / "notes.txt").write_text("no YAML here\n")
    git(fabric, "add", "notes.txt")
    done = pre_commit(fabric, home, "--files", "notes.txt")
    assert done.code == 0
    assert done.out.count("Skipped") == len((VALIDATE, NORMALIZE))
