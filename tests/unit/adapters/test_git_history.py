"""Who changed a file last: in one walk, in any clone, and nothing said rather than something wrong."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from fakes.git_remote import IDENTITY, GitRemote, git, make_remote
from hedgehog_gitops.adapters.git import GitHistory, steps, walking
from hedgehog_gitops.adapters.git.repository import Repository
from hedgehog_gitops.model.history import FileChange, FileVersion


@pytest.fixture(autouse=True)
def _no_configuration_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def remote(tmp_path: Path) -> GitRemote:
    made = make_remote(tmp_path, {"f/a.yaml": b"1", "f/b.yaml": b"1", "f/c.yaml": b"1"})
    made.commit({"f/a.yaml": b"2"})
    made.commit({"f/c.yaml": None})
    return made


def counted(monkeypatch: pytest.MonkeyPatch, only: str = "") -> list[str]:
    """The names of the git commands that run from now on."""
    asked: list[str] = []
    attempt = Repository.attempt

    def counting(self: Repository, arguments: Any, **more: Any) -> Any:
        name = next(each for each in arguments if not each.startswith("-"))
        if only in {"", name}:
            asked.append(name)
        return attempt(self, arguments, **more)

    monkeypatch.setattr(Repository, "attempt", counting)
    return asked


def by(found: FileChange) -> tuple[str, str, bool]:
    return found.author, found.commit, found.is_removal


def commit_of(root: Path, name: str) -> str:
    return git(root, "rev-parse", name).decode().strip()


def test_each_path_has_its_own_last_commit_and_a_removed_one_the_commit_that_removed_it(remote: GitRemote) -> None:
    """Issue 5, reasons and authors: commit and author from git for creates, updates and prunes."""
    found = GitHistory(remote.bare).last_changes(remote.head, ["f/a.yaml", "f/b.yaml", "f/c.yaml", "f/never.yaml"])
    assert {path: by(change) for path, change in found.items()} == {
        "f/a.yaml": ("someone", commit_of(remote.bare, "main~1"), False),
        "f/b.yaml": ("someone", commit_of(remote.bare, "main~2"), False),
        "f/c.yaml": ("someone", commit_of(remote.bare, "main"), True),
    }
    assert found["f/a.yaml"].time[:2] == "20"


def test_paths_count_from_the_directory_that_was_asked(remote: GitRemote, tmp_path: Path) -> None:
    clone = remote.clone(tmp_path / "clone")
    assert list(GitHistory(clone / "f").last_changes(remote.head, ["a.yaml"])) == ["a.yaml"]


def test_a_number_of_paths_is_one_walk(remote: GitRemote, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 5, reasons and authors: never a request for each object."""
    asked = counted(monkeypatch)
    GitHistory(remote.bare).last_changes(remote.head, [f"f/{number}.yaml" for number in range(200)])
    assert sorted(asked) == ["diff-tree", "ls-tree", "rev-list", "rev-parse"]


def test_the_end_of_a_shallow_clone_is_nobodys_change(remote: GitRemote, tmp_path: Path) -> None:
    shallow = remote.clone(tmp_path / "shallow", "--depth=2")
    found = GitHistory(shallow).last_changes(remote.head, ["f/a.yaml", "f/b.yaml", "f/c.yaml"])
    assert list(found) == ["f/c.yaml"], "the boundary commit seems to add everything, and did not"


def test_what_lies_on_disk_alone_is_not_committed_yet(remote: GitRemote, tmp_path: Path) -> None:
    clone = remote.clone(tmp_path / "clone")
    (clone / "f/a.yaml").write_text("3")
    (clone / "f/new.yaml").write_text("1")
    (clone / "f/b.yaml").unlink()
    paths = ["f/a.yaml", "f/b.yaml", "f/c.yaml", "f/new.yaml"]
    found = GitHistory(clone).last_changes(f"{remote.head}+worktree", paths)
    assert {path: by(change) for path, change in found.items()} == {
        "f/a.yaml": ("", "", False),
        "f/b.yaml": ("", "", True),
        "f/c.yaml": ("someone", remote.head, True),
        "f/new.yaml": ("", "", False),
    }


def test_a_merge_names_the_commit_whose_content_won(remote: GitRemote, tmp_path: Path) -> None:
    clone = remote.clone(tmp_path / "clone")
    git(clone, "checkout", "-q", "-b", "side", "HEAD~1")
    (clone / "f/a.yaml").write_text("side")
    git(clone, "commit", "-q", "-am", "on the side")
    git(clone, "checkout", "-q", "main")
    (clone / "f/a.yaml").write_text("main")
    git(clone, "commit", "-q", "-am", "on main")
    won = commit_of(clone, "HEAD")
    git(clone, "merge", "-q", "-s", "ours", "-m", "merged", "side")
    (clone / "f/b.yaml").write_text("x")
    git(clone, "commit", "-q", "-am", "later")
    found = GitHistory(clone).last_changes(commit_of(clone, "HEAD"), ["f/a.yaml", "f/b.yaml"])
    assert found["f/a.yaml"].commit == won


def test_a_merge_that_was_settled_by_hand_is_the_last_change_itself(remote: GitRemote, tmp_path: Path) -> None:
    clone = remote.clone(tmp_path / "clone")
    git(clone, "checkout", "-q", "-b", "side", "HEAD~1")
    git(clone, "commit", "-q", "--allow-empty", "-m", "on the side")
    git(clone, "checkout", "-q", "main")
    git(clone, "merge", "-q", "--no-commit", "--no-ff", "side")
    (clone / "f/a.yaml").write_text("settled")
    git(clone, "commit", "-q", "-am", "merged")
    head = commit_of(clone, "HEAD")
    assert GitHistory(clone).last_changes(head, ["f/a.yaml"])["f/a.yaml"].commit == head


def test_what_changed_too_long_ago_has_no_author(remote: GitRemote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "STEPS", (1, 1))
    assert list(GitHistory(remote.bare).last_changes(remote.head, ["f/a.yaml", "f/b.yaml"])) == ["f/a.yaml"]


def test_the_walk_ends_where_every_path_is_found(remote: GitRemote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "STEPS", (1, 1, 1))
    steps = counted(monkeypatch, "diff-tree")
    GitHistory(remote.bare).last_changes(remote.head, ["f/a.yaml", "f/c.yaml"])
    assert len(steps) == 2


@pytest.mark.parametrize(
    "setting", ["log.follow=true", "log.showSignature=true", "diff.relative=true", "color.ui=always"]
)
def test_settings_of_the_user_change_nothing(remote: GitRemote, tmp_path: Path, setting: str) -> None:
    clone = remote.clone(tmp_path / "clone")
    git(clone, "config", *setting.split("="))
    assert list(GitHistory(clone / "f").last_changes(remote.head, ["a.yaml"])) == ["a.yaml"]


@pytest.mark.parametrize("name", ["a b.yaml", "häuser.yaml", ":(glob)*.yaml", "-x.yaml", "tab\t.yaml"])
def test_odd_names_are_plain_names(remote: GitRemote, name: str) -> None:
    head = remote.commit({f"f/{name}": b"1"})
    assert by(GitHistory(remote.bare).last_changes(head, [f"f/{name}"])[f"f/{name}"]) == ("someone", head, False)


@pytest.mark.parametrize("revision", ["worktree", "0" * 40, "--all"])
def test_what_cannot_be_walked_names_nobody(remote: GitRemote, revision: str) -> None:
    assert GitHistory(remote.bare).last_changes(revision, ["f/a.yaml"]) == {}


def test_where_there_is_no_repository_nobody_is_named(tmp_path: Path) -> None:
    assert GitHistory(tmp_path).last_changes("0" * 40, ["f/a.yaml"]) == {}


def test_a_damaged_repository_names_nobody(remote: GitRemote, tmp_path: Path) -> None:
    clone = remote.clone(tmp_path / "clone")
    shutil.rmtree(clone / ".git" / "objects")
    os.mkdir(clone / ".git" / "objects")  # noqa: PTH102
    assert GitHistory(clone).last_changes(remote.head, ["f/a.yaml"]) == {}


def seen(root: Path, revision: str, directory: str = "f") -> list[tuple[str, list[list[str]], list[str]]]:
    """Author, and names with contents before and after, of each step."""

    def told(files: tuple[FileVersion, ...]) -> list[str]:
        return [f"{each.path}={each.data.decode()}" for each in files]

    steps = GitHistory(root).steps(revision, directory)
    return [(each.change.author, [told(files) for files in each.before], told(each.after)) for each in steps]


def test_steps_tell_what_each_commit_replaced_and_left(remote: GitRemote) -> None:
    """Issue 5, reasons and authors: who took an object out of a file of several is read from versions of it."""
    assert seen(remote.bare, remote.head) == [
        ("someone", [["f/c.yaml=1"]], []),
        ("someone", [["f/a.yaml=1"]], ["f/a.yaml=2"]),
        ("someone", [[]], ["f/a.yaml=1", "f/b.yaml=1", "f/c.yaml=1"]),
    ]


def test_steps_are_of_manifests_that_objects_are_taken_from(remote: GitRemote) -> None:
    paths = ("f/unmanaged/u.yaml", "f/.hnp/log.yaml", "f/README.md", "other/x.yaml", "f/raw/r.json")
    head = remote.commit(dict.fromkeys(paths, b"1"))
    assert seen(remote.bare, head)[0] == ("someone", [[]], ["f/raw/r.json=1"])


def test_steps_begin_with_what_is_not_committed_yet(remote: GitRemote, tmp_path: Path) -> None:
    clone = remote.clone(tmp_path / "clone")
    (clone / "f/a.yaml").write_text("3")
    (clone / "f/b.yaml").unlink()
    (clone / "f/new.yaml").write_text("1")
    first = ("", [["f/a.yaml=2", "f/b.yaml=1"]], ["f/a.yaml=3", "f/new.yaml=1"])
    assert seen(clone, f"{remote.head}+worktree")[0] == first
    assert seen(clone / "f", f"{remote.head}+worktree", "")[0] == first


def test_a_merge_has_what_each_parent_had(remote: GitRemote, tmp_path: Path) -> None:
    clone = remote.clone(tmp_path / "clone")
    git(clone, "checkout", "-q", "-b", "side", "HEAD~1")
    (clone / "f/a.yaml").write_text("side")
    git(clone, "commit", "-q", "-am", "on the side")
    git(clone, "checkout", "-q", "main")
    git(clone, "merge", "-q", "--no-commit", "--no-ff", "side")
    (clone / "f/a.yaml").write_text("settled")
    git(clone, "commit", "-q", "-am", "merged")
    assert seen(clone, commit_of(clone, "HEAD"))[0][1:] == ([["f/a.yaml=2"], ["f/a.yaml=side"]], ["f/a.yaml=settled"])


def test_steps_end_where_there_is_too_much_to_read(remote: GitRemote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "MOST_BYTES", 3)
    assert len(seen(remote.bare, remote.head)) == 2
    monkeypatch.setattr(steps, "MOST_BYTES", 0)
    assert seen(remote.bare, remote.head) == []


@pytest.mark.parametrize("revision", ["worktree", "0" * 40, "--all"])
def test_there_are_no_steps_where_nothing_can_be_walked(remote: GitRemote, revision: str) -> None:
    assert seen(remote.bare, revision) == []
