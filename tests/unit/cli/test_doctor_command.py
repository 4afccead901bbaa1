from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from e2e.workspace import Workspace, make_workspace
from hedgehog_gitops.cli.main import main

CONFIGURATION = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - {name: lab, directory: fabrics/lab, cluster: {directory: live}, state: {path: state.sqlite}}
  - {name: dark, directory: fabrics/dark}
"""


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = make_workspace(tmp_path)
    made.write("hedgehog-gitops.yaml", CONFIGURATION)
    made.push()
    monkeypatch.chdir(made.work)
    return made


def findings(capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, str], dict[str, Any]]:
    found = json.loads(capsys.readouterr().out)["findings"]
    return {(each["fabric"], each["check"]): each for each in found}


def examined(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[tuple[str, str], dict[str, Any]]]:
    return main(["doctor", "--format", "json"]), findings(capsys)


def test_what_is_well_is_said_and_nothing_is_written(space: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    head = space.remote_head()
    code, found = examined(capsys)
    assert (code, found["", "git"]["severity"], found["lab", "state"]["severity"]) == (0, "ok", "ok")
    assert found["dark", "configuration"]["severity"] == "warning"
    assert f"origin/main can be read, and is at {head[:12]}" in found["", "git"]["message"]
    assert space.remote_head() == head


def test_a_remote_that_is_not_there_is_unreachable(space: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    space.remote.rename(space.remote.parent / "away")
    code, found = examined(capsys)
    assert (code, found["", "git"]["severity"], bool(found["", "git"]["advice"])) == (69, "error", True)


def test_a_remote_that_takes_no_push_is_a_warning(space: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    space.git("remote", "set-url", "--push", "origin", str(space.remote.parent / "nowhere"))
    code, found = examined(capsys)
    assert (code, found["", "git-write"]["severity"]) == (0, "warning")


def test_a_state_that_cannot_be_written_is_an_error(space: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    (space.work / "state.sqlite").mkdir()
    code, found = examined(capsys)
    assert (code, found["lab", "state"]["severity"]) == (1, "error")


def test_a_missing_secret_is_a_warning(
    space: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    text = CONFIGURATION + "notify: {url: 'https://x.example/', secret_env: HOOK_SECRET}\n"
    space.write("hedgehog-gitops.yaml", text)
    code = main(["doctor"])
    shown = capsys.readouterr().out
    assert code == 0
    assert "lab: notify: the environment has no HOOK_SECRET\n    → " in shown
    assert shown.splitlines()[0].startswith("hedgehog-gitops ")
    assert shown.splitlines()[-1].endswith("warnings")
