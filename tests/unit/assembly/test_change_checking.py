"""What a commit hook shows of a fabric that has other faults too."""

from __future__ import annotations

from pathlib import Path

import pytest

from e2e.workspace import git
from hedgehog_gitops.cli.main import main

CONFIGURATION = "apiVersion: hedgehog-gitops/v1\nfabrics: [{name: one, directory: fabric}]\n"
IPV4 = """apiVersion: vpc.githedgehog.com/v1beta1
kind: IPv4Namespace
metadata:
  name: default
  namespace: default
spec:
  subnets:
  - 10.0.0.0/16
"""
VLANS = """apiVersion: wiring.githedgehog.com/v1beta1
kind: VLANNamespace
metadata:
  name: default
  namespace: default
spec:
  ranges:
  - from: 1000
    to: 2999
"""
VPC = "fabric/managed/vpcs/{name}.yaml"
ATTACHMENT = "fabric/managed/vpcattachments/{name}.yaml"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed fabric: two VPCs, one attached, and an older attachment to a VPC that does not exist."""
    monkeypatch.chdir(tmp_path)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "PRE_COMMIT_FROM_REF", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "hedgehog-gitops.yaml").write_text(CONFIGURATION)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    assert main(["init"]) == 0
    write(tmp_path / "fabric/managed/ipv4namespaces/default.yaml", IPV4)
    write(tmp_path / "fabric/managed/vlannamespaces/default.yaml", VLANS)
    vpc(tmp_path, "blue", 1001)
    vpc(tmp_path, "red", 1002)
    attachment(tmp_path, "blue")
    attachment(tmp_path, "gone")
    commit(tmp_path)
    return tmp_path


def vpc(work: Path, name: str, vlan: int) -> None:
    write(
        work / VPC.format(name=name),
        f"apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata:\n  name: {name}\n  namespace: default\n"
        f"spec:\n  subnets:\n    default:\n      subnet: 10.0.{vlan - 1000}.0/24\n      vlan: {vlan}\n",
    )


def attachment(work: Path, name: str) -> None:
    write(
        work / ATTACHMENT.format(name=name),
        f"apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPCAttachment\nmetadata:\n  name: {name}\n"
        f"  namespace: default\nspec:\n  connection: link\n  subnet: {name}/default\n",
    )


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def commit(work: Path) -> None:
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "all")


def shown(capsys: pytest.CaptureFixture[str], *paths: str) -> set[tuple[str, str]]:
    """The path and rule of every finding about a change of these files."""
    capsys.readouterr()
    main(["validate", "--changed", *paths])
    lines = [line for line in capsys.readouterr().out.splitlines() if ": error " in line or ": warning " in line]
    return {(line.partition(":")[0], line.split()[2]) for line in lines}


def test_faults_that_were_there_before_are_not_shown(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == 1
    capsys.readouterr()
    vpc(work, "red", 1003)
    assert main(["validate", "--changed", VPC.format(name="red")]) == 0
    told = capsys.readouterr()
    assert "no findings" in told.out
    assert "that the change has nothing to do with: run hedgehog-gitops validate" in told.err


def test_faults_in_a_changed_file_are_shown(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert work.is_dir()
    gone = ATTACHMENT.format(name="gone")
    found = shown(capsys, gone)
    assert (gone, "VATT-010") in found
    assert {path for path, _ in found} == {gone}


def test_the_other_vpc_of_an_overlap_is_shown(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vpc(work, "red", 1001)
    found = shown(capsys, VPC.format(name="red"))
    assert {path for path, _ in found} == {VPC.format(name="red"), VPC.format(name="blue")}


def test_a_reference_to_a_removed_object_is_shown_although_no_file_is_named(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / VPC.format(name="blue")).unlink()
    found = shown(capsys)
    assert (ATTACHMENT.format(name="blue"), "VATT-010") in found
    assert {path for path, _ in found} == {ATTACHMENT.format(name="blue")}


def test_a_removal_beside_a_change_is_shown_too(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / VPC.format(name="blue")).unlink()
    vpc(work, "red", 1003)
    assert (ATTACHMENT.format(name="blue"), "VATT-010") in shown(capsys, VPC.format(name="red"))


def test_an_object_that_is_renamed_in_its_file_leaves_what_needs_it_behind(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = work / VPC.format(name="blue")
    file.write_text(file.read_text().replace("blue", "green"))
    assert (ATTACHMENT.format(name="blue"), "VATT-010") in shown(capsys, VPC.format(name="blue"))


def test_a_changed_configuration_shows_everything(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert work.is_dir()
    assert (ATTACHMENT.format(name="gone"), "VATT-010") in shown(capsys, "hedgehog-gitops.yaml")


def test_files_outside_of_all_fabrics_do_not_matter(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(work / ".github/workflows/ci.yaml", "on: push\n")
    assert shown(capsys, ".github/workflows/ci.yaml") == set()


def test_before_the_first_commit_everything_is_shown(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(work, "update-ref", "-d", "HEAD")
    assert (ATTACHMENT.format(name="gone"), "VATT-010") in shown(capsys, VPC.format(name="red"))


def test_a_range_of_commits_is_compared_with_its_start(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = git(work, "rev-parse", "HEAD").strip()
    (work / VPC.format(name="blue")).unlink()
    commit(work)
    assert shown(capsys) == set()
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", start)
    assert (ATTACHMENT.format(name="blue"), "VATT-010") in shown(capsys)


def test_without_a_configuration_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["validate", "--changed"]) == 64
    assert "no hedgehog-gitops.yaml here or above" in capsys.readouterr().err


def test_a_revision_is_not_what_changes(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert work.is_dir()
    assert main(["validate", "--changed", "--revision", "HEAD"]) == 64
    assert "leave --revision out" in capsys.readouterr().err
