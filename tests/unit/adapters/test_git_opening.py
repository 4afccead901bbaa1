"""Which branch is shared, and what the files on disk are equal to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.git_remote import IDENTITY, git, make_remote, write_files
from hedgehog_gitops.adapters.git import LocalBranch, RemoteBranch, open_branch, worktree_revision
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.settings import GitSettings


@pytest.fixture(autouse=True)
def _no_configuration_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return make_remote(tmp_path, {"f/a.yaml": b"a", "f10/a.yaml": b"a"}).clone(tmp_path / "clone")


def head(clone: Path) -> str:
    return git(clone, "rev-parse", "HEAD").decode().strip()


def test_with_a_remote_its_branch_is_shared(clone: Path) -> None:
    assert isinstance(open_branch(clone, GitSettings(), Limits()), RemoteBranch)


def test_without_any_remote_the_local_branch_is(clone: Path) -> None:
    git(clone, "remote", "remove", "origin")
    assert isinstance(open_branch(clone, GitSettings(), Limits()), LocalBranch)


@pytest.mark.parametrize("remote", ["origin", "upstream"])
def test_a_wrong_name_of_a_remote_does_not_fall_back_to_the_local_branch(clone: Path, remote: str) -> None:
    git(clone, "remote", "rename", "origin", "other")
    with pytest.raises(UnreachableError, match="no remote"):
        open_branch(clone, GitSettings(remote=remote), Limits())


def test_clean_files_are_named_by_their_commit(clone: Path) -> None:
    assert worktree_revision(clone, "f") == head(clone)
    assert worktree_revision(clone, "") == head(clone)


def test_changes_of_another_fabric_do_not_matter(clone: Path) -> None:
    write_files(clone, {"f10/a.yaml": b"edited", "f10/new.yaml": b""})
    assert worktree_revision(clone, "f") == head(clone)
    assert worktree_revision(clone, "") == f"{head(clone)}+worktree"


@pytest.mark.parametrize(
    "files", [{"f/a.yaml": b"b"}, {"f/a.yaml": None}, {"f/new.yaml": b""}, {"f/ignored.yaml": b""}], ids=str
)
def test_any_difference_below_the_directory_is_said(clone: Path, files: dict[str, bytes | None]) -> None:
    (clone / ".git" / "info" / "exclude").write_text("ignored.yaml\n")
    write_files(clone, files)
    assert worktree_revision(clone, "f") == f"{head(clone)}+worktree"


def test_a_root_below_the_top_of_the_clone_counts_from_there(clone: Path) -> None:
    write_files(clone, {"f/deep/new.yaml": b""})
    assert worktree_revision(clone / "f", "deep") == f"{head(clone)}+worktree"
    assert worktree_revision(clone / "f10", "") == head(clone)


def test_without_a_commit_files_are_just_files(tmp_path: Path) -> None:
    assert worktree_revision(tmp_path, "f") == "worktree"
    git(tmp_path, "init", "--quiet", "fresh")
    assert worktree_revision(tmp_path / "fresh", "f") == "worktree"


def test_asking_writes_nothing_into_the_clone(clone: Path) -> None:
    os.utime(clone / "f" / "a.yaml", (1_000_000_000, 1_000_000_000))
    before = (clone / ".git" / "index").read_bytes()
    worktree_revision(clone, "f")
    assert (clone / ".git" / "index").read_bytes() == before


def test_inside_a_git_hook_the_repository_is_still_the_one_asked_for(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git gives its hooks the repository, the files and the index that it is working on."""
    git(tmp_path, "init", "--quiet", "elsewhere")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere" / ".git" / "index"))
    assert worktree_revision(clone, "f") == head(clone)
    write_files(clone, {"f/a.yaml": b"edited"})
    assert worktree_revision(clone, "f") == f"{head(clone)}+worktree"


def test_gitpython_is_loaded_only_where_a_repository_is_opened() -> None:
    program = (
        "import sys, hedgehog_gitops.adapters.worktree, hedgehog_gitops.adapters.git\n"
        "assert 'git' not in sys.modules, 'loaded by an import alone'"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
