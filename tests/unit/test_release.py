"""A tag becomes a release only if version and changelog say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import release

CHANGELOG = (
    "# Changelog\n<!-- releases -->\n## 1.2.3 (2026-11-25)\n\n### Added\n\n- A thing. (#8)\n\n## 1.2.2 (2026-10-01)\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes/README.md").write_text("")
    return tmp_path


def test_tag_version_and_changelog_agree(root: Path) -> None:
    assert release.disagreements("v1.2.3", root) == []


def test_another_tag_is_refused(root: Path) -> None:
    assert len(release.disagreements("v1.2.4", root)) == 2


def test_an_entry_that_is_in_no_changelog_is_told(root: Path) -> None:
    (root / "changes/8.added.md").write_text("A thing.\n")
    assert release.disagreements("v1.2.3", root) == [
        "changes/ still has 1 entries that the changelog does not: run towncrier build"
    ]


def test_the_notes_are_the_part_of_the_version() -> None:
    assert release.notes("v1.2.3", CHANGELOG) == "### Added\n\n- A thing. (#8)\n"
    assert release.notes("v1.2", CHANGELOG) == ""
