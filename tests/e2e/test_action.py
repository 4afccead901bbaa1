"""The action's own steps, run with bash on a scratch repository as the runner would run them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from e2e.action_runner import ROOT, Action, Event, QuickAction, use_sources
from e2e.workspace import Workspace, make_workspace

DEFINITION = Action(directory=ROOT, workspace=ROOT, temp=ROOT)
RAW = "fabrics/quickstart/raw/07-attachments.yaml"


@pytest.fixture
def action(tmp_path: Path) -> QuickAction:
    """The action in this process, with the quick-start fabric as its workspace."""
    workspace, temp = tmp_path / "a checkout", tmp_path / "runner temp"
    shutil.copytree(ROOT / "examples/quickstart", workspace)
    return QuickAction(directory=ROOT, workspace=workspace, temp=use_sources(temp))


@pytest.fixture
def started(action: QuickAction) -> Action:
    """The same, started by bash as the runner starts it."""
    return Action(directory=ROOT, workspace=action.workspace, temp=action.temp)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """The quick-start fabric without its mistake, in a clone of a remote."""
    made = make_workspace(tmp_path)
    shutil.copytree(ROOT / "examples/quickstart", made.work, dirs_exist_ok=True)
    correct(made.work)
    made.push()
    return made


def correct(workspace: Path) -> None:
    file = workspace / RAW
    file.write_text(file.read_text().replace("web/frontent", "web/frontend"))


def in_clone(space: Workspace, tmp_path: Path) -> Action:
    return QuickAction(directory=ROOT, workspace=space.work, temp=use_sources(tmp_path / "runner temp"))


@pytest.mark.slow
def test_all_steps_from_installing_on(action: Action, tmp_path: Path) -> None:
    """Issue 8, it must show 1: the action run for real, with what its own steps install."""
    temp = tmp_path / "another temp"
    temp.mkdir()
    ran = Action(directory=ROOT, workspace=action.workspace, temp=temp).run_with({"cache-key": "mine"}, without=())
    assert ran.code == 1, ran.raw
    assert ran.outputs["failure-reason"] == "findings"
    assert [used.partition("@")[0] for used in ran.used] == ["actions/cache"]
    assert (temp / "hedgehog-gitops/cache").is_dir()


def test_a_mistake_fails_the_step_with_an_annotation_on_its_line(started: Action) -> None:
    ran = started.run()
    assert ran.code == 1
    (annotation,) = ran.heard.of_kind("error")
    assert annotation.properties["file"] == RAW
    assert (annotation.properties["line"], annotation.properties["col"]) == ("15", "11")
    assert ran.outputs["errors"] == "1"
    assert "VATT-010" in ran.summary


def test_a_good_fabric_passes(action: Action) -> None:
    correct(action.workspace)
    ran = action.run()
    assert (ran.code, ran.heard.annotations) == (0, [])
    assert ran.log.strip() == "8 files and 38 objects: no findings"
    assert ran.outputs["result"] == "clean"


def test_results_are_files_for_later_steps(action: Action) -> None:
    ran = action.run(sarif="true")
    found = json.loads(Path(ran.outputs["report-json"]).read_text())
    assert (found["schema"], found["ok"]) == ("hedgehog-gitops/validate/v1", False)
    assert json.loads(Path(ran.outputs["sarif-file"]).read_text())["version"] == "2.1.0"


def test_the_defaults_write_nothing_into_the_checkout(action: Action) -> None:
    before = {file: file.read_bytes() for file in action.workspace.rglob("*") if file.is_file()}
    action.run()
    assert {file: file.read_bytes() for file in action.workspace.rglob("*") if file.is_file()} == before


def test_a_plan_is_told_saved_and_counted(space: Workspace, tmp_path: Path) -> None:
    ran = in_clone(space, tmp_path).run(command="plan")
    assert ran.code == 0, ran.raw
    assert {name: ran.outputs[name] for name in ("result", "changes", "creates", "prunes", "drift")} == {
        "result": "changes",
        "changes": "38",
        "creates": "38",
        "prunes": "0",
        "drift": "0",
    }
    saved = json.loads(Path(ran.outputs["plan-file"]).read_text())
    assert saved["id"] == ran.outputs["plan-id"]
    assert ran.outputs["plan-artifact"] == "hedgehog-gitops-plan-quickstart"
    assert "38 to create" in ran.summary


def test_a_report_is_a_page_for_people_to_look_at(space: Workspace, tmp_path: Path) -> None:
    ran = in_clone(space, tmp_path).run(command="report")
    assert (ran.code, ran.outputs["result"]) == (0, "changes"), ran.raw
    page = Path(ran.outputs["report-html"]).read_text()
    assert page.startswith("<!doctype html>")
    assert "backup-1--unbundled--leaf-3" in page


@pytest.mark.parametrize(("fail_on", "code", "reason"), [("error", 0, ""), ("changes", 2, "changes"), ("drift", 0, "")])
def test_the_workflow_says_what_fails_it(
    space: Workspace, tmp_path: Path, fail_on: str, code: int, reason: str
) -> None:
    ran = in_clone(space, tmp_path).run(command="plan", fail_on=fail_on)
    assert (ran.code, ran.outputs["failure-reason"]) == (code, reason)


def test_nothing_found_fails_a_step_that_is_to_go_on(action: Action) -> None:
    ran = action.run(fail_on="never")
    assert (ran.code, ran.outputs["result"], ran.outputs["errors"]) == (0, "findings", "1")


def test_sync_runs_as_in_a_checkout_and_drift_is_found_after_it(space: Workspace, tmp_path: Path) -> None:
    action = in_clone(space, tmp_path)
    ran = action.run(command="sync")
    assert ran.code == 0, ran.raw
    assert (ran.outputs["result"], ran.outputs["creates"]) == ("applied", "38")
    assert "fabrics/quickstart/managed/vpcs/web.yaml" in space.remote_files()
    space.git("pull", "--quiet", "origin", "main")
    vpc = space.work / "live/quickstart/vpcs/data.yaml"
    vpc.write_text(vpc.read_text().replace("vlan: 1002", "vlan: 1042"))
    found = action.run(Event("schedule"), command="drift", fail_on="drift")
    assert (found.code, found.outputs["failure-reason"], found.outputs["drift"]) == (2, "drift", "1")
    assert "last good run 0 minutes ago" in found.log


def test_apply_needs_an_approved_plan_unless_it_is_told_otherwise(space: Workspace, tmp_path: Path) -> None:
    action = in_clone(space, tmp_path)
    refused = action.run(command="apply")
    assert (refused.code, refused.outputs["failure-reason"]) == (1, "not-approved")
    assert "no approved plan" in refused.log
    ran = action.run(command="apply", approval="none")
    assert (ran.code, ran.outputs["result"]) == (0, "applied"), ran.raw


def test_a_configuration_in_a_directory_of_the_checkout(action: Action) -> None:
    """Paths of annotations count from the top of the checkout."""
    moved = action.workspace / "a b"
    moved.mkdir()
    for name in ("fabrics", "hedgehog-gitops.yaml"):
        (action.workspace / name).rename(moved / name)
    ran = action.run(working_directory="a b")
    assert [each.properties["file"] for each in ran.heard.of_kind("error")] == [f"a b/{RAW}"]
    assert action.run(config="a b/hedgehog-gitops.yaml").heard.of_kind("error") == ran.heard.of_kind("error")


def test_a_step_that_asks_nothing_at_github_loads_no_client(action: Action) -> None:
    """The token is always there; without a pull request or a comment nobody is asked, so nothing fails either."""
    correct(action.workspace)
    env = {"GITHUB_REPOSITORY": "acme/network", "GITHUB_API_URL": "http://127.0.0.1:9"}
    ran = action.run(Event("push", env=env), token="a-token-of-the-workflow")  # noqa: S106 - no secret
    assert (ran.code, ran.heard.annotations) == (0, [])


def test_fabrics_are_named_one_a_line(action: Action) -> None:
    ran = action.run(fabric="quickstart\n\nno such one\n")
    assert (ran.code, ran.outputs["failure-reason"]) == (64, "usage")
    assert "no fabric no such one in the configuration" in ran.log


EVIL = '"; touch owned; $(touch owned) `touch owned` * ${HOME\n::error::owned'


READ = [name for name in DEFINITION.inputs if name not in ("cache-key", "python-version")]


@pytest.mark.parametrize("names", [READ, [name for name in READ if name != "command"]], ids=["all", "all but one"])
def test_no_input_is_read_by_the_shell(started: Action, names: list[str]) -> None:
    """Issue 8, it must show 3: whatever the inputs hold, nothing is executed."""
    ran = started.run_with(dict.fromkeys(names, EVIL))
    assert ran.code == 64
    assert not (started.workspace / "owned").exists()


@pytest.mark.parametrize("name", READ)
def test_no_input_is_more_than_text(action: Action, name: str) -> None:
    """Issue 8, it must show 3: it begins no command, and nothing breaks."""
    ran = action.run_with({name: EVIL})
    assert ran.code in (1, 64)
    assert "owned" not in [each.message for each in ran.heard.annotations]


@pytest.mark.parametrize("name", list(DEFINITION.inputs))
def test_every_input_is_described_in_one_line_and_has_a_default(name: str) -> None:
    described = DEFINITION.inputs[name]
    assert re.fullmatch(r"[A-Z][^\n|]+\.", described["description"])
    assert "default" in described
