from __future__ import annotations

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hedgehog_gitops.adapters.metrics_file import MetricsFile
from hedgehog_gitops.adapters.request_counts import RequestCounts
from hedgehog_gitops.assembly.configuration import load_settings
from hedgehog_gitops.assembly.observing import serve_metrics
from hedgehog_gitops.cli.main import main
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.settings import Settings

CONFIGURATION = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - {name: lab, directory: fabrics/lab, cluster: {directory: live}, state: {path: state.sqlite}}
  - {name: two, directory: fabrics/two, cluster: {directory: live2}, state: {path: state.sqlite}}
"""
APPLIED = 'hedgehog_gitops_runs_total{fabric="lab",outcome="unchanged"}'


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    (tmp_path / "hedgehog-gitops.yaml").write_text(CONFIGURATION)
    (tmp_path / "live").mkdir()
    monkeypatch.chdir(tmp_path)
    main(["init"])
    return load_settings()


def test_each_sync_counts_on_and_status_brings_the_gauges_up_to_date(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "metrics" / "hedgehog.prom"
    for _ in range(2):
        assert main(["sync", "--fabric", "lab", "--metrics", str(file)]) == 0
    assert main(["status", "--metrics", str(file)]) == 0
    text = file.read_text()
    assert f"{APPLIED} 2\n" in text
    assert 'hedgehog_gitops_status{fabric="two",status="never_synced"} 1\n' in text
    assert file.stat().st_mode & 0o777 == 0o644
    assert [each.name for each in file.parent.iterdir() if each.suffix == ".prom"] == ["hedgehog.prom"]
    assert settings.fabrics


def test_metrics_that_cannot_be_written_fail_no_run(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert settings.fabrics
    assert main(["sync", "--fabric", "lab", "--metrics", "hedgehog-gitops.yaml/x.prom"]) == 0
    assert "lab: unchanged" in capsys.readouterr().out


def test_a_scrape_sees_what_is_known_now_and_the_counters_of_the_file(settings: Settings, tmp_path: Path) -> None:
    """Issue 6, scope: metrics on an HTTP port for workers."""
    file = str(tmp_path / "hedgehog.prom")
    with serve_metrics("0", settings, file) as port:
        address = f"http://127.0.0.1:{port}/metrics"
        before = urllib.request.urlopen(address, timeout=5).read().decode()
        main(["sync", "--fabric", "lab", "--metrics", file])
        with urllib.request.urlopen(address, timeout=5) as answer:
            after = answer.read().decode()
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
    assert 'hedgehog_gitops_status{fabric="lab",status="never_synced"} 1\n' in before
    assert 'hedgehog_gitops_status{fabric="lab",status="in_sync"} 1\n' in after
    assert f"{APPLIED} 1\n" in after


@pytest.mark.parametrize("address", ["", "soon", "127.0.0.1:http"])
def test_an_address_that_is_none_is_refused(address: str, settings: Settings) -> None:
    with pytest.raises(UsageError, match="is no address"), serve_metrics(address, settings):
        pass


def test_updates_at_the_same_time_wait_for_each_other(tmp_path: Path) -> None:
    file = MetricsFile(tmp_path / "n.prom")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: file.update(lambda text: str(int(text or 0) + 1)), range(40)))
    assert file.text() == "40"
    assert sorted(each.name for each in tmp_path.iterdir()) == [".n.prom.lock", "n.prom"]


def test_requests_are_counted_by_fabric_and_method() -> None:
    counts = RequestCounts()
    counts.hear("a")("GET", "/x")
    counts.hear("a")("PATCH", "/x")
    assert (counts.of("a"), counts.of("b")) == ({"GET": 1, "PATCH": 1}, {})
