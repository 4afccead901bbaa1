from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hedgehog_gitops.adapters.sqlite_state import SqliteState
from hedgehog_gitops.cli.main import main
from hedgehog_gitops.model.state import Outcome, SyncState

CONFIGURATION = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - {name: lab, directory: fabrics/lab, cluster: {directory: live}, state: {path: state.sqlite}}
"""
Attempted = Callable[[float], None]


@pytest.fixture
def attempted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Attempted:
    """Says how many seconds ago the lab was synced last."""
    (tmp_path / "hedgehog-gitops.yaml").write_text(CONFIGURATION)
    monkeypatch.chdir(tmp_path)
    store = SqliteState(tmp_path / "state.sqlite")

    def stamp(seconds: float) -> None:
        at = datetime.now(UTC) - timedelta(seconds=seconds)
        lease = store.acquire("lab", "host:1", "r1", at, timedelta(seconds=1))
        state = SyncState(
            version=store.load("lab").version,
            last_attempt_started_at=at,
            last_attempt_finished_at=at,
            last_outcome=Outcome.UNCHANGED,
            agreement="equal",
        )
        store.save(lease, state)
        store.release(lease)

    return stamp


@pytest.mark.parametrize(
    ("seconds", "arguments", "code"),
    [
        (10, ["--fail-on", "overdue"], 0),
        (1000, ["--fail-on", "overdue"], 1),
        (1000, ["--fail-on", "any"], 1),
        (1000, ["--fail-on", "failing", "--fail-on", "interrupted"], 0),
        (1000, [], 0),
    ],
)
def test_b34_the_exit_code_says_that_a_fabric_is_overdue_where_that_is_asked_for(
    attempted: Attempted, seconds: float, arguments: list[str], code: int
) -> None:
    """Issue 6, scope: `overdue` health finding and exit code 1 with `--fail-on overdue`."""
    attempted(seconds)
    assert main(["status", *arguments]) == code


def test_the_health_finding_has_the_keys_that_the_page_lists(
    attempted: Attempted, capsys: pytest.CaptureFixture[str]
) -> None:
    attempted(1000)
    main(["status", "--format", "json"])
    (found,) = json.loads(capsys.readouterr().out)["fabrics"][0]["health"]
    page = (Path(__file__).resolve().parents[3] / "docs/cli.md").read_text()
    assert f"| `status`: each of `health` | {', '.join(f'`{key}`' for key in found)} |" in page
    assert (found["check"], found["severity"]) == ("overdue", "error")


def test_the_lock_has_the_keys_that_the_page_lists(attempted: Attempted, capsys: pytest.CaptureFixture[str]) -> None:
    attempted(10)
    SqliteState(Path("state.sqlite")).acquire("lab", "host:2", "r2", datetime.now(UTC), timedelta(seconds=60))
    assert main(["status", "--format", "json"]) == 0
    fabric = json.loads(capsys.readouterr().out)["fabrics"][0]
    page = (Path(__file__).resolve().parents[3] / "docs/cli.md").read_text()
    assert (fabric["status"], fabric["lock"]["holder"]) == ("syncing", "host:2")
    assert f"| {', '.join(f'`{key}`' for key in fabric['lock'])} |" in page


def test_a_fabric_whose_memory_cannot_be_read_hides_no_other(
    attempted: Attempted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attempted(10)
    (tmp_path / "broken").mkdir()
    other = "  - {name: two, directory: fabrics/two, cluster: {directory: live2}, state: {path: broken}}\n"
    (tmp_path / "hedgehog-gitops.yaml").write_text(CONFIGURATION + other)
    assert main(["status", "--format", "json", "--metrics", "all.prom"]) == 1
    shown = capsys.readouterr()
    found = [(each["fabric"], each["status"], each["is_read"]) for each in json.loads(shown.out)["fabrics"]]
    assert found == [("lab", "in_sync", True), ("two", "unknown", False)]
    assert 'hedgehog_gitops_status{fabric="lab",status="in_sync"} 1\n' in (tmp_path / "all.prom").read_text()
