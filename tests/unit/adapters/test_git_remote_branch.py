"""A remote's branch: what is left alone, what is said when it cannot be had, and that a lost race changes nothing."""

from __future__ import annotations

import os
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fakes.git_remote import IDENTITY, GitRemote, git, make_remote, write_files
from hedgehog_gitops.adapters.git import RemoteBranch
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import PushRejectedError, UnreachableError, UsageError
from hedgehog_gitops.model.tree import DeleteFile, Published, Tree, TreeEdit, WriteFile
from hedgehog_gitops.ports import Source

SEED = {"fabrics/prod/raw/a.yaml": b"a\r\n", "fabrics/lab/raw/b.yaml": b"b\n", "README.md": b"hello\n"}
PROD = "fabrics/prod"


@pytest.fixture(autouse=True)
def _no_configuration_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def remote(tmp_path: Path) -> GitRemote:
    return make_remote(tmp_path, SEED)


@pytest.fixture
def clone(remote: GitRemote, tmp_path: Path) -> Path:
    return remote.clone(tmp_path / "clone")


def put(source: Source, tree: Tree, path: str = "managed/n.yaml", data: bytes = b"new\n") -> Published:
    return source.publish([TreeEdit(base=tree, changes=(WriteFile(path=path, data=data, expected=None),))], "ours\n")


def hook(repository: Path, name: str, script: str) -> None:
    path = repository / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_the_users_branch_index_and_files_are_not_touched(remote: GitRemote, clone: Path) -> None:
    write_files(clone, {"README.md": b"being edited", "fabrics/prod/managed/n.yaml": b"a draft"})
    git(clone, "add", "README.md")
    before = _of_the_user(clone)
    source = RemoteBranch(clone)
    put(source, source.read(PROD))
    assert _of_the_user(clone) == before
    assert remote.content("fabrics/prod/managed/n.yaml") == b"new\n"


def test_reading_leaves_the_references_of_the_clone_as_they_are(remote: GitRemote, clone: Path) -> None:
    before = git(clone, "for-each-ref", "refs/heads", "refs/remotes", "refs/tags")
    git(remote.bare, "tag", "new")
    head = remote.commit({"README.md": b"moved"})
    assert RemoteBranch(clone).read(PROD).revision == head
    assert git(clone, "for-each-ref", "refs/heads", "refs/remotes", "refs/tags") == before
    assert not (clone / ".git" / "FETCH_HEAD").exists()


def _of_the_user(clone: Path) -> dict[str, bytes]:
    watched = [path for path in clone.rglob("*") if path.is_file() and ".git" not in path.parts]
    watched += [clone / ".git" / name for name in ("index", "HEAD", "config", "refs/heads/main")]
    return {str(path): path.read_bytes() for path in watched}


def test_b06_all_changes_are_one_commit_on_top_of_what_was_read(remote: GitRemote, clone: Path) -> None:
    source = RemoteBranch(clone)
    prod, lab = source.read(PROD), source.read("fabrics/lab")
    edits = [
        TreeEdit(base=prod, changes=(DeleteFile(path="raw/a.yaml", expected=prod.files["raw/a.yaml"].blob),)),
        TreeEdit(base=lab, changes=(WriteFile(path="managed/n.yaml", data=b"n", expected=None),)),
    ]
    published = source.publish(edits, "subject\n\nbody\n")
    assert remote.commits() == 2
    assert remote.head == published.revision
    assert git(remote.bare, "log", "-1", "--format=%P%n%B", "main").decode().rstrip() == (
        f"{prod.revision}\nsubject\n\nbody"
    )


def test_a_push_race_is_lost_to_whoever_came_first(remote: GitRemote, clone: Path) -> None:
    source = RemoteBranch(clone)
    tree = source.read(PROD)
    theirs = remote.commit({"fabrics/lab/raw/c.yaml": b"theirs"})
    with pytest.raises(PushRejectedError) as caught:
        put(source, tree)
    assert remote.head == theirs
    assert (caught.value.branch, caught.value.expected) == ("origin/main", tree.revision)
    put(source, source.read(PROD))
    assert remote.content("fabrics/lab/raw/c.yaml") == b"theirs"


def test_a_push_that_arrives_during_ours_wins(remote: GitRemote, clone: Path) -> None:
    """Git has read the remote's references when it runs `pre-push`, so only the server can see this race."""
    source = RemoteBranch(clone)
    tree = source.read(PROD)
    theirs = git(remote.bare, "commit-tree", f"{tree.revision}^{{tree}}", "-p", tree.revision, "-m", "x").decode()
    hook(clone / ".git", "pre-push", f"git --git-dir='{remote.bare}' update-ref refs/heads/main {theirs}")
    with pytest.raises(PushRejectedError):
        put(source, tree)
    assert remote.head == theirs.strip()


def test_a_commit_taken_out_of_the_branch_is_not_brought_back(remote: GitRemote, clone: Path) -> None:
    first = remote.head
    remote.commit({"fabrics/prod/raw/secret.yaml": b"oops"})
    source = RemoteBranch(clone)
    tree = source.read(PROD)
    git(remote.bare, "update-ref", "refs/heads/main", first)
    with pytest.raises(PushRejectedError):
        put(source, tree)
    assert remote.head == first


def test_a_branch_that_was_deleted_is_not_made_again(remote: GitRemote, clone: Path) -> None:
    source = RemoteBranch(clone)
    tree = source.read(PROD)
    git(remote.bare, "update-ref", "-d", "refs/heads/main")
    with pytest.raises(PushRejectedError):
        put(source, tree)
    with pytest.raises(UnreachableError):
        source.read(PROD)


def test_edits_that_were_read_at_two_revisions_are_not_mixed(remote: GitRemote, clone: Path) -> None:
    source = RemoteBranch(clone)
    prod = source.read(PROD)
    remote.commit({"README.md": b"moved"})
    lab = source.read("fabrics/lab")
    change = WriteFile(path="n.yaml", data=b"", expected=None)
    with pytest.raises(PushRejectedError):
        source.publish([TreeEdit(base=prod, changes=(change,)), TreeEdit(base=lab, changes=(change,))], "m")
    assert remote.commits() == 2


def test_a_rewritten_branch_is_read_as_it_is_now(remote: GitRemote, clone: Path) -> None:
    source = RemoteBranch(clone)
    first = remote.head
    remote.commit({"fabrics/prod/raw/late.yaml": b""})
    assert "raw/late.yaml" in source.read(PROD).files
    git(remote.bare, "update-ref", "refs/heads/main", first)
    assert source.read(PROD).revision == first


def test_b06_a_push_that_the_server_refuses_leaves_the_old_tree_and_says_why(remote: GitRemote, clone: Path) -> None:
    hook(remote.bare, "pre-receive", "echo 'main is frozen until Monday' >&2; exit 1")
    source = RemoteBranch(clone)
    tree = source.read(PROD)
    with pytest.raises(UnreachableError, match="main is frozen until Monday") as caught:
        put(source, tree)
    assert "forbid" in caught.value.advice
    assert remote.head == tree.revision


def test_a_pre_push_hook_of_the_user_can_forbid_the_push(remote: GitRemote, clone: Path) -> None:
    hook(clone / ".git", "pre-push", "echo 'not from this machine' >&2; exit 1")
    source = RemoteBranch(clone)
    tree = source.read(PROD)
    with pytest.raises(UnreachableError, match="not from this machine"):
        put(source, tree)
    assert remote.head == tree.revision


def test_no_other_hook_of_the_user_runs(clone: Path, tmp_path: Path) -> None:
    for name in ("post-index-change", "pre-commit", "commit-msg", "post-commit", "post-checkout", "post-merge"):
        hook(clone / ".git", name, f"touch '{tmp_path}/ran-{name}'")
    source = RemoteBranch(clone)
    put(source, source.read(PROD))
    assert not list(tmp_path.glob("ran-*"))


def test_the_executable_bit_and_every_byte_survive(remote: GitRemote, clone: Path) -> None:
    git(clone, "update-index", "--chmod=+x", "fabrics/prod/raw/a.yaml")
    git(clone, "commit", "--quiet", "--message", "executable")
    git(clone, "push", "--quiet", "origin", "main")
    git(clone, "config", "core.autocrlf", "input")
    source = RemoteBranch(clone)
    tree = source.read(PROD)
    expected = tree.files["raw/a.yaml"].blob
    data = b"crlf\r\nlone cr\rnul\0\xff"
    change = WriteFile(path="raw/a.yaml", data=data, expected=expected)
    source.publish([TreeEdit(base=tree, changes=(change,))], "m")
    assert remote.listing()["fabrics/prod/raw/a.yaml"].startswith("100755 blob")
    assert remote.content("fabrics/prod/raw/a.yaml") == data


def test_a_fabric_is_found_below_a_root_that_is_not_the_top_of_the_clone(remote: GitRemote, clone: Path) -> None:
    source = RemoteBranch(clone / "fabrics")
    tree = source.read("prod")
    assert list(tree.files) == ["raw/a.yaml"]
    put(source, tree)
    assert set(remote.listing()) == {*SEED, "fabrics/prod/managed/n.yaml"}


def test_a_mirror_clone_pushes_one_branch_only(remote: GitRemote, tmp_path: Path) -> None:
    mirror = remote.clone(tmp_path / "mirror.git", "--mirror")
    git(mirror, "update-ref", "refs/heads/only-here", "refs/heads/main")
    source = RemoteBranch(mirror)
    published = put(source, source.read(PROD))
    assert git(remote.bare, "for-each-ref", "--format=%(refname) %(objectname)").decode().split() == [
        "refs/heads/main",
        published.revision,
    ]


def test_a_shallow_clone_publishes_and_stays_shallow(remote: GitRemote, tmp_path: Path) -> None:
    for number in range(3):
        remote.commit({"README.md": b"%d" % number})
    shallow = remote.clone(tmp_path / "shallow", "--depth=1")
    source = RemoteBranch(shallow)
    put(source, source.read(PROD))
    assert source.read(PROD).files["managed/n.yaml"].data == b"new\n"
    assert git(shallow, "rev-parse", "--is-shallow-repository").strip() == b"true"


def test_a_branch_that_is_not_checked_out_can_be_named(remote: GitRemote, clone: Path) -> None:
    git(remote.bare, "branch", "live", "main")
    git(clone, "checkout", "--quiet", "--detach")
    source = RemoteBranch(clone, branch="live")
    published = put(source, source.read(PROD))
    assert git(remote.bare, "rev-parse", "live").decode().strip() == published.revision
    assert remote.commits() == 1


def test_without_a_checked_out_branch_one_must_be_named(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "--detach")
    with pytest.raises(UsageError, match=r"git\.branch"):
        RemoteBranch(clone)


@pytest.mark.parametrize("branch", ["-f", "a..b", "a b", "x~1", "main:other"])
def test_what_is_no_name_of_a_branch_is_refused(clone: Path, branch: str) -> None:
    if branch == "-f":  # a legal reference, and git must not take it for an option
        with pytest.raises(UnreachableError, match="no branch '-f'"):
            RemoteBranch(clone, branch=branch).read(PROD)
    else:
        with pytest.raises(UsageError, match="no name for a branch"):
            RemoteBranch(clone, branch=branch)


def test_inside_a_git_hook_the_repository_is_still_the_one_asked_for(
    remote: GitRemote, clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet", "elsewhere")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere" / ".git" / "hook-index"))
    source = RemoteBranch(clone)
    assert put(source, source.read(PROD)).revision == remote.head
    assert not (tmp_path / "elsewhere" / ".git" / "hook-index").exists()


def test_many_runs_can_fetch_at_the_same_time(remote: GitRemote, clone: Path) -> None:
    remote.commit({"README.md": b"moved"})
    with ThreadPoolExecutor(6) as pool:
        revisions = list(pool.map(lambda _: RemoteBranch(clone).read(PROD).revision, range(12)))
    assert set(revisions) == {remote.head}


def test_a_reference_that_another_run_holds_is_asked_for_again(remote: GitRemote, clone: Path, tmp_path: Path) -> None:
    """The remote's first answer comes while the lock is there, its second one when it has gone."""
    RemoteBranch(clone).read(PROD)
    remote.commit({"README.md": b"moved"})
    lock = clone / ".git" / "refs" / "hedgehog-gitops" / "origin" / "main.lock"
    script = tmp_path / "upload-pack"
    script.write_text(
        f"#!/bin/sh\nif [ -e '{tmp_path}/asked' ]; then rm -f '{lock}'; else touch '{lock}' '{tmp_path}/asked'; fi\n"
        'exec git-upload-pack "$@"\n'
    )
    script.chmod(0o755)
    git(clone, "config", "remote.origin.uploadpack", str(script))
    assert RemoteBranch(clone).read(PROD).revision == remote.head
    assert (tmp_path / "asked").exists()


def test_of_many_publishers_each_loses_or_makes_one_commit(remote: GitRemote, clone: Path) -> None:
    trees = [(source, source.read(PROD)) for source in (RemoteBranch(clone) for _ in range(4))]

    def publish(number: int) -> bool:
        source, tree = trees[number]
        try:
            return put(source, tree, path=f"managed/{number}.yaml").changed
        except PushRejectedError:
            return False

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(publish, range(4)))
    assert won.count(True) == 1
    assert remote.commits() == 2


def test_the_author_is_who_git_says(remote: GitRemote, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name)
    git(clone, "config", "user.name", "Ada")
    git(clone, "config", "user.email", "ada@example.net")
    source = RemoteBranch(clone)
    put(source, source.read(PROD))
    assert git(remote.bare, "log", "-1", "--format=%an %ae %cn %ce", "main") == (
        b"Ada ada@example.net Ada ada@example.net\n"
    )


def test_without_a_name_in_gits_configuration_the_author_is_this_tool(
    remote: GitRemote, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name)
    git(clone, "config", "user.useConfigOnly", "true")
    source = RemoteBranch(clone)
    put(source, source.read(PROD))
    ours = b"hedgehog-gitops hedgehog-gitops@localhost"
    assert git(remote.bare, "log", "-1", "--format=%an %ae %cn %ce", "main").strip() == ours + b" " + ours


def test_a_remote_that_is_gone_is_unreachable(remote: GitRemote, clone: Path) -> None:
    source = RemoteBranch(clone)
    tree = source.read(PROD)
    remote.bare.rename(remote.bare.with_name("moved.git"))
    with pytest.raises(UnreachableError, match="origin cannot be read"):
        source.read(PROD)
    with pytest.raises(UnreachableError, match="origin/main cannot be written"):
        put(source, tree)


def test_a_remote_that_nobody_configured_is_named(clone: Path) -> None:
    with pytest.raises(UnreachableError, match="no remote 'upstream'") as caught:
        RemoteBranch(clone, remote="upstream")
    assert "git.remote" in caught.value.advice


def test_a_branch_that_the_remote_does_not_have_is_named(clone: Path) -> None:
    with pytest.raises(UnreachableError, match="origin has no branch 'none'") as caught:
        RemoteBranch(clone, branch="none").read(PROD)
    assert "git.branch" in caught.value.advice


def test_an_empty_remote_is_not_an_empty_fabric(tmp_path: Path) -> None:
    clone = make_remote(tmp_path).clone(tmp_path / "clone")
    with pytest.raises(UnreachableError, match="origin has no commit yet") as caught:
        RemoteBranch(clone, branch="main").read(PROD)
    assert "push a first commit" in caught.value.advice


def test_a_directory_outside_git_is_said_to_be_outside(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="not in a git repository"):
        RemoteBranch(tmp_path)


def test_b33_a_remote_that_never_answers_is_given_up_and_nothing_stays_behind(
    remote: GitRemote, tmp_path: Path
) -> None:
    shallow = remote.clone(tmp_path / "shallow", "--depth=1")
    started = tmp_path / "started"
    script = tmp_path / "hang"
    script.write_text(f"#!/bin/sh\necho $$ > '{started}'\nexec sleep 600\n")
    script.chmod(0o755)
    git(shallow, "config", "remote.origin.uploadpack", str(script))
    with pytest.raises(UnreachableError, match=r"no answer within 1\.5 s"):
        RemoteBranch(shallow, timeout=1.5).read(PROD)
    state = subprocess.run(["ps", "-o", "stat=", "-p", started.read_text().strip()], capture_output=True, check=False)
    assert state.stdout.strip()[:1] in {b"", b"Z"}, "what git started is gone, or waits for its parent to notice"
    assert not list((shallow / ".git").rglob("*.lock"))


def test_a_large_file_is_listed_and_not_read(remote: GitRemote, clone: Path) -> None:
    remote.commit({"fabrics/prod/raw/big.yaml": b"x" * 101})
    file = RemoteBranch(clone, limits=Limits(file_bytes=100)).read(PROD).files["raw/big.yaml"]
    assert (file.data, file.size) == (None, 101)
    assert "limit of 100" in file.problem
