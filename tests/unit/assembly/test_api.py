"""The public verbs on a plain directory: no git, no server, nothing but files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import hedgehog_gitops as hh
from fakes.clock import START
from fakes.texts import switch_group, vpc
from hedgehog_gitops.cli.main import main

CONFIG = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - name: lab
    directory: fabrics/lab
    cluster: {directory: live}
"""


@pytest.fixture
def settings(tmp_path: Path) -> hh.Settings:
    (tmp_path / "hedgehog-gitops.yaml").write_text(CONFIG)
    raw = tmp_path / "fabrics/lab/raw"
    raw.mkdir(parents=True)
    (raw / "group.yaml").write_text(switch_group("pair-1"))
    return hh.load_settings(tmp_path / "hedgehog-gitops.yaml")


def test_the_path_from_files_to_an_equal_cluster(settings: hh.Settings) -> None:
    root = Path(settings.root)
    assert hh.ensure_gitops_structure("lab", settings=settings).ok
    assert hh.validate(settings.fabrics[0], settings=settings).ok

    plan = hh.make_plan("lab", settings=settings)
    assert [(change.action, change.key.name) for change in plan.changes] == [(hh.Action.CREATE, "pair-1")]

    result = hh.apply_plan("lab", plan, settings=settings)
    assert (result.outcome, result.status) == (hh.Outcome.APPLIED, hh.SyncStatus.IN_SYNC)
    assert (root / "live/switchgroups/pair-1.yaml").exists()
    assert (root / "fabrics/lab/raw/group.yaml").exists(), "apply takes nothing in"

    synced = hh.execute_fabric_sync("lab", settings=settings)
    assert synced.outcome is hh.Outcome.APPLIED
    assert (root / "fabrics/lab/managed/switchgroups/pair-1.yaml").exists()
    assert hh.execute_fabric_sync("lab", settings=settings).outcome is hh.Outcome.UNCHANGED


def test_a_plan_that_is_stale_by_now_fails_before_any_write(settings: hh.Settings) -> None:
    plan = hh.make_plan("lab", settings=settings)
    (Path(settings.root) / "fabrics/lab/raw/more.yaml").write_text(switch_group("pair-2"))

    with pytest.raises(hh.StalePlanError, match="make a new plan"):
        hh.apply_plan("lab", plan, settings=settings)

    assert not (Path(settings.root) / "live").exists()


def test_normalizing_shows_what_ingesting_then_writes(settings: hh.Settings) -> None:
    seen = hh.normalize("lab", settings=settings).ingestion.changes
    assert seen
    report = hh.ingest_fabric_raw_files("lab", settings=settings)
    assert report.ok
    assert not (Path(settings.root) / "fabrics/lab/raw/group.yaml").exists()
    assert hh.normalize("lab", settings=settings).ingestion.changes == ()


def test_loose_files_are_one_fabric(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(vpc())
    (tmp_path / "b.yml").write_text(vpc())
    found = hh.validate([tmp_path])
    assert {finding.rule for finding in found.findings} == {"LINT-DUPLICATE", "VPC-050"}
    assert found.summary.files == 2


def test_a_fabric_that_is_not_configured_is_named(settings: hh.Settings) -> None:
    with pytest.raises(hh.UsageError, match="typo"):
        hh.make_plan("typo", settings=settings)


def test_an_absolute_path_stays_absolute(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(vpc())
    found = hh.validate([tmp_path / "a.yaml"])
    assert {finding.origin.path for finding in found.findings} == {str(tmp_path / "a.yaml")}


def test_needs_sync_goes_by_the_stamps(settings: hh.Settings) -> None:
    (fabric,) = settings.fabrics
    just_now = hh.SyncState(
        last_attempt_started_at=START, last_attempt_finished_at=START, last_outcome=hh.Outcome.UNCHANGED
    )
    assert hh.needs_sync(fabric, hh.SyncState(), START)
    assert not hh.needs_sync(fabric, just_now, START + timedelta(seconds=299))
    assert hh.needs_sync(fabric, just_now, START + timedelta(seconds=299), head="abc")
    assert hh.needs_sync(fabric, just_now, START + timedelta(seconds=300))


@pytest.mark.parametrize("path", [".", "fabrics", "fabrics/lab", "fabrics/lab/raw", "fabrics/lab/raw/group.yaml"])
def test_a_path_that_holds_or_lies_in_a_fabric_is_looked_at_as_that_fabric(
    settings: hh.Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    monkeypatch.chdir(settings.root)
    assert main(["validate", path]) == 0
    assert capsys.readouterr().out == "1 file and 1 object: no findings\n"


def test_state_lies_out_of_sight_of_git_and_apart_for_each_configuration(tmp_path: Path) -> None:
    top, below = tmp_path, tmp_path / "sites/a"
    below.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for root in (top, below):
        (root / "hedgehog-gitops.yaml").write_text(CONFIG)
        settings = hh.load_settings(root / "hedgehog-gitops.yaml")
        hh.make_plan("lab", settings=settings)
    assert len(list((tmp_path / ".git/hedgehog-gitops").glob("*state.sqlite"))) == 2
    assert not list(tmp_path.rglob(".hedgehog-gitops"))


GATEWAY_GROUP = """\
apiVersion: gateway.githedgehog.com/v1alpha1
kind: GatewayGroup
metadata: {name: default}
"""
FABRICATOR = """\
apiVersion: fabricator.githedgehog.com/v1beta1
kind: Fabricator
metadata: {name: default, namespace: fab}
spec: {config: {gateway: {enable: true}}}
"""


def test_loose_files_are_judged_with_the_constants_given_or_those_of_a_fabricator_among_them(tmp_path: Path) -> None:
    group, constants, installer = (tmp_path / name for name in ("group.yaml", "constants.yaml", "fab.yaml"))
    group.write_text(GATEWAY_GROUP)
    constants.write_text("gateway: true\n")
    installer.write_text(FABRICATOR)

    def rules(*paths: Path, given: hh.FabricConstants | Path | str | None = None) -> set[str]:
        return {finding.rule for finding in hh.validate(paths, constants=given).findings}

    assert rules(group) == {"GW-000"}
    assert rules(group, given=hh.FabricConstants(gateway=True)) == set()
    assert rules(group, given=constants) == rules(group, given=str(installer)) == set()
    assert rules(group, installer) == {"OBJECT-008", "FAB-004"}
    assert "GW-000" in rules(group, installer, given=hh.FabricConstants())
