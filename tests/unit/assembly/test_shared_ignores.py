"""Suppressions at the top of the configuration, which hold for every fabric."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.texts import BROKEN, vpc
from hedgehog_gitops.assembly.checking import check_fabrics

CONFIG = """\
apiVersion: hedgehog-gitops/v1
ignore:
  - {rules: [VPC-050], paths: [managed/vpcs/*], reason: the namespaces come next}
fabrics:
  - {name: a, directory: fabrics/a}
  - {name: b, directory: fabrics/b}
"""


def told(tmp_path: Path, text: str, *names: str) -> list[tuple[str, str]]:
    """The rule and path of each finding about suppressions, with one file in fabric a and none in b."""
    (tmp_path / "hedgehog-gitops.yaml").write_text(CONFIG)
    for name in "ab":
        (tmp_path / f"fabrics/{name}/managed/vpcs").mkdir(parents=True)
        (tmp_path / f"fabrics/{name}/README.md").write_text("a fabric\n")
    (tmp_path / "fabrics/a/managed/vpcs/blue.yaml").write_text(text)
    config = str(tmp_path / "hedgehog-gitops.yaml")
    checked = check_fabrics(config, names or None, (), revision=None, strict=False)
    assert checked is not None
    return [(each.rule, Path(each.origin.path).name) for each in checked.findings if each.rule.startswith("IGNORE")]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_one_fabric_that_needs_it_is_enough(tmp_path: Path) -> None:
    assert told(tmp_path, vpc("blue")) == []


def test_if_none_needs_it_that_is_told_once(tmp_path: Path) -> None:
    assert told(tmp_path, "# nothing\n") == [("IGNORE-003", "hedgehog-gitops.yaml")]


def test_nothing_is_told_of_it_when_not_all_fabrics_are_looked_at(tmp_path: Path) -> None:
    assert told(tmp_path, "# nothing\n", "b") == []


def test_an_error_in_a_file_that_it_holds_for_keeps_it_from_being_called_unused(tmp_path: Path) -> None:
    assert told(tmp_path, BROKEN) == []
