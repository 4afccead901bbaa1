"""Issue 6: each fabric stands alone, also where many are looked at and the memory of some hangs or is down."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from fakes.misbehaving_server import Reply, serving
from hedgehog_gitops.assembly import observing, scheduling
from hedgehog_gitops.assembly.configuration import load_settings
from hedgehog_gitops.assembly.in_good_time import in_good_time
from hedgehog_gitops.cli.main import main
from hedgehog_gitops.model.errors import UnreachableError

CONFIGURATION = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - {name: deaf, directory: fabrics/deaf, cluster: {kubeconfig: kubeconfig}}
  - {name: lab, directory: fabrics/lab, cluster: {directory: live}, state: {path: state.sqlite}}
  - {name: down, directory: fabrics/down, cluster: {kubeconfig: nowhere}}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Three fabrics: a cluster that hangs, a directory, and a cluster that is not there."""
    (tmp_path / "hedgehog-gitops.yaml").write_text(CONFIGURATION)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(observing, "LOOK_SECONDS", 0.5)
    monkeypatch.setattr(scheduling, "LOOK_SECONDS", 0.5)
    import_module("kubernetes.config")  # that takes longer than anybody waits here
    with serving(lambda _: Reply(hang=True)) as server:
        server.settings(tmp_path)
        yield tmp_path


def test_status_shows_the_others_and_says_what_it_does_not_know(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--format", "json", "--metrics", str(place / "n.prom")]) == 69
    shown = {each["fabric"]: each for each in json.loads(capsys.readouterr().out)["fabrics"]}
    assert {name: each["status"] for name, each in shown.items()} == {
        "deaf": "unknown", "lab": "never_synced", "down": "unknown",
    }  # fmt: skip
    assert "no answer within 0.5 s" in shown["deaf"]["error"]
    assert "there is no kubeconfig" in shown["down"]["health"][0]["message"]
    metrics = (place / "n.prom").read_text()
    assert 'hedgehog_gitops_status{fabric="deaf",status="unknown"} 1\n' in metrics
    assert 'hedgehog_gitops_lock_held{fabric="lab"} 0\n' in metrics
    assert 'hedgehog_gitops_lock_held{fabric="deaf"}' not in metrics

    assert main(["status"]) == 69
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["deaf", *["unknown"] * 7] in lines


@pytest.mark.usefixtures("place")
def test_a_tick_waits_for_nobody_longer_than_its_deadline() -> None:
    settings = load_settings()
    began = time.monotonic()
    assert set(scheduling.read_memories(settings.fabrics, settings)) == {"lab"}
    assert time.monotonic() - began < 3


def test_more_questions_than_threads_are_all_answered_and_a_fault_of_ours_is_raised() -> None:
    names = [str(number) for number in range(40)]
    assert in_good_time({name: lambda name=name: name for name in names}, 5)[0] == {name: name for name in names}  # type: ignore[misc]
    with pytest.raises(ZeroDivisionError):
        in_good_time({"a": lambda: 1 // 0}, 5)


def test_what_hangs_has_no_answer_and_what_fails_its_own_error() -> None:
    over = threading.Event()

    def fail() -> bool:
        raise UnreachableError("x", "down")

    answers, failures = in_good_time({"slow": over.wait, "bad": fail, "good": lambda: True}, 0.2)
    over.set()
    assert answers == {"good": True}
    assert {name: str(error).partition(";")[0] for name, error in failures.items()} == {
        "bad": "x: down", "slow": "state: no answer within 0.2 s",
    }  # fmt: skip
