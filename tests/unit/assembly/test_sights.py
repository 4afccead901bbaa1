"""The cheap look of schedulers: git's head by one question, and the stamps of a side that is a directory."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from fakes.git_remote import GitRemote, git, make_remote
from hedgehog_gitops.adapters.directory_cluster import directory_version
from hedgehog_gitops.adapters.git import LocalBranch, RemoteBranch
from hedgehog_gitops.adapters.git.repository import Ended, Repository
from hedgehog_gitops.assembly import sights
from hedgehog_gitops.assembly.configuration import load_settings
from hedgehog_gitops.assembly.sights import see, see_one
from hedgehog_gitops.model.seen import Seen

CONFIGURATION = b"""\
apiVersion: hedgehog-gitops/v1
fabrics:
  - {name: lab, directory: fabrics/lab, cluster: {directory: live}}
  - {name: real, directory: fabrics/real, cluster: {kubeconfig: nowhere}}
"""


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRemote:
    remote = make_remote(tmp_path, {"hedgehog-gitops.yaml": CONFIGURATION})
    monkeypatch.chdir(remote.clone(tmp_path / "clone"))
    return remote


def test_git_is_asked_once_for_all_fabrics_and_fetches_nothing(
    remote: GitRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 6, scope: the head is asked for by one `ls-remote` per repository and tick."""
    asked: list[str] = []
    attempt = Repository.attempt

    def heard(repository: Repository, arguments: Sequence[str], **more: Any) -> Ended:
        asked.append(arguments[0])
        return attempt(repository, arguments, **more)

    monkeypatch.setattr(Repository, "attempt", heard)
    settings = load_settings()
    before = see(settings.fabrics, settings)
    commit = remote.commit({"README.md": b"new"})
    after = see(settings.fabrics, settings)
    assert {each.head for each in after.values()} == {commit}
    assert {each.head for each in before.values()} != {commit}
    assert (asked.count("ls-remote"), asked.count("fetch")) == (2, 0)
    assert after["real"].sides == {}, "nothing cheap says that a real cluster has moved"


def test_what_cannot_be_asked_is_unknown(remote: GitRemote, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    Path("live").write_text("no directory")
    remote.bare.rename(remote.bare.with_name("gone"))
    assert see_one(settings.fabrics[0], settings) == Seen()
    monkeypatch.setattr(sights, "in_git", lambda _: False)
    assert see_one(settings.fabrics[1], settings) == Seen()


def test_a_branch_is_told_from_one_whose_name_ends_alike(remote: GitRemote, tmp_path: Path) -> None:
    first, clone = remote.head, remote.clone(tmp_path / "other")
    remote.commit({"a": b"a"})
    git(remote.bare, "update-ref", "refs/heads/refs/heads/main", first)
    assert RemoteBranch(clone, branch="main").head() == remote.head != first
    assert LocalBranch(clone).head() == first


def test_the_version_of_a_directory_moves_with_every_file_and_with_nothing_else(tmp_path: Path) -> None:
    """Issue 6, scope: a side's recorded version."""
    root = tmp_path / "live"
    seen = [directory_version(root)]
    (root / "vpcs").mkdir(parents=True)
    assert directory_version(root) == seen[0]
    file = root / "vpcs" / "a.yaml"
    changes: tuple[Callable[[], object], ...] = (
        lambda: file.write_text("a"),
        lambda: os.utime(file, ns=(0, 5)),
        lambda: (root / "vpcs" / "b.yaml").write_text("a"),
        (root / "vpcs" / "b.yaml").unlink,
    )
    for change in changes:
        change()
        seen.append(directory_version(root))
    assert len({*seen}) == 4, "without b it is as it was before b"
    (root / ".applied").mkdir()
    (root / ".applied" / "a.json").write_text("{}")
    (root / "vpcs" / ".a.tmp").write_text("")
    assert directory_version(root) == seen[-1]
    (tmp_path / "file").write_text("")
    assert directory_version(tmp_path / "file") == ""
