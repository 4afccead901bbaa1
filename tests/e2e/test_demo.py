"""The tour, by the installed command: every step ends as the story says, or the tour fails."""

from __future__ import annotations

import subprocess
from pathlib import Path

from e2e.workspace import AUTHOR, ended
from hedgehog_gitops.cli.demo_story import STORY


def test_the_tour_of_the_installed_command_goes_as_told(installed_command: Path, tmp_path: Path) -> None:
    done = ended([str(installed_command), "demo", "--keep", str(tmp_path / "tour")], tmp_path, {}, 120)

    assert done.code == 0, done.out + done.err
    assert all(step.title in done.out for step in STORY)
    assert "07-attachments.yaml:15:11: error VATT-010" in done.out
    assert "quickstart: unchanged" in done.out
    assert "spec.subnets.default.vlan: 1042 → 1002  (drifted; was 1002)" in done.out
    remote = tmp_path / "tour/remote.git"
    log = subprocess.run(
        ["git", "log", "--format=%s", "main"], cwd=remote, env=AUTHOR, capture_output=True, text=True, check=True
    ).stdout
    assert log.splitlines() == ["Take in raw files of quickstart", "Correct the subnet", "Raw files of the fabric"]


def test_a_tour_is_kept_only_in_a_new_directory(installed_command: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    done = ended([str(installed_command), "demo", "--keep", str(tmp_path)], tmp_path, {}, 60)
    assert done.code == 64
    assert (tmp_path / "mine.txt").read_text() == "precious"
