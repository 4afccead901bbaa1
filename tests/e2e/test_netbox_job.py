"""The example of a NetBox plugin's jobs, with stand-ins for the two names that it takes from NetBox."""

from __future__ import annotations

import importlib
import json
import logging
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from e2e.workspace import Workspace, make_workspace
from hedgehog_gitops import load_settings
from hedgehog_gitops.assembly.endpoints import open_state

ROOT = Path(__file__).resolve().parents[2]


class JobRunner:
    """What NetBox's own class gives a job."""

    def __init__(self, job: SimpleNamespace) -> None:
        self.job = job
        self.logger = logging.getLogger("netbox.jobs.test")


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The example, as a package that was imported inside NetBox."""

    def system_job(interval: int) -> Callable[[type[JobRunner]], type[JobRunner]]:
        assert isinstance(interval, int)
        return lambda job: job

    stand_in = ModuleType("netbox.jobs")
    vars(stand_in).update(JobRunner=JobRunner, system_job=system_job)
    monkeypatch.setitem(sys.modules, "netbox", ModuleType("netbox"))
    monkeypatch.setitem(sys.modules, "netbox.jobs", stand_in)
    shutil.copytree(ROOT / "examples/netbox_job", tmp_path / "plugins/plugin_of_the_test")
    (tmp_path / "plugins/plugin_of_the_test/__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path / "plugins")
    return importlib.import_module("plugin_of_the_test.jobs")


@pytest.fixture
def space(tmp_path: Path, plugin: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The quick-start fabric in a repository, named in the job's configuration."""
    space = make_workspace(tmp_path)
    shutil.copytree(ROOT / "examples/quickstart", space.work, dirs_exist_ok=True)
    space.push()
    monkeypatch.setattr(plugin, "CONFIG", str(space.work / "hedgehog-gitops.yaml"))
    return space


def run(job: type[JobRunner], **arguments: Any) -> Any:
    record = SimpleNamespace(data=None)
    vars(job)["run"](job(record), **arguments)
    return json.loads(json.dumps(record.data))  # as NetBox's database keeps it


def test_b16_netboxs_jobs_go_through_the_one_entry_point(plugin: ModuleType, space: Workspace) -> None:
    """Issue 6, the entry point: a NetBox plugin's job. A schedule waits until it is due, a button does not."""
    first = run(plugin.SyncDueFabrics)["quickstart"]
    second = run(plugin.SyncDueFabrics)["quickstart"]
    asked = run(plugin.SyncFabric, fabric="quickstart")

    assert first["outcome"] == "partial", "the deliberate mistake of the example holds one object back"
    assert first["counts"]["created"] > 0
    assert second["outcome"] == "skipped"
    assert asked["outcome"] == "partial"
    settings = load_settings(space.work / "hedgehog-gitops.yaml")
    assert open_state(settings.fabrics[0], settings).load("quickstart").run_id == asked["run_id"]


def test_an_error_is_the_jobs_result(plugin: ModuleType, space: Workspace) -> None:
    assert space.work.exists()
    failed = run(plugin.SyncFabric, fabric="nobody")
    assert failed["outcome"] == "failed"
    assert "nobody" in failed["failures"][0]
