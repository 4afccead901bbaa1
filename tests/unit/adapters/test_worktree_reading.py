"""Files on disk are read as they are: limits, links, permissions, and what is no file at all."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.git_remote import git, write_files
from hedgehog_gitops.adapters.worktree import Worktree, read_paths
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import UnreachableError, UsageError
from hedgehog_gitops.model.tree import DeleteFile, FileMode, SourceFile, TreeEdit, WriteFile


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_files(tmp_path / "root", {"f/a.yaml": b"a", "outside.yaml": b"o"})
    (tmp_path / "secret").write_bytes(b"secret")
    return tmp_path / "root"


def files(root: Path, limits: Limits = Limits()) -> dict[str, SourceFile]:  # noqa: B008 - a frozen value
    return dict(Worktree(root, limits).read("f").files)


def test_paths_come_in_order(root: Path) -> None:
    write_files(root, {"f/z.yaml": b"", "f/b/c.yaml": b"", "f/B.yaml": b"", "f/b.yaml": b""})
    assert list(files(root)) == ["B.yaml", "a.yaml", "b.yaml", "b/c.yaml", "z.yaml"]


def test_blob_ids_are_those_of_git(root: Path) -> None:
    write_files(root, {"f/crlf.yaml": b"a\r\nb\0", "f/empty.yaml": b""})
    git(root, "init", "--quiet")
    for path, file in files(root).items():
        assert file.blob == git(root, "hash-object", "--no-filters", f"f/{path}").decode().strip()


def test_a_file_over_the_limit_is_listed_and_not_read(root: Path) -> None:
    write_files(root, {"f/fits.yaml": b"x" * 10, "f/big.yaml": b"x" * 11})
    found = files(root, Limits(file_bytes=10))
    assert found["fits.yaml"].data == b"x" * 10
    assert (found["big.yaml"].data, found["big.yaml"].size) == (None, 11)
    assert "limit of 10" in found["big.yaml"].problem


def test_a_huge_file_is_not_taken_into_memory(root: Path) -> None:
    """Measured in a process of its own, which may not have more memory than the file is long."""
    with (root / "f" / "huge.yaml").open("wb") as file:
        file.truncate(4 * 1024**3)
    program = (
        "import resource, sys; from pathlib import Path; from hedgehog_gitops.adapters.worktree import Worktree\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1024**3, 1024**3))\n"
        "print(Worktree(Path(sys.argv[1])).read('f').files['huge.yaml'].problem)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(root)], capture_output=True, text=True, check=False)
    assert "more than the limit" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("target", "leaves"),
    [
        ("a.yaml", False),
        ("./a.yaml", False),
        ("../outside.yaml", False),
        ("nowhere", False),
        ("self", False),
        ("../../secret", True),
        ("/etc/passwd", True),
        ("out/passwd", True),
        ("b/../../../secret", True),
    ],
)
def test_a_link_is_its_target_and_a_problem_if_it_leaves(root: Path, target: str, leaves: bool) -> None:  # noqa: FBT001 - a column of the table
    (root / "f" / "out").symlink_to("/etc")
    (root / "f" / "self").symlink_to(target)
    file = files(root)["self"]
    assert (file.mode, file.data, file.size) == (FileMode.SYMLINK, target.encode(), len(target))
    assert bool(file.problem) is leaves


def test_a_link_to_a_directory_is_not_walked_through(root: Path) -> None:
    write_files(root, {"other/x.yaml": b"x"})
    (root / "f" / "inside").symlink_to("../other")
    (root / "f" / "loop").symlink_to(".")
    assert set(files(root)) == {"a.yaml", "inside", "loop"}


def test_a_fabric_directory_behind_a_link_is_refused(root: Path) -> None:
    (root / "link").symlink_to("f")
    write_files(root, {"f/deep/x.yaml": b""})
    for directory in ("link", "link/deep"):
        with pytest.raises(UnreachableError, match="symbolic link"):
            Worktree(root).read(directory)


def test_a_root_behind_a_link_is_fine(root: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(root)
    (root / "f" / "link").symlink_to("a.yaml")
    found = files(tmp_path / "alias")
    assert found == files(root)
    assert found["link"].problem == ""


@pytest.mark.parametrize("directory", ["../root/f", "/etc", "f/..", ".git"])
def test_a_directory_outside_the_root_is_refused(root: Path, directory: str) -> None:
    with pytest.raises(UsageError):
        Worktree(root).read(directory)


def test_a_file_is_no_fabric_directory(root: Path) -> None:
    with pytest.raises(UnreachableError, match="no directory"):
        Worktree(root).read("f/a.yaml")


def test_a_root_that_is_not_there_is_no_empty_fabric(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="no directory"):
        Worktree(tmp_path / "none").read("f")


def test_gits_own_directory_is_not_entered(root: Path) -> None:
    git(root, "init", "--quiet")
    assert set(Worktree(root).read("").files) == {"f/a.yaml", "outside.yaml"}


def test_a_nested_repository_is_listed_as_a_submodule(root: Path) -> None:
    git(root, "init", "--quiet", "f/nested")
    write_files(root, {"f/nested/x.yaml": b"", "f/linked/.git": b"gitdir: elsewhere\n", "f/linked/y.yaml": b""})
    found = files(root)
    assert set(found) == {"a.yaml", "nested", "linked"}
    assert {found[name].mode for name in ("nested", "linked")} == {FileMode.SUBMODULE}
    assert found["nested"].problem


def test_pipes_and_sockets_are_listed_and_not_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root / "f" / "pipe.yaml")
    monkeypatch.chdir(root / "f")  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.yaml")
        found = files(root)
    for name in ("pipe.yaml", "socket.yaml"):
        assert (found[name].mode, found[name].data) == (FileMode.OTHER, None)
        assert found[name].problem


def test_a_name_that_is_no_text_is_listed_with_a_problem(root: Path) -> None:
    Path(os.fsdecode(os.fsencode(root / "f") + b"/caf\xe9.yaml")).write_bytes(b"x")
    file = files(root)["caf\\xe9.yaml"]
    assert file.data is None
    assert "UTF-8" in file.problem


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A root that a user without privileges gets to: pytest's own directories are closed."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        root.chmod(0o777)
        write_files(root, {"f/a.yaml": b"a", "f/closed/b.yaml": b"b"})
        yield root


@contextlib.contextmanager
def without_privileges() -> Iterator[None]:
    """Nobody in particular, if the tests run as root: root may read everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_file_that_may_not_be_read_has_a_problem(open_root: Path) -> None:
    (open_root / "f" / "a.yaml").chmod(0)
    with without_privileges():
        file = files(open_root)["a.yaml"]
    assert file.data is None
    assert "Permission denied" in file.problem


def test_a_directory_that_may_not_be_listed_is_not_taken_for_empty(open_root: Path) -> None:
    (open_root / "f" / "closed").chmod(0)
    with without_privileges(), pytest.raises(UnreachableError, match="Permission denied"):
        files(open_root)
    (open_root / "f" / "closed").chmod(0o755)


def test_a_directory_that_may_not_be_written_keeps_all_its_files(open_root: Path) -> None:
    """One of the two directories can be written, and is not."""
    (open_root / "f").chmod(0o777)
    with without_privileges():
        source = Worktree(open_root)
        tree = source.read("f")
        changes = (
            DeleteFile(path="closed/b.yaml", expected=tree.files["closed/b.yaml"].blob),
            WriteFile(path="n.yaml", data=b"", expected=None),
        )
        with pytest.raises(UnreachableError, match="nothing was written"):
            source.publish([TreeEdit(base=tree, changes=changes)], "m")
        assert source.read("f") == tree


def test_the_revision_is_asked_after_the_files_are_read(root: Path) -> None:
    asked: list[str] = []

    def revision(directory: str) -> str:
        asked.append(directory)
        (root / "f" / "a.yaml").write_bytes(b"later")
        return "abc+worktree"

    tree = Worktree(root, revision=revision).read("f")
    assert (tree.revision, asked, tree.files["a.yaml"].data) == ("abc+worktree", ["f"], b"a")


def test_paths_named_by_hand_keep_their_names(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    write_files(root, {"f/sub/b.yaml": b"b"})
    assert set(read_paths([Path("outside.yaml"), Path("f/")], Limits()).files) == {
        "outside.yaml",
        "f/a.yaml",
        "f/sub/b.yaml",
    }
    assert set(read_paths([Path()], Limits()).files) == {"outside.yaml", "f/a.yaml", "f/sub/b.yaml"}
    absolute = read_paths([root / "outside.yaml"], Limits())
    assert absolute.files[f"{root}/outside.yaml"].data == b"o"
    assert absolute.revision == "worktree"


def test_a_link_named_by_hand_is_followed_and_others_are_not(root: Path) -> None:
    (root / "current").symlink_to("f")
    (root / "current.yaml").symlink_to("f/a.yaml")
    (root / "f" / "link.yaml").symlink_to("a.yaml")
    found = read_paths([root / "current", root / "current.yaml"], Limits()).files
    assert found[f"{root}/current/a.yaml"].data == b"a"
    assert found[f"{root}/current.yaml"].data == b"a"
    assert found[f"{root}/current/link.yaml"].mode is FileMode.SYMLINK


def test_a_path_named_by_hand_that_is_not_there_is_said(root: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.yaml"):
        read_paths([root / "none.yaml"], Limits())
