from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hedgehog_gitops.cli.main import main

CONFIG = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - {name: lab, directory: fabrics/lab, cluster: {directory: live}}
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hedgehog-gitops.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", ["worker", "schedule"])
def test_b34_without_redis_the_commands_end_and_say_why(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--redis", "redis://:s3cret@127.0.0.1:1/0"]) == 69
    said = capsys.readouterr().err
    assert "redis" in said
    assert "s3cret" not in said


@pytest.mark.parametrize("command", ["worker", "schedule"])
def test_without_the_extra_the_commands_say_what_to_install(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "hedgehog_gitops.adapters.rq_queue", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == "rq"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rq", None)
    assert main([command]) == 64
    assert "hedgehog-gitops[rq]" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["schedule", "--every", "0"],
        ["schedule", "--every", "soon"],
        ["worker", "--queue", "two words", "--redis", "redis://127.0.0.1:1/0"],
        ["sync", "--watch", "0"],
        ["sync", "--watch", "--force"],
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 64
    assert capsys.readouterr().err
