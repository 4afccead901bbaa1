"""The action's own steps, run with bash on a scratch repository as the runner would run them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from e2e.action_runner import Action, StepEnded
from e2e.workspace import Workspace, make_workspace

ROOT = Path(__file__).resolve().parents[2]
DEFINITION = Action(directory=ROOT, workspace=ROOT, temp=ROOT)
INSTALL, RUN = DEFINITION.steps
RAW = "fabrics/quickstart/raw/07-attachments.yaml"


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runner's directory for temporary files, after the action's first step."""
    temp = tmp_path_factory.mktemp("runner temp")
    done = Action(directory=ROOT, workspace=temp, temp=temp).run(INSTALL, {})
    assert done.code == 0, done.out
    return temp


@pytest.fixture
def action(runner: Path, tmp_path: Path) -> Action:
    """The action, with the quick-start fabric as its workspace."""
    workspace = tmp_path / "a checkout"
    shutil.copytree(ROOT / "examples/quickstart", workspace)
    return Action(directory=ROOT, workspace=workspace, temp=runner)


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


def run(action: Action, **given: str) -> StepEnded:
    return action.run(RUN, given)


@pytest.mark.slow
def test_a_mistake_fails_the_step_with_an_annotation_on_its_line(action: Action) -> None:
    done = run(action)
    assert done.code == 1
    assert f"::error file={RAW},line=15,col=11," in done.out


@pytest.mark.slow
def test_a_good_fabric_passes_without_a_word_but_the_summary(action: Action) -> None:
    correct(action.workspace)
    assert run(action) == StepEnded(0, "8 files and 38 objects: no findings\n")


@pytest.mark.slow
def test_more_results_go_to_files(action: Action) -> None:
    done = run(action, output="sarif=results.sarif\njunit=report.xml\n")
    assert done.code == 1
    assert (action.workspace / "results.sarif").read_text().startswith("{")
    assert (action.workspace / "report.xml").read_text().startswith("<?xml")


@pytest.mark.slow
def test_the_defaults_write_nothing(action: Action) -> None:
    before = {file: file.read_bytes() for file in action.workspace.rglob("*") if file.is_file()}
    run(action)
    assert {file: file.read_bytes() for file in action.workspace.rglob("*") if file.is_file()} == before


@pytest.mark.slow
def test_sync_runs_as_in_a_checkout(space: Workspace, runner: Path) -> None:
    action = Action(directory=ROOT, workspace=space.work, temp=runner)
    done = run(action, command="sync", format="json")
    assert done.code == 0, done.out
    assert "fabrics/quickstart/managed/vpcs/web.yaml" in space.remote_files()


@pytest.mark.slow
def test_apply_does_not_wait_for_an_answer(space: Workspace, runner: Path) -> None:
    action = Action(directory=ROOT, workspace=space.work, temp=runner)
    done = run(action, command="apply", format="text")
    assert done.code == 0, done.out
    assert "38 created" in done.out


@pytest.mark.slow
def test_another_command_and_format_can_be_named(action: Action) -> None:
    done = run(action, command="fabrics", format="json")
    assert done.code == 0
    assert '"name": "quickstart"' in done.out


@pytest.mark.slow
def test_a_configuration_path_may_hold_spaces(action: Action) -> None:
    moved = action.workspace / "a b"
    moved.mkdir()
    (action.workspace / "fabrics").rename(moved / "fabrics")
    (action.workspace / "hedgehog-gitops.yaml").rename(moved / "its $HOME.yaml")
    done = run(action, command="fabrics", config="a b/its $HOME.yaml", format="text")
    assert done == StepEnded(0, "quickstart\tfabrics/quickstart\n")


@pytest.mark.slow
def test_fabrics_are_named_one_a_line(action: Action) -> None:
    done = run(action, command="fabrics", fabric="quickstart\n\nno such one\n")
    assert done.code == 64
    assert "no fabric no such one in the configuration" in done.out


@pytest.mark.slow
@pytest.mark.parametrize("name", list(DEFINITION.inputs))
def test_no_input_is_read_by_the_shell(action: Action, name: str) -> None:
    evil = '"; touch owned; $(touch owned) `touch owned` * ${HOME'
    assert run(action, **{name: evil}).code == (1 if name == "output" else 64)  # a file may have any name
    assert not (action.workspace / "owned").exists()


@pytest.mark.parametrize("name", list(DEFINITION.inputs))
def test_every_input_is_described_in_one_line_and_has_a_default(name: str) -> None:
    described = DEFINITION.inputs[name]
    assert re.fullmatch(r"[A-Z][^\n|]+\.", described["description"])
    assert "default" in described
