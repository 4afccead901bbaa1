"""What changed is judged: against a revision by `validate --base`, against the side by `plan` and `sync`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import hedgehog_gitops as hh
from e2e.workspace import Ended, Workspace, make_workspace

ROOT = Path(__file__).resolve().parents[2]
RAW = "fabrics/quickstart/raw"
TENANTS, ATTACHMENTS, LINKS = f"{RAW}/06-tenants.yaml", f"{RAW}/07-attachments.yaml", f"{RAW}/05-server-links.yaml"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path)
    shutil.copytree(ROOT / "examples/quickstart", made.work, dirs_exist_ok=True)
    edit(made, ATTACHMENTS, "web/frontent", "web/frontend")
    made.push()
    return made


def edit(space: Workspace, path: str, before: str, after: str) -> None:
    text = (space.work / path).read_text()
    assert before in text
    space.write(path, text.replace(before, after, 1))


def found(ended: Ended) -> list[tuple[str, str, int]]:
    findings: list[dict[str, Any]] = ended.json()["findings"]
    return [(each["rule"], each["path"], each["line"]) for each in findings if each["severity"] != "notice"]


def test_nothing_changed_since_head_says_nothing(space: Workspace) -> None:
    ended = space.run("validate", "--base", "HEAD", "--format", "json")
    assert (ended.code, found(ended)) == (0, [])


def test_what_changed_since_a_revision_is_judged(space: Workspace) -> None:
    edit(space, TENANTS, "vlan: 1001", "vlan: 1005")
    assert space.run("validate").code == 0
    ended = space.run("validate", "--base", "HEAD", "--format", "json")
    assert (ended.code, found(ended)) == (0, [("DISRUPT-SUBNET", TENANTS, 10)])
    assert "servers web-1, web-2 (VPC web)" in ended.out
    assert space.run("validate", "--base", "HEAD", "--strict").code == 1
    space.push("moved")
    assert found(space.run("validate", "--base", "HEAD", "--format", "json")) == []
    between = space.run("validate", "--revision", "HEAD", "--base", "HEAD~1", "--format", "json")
    assert found(between) == [("DISRUPT-SUBNET", TENANTS, 10)]


def test_loose_paths_inside_a_checkout_have_a_base_too(space: Workspace) -> None:
    (space.work / "hedgehog-gitops.yaml").unlink()
    edit(space, TENANTS, "vlan: 1001", "vlan: 1005")
    for paths in ([RAW], [TENANTS, ATTACHMENTS, LINKS, f"{RAW}/01-address-plan.yaml"], ["."]):
        ended = space.run("validate", "--base", "HEAD", "--format", "json", *paths)
        assert ("DISRUPT-SUBNET", TENANTS, 10) in found(ended), paths


def test_the_library_has_a_base_too(space: Workspace) -> None:
    edit(space, TENANTS, "vlan: 1001", "vlan: 1005")
    settings = hh.load_settings(space.work / "hedgehog-gitops.yaml")
    found = hh.validate(settings.fabrics[0], settings=settings, base="HEAD").findings
    assert [finding.rule for finding in found if finding.severity is hh.Severity.WARNING] == ["DISRUPT-SUBNET"]
    loose = hh.validate([space.work / RAW], base="HEAD").findings
    assert "DISRUPT-SUBNET" in {finding.rule for finding in loose}


def test_a_removal_stands_where_it_is_still_named(space: Workspace) -> None:
    text = (space.work / LINKS).read_text()
    documents = text.split("---\n")
    kept = [each for each in documents if "name: db-1--eslag" not in each]
    assert len(kept) == len(documents) - 1
    space.write(LINKS, "---\n".join(kept))
    ended = space.run("validate", "--base", "HEAD", "--format", "json")
    assert ended.code == 1
    assert [(rule, path) for rule, path, _ in found(ended)] == [("DEL-005", ATTACHMENTS), ("VATT-011", ATTACHMENTS)]


def test_without_an_old_file_a_removal_stands_where_the_file_was(space: Workspace) -> None:
    (space.work / LINKS).unlink()
    (space.work / ATTACHMENTS).unlink()
    ended = space.run("validate", "--base", "HEAD", "--format", "json")
    places = {(rule, path) for rule, path, _ in found(ended)}
    assert ("DISRUPT-ATTACHMENT", TENANTS) in places, "the subnet that was attached is still there"


def test_a_base_that_cannot_be_read_whole_is_said(space: Workspace) -> None:
    edit(space, TENANTS, "kind: VPC", "kind: [VPC")
    space.run("init")
    space.write("fabrics/quickstart/managed/vpcs/x.yaml", "kind: [VPC\n")
    space.push("broken")
    (space.work / "fabrics/quickstart/managed/vpcs/x.yaml").unlink()
    edit(space, TENANTS, "kind: [VPC", "kind: VPC")
    ended = space.run("validate", "--base", "HEAD", "--format", "json")
    assert [rule for rule, _, _ in found(ended)] == ["BASE-INCOMPLETE"]
    assert space.run("validate", "--base", "no-such").code == 69


def test_a_plan_and_a_sync_warn_of_what_they_disturb(space: Workspace) -> None:
    first = space.run("sync", "--force")
    assert first.code == 0, first.out + first.err
    space.git("pull", "--quiet", "origin", "main")
    (home,) = (space.work / "fabrics/quickstart/managed/vpcs").glob("web.yaml")
    path = home.relative_to(space.work).as_posix()
    edit(space, path, "vlan: 1001", "vlan: 1005")
    plan = space.run("plan", "--format", "json")
    assert [(each["rule"], each["path"]) for each in plan.json()["findings"]] == [("DISRUPT-SUBNET", path)]
    shown = space.run("plan")
    assert "⚠ DISRUPT-SUBNET VPC/default/web: spec.subnets.frontend.vlan: 1001 becomes 1005" in shown.out
    space.push("another VLAN")
    synced = space.run("sync", "--force", "--format", "json")
    assert (synced.code, synced.json()["outcome"]) == (0, "applied")
    assert ("DISRUPT-SUBNET", path) in [(rule, file) for rule, file, _ in found(synced)]
    assert space.run("plan", "--format", "json").json()["findings"] == []
