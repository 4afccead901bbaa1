"""examples/legacy: a directory as an older tool left it, brought into its one form by the real command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from e2e.workspace import Workspace, make_workspace

ROOT = Path(__file__).resolve().parents[2]
FABRIC = "gitops/hedgehog/fabric-1"
MOVED = {
    "managed/switchgroups/spare.yaml": "managed/switch-groups/spare.yaml",
    "managed/vpcattachments/prod--server-01.yaml": "managed/vpc-attachments/prod--server-01.yaml",
    "managed/vpcs/test-vpc.yaml": "test-vpc.yaml",
    "unmanaged/tests/notes.yaml": "managed/tests/notes.yaml",
    ".hnp/archive/legacy/raw/test-vpc.yaml.archived": "raw/test-vpc.yaml.archived",
}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path)
    shutil.copytree(ROOT / "examples/legacy", made.work, dirs_exist_ok=True)
    made.push()
    return made


def objects(space: Workspace) -> list[str]:
    """Kind and name of the object in each managed file at the remote's head."""
    managed = [path for path in space.remote_files() if f"{FABRIC}/managed/" in path and path.endswith(".yaml")]
    values = [yaml.safe_load(space.remote_text(path)) for path in managed]
    return [f"{value['kind']}/{value['metadata']['name']}" for value in values]


def test_the_tree_is_brought_into_form_by_one_commit_and_a_second_run_makes_none(space: Workspace) -> None:
    before = space.remote_commits()
    assert space.run("normalize", "--publish").code == 0
    assert space.remote_commits() == before + 1
    assert space.run("normalize", "--publish").code == 0
    assert space.remote_commits() == before + 1


def test_every_object_has_one_home_and_every_other_file_is_kept(space: Workspace) -> None:
    readme = space.remote_text(f"{FABRIC}/README.md")
    before = {new: space.remote_text(f"{FABRIC}/{old}") for new, old in MOVED.items()}
    space.run("normalize", "--publish")
    assert len(objects(space)) == len(set(objects(space))) == 16
    assert {new: space.remote_text(f"{FABRIC}/{new}") for new in MOVED} == before
    assert space.remote_text(f"{FABRIC}/README.md") == readme
    gone = {f"{FABRIC}/{old}" for old in (*MOVED.values(), "prepop.yaml", "managed/vpcs/prod-1.yaml")}
    assert not gone & set(space.remote_files())


def test_comments_travel_with_their_documents_and_the_older_tools_stamps_go(space: Workspace) -> None:
    space.run("normalize", "--publish")
    server = space.remote_text(f"{FABRIC}/managed/servers/server-02.yaml")
    assert "# no profile, the vendor is unknown" in server
    vpc = yaml.safe_load(space.remote_text(f"{FABRIC}/managed/vpcs/prod.yaml"))
    assert vpc["apiVersion"] == "vpc.githedgehog.com/v1beta1"
    assert vpc["metadata"]["annotations"]["example.com/owner"] == "storage team"
    assert "hnp.githedgehog.com/ingested-at" not in vpc["metadata"]["annotations"]


def test_older_names_are_warnings_that_say_what_to_do_and_afterwards_there_are_none(space: Workspace) -> None:
    found = space.run("validate", "--format", "json").json()
    assert found["ok"]
    assert {finding["severity"] for finding in found["findings"]} <= {"warning", "notice"}
    assert all(finding["hint"] for finding in found["findings"] if finding["severity"] == "warning")
    assert space.run("normalize").code == 0
    assert space.run("validate", "--strict").code == 0


def test_sync_takes_the_tree_in_and_brings_its_cluster_to_it(space: Workspace) -> None:
    done = space.run("sync", "--format", "json").json()
    assert (done["outcome"], done["status"], done["counts"]["created"]) == ("applied", "in_sync", 16)
    assert space.run("sync", "--format", "json").json()["outcome"] == "unchanged"
