"""A look at one revision: any of them, in any clone, and nothing that is odd goes unmentioned."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.git_remote import IDENTITY, GitRemote, git, make_remote
from hedgehog_gitops.adapters.git import Commit
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import UnreachableError, UsageError
from hedgehog_gitops.model.tree import FileMode, SourceFile, TreeEdit


@pytest.fixture(autouse=True)
def _no_configuration_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def remote(tmp_path: Path) -> GitRemote:
    made = make_remote(tmp_path, {"f/a.yaml": b"1"})
    made.commit({"f/a.yaml": b"2"})
    return made


def with_entry(remote: GitRemote, mode: str, blob: str, path: bytes) -> None:
    """Add an entry to main that a checkout could not hold, or not everywhere."""
    inner = git(remote.bare, "ls-tree", "-z", "main:f") + f"{mode} {_type(mode)} {blob}\t".encode() + path + b"\0"
    below = git(remote.bare, "mktree", "-z", "--missing", data=inner).decode().strip()
    tree = git(remote.bare, "mktree", "-z", data=f"040000 tree {below}\tf\0".encode()).decode().strip()
    commit = git(remote.bare, "commit-tree", tree, "-p", "main", "-m", "x").decode().strip()
    git(remote.bare, "update-ref", "refs/heads/main", commit)


def _type(mode: str) -> str:
    return "commit" if mode == "160000" else "blob"


def stored(remote: GitRemote, data: bytes) -> str:
    return git(remote.bare, "hash-object", "-w", "--stdin", data=data).decode().strip()


def only(root: Path, path: str, limits: Limits = Limits()) -> SourceFile:  # noqa: B008 - a frozen value
    return Commit(root, "main", limits).read("f").files[path]


@pytest.mark.parametrize(("revision", "data"), [("HEAD", b"2"), ("HEAD~1", b"1"), ("main", b"2"), ("first", b"1")])
def test_any_name_of_a_commit_can_be_read_in_a_bare_repository(remote: GitRemote, revision: str, data: bytes) -> None:
    git(remote.bare, "tag", "-a", "-m", "x", "first", "main~1")
    tree = Commit(remote.bare, revision).read("f")
    assert tree.files["a.yaml"].data == data
    assert tree.revision == git(remote.bare, "rev-parse", f"{revision}^{{commit}}").decode().strip()


def test_the_files_on_disk_do_not_matter(remote: GitRemote, tmp_path: Path) -> None:
    clone = remote.clone(tmp_path / "clone")
    (clone / "f" / "a.yaml").write_bytes(b"edited")
    assert Commit(clone, "HEAD").read("f").files["a.yaml"].data == b"2"


def test_every_read_looks_at_the_same_commit(remote: GitRemote) -> None:
    commit = Commit(remote.bare, "main")
    first = commit.read("f")
    remote.commit({"f/a.yaml": b"3"})
    assert commit.read("f") == first


def test_a_shallow_clone_has_its_tip_and_says_that_the_rest_is_not_there(remote: GitRemote, tmp_path: Path) -> None:
    shallow = remote.clone(tmp_path / "shallow", "--depth=1")
    assert Commit(shallow, "HEAD").read("f").files["a.yaml"].data == b"2"
    with pytest.raises(UnreachableError, match="no commit 'HEAD~1'") as caught:
        Commit(shallow, "HEAD~1").read("f")
    assert "fetch" in caught.value.advice


@pytest.mark.parametrize("revision", ["none", "", "--all", "HEAD:f", "0" * 40, "a b", "$(id)"])
def test_what_names_no_commit_is_said(remote: GitRemote, revision: str) -> None:
    with pytest.raises(UnreachableError, match="no commit"):
        Commit(remote.bare, revision).read("f")


def test_a_commit_cannot_be_written(remote: GitRemote) -> None:
    commit = Commit(remote.bare, "main")
    with pytest.raises(UsageError, match="only be looked at"):
        commit.publish([TreeEdit(base=commit.read("f"), changes=())], "m")


def test_a_large_file_is_listed_and_not_read(remote: GitRemote) -> None:
    remote.commit({"f/big.yaml": b"x" * 11, "f/fits.yaml": b"x" * 10})
    big = only(remote.bare, "big.yaml", Limits(file_bytes=10))
    assert (big.data, big.size) == (None, 11)
    assert "limit of 10" in big.problem
    assert only(remote.bare, "fits.yaml", Limits(file_bytes=10)).data == b"x" * 10


def test_a_submodule_is_listed_as_one(remote: GitRemote) -> None:
    with_entry(remote, "160000", "1" * 40, b"module")
    file = only(remote.bare, "module")
    assert (file.mode, file.blob, file.data) == (FileMode.SUBMODULE, "1" * 40, None)
    assert file.problem


@pytest.mark.parametrize(
    ("target", "leaves"),
    [(b"a.yaml", False), (b"../README", False), (b"../../x", True), (b"/etc/passwd", True), (b"x/../../../y", True)],
)
def test_a_link_is_its_target_and_a_problem_if_it_leaves(remote: GitRemote, target: bytes, leaves: bool) -> None:  # noqa: FBT001 - a column of the table
    with_entry(remote, "120000", stored(remote, target), b"link")
    file = only(remote.bare, "link")
    assert (file.mode, file.data) == (FileMode.SYMLINK, target)
    assert bool(file.problem) is leaves


def test_a_name_that_is_no_text_is_listed_with_a_problem(remote: GitRemote) -> None:
    with_entry(remote, "100644", stored(remote, b"x"), b"caf\xe9.yaml")
    file = only(remote.bare, "caf\\xe9.yaml")
    assert file.data is None
    assert "UTF-8" in file.problem
    file.path.encode()


def test_content_that_the_clone_does_not_have_is_not_taken_for_empty(remote: GitRemote) -> None:
    with_entry(remote, "100644", "2" * 40, b"gone.yaml")
    file = only(remote.bare, "gone.yaml")
    assert file.data is None
    assert "not in this clone" in file.problem


def test_a_file_or_link_is_no_fabric_directory(remote: GitRemote) -> None:
    with_entry(remote, "120000", stored(remote, b"."), b"link")
    for directory in ("f/a.yaml", "f/link"):
        with pytest.raises(UnreachableError, match="is no directory"):
            Commit(remote.bare, "main").read(directory)


def test_an_empty_file_is_not_an_absent_one(remote: GitRemote) -> None:
    remote.commit({"f/empty.yaml": b""})
    assert only(remote.bare, "empty.yaml").data == b""
