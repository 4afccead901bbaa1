"""Bad input of every sort: a clear finding or error, the right exit code, and nothing changed anywhere."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from e2e.workspace import Ended, Workspace, git, make_workspace

CONFIG = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - name: lab
    directory: fabrics/lab
    cluster: {directory: live/lab}
"""
VPC = """\
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata:
  name: blue
spec:
  ipv4Namespace: default
  vlanNamespace: default
  subnets:
    default:
      subnet: 10.0.1.0/24
      vlan: 1001
"""
NAMESPACES = """\
apiVersion: vpc.githedgehog.com/v1beta1
kind: IPv4Namespace
metadata: {name: default}
spec: {subnets: [10.0.0.0/16]}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: VLANNamespace
metadata: {name: default}
spec: {ranges: [{from: 1000, to: 2999}]}
"""
RAW = "fabrics/lab/raw/bad.yaml"
LEVELS = 10_000
HUNDRED_MEGABYTES = 100 * 1024 * 1024


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    space = make_workspace(tmp_path)
    space.write("hedgehog-gitops.yaml", CONFIG)
    space.write("fabrics/lab/raw/namespaces.yaml", NAMESPACES)
    space.write("fabrics/lab/raw/blue.yaml", VPC)
    space.push()
    return space


def bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join(lines) + "\n"


FILES: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "not YAML": (lambda: "key: [unclosed\nother: }\n", "YAML-"),
    "binary": (lambda: bytes(range(256)) * 16, "YAML-"),
    "alias bomb": (bomb, "YAML-"),
    "ten thousand levels": (lambda: "[" * LEVELS + "]" * LEVELS, "YAML-"),
    "duplicate key": (lambda: VPC + "kind: VPC\n", "YAML-"),
    "unknown kind": (lambda: VPC.replace("kind: VPC", "kind: VPZ"), "OBJECT-005"),
    "unknown field": (lambda: VPC.replace("vlan: 1001", "vlan: 1001\n      vlam: 7"), "DECODE-001"),
    "controller's kind": (
        lambda: VPC.replace("vpc.githedgehog.com", "agent.githedgehog.com").replace("kind: VPC", "kind: Agent"),
        "OBJECT-007",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_raw_file_is_a_finding_with_its_line_and_stays_where_it_is(space: Workspace, name: str) -> None:
    content, rule = FILES[name]
    bad = content()
    space.write(RAW, bad)
    space.push()
    before = space.fingerprint()

    checked = space.run("validate", "--format", "json")

    assert checked.code == 1, checked.err
    errors = [each for each in checked.json()["findings"] if each["path"] == RAW and each["severity"] == "error"]
    finding = errors[0]
    assert finding["rule"].startswith(rule), errors
    assert finding["line"] >= 1
    assert finding["message"]
    assert space.fingerprint() == before

    synced = space.run("sync")

    assert synced.code == 1, synced.err
    assert RAW in space.remote_files(), "a rejected file stays in raw"
    assert "fabrics/lab/managed/vpcs/blue.yaml" in space.remote_files(), "the good files are taken in all the same"
    kept = git_bytes(space, RAW)
    assert kept == (bad if isinstance(bad, bytes) else bad.encode())


def git_bytes(space: Workspace, path: str) -> bytes:
    return subprocess.run(
        ["git", "show", f"refs/heads/main:{path}"], cwd=space.remote, capture_output=True, check=True
    ).stdout


def test_a_file_of_a_hundred_megabytes_is_refused_without_being_parsed(space: Workspace) -> None:
    with space.write(RAW, b"").open("wb") as file:
        file.seek(HUNDRED_MEGABYTES)
        file.write(b"\n")

    checked = space.run("validate", timeout=30)

    assert checked.code == 1
    assert f"{RAW}:1" in checked.out
    assert "more than the limit" in checked.out


def test_a_symlink_out_of_the_tree_is_not_followed(space: Workspace, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(VPC.replace("blue", "stolen"))
    (space.work / "fabrics/lab/raw/link.yaml").symlink_to(tmp_path / "secret.yaml")

    checked = space.run("validate", "--format", "json")
    rendered = space.run("render")

    assert any(each["path"].endswith("raw/link.yaml") for each in checked.json()["findings"])
    assert checked.code == 1
    assert "stolen" not in rendered.out


def test_a_directory_that_escapes_the_repository_is_a_configuration_error(space: Workspace) -> None:
    space.write("hedgehog-gitops.yaml", CONFIG.replace("fabrics/lab", "../outside"))

    done = space.run("validate")

    assert done.code == 64
    assert "hedgehog-gitops.yaml:4" in done.err


def test_an_unknown_key_of_the_configuration_is_named_with_its_line(space: Workspace) -> None:
    space.write("hedgehog-gitops.yaml", CONFIG.replace("directory: fabrics", "directroy: fabrics"))

    done = space.run("validate")

    assert done.code == 64
    assert "directroy" in done.err
    assert "hedgehog-gitops.yaml:4" in done.err


def test_a_literal_secret_in_the_configuration_is_refused_and_not_repeated(space: Workspace) -> None:
    space.write("hedgehog-gitops.yaml", CONFIG + '    netbox: {url: "https://netbox.example", token: c4n4ry-s3cret}\n')

    done = space.run("validate")

    assert done.code == 64
    assert "CONFIG-003" in done.err
    assert "c4n4ry-s3cret" not in done.out + done.err


def test_two_homes_for_one_object_are_both_named_and_neither_is_touched(space: Workspace) -> None:
    space.write("fabrics/lab/managed/vpcs/blue.yaml", VPC)
    space.write("fabrics/lab/managed/vpcs/also-blue.yaml", VPC.replace("1001", "1002"))
    space.write("fabrics/lab/raw/blue.yaml", "")
    space.push()

    checked = space.run("validate")
    space.run("sync")

    assert checked.code == 1
    assert "also-blue.yaml" in checked.out
    assert space.remote_text("fabrics/lab/managed/vpcs/blue.yaml") == VPC
    assert "1002" in space.remote_text("fabrics/lab/managed/vpcs/also-blue.yaml")


def test_an_unreadable_remote_is_unreachable_and_nothing_is_applied(space: Workspace) -> None:
    git(space.work, "remote", "set-url", "origin", "/nonexistent/remote.git")

    done = space.run("sync")

    assert done.code == 69
    assert "origin" in done.out + done.err
    assert not (space.work / "live").exists()


def test_a_wrong_branch_is_named(space: Workspace) -> None:
    space.write("hedgehog-gitops.yaml", CONFIG + "git: {branch: release}\n")
    before = space.remote_head()

    done = space.run("sync")

    assert done.code == 69
    assert "release" in done.out + done.err
    assert space.remote_head() == before


def test_an_empty_repository_is_said_to_be_empty(tmp_path: Path) -> None:
    space = make_workspace(tmp_path)
    space.write("hedgehog-gitops.yaml", CONFIG)

    done = space.run("sync")

    assert done.code == 69
    assert "main" in done.out + done.err


def test_a_fabric_directory_that_is_not_there_is_an_error_with_the_commit_looked_at(space: Workspace) -> None:
    """B01: looking in the wrong place must be visible, not a success with no files."""
    space.write("hedgehog-gitops.yaml", CONFIG.replace("fabrics/lab", "fabrics/typo"))
    head = space.push()

    done: Ended = space.run("sync")

    assert done.code == 1
    assert "fabrics/typo" in done.out + done.err
    assert head[:12] in done.out + done.err
    assert not (space.work / "live").exists()
