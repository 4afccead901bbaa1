"""`sync` of a schedule that finds nothing due costs next to nothing, and looks at nothing but its memory."""

from __future__ import annotations

import os
import resource
import shutil
from dataclasses import replace
from pathlib import Path

from e2e.workspace import Ended, Workspace, make_workspace

CPU_SECONDS = 0.3 if os.getloadavg()[0] <= (os.cpu_count() or 1) else 0.6
"""Seconds get longer where more runs at once than there are processors."""

HEAVY = (
    "git",
    "kubernetes",
    "rich",
    "ruamel",
    "jsonschema",
    "hedgehog_gitops.core.planning",
    "hedgehog_gitops.core.ingest",
)


def test_sync_that_finds_nothing_due_reads_neither_git_nor_a_side_and_takes_a_third_of_a_second(
    tmp_path: Path,
) -> None:
    """Issue 6, 5: under 0.3 s CPU without reading git or any side."""
    space = make_workspace(tmp_path)
    space.write(
        "hedgehog-gitops.yaml",
        "apiVersion: hedgehog-gitops/v1\nfabrics:\n"
        "  - {name: lab, directory: fabrics/lab, cluster: {directory: live}}\n",
    )
    (space.work / "live").mkdir()
    space.write("fabrics/lab/README.md", "")
    space.push()
    assert space.run("sync").code == 0
    shutil.rmtree(space.work / "live")
    shutil.rmtree(space.remote)
    (space.work / ".git/HEAD").write_text("damaged")

    tries = [timed(space) for _ in range(4)]
    assert {(done.code, done.out.partition(" (")[0]) for done, _ in tries} == {(0, "lab: skipped")}
    assert min(seconds for _, seconds in tries) < CPU_SECONDS

    told = replace(space, env={"PYTHONPROFILEIMPORTTIME": "1"}).run("sync", "--trigger", "schedule").err
    loaded = {line.rpartition("|")[2].strip() for line in told.splitlines()}
    assert "hedgehog_gitops.usecases.run" in loaded
    assert loaded.isdisjoint(HEAVY)


def timed(space: Workspace) -> tuple[Ended, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = space.run("sync", "--trigger", "schedule")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
