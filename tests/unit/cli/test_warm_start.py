"""A run on files that are known loads nothing that is slow, so that the figures in docs/speed.md cannot rot unseen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generated_fabric import generate_fabric, texts
from hedgehog_gitops.core.layout import managed_path
from hedgehog_gitops.model.kind import KINDS, ObjectKey
from hedgehog_gitops.model.plain import as_object

SLOW = (
    "dataclasses", "datetime", "decimal", "difflib", "email", "git", "inspect", "jsonschema", "jsonschema_rs",
    "kubernetes", "pynetbox", "ruamel", "shutil", "socket", "sqlite3", "tempfile", "yaml",
    "hedgehog_gitops.core.rules.catalogue", "hedgehog_gitops.core.semantics.gateway_room",
    "hedgehog_gitops.core.semantics.wiring_room", "hedgehog_gitops.settings.judge",
)  # fmt: skip
CODE = f"""
import sys
from hedgehog_gitops.cli.main import main
print("CODE", main(sys.argv[1:]), *[name for name in {SLOW!r} if name in sys.modules])
"""
CONFIGURATION = "apiVersion: hedgehog-gitops/v1\nfabrics:\n  - {name: lab, directory: lab}\n"
CHANGED = "lab/managed/vpcs/vpc-00001.yaml"


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """A repository that was validated before, as it is."""
    kinds = {kind.kind: kind for kind in KINDS}
    objects = generate_fabric(vpcs=3, leaves=2)
    for value, text in zip(objects, texts(objects), strict=True):
        kind, name = kinds[str(value["kind"])], str(as_object(value["metadata"])["name"])
        key = ObjectKey(group=kind.group, kind=kind.kind, namespace="default", name=name)
        file = tmp_path / "lab" / managed_path(key)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "hedgehog-gitops.yaml").write_text(CONFIGURATION)
    loaded(tmp_path, "validate")
    return tmp_path


def loaded(root: Path, *words: str) -> set[str]:
    """The slow modules that a command on good files has loaded."""
    environment = {**os.environ, "HEDGEHOG_GITOPS_CACHE_DIR": str(root / "cache")}
    command = [sys.executable, "-c", CODE, *words]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    last = done.stdout.splitlines()[-1].split()
    assert last[:2] == ["CODE", "0"], done.stdout + done.stderr
    return set(last[2:])


def change(root: Path) -> None:
    file = root / CHANGED
    file.write_text(file.read_text() + "# changed\n")


def test_where_nothing_changed_nothing_slow_is_loaded(known: Path) -> None:
    """Issue 4, 3: 0.3 s for a warm run of a large fabric leave no room for them."""
    assert loaded(known, "validate") == set()


def test_the_commit_hook_on_one_changed_file_loads_nothing_slow(known: Path) -> None:
    """Issue 4, 3: neither do 0.2 s for a hook."""
    change(known)
    assert loaded(known, "validate", "--changed", CHANGED) == set()
