"""What every source of files keeps to: in memory, a remote's branch, a local branch, files on disk.

Asserted on the outside: the remote's own listing, the bytes on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from fakes.git_remote import IDENTITY, GitRemote, git, make_remote, write_files
from fakes.memory_source import MemorySource, git_blob
from hedgehog_gitops.adapters.git import LocalBranch, RemoteBranch, worktree_revision
from hedgehog_gitops.adapters.worktree import Worktree
from hedgehog_gitops.model.errors import FileMovedError, PushRejectedError, UsageError
from hedgehog_gitops.model.tree import DeleteFile, FileMode, Published, Tree, TreeChange, TreeEdit, WriteFile
from hedgehog_gitops.ports import Source

Files = Mapping[str, bytes | None]
ONE, TEN = "fabrics/fabric-1", "fabrics/fabric-10"
SEED: dict[str, bytes] = {
    f"{ONE}/managed/vpcs/vpc-1.yaml": b"kind: VPC\r\nname: vpc-1\r\n",
    f"{ONE}/raw/new.yaml": b"kind: VPC\n",
    f"{ONE}/managed/vpcs/.gitkeep": b"",
    f"{TEN}/managed/vpcs/vpc-1.yaml": b"kind: VPC\nname: other\n",
    "README.md": b"\x00\xff not text",
}
VPC, RAW = "managed/vpcs/vpc-1.yaml", "raw/new.yaml"
MOVED = (FileMovedError, PushRejectedError)
STRANGE = (
    "über wald.yaml",
    "a (1).yaml",
    "new\nline.yaml",
    'quo"te\\.yaml',
    "-dash.yaml",
    ":(glob)*.yaml",
    "tab\t.yaml",
)


class World(Protocol):
    """A source, and the other way to the same files that everybody else takes."""

    source: Source

    def outside(self) -> dict[str, bytes]:
        """Every file of the repository with its content, as the outside sees it."""
        ...

    def someone_writes(self, files: Files) -> None:
        """Somebody else writes and (None) deletes files."""
        ...


class MemoryWorld:
    def __init__(self) -> None:
        self.memory = MemorySource(files=dict(SEED))
        self.source: Source = self.memory

    def outside(self) -> dict[str, bytes]:
        return dict(self.memory.files)

    def someone_writes(self, files: Files) -> None:
        self.memory.commit(files)


class RemoteWorld:
    def __init__(self, directory: Path, *options: str) -> None:
        self.remote = make_remote(directory, SEED)
        self.clone = self.remote.clone(directory / "clone", *options)
        self.source: Source = RemoteBranch(self.clone, branch="main")

    def outside(self) -> dict[str, bytes]:
        return contents(self.remote)

    def someone_writes(self, files: Files) -> None:
        self.remote.commit(files)


class LocalWorld:
    def __init__(self, directory: Path) -> None:
        self.checkout = directory / "checkout"
        git(directory, "init", "--quiet", "--initial-branch=main", str(self.checkout))
        self.someone_writes(SEED)
        self.source: Source = LocalBranch(self.checkout)

    def outside(self) -> dict[str, bytes]:
        """The branch's files, which the files on disk must be equal to."""
        assert git(self.checkout, "status", "--porcelain") == b""
        return contents(GitRemote(self.checkout))

    def someone_writes(self, files: Files) -> None:
        write_files(self.checkout, files)
        git(self.checkout, "add", "--all")
        git(self.checkout, "commit", "--quiet", "--message", "by someone else")


class LocalBareWorld:
    def __init__(self, directory: Path) -> None:
        self.remote = make_remote(directory, SEED)
        self.source: Source = LocalBranch(self.remote.bare)

    def outside(self) -> dict[str, bytes]:
        return contents(self.remote)

    def someone_writes(self, files: Files) -> None:
        self.remote.commit(files)


class PlainDirectoryWorld:
    def __init__(self, directory: Path) -> None:
        self.root = directory / "files"
        write_files(self.root, SEED)
        self.source: Source = Worktree(self.root)

    def outside(self) -> dict[str, bytes]:
        found = (path for path in self.root.rglob("*") if ".git" not in path.parts and path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}

    def someone_writes(self, files: Files) -> None:
        write_files(self.root, files)


class CheckoutWorld(PlainDirectoryWorld):
    def __init__(self, directory: Path) -> None:
        self.root = make_remote(directory, SEED).clone(directory / "clone")
        self.source = Worktree(self.root, revision=lambda below: worktree_revision(self.root, below))


REAL: Mapping[str, Callable[[Path], World]] = {
    "remote": RemoteWorld,
    "remote of a bare clone": lambda directory: RemoteWorld(directory, "--bare"),
    "remote of a shallow clone": lambda directory: RemoteWorld(directory, "--depth=1"),
    "local branch": LocalWorld,
    "local branch of a bare repository": LocalBareWorld,
    "plain directory": PlainDirectoryWorld,
    "checkout": CheckoutWorld,
}


@pytest.fixture(autouse=True)
def _no_configuration_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(params=["memory", *REAL])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    return MemoryWorld() if request.param == "memory" else REAL[request.param](tmp_path)


@pytest.fixture(params=REAL)
def real_world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """Where files have modes, and paths can lead elsewhere."""
    return REAL[request.param](tmp_path)


def contents(remote: GitRemote) -> dict[str, bytes]:
    return {path: remote.content(path) for path in remote.listing()}


def below(directory: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        path.removeprefix(f"{directory}/"): data for path, data in files.items() if path.startswith(f"{directory}/")
    }


def data_of(tree: Tree) -> dict[str, bytes | None]:
    return {path: file.data for path, file in tree.files.items()}


def write(tree: Tree, path: str, data: bytes) -> WriteFile:
    there = tree.files.get(path)
    return WriteFile(path=path, data=data, expected=there.blob if there else None)


def delete(tree: Tree, path: str) -> DeleteFile:
    return DeleteFile(path=path, expected=tree.files[path].blob)


def publish(world: World, tree: Tree, *changes: TreeChange) -> Published:
    return world.source.publish([TreeEdit(base=tree, changes=changes)], "a message\n\nwith a body\n")


def test_a_read_gives_every_file_below_the_directory_byte_for_byte(world: World) -> None:
    tree = world.source.read(ONE)
    assert tree.directory == ONE
    assert tree.exists
    assert data_of(tree) == below(ONE, SEED)


def test_a_file_has_the_blob_id_and_size_that_git_gives_it(world: World) -> None:
    for path, file in world.source.read(ONE).files.items():
        data = SEED[f"{ONE}/{path}"]
        assert (file.path, file.blob, file.size) == (path, git_blob(data), len(data))
        assert (file.mode, file.problem) == (FileMode.FILE, "")


def test_b28_a_directory_whose_name_starts_alike_is_another_one(world: World) -> None:
    assert data_of(world.source.read(TEN)) == below(TEN, SEED)
    assert not world.source.read("fabrics/fabric").exists


def test_the_whole_repository_can_be_read(world: World) -> None:
    assert data_of(world.source.read("")) == SEED


def test_a_directory_that_is_not_there_is_said_not_to_exist(world: World) -> None:
    tree = world.source.read("fabrics/none")
    assert (tree.exists, tree.files) == (False, {})


def test_a_read_sees_what_somebody_else_has_written(world: World) -> None:
    world.source.read(ONE)
    world.someone_writes({f"{ONE}/raw/late.yaml": b"late"})
    assert world.source.read(ONE).files["raw/late.yaml"].data == b"late"


def test_b28_publishing_changes_the_named_files_and_not_a_byte_outside(world: World) -> None:
    tree = world.source.read(ONE)
    published = publish(
        world, tree, write(tree, VPC, b"new\r\n"), write(tree, "managed/switches/s.yaml", b"s"), delete(tree, RAW)
    )
    assert published.changed
    expected = SEED | {f"{ONE}/{VPC}": b"new\r\n", f"{ONE}/managed/switches/s.yaml": b"s"}
    del expected[f"{ONE}/{RAW}"]
    assert world.outside() == expected


def test_what_was_published_is_what_is_read_next(world: World) -> None:
    tree = world.source.read(ONE)
    published = publish(world, tree, write(tree, VPC, b"new"), delete(tree, RAW))
    again = world.source.read(ONE)
    assert again.revision == published.revision
    assert data_of(again) == {VPC: b"new", "managed/vpcs/.gitkeep": b""}


def test_changes_of_two_fabrics_are_published_together(world: World) -> None:
    one, ten = world.source.read(ONE), world.source.read(TEN)
    edits = [
        TreeEdit(base=one, changes=(write(one, VPC, b"1"),)),
        TreeEdit(base=ten, changes=(write(ten, VPC, b"10"),)),
    ]
    assert world.source.publish(edits, "two").changed
    assert world.outside() == SEED | {f"{ONE}/{VPC}": b"1", f"{TEN}/{VPC}": b"10"}


def test_a_directory_can_be_made_by_publishing_into_it(world: World) -> None:
    tree = world.source.read("fabrics/none/gitops")
    publish(world, tree, write(tree, "raw/.gitkeep", b""))
    assert world.outside() == SEED | {"fabrics/none/gitops/raw/.gitkeep": b""}


def test_without_changes_nothing_is_published(world: World) -> None:
    tree = world.source.read(ONE)
    for edits in ([], [TreeEdit(base=tree, changes=())]):
        published = world.source.publish(edits, "nothing")
        assert not published.changed
    assert world.outside() == SEED
    assert world.source.read(ONE).revision == tree.revision


def test_b14_a_file_that_somebody_changed_after_the_read_is_theirs(world: World) -> None:
    tree = world.source.read(ONE)
    world.someone_writes({f"{ONE}/{RAW}": b"edited meanwhile"})
    with pytest.raises(MOVED):
        publish(world, tree, write(tree, VPC, b"new"), delete(tree, RAW))
    assert world.outside() == SEED | {f"{ONE}/{RAW}": b"edited meanwhile"}


def test_b14_a_file_that_somebody_made_after_the_read_is_theirs(world: World) -> None:
    tree = world.source.read(ONE)
    world.someone_writes({f"{ONE}/managed/vpcs/two.yaml": b"theirs"})
    with pytest.raises(MOVED):
        publish(world, tree, write(tree, "managed/vpcs/two.yaml", b"ours"), write(tree, VPC, b"new"))
    assert world.outside() == SEED | {f"{ONE}/managed/vpcs/two.yaml": b"theirs"}


def test_a_file_that_somebody_deleted_after_the_read_is_not_brought_back(world: World) -> None:
    tree = world.source.read(ONE)
    world.someone_writes({f"{ONE}/{RAW}": None})
    with pytest.raises(MOVED):
        publish(world, tree, write(tree, RAW, b"new"))
    assert f"{ONE}/{RAW}" not in world.outside()


def test_one_wrong_expectation_holds_back_the_changes_of_all_fabrics(world: World) -> None:
    one, ten = world.source.read(ONE), world.source.read(TEN)
    wrong = WriteFile(path=VPC, data=b"x", expected=git_blob(b"something else"))
    edits = [TreeEdit(base=one, changes=(write(one, VPC, b"1"),)), TreeEdit(base=ten, changes=(wrong,))]
    with pytest.raises(MOVED):
        world.source.publish(edits, "wrong")
    assert world.outside() == SEED


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_file_name_is_read_written_and_deleted_as_it_is(world: World, name: str) -> None:
    world.someone_writes({f"{ONE}/raw/{name}": b"raw"})
    tree = world.source.read(ONE)
    assert tree.files[f"raw/{name}"].data == b"raw"
    publish(world, tree, write(tree, f"managed/{name}", b"managed"), delete(tree, f"raw/{name}"))
    assert world.outside() == SEED | {f"{ONE}/managed/{name}": b"managed"}


def test_writing_what_is_there_already_publishes_nothing(real_world: World) -> None:
    tree = real_world.source.read(ONE)
    published = publish(real_world, tree, write(tree, VPC, SEED[f"{ONE}/{VPC}"]))
    assert (published.changed, published.revision) == (False, tree.revision)


@pytest.mark.parametrize(
    "path", ["../fabric-10/managed/vpcs/vpc-1.yaml", "/etc/passwd", "a/../../x", ".git/config", "a//b", ""]
)
def test_b28_a_path_that_leads_elsewhere_is_refused(real_world: World, path: str) -> None:
    tree = real_world.source.read(ONE)
    with pytest.raises(UsageError):
        publish(real_world, tree, write(tree, VPC, b"new"), WriteFile(path=path, data=b"x", expected=None))
    assert real_world.outside() == SEED


@pytest.mark.parametrize("path", ["raw/new.yaml/below.yaml", "managed/vpcs", "managed"])
def test_a_file_and_a_directory_cannot_have_one_name(real_world: World, path: str) -> None:
    tree = real_world.source.read(ONE)
    with pytest.raises(UsageError):
        publish(real_world, tree, write(tree, VPC, b"new"), WriteFile(path=path, data=b"x", expected=None))
    assert real_world.outside() == SEED
