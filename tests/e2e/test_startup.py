"""What a command loads, as a user has it: the built wheel, in a checkout with a configuration.

`tests/unit/test_layers.py` holds the same for the sources and one file, and that every module can be imported alone.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from e2e.workspace import Ended, ended, git

ROOT = Path(__file__).resolve().parents[2]
RAW = "fabrics/quickstart/raw/07-attachments.yaml"
CLIENTS = frozenset({"kubernetes", "pynetbox", "git", "jsonschema", "rich", "ruamel", "urllib3", "requests"})
IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s*(?P<name>[\w.]+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git checkout of the quick-start fabric, its mistake corrected."""
    work = tmp_path_factory.mktemp("startup") / "checkout"
    shutil.copytree(ROOT / "examples/quickstart", work)
    (work / RAW).write_text((work / RAW).read_text().replace("web/frontent", "web/frontend"))
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "The fabric")
    return work


def start(command: Path, checkout: Path, arguments: str) -> Ended:
    """The installed command with Python's own report of every import on stderr."""
    return ended([str(command), *arguments.split()], checkout, {"PYTHONPROFILEIMPORTTIME": "1"}, 120)


def loaded(done: Ended) -> set[str]:
    """The packages that were imported, by their top name."""
    return {name.partition(".")[0] for name in IMPORTED.findall(done.err)}


@pytest.mark.parametrize(
    "arguments",
    [
        "--help",
        "--version",
        "validate",
        "validate --format json",
        "validate --changed fabrics/quickstart/raw/03-servers.yaml",
        "render",
        "fabrics",
        "rules",
        "schema VPC",
    ],
)
def test_what_only_reads_files_loads_no_client(installed_command: Path, checkout: Path, arguments: str) -> None:
    done = start(installed_command, checkout, arguments)
    assert done.code == 0, done.err
    assert loaded(done) & CLIENTS == set()
    assert "hedgehog_gitops" in loaded(done), "the report of imports was read"


def test_help_loads_neither_the_yaml_library_nor_a_command(installed_command: Path, checkout: Path) -> None:
    done = start(installed_command, checkout, "--help")
    assert loaded(done) & {"yaml", "jsonschema_rs"} == set()
    assert "hedgehog_gitops.cli.check" not in IMPORTED.findall(done.err)


def test_a_missing_reference_is_explained_without_a_client(
    installed_command: Path, checkout: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    shutil.copytree(checkout, work)
    (work / RAW).write_text((work / RAW).read_text().replace("web/frontend", "web/frontent"))
    done = start(installed_command, work, "validate")
    assert done.code == 1
    assert "VATT-010" in done.out
    assert loaded(done) & CLIENTS == set()


def test_a_cluster_on_disk_is_planned_without_the_kubernetes_client(installed_command: Path, checkout: Path) -> None:
    done = start(installed_command, checkout, "plan --detailed-exitcode")
    assert done.code == 2, done.err
    assert loaded(done) & {"kubernetes", "urllib3", "pynetbox", "jsonschema"} == set()
