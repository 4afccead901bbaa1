"""Writing to disk is all or nothing: whatever stops it, the next start finds the old tree or the new one."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from fakes.git_remote import git, write_files
from hedgehog_gitops.adapters.worktree import Effects, Worktree
from hedgehog_gitops.model.errors import FileMovedError, UnreachableError, UsageError
from hedgehog_gitops.model.tree import DeleteFile, Published, Tree, TreeChange, TreeEdit, WriteFile

OLD = {
    "f/raw/one.yaml": b"1",
    "f/raw/deep/two.yaml": b"2",
    "f/managed/vpcs/a.yaml": b"a",
    "f/managed/vpcs/b.yaml": b"b",
    "other/x.yaml": b"x",
}
NEW = {
    "f/managed/vpcs/a.yaml": b"A",
    "f/managed/vpcs/b.yaml": b"B",
    "f/managed/switches/s/s.yaml": b"s",
    "f/log.yaml": b"log",
    "other/x.yaml": b"x",
}


class Killed(BaseException):
    """The process ends here: nothing may catch this."""


class Deadly:
    """File-system calls that are carried out until one is the last."""

    def __init__(self, survives: int) -> None:
        self.left = survives
        self.effects = Effects(replace=self._replace, unlink=self._unlink)

    def _count(self) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1

    def _replace(self, source: str, target: str) -> None:
        self._count()
        os.replace(source, target)  # noqa: PTH105 - the call that the seam stands for

    def _unlink(self, path: str) -> None:
        self._count()
        os.unlink(path)  # noqa: PTH108 - the call that the seam stands for


@pytest.fixture(params=["plain directory", "checkout", "linked checkout"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    root = tmp_path / "root"
    if request.param != "plain directory":
        git(tmp_path, "init", "--quiet", "root")
    if request.param == "linked checkout":
        git(root, "commit", "--quiet", "--allow-empty", "--message", "first")
        git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
        root = tmp_path / "linked"
    write_files(root, OLD)
    return root


def on_disk(root: Path) -> dict[str, bytes]:
    found = (Path(directory, name) for directory, _, names in os.walk(root) for name in names)
    files = (file for file in found if ".git" not in file.relative_to(root).parts)
    return {str(file.relative_to(root)): file.read_bytes() for file in files}


def leftovers(root: Path) -> list[str]:
    """What of ours is on the disk, wherever it lies."""
    return [str(path) for path in root.parent.rglob("*hedgehog-gitops*")]


def all_changes(tree: Tree) -> tuple[TreeChange, ...]:
    blobs = {path: file.blob for path, file in tree.files.items()}
    new = {path.removeprefix("f/"): data for path, data in NEW.items() if path.startswith("f/")}
    writes = [WriteFile(path=path, data=data, expected=blobs.get(path)) for path, data in new.items()]
    return (*writes, *(DeleteFile(path=path, expected=blobs[path]) for path in blobs if path not in new))


def publish(source: Worktree, tree: Tree | None = None) -> Published:
    base = tree or source.read("f")
    return source.publish([TreeEdit(base=base, changes=all_changes(base))], "m")


def steps_of_a_publication(root: Path) -> int:
    counting = Deadly(10_000)
    publish(Worktree(root, effects=counting.effects))
    return 10_000 - counting.left


STEPS = 13
"""Two journals put in place, four files renamed, two deleted, one journal deleted, and the tries to delete others."""


@pytest.mark.parametrize("survives", range(STEPS))
def test_b06_killed_at_any_step_the_next_start_finds_the_old_or_the_new_tree(root: Path, survives: int) -> None:
    deadly = Deadly(survives)
    killed = False
    try:
        publish(Worktree(root, effects=deadly.effects))
    except Killed:
        killed = True
    Worktree(root).read("f")
    assert on_disk(root) in (OLD, NEW)
    assert leftovers(root) == []
    assert killed or on_disk(root) == NEW


def test_the_kills_above_reach_every_step(root: Path) -> None:
    assert steps_of_a_publication(root) <= STEPS


@pytest.mark.parametrize("survives", range(15))
def test_b06_killed_while_files_are_staged_the_next_start_finds_the_old_or_the_new_tree(
    root: Path, survives: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file and directory is forced to the disk; one of these is the last thing that happens."""
    real = os.fsync
    left = survives

    def deadly(descriptor: int) -> None:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        real(descriptor)

    with monkeypatch.context() as patched, contextlib.suppress(Killed):
        patched.setattr(os, "fsync", deadly)
        publish(Worktree(root))
    Worktree(root).read("f")
    assert on_disk(root) in (OLD, NEW)
    assert leftovers(root) == []


@pytest.mark.parametrize("survives", range(STEPS))
@pytest.mark.parametrize("first", [2, 4, 7])
def test_a_recovery_that_is_killed_too_is_recovered(root: Path, first: int, survives: int) -> None:
    with pytest.raises(Killed):
        publish(Worktree(root, effects=Deadly(first).effects))
    with contextlib.suppress(Killed):
        Worktree(root, effects=Deadly(survives).effects).read("f")
    Worktree(root).read("f")
    assert on_disk(root) in (OLD, NEW)
    assert leftovers(root) == []


def test_once_the_journal_is_complete_the_run_counts_as_done(root: Path) -> None:
    with pytest.raises(Killed):
        publish(Worktree(root, effects=Deadly(2).effects))
    assert {path: data for path, data in on_disk(root).items() if ".hedgehog-gitops" not in path} == OLD
    Worktree(root).read("f")
    assert on_disk(root) == NEW


def test_publishing_too_finishes_what_a_stopped_run_has_left(root: Path) -> None:
    tree = Worktree(root).read("f")
    with pytest.raises(Killed):
        publish(Worktree(root, effects=Deadly(4).effects))
    with pytest.raises(FileMovedError):
        publish(Worktree(root), tree)
    assert on_disk(root) == NEW


def test_what_a_person_edits_between_a_crash_and_the_recovery_is_theirs(root: Path) -> None:
    with pytest.raises(Killed):
        publish(Worktree(root, effects=Deadly(2).effects))
    write_files(root, {"f/managed/vpcs/a.yaml": b"edited", "f/raw/one.yaml": b"edited"})
    Worktree(root).read("f")
    assert on_disk(root) == NEW | {"f/managed/vpcs/a.yaml": b"edited", "f/raw/one.yaml": b"edited"}
    assert leftovers(root) == []


@pytest.mark.parametrize("failing", ["replace", "unlink"])
def test_an_error_after_the_point_of_no_return_is_finished_by_the_next_run(root: Path, failing: str) -> None:
    def full(*_: str) -> None:
        raise OSError(5, "Input/output error")

    def fails_on_files(real: Callable[..., None]) -> Callable[..., None]:
        return lambda *paths: full() if paths[-1].startswith(f"{root}/f/") else real(*paths)

    usual = Effects()
    effects = Effects(
        replace=fails_on_files(usual.replace) if failing == "replace" else usual.replace,
        unlink=fails_on_files(usual.unlink) if failing == "unlink" else usual.unlink,
    )
    with pytest.raises(UnreachableError, match="not all files are written") as caught:
        publish(Worktree(root, effects=effects))
    assert "next run" in caught.value.advice
    with pytest.raises(UnreachableError, match="cannot be finished"):
        Worktree(root, effects=effects).read("f")
    Worktree(root).read("f")
    assert on_disk(root) == NEW


def test_a_disk_that_is_full_before_leaves_the_old_tree(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    tree = Worktree(root).read("f")
    saved = 1
    real = os.fsync

    def sometimes(descriptor: int) -> None:
        nonlocal saved
        if saved <= 0 and stat.S_ISREG(os.fstat(descriptor).st_mode):
            full(descriptor)
        saved -= 1
        real(descriptor)

    monkeypatch.setattr(os, "fsync", sometimes)
    with pytest.raises(UnreachableError, match="nothing was written"):
        publish(Worktree(root), tree)
    assert on_disk(root) == OLD
    assert not (root / "f" / "managed" / "switches").exists()
    assert leftovers(root) == []


def test_b14_a_file_that_changes_while_others_are_staged_stops_everything(root: Path) -> None:
    """The seam's second call puts the complete journal in place; the first one is where a person edits."""

    def edits(source: str, target: str) -> None:
        write_files(root, {"f/raw/one.yaml": b"edited"})
        os.replace(source, target)  # noqa: PTH105 - the call that the seam stands for

    with pytest.raises(FileMovedError, match=r"f/raw/one\.yaml"):
        publish(Worktree(root, effects=Effects(replace=edits)))
    assert on_disk(root) == OLD | {"f/raw/one.yaml": b"edited"}
    assert leftovers(root) == []


def test_b14_a_file_that_changes_at_the_last_moment_is_left_alone_and_said(root: Path) -> None:
    def edits(source: str, target: str) -> None:
        os.replace(source, target)  # noqa: PTH105 - the call that the seam stands for
        if target.endswith("a.yaml"):
            write_files(root, {"f/managed/vpcs/b.yaml": b"edited"})

    with pytest.raises(UnreachableError, match=r"b\.yaml was changed at the same moment"):
        publish(Worktree(root, effects=Effects(replace=edits)))
    assert on_disk(root) == NEW | {"f/managed/vpcs/b.yaml": b"edited"}


def test_permission_bits_of_a_replaced_file_stay(root: Path) -> None:
    (root / "f/managed/vpcs/a.yaml").chmod(0o751)
    publish(Worktree(root))
    assert stat.S_IMODE((root / "f/managed/vpcs/a.yaml").stat().st_mode) == 0o751
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((root / "f/log.yaml").stat().st_mode) == 0o666 & ~umask


def test_only_directories_that_we_emptied_are_removed(root: Path) -> None:
    for name in ("f/raw/was-empty", "f/empty"):
        (root / name).mkdir()
    publish(Worktree(root))
    assert not (root / "f/raw/deep").exists()
    assert (root / "f/raw/was-empty").is_dir()
    assert (root / "f/empty").is_dir()


def test_the_fabric_directory_itself_stays_when_it_is_emptied(root: Path) -> None:
    source = Worktree(root)
    tree = source.read("other")
    change = DeleteFile(path="x.yaml", expected=tree.files["x.yaml"].blob)
    source.publish([TreeEdit(base=tree, changes=(change,))], "m")
    assert list((root / "other").iterdir()) == []


@pytest.mark.parametrize("target", ["../outside", "/etc"])
def test_a_path_through_a_link_is_refused(root: Path, target: str) -> None:
    (root.parent / "outside").mkdir()
    (root / "f" / "link").symlink_to(target if target == "/etc" else "../../outside")
    source = Worktree(root)
    tree = source.read("f")
    before = on_disk(root)
    change = WriteFile(path="link/passwd", data=b"x", expected=None)
    with pytest.raises(UsageError, match="symbolic link"):
        source.publish([TreeEdit(base=tree, changes=(change, *all_changes(tree)[:1]))], "m")
    assert on_disk(root) == before
    assert list((root.parent / "outside").iterdir()) == []


def test_a_link_is_replaced_and_deleted_itself_never_what_it_points_at(root: Path) -> None:
    for name in ("one", "two"):
        (root / "f" / name).symlink_to("../other/x.yaml")
    source = Worktree(root)
    tree = source.read("f")
    changes: tuple[TreeChange, ...] = (
        WriteFile(path="one", data=b"file", expected=tree.files["one"].blob),
        DeleteFile(path="two", expected=tree.files["two"].blob),
    )
    source.publish([TreeEdit(base=tree, changes=changes)], "m")
    assert on_disk(root) == OLD | {"f/one": b"file"}
    assert not (root / "f" / "one").is_symlink()


def test_a_journal_that_names_files_outside_is_not_obeyed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write_files(root, OLD)
    with pytest.raises(Killed):
        publish(Worktree(root, effects=Deadly(2).effects))
    (journal,) = (root / ".hedgehog-gitops").glob("*.json")
    written = json.loads(journal.read_text())
    (tmp_path / "victim").write_bytes(b"v")
    blob = git(tmp_path, "hash-object", str(tmp_path / "victim")).decode().strip()
    written["steps"] = [{"path": "../victim", "before": blob, "staged": ""}]
    journal.write_text(json.dumps(written))
    Worktree(root).read("f")
    assert (tmp_path / "victim").read_bytes() == b"v"
    assert not journal.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"steps": [{"path": 1}], "made": [], "kept": []}'])
def test_a_damaged_journal_is_forgotten(tmp_path: Path, text: str) -> None:
    write_files(tmp_path / "root", OLD)
    with pytest.raises(Killed):
        publish(Worktree(tmp_path / "root", effects=Deadly(1).effects))
    (journal,) = (tmp_path / "root" / ".hedgehog-gitops").glob("*.json")
    journal.write_text(text)
    tree = Worktree(tmp_path / "root").read("f")
    assert {f"f/{path}" for path in tree.files} == {path for path in OLD if path.startswith("f/")}
    assert not journal.exists()


def test_what_is_staged_is_not_read_as_part_of_the_tree(root: Path) -> None:
    write_files(root, {"f/raw/.hedgehog-gitops-ab-1": b"staged by a run that is at work"})
    assert "raw/.hedgehog-gitops-ab-1" not in Worktree(root).read("f").files


def test_a_reader_waits_for_a_writer(root: Path) -> None:
    descriptor = os.open(root, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    read = threading.Event()

    def reads() -> None:
        Worktree(root).read("f")
        read.set()

    reader = threading.Thread(target=reads)
    reader.start()
    assert not read.wait(0.2)
    os.close(descriptor)
    assert read.wait(10)
    reader.join()


def test_of_two_writers_from_one_tree_one_wins(root: Path) -> None:
    tree = Worktree(root).read("f")
    outcomes: list[str] = []

    def write() -> None:
        try:
            publish(Worktree(root), tree)
        except FileMovedError:
            outcomes.append("lost")
        else:
            outcomes.append("won")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["lost", "lost", "lost", "won"]
    assert on_disk(root) == NEW


def test_the_published_revision_is_the_one_after_the_write(root: Path) -> None:
    source = Worktree(root, revision=lambda directory: f"{directory} has {len(on_disk(root))} files")
    assert publish(source) == Published(revision="f has 5 files", changed=True)


def test_two_writes_of_the_same_tree_change_nothing_the_second_time(root: Path) -> None:
    source = Worktree(root)
    publish(source)
    before = {path: (root / path).stat().st_mtime_ns for path in NEW}
    assert not publish(source).changed
    assert {path: (root / path).stat().st_mtime_ns for path in NEW} == before
