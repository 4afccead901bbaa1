"""A plan against a snapshot is the plan against the cluster that it was taken of."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from fakes.texts import switch_group
from hedgehog_gitops.cli.main import main

CONFIG = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - {name: lab, directory: fabrics/lab, cluster: {directory: live}}
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fabric of two groups, of which one is on the cluster and one was removed from git."""
    monkeypatch.chdir(tmp_path)
    Path("hedgehog-gitops.yaml").write_text(CONFIG)
    raw = Path("fabrics/lab/raw")
    raw.mkdir(parents=True)
    for name in ("pair-1", "pair-2"):
        (raw / f"{name}.yaml").write_text(switch_group(name))
    assert main(["sync", "--no-progress", "-o", "ignored"]) == 0
    Path("fabrics/lab/managed/switchgroups/pair-2.yaml").unlink()
    (raw / "pair-3.yaml").write_text(switch_group("pair-3"))
    return tmp_path


def planned(*arguments: str) -> tuple[int, Any]:
    code = main(["plan", "--format", "json", "--no-progress", "-o", "plan.json", *arguments])
    return code, json.loads(Path("plan.json").read_text())


def test_a_plan_without_a_cluster_is_the_plan_with_it() -> None:
    """Issue 5, saved plans: `plan` without a cluster, against a `snapshot`."""
    _, there = planned()
    assert main(["snapshot", "seen", "--no-progress"]) == 0
    shutil.move("live", "gone")

    shutil.rmtree(".hedgehog-gitops")

    code, offline = planned("--live", "seen")

    assert code == 0
    assert offline == there
    assert [(each["action"], each["name"]) for each in offline["changes"]] == [("create", "pair-3")]
    assert [each["name"] for each in offline["withheld"]] == ["pair-2"]
    assert not Path("live").exists(), "it is read-only"
    assert not Path(".hedgehog-gitops").exists(), "what was remembered came with it"


def test_a_snapshot_without_a_memory_says_so_and_that_of_this_machine_is_used(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, there = planned()
    memory = Path(".hedgehog-gitops/state.sqlite")
    kept = memory.read_bytes()
    memory.write_text("damaged " * 1000)
    assert main(["snapshot", "seen", "--no-progress"]) == 69
    assert "what is remembered of the sides is not known" in capsys.readouterr().err
    memory.write_bytes(kept)
    assert planned("--live", "seen") == (0, there)


def test_a_plan_that_was_saved_without_a_cluster_can_be_applied_to_it() -> None:
    main(["snapshot", "seen", "--no-progress"])
    main(["plan", "--live", "seen", "--out", "saved.json", "--no-progress", "-o", "ignored"])
    assert main(["apply", "saved.json", "--yes", "--no-progress", "-o", "ignored"]) == 0
    assert Path("live/switchgroups/pair-3.yaml").exists()


def test_a_kind_that_could_not_be_read_is_said_and_freezes_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    """Issue 5, snapshot: an unreadable kind says so, exits non-zero and never looks complete."""
    Path("live/switchgroups/pair-1.yaml").write_text("{")
    assert main(["snapshot", "seen", "--no-progress"]) == 69
    assert "not known, and not written: SwitchGroup" in capsys.readouterr().err
    code, plan = planned("--live", "seen")
    assert code == 69
    assert plan["changes"] == []
    assert [each["kind"] for each in plan["frozen"]] == ["SwitchGroup"]


def test_an_empty_list_where_objects_are_ours_is_no_snapshot_of_nothing(place: Path) -> None:
    shutil.rmtree(place / "live")
    assert main(["snapshot", "seen", "--no-progress"]) == 69
    _, plan = planned("--live", "seen")
    assert plan["changes"] == plan["conflicts"] == plan["blocked"] == []
    assert plan["frozen"]


def test_a_directory_that_is_no_snapshot_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--live", "live", "--no-progress"]) == 69
    assert "snapshot DIR" in capsys.readouterr().err


def test_a_snapshot_is_of_one_fabric(capsys: pytest.CaptureFixture[str]) -> None:
    more = "  - {name: other, directory: fabrics/other, cluster: {directory: live2}}\n"
    Path("hedgehog-gitops.yaml").write_text(CONFIG + more)
    assert main(["snapshot", "seen", "--no-progress"]) == 64
    assert "name it with --fabric" in capsys.readouterr().err
    assert main(["snapshot", "seen", "--fabric", "lab", "--no-progress"]) == 0
    assert main(["plan", "--live", "seen", "--no-progress"]) == 64
    assert main(["plan", "--live", "seen", "--fabric", "other", "--no-progress"]) == 64
