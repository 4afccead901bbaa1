"""A repository without a remote: the branch moves, the files on disk follow, the user's edits are safe."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.git_remote import IDENTITY, git, write_files
from hedgehog_gitops.adapters.git import LocalBranch
from hedgehog_gitops.model.errors import PushRejectedError, UnreachableError, UsageError
from hedgehog_gitops.model.tree import Published, Tree, TreeEdit, WriteFile


@pytest.fixture(autouse=True)
def _no_configuration_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch=main", "checkout")
    write_files(tmp_path / "checkout", {"f/a.yaml": b"a", "notes.txt": b"n"})
    git(tmp_path / "checkout", "add", "--all")
    git(tmp_path / "checkout", "commit", "--quiet", "--message", "first")
    return tmp_path / "checkout"


def head(checkout: Path, branch: str = "main") -> str:
    return git(checkout, "rev-parse", branch).decode().strip()


def change_a(source: LocalBranch, tree: Tree, data: bytes = b"new") -> Published:
    changes = (
        WriteFile(path="a.yaml", data=data, expected=tree.files["a.yaml"].blob),
        WriteFile(path="b.yaml", data=b"b", expected=None),
    )
    return source.publish([TreeEdit(base=tree, changes=changes)], "ours")


def test_what_is_not_committed_is_not_seen(checkout: Path) -> None:
    write_files(checkout, {"f/a.yaml": b"edited", "f/draft.yaml": b"draft"})
    tree = LocalBranch(checkout).read("f")
    assert {path: file.data for path, file in tree.files.items()} == {"a.yaml": b"a"}


def test_the_files_on_disk_follow_and_other_work_stays(checkout: Path) -> None:
    write_files(checkout, {"notes.txt": b"edited", "untracked.txt": b"u"})
    source = LocalBranch(checkout)
    published = change_a(source, source.read("f"))
    assert head(checkout) == published.revision
    assert (checkout / "f" / "a.yaml").read_bytes() == b"new"
    assert git(checkout, "status", "--porcelain").decode().splitlines() == [" M notes.txt", "?? untracked.txt"]


@pytest.mark.parametrize("path", ["f/a.yaml", "f/b.yaml"], ids=["edited", "in the way"])
@pytest.mark.parametrize("ignored", ["", "b.yaml\n"], ids=["", "ignored"])
def test_edits_that_are_not_committed_are_never_overwritten(checkout: Path, path: str, ignored: str) -> None:
    (checkout / ".git" / "info" / "exclude").write_text(ignored)
    write_files(checkout, {path: b"precious"})
    source = LocalBranch(checkout)
    tree = source.read("f")
    with pytest.raises(UnreachableError, match=path) as caught:
        change_a(source, tree)
    assert "commit" in caught.value.advice
    assert (checkout / path).read_bytes() == b"precious"
    assert head(checkout) == tree.revision


def test_a_branch_that_moved_is_left_where_it_is(checkout: Path) -> None:
    source = LocalBranch(checkout)
    tree = source.read("f")
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "theirs")
    theirs = head(checkout)
    with pytest.raises(PushRejectedError):
        change_a(source, tree)
    assert head(checkout) == theirs


def test_a_branch_that_is_not_checked_out_moves_alone(checkout: Path) -> None:
    git(checkout, "branch", "live")
    source = LocalBranch(checkout, "live")
    published = change_a(source, source.read("f"))
    assert head(checkout, "live") == published.revision
    assert git(checkout, "status", "--porcelain") == b""
    assert (checkout / "f" / "a.yaml").read_bytes() == b"a"


def test_a_repository_without_a_commit_is_not_an_empty_fabric(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main", "fresh")
    with pytest.raises(UnreachableError, match="no commit") as caught:
        LocalBranch(tmp_path / "fresh").read("f")
    assert "first commit" in caught.value.advice


def test_without_a_checked_out_branch_one_must_be_named(checkout: Path) -> None:
    git(checkout, "checkout", "--quiet", "--detach")
    with pytest.raises(UsageError):
        LocalBranch(checkout)
    assert LocalBranch(checkout, "main").read("f").exists


def test_a_run_that_was_stopped_between_files_and_branch_is_finished_by_the_next(checkout: Path) -> None:
    source = LocalBranch(checkout)
    tree = source.read("f")
    write_files(checkout, {"f/a.yaml": b"new", "f/b.yaml": b"b"})
    git(checkout, "add", "--all")
    published = change_a(source, tree)
    assert head(checkout) == published.revision
    assert git(checkout, "status", "--porcelain") == b""
