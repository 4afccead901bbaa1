"""The settings of docs/editors.md in a real language server, on right and wrong manifests."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hedgehog_gitops.cli.main import main
from servers.language_server import Editor, ServerUnavailableError, find_program

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
WRONG = """apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata: {name: one}
spec:
  subnets:
    default:
      subnett: 10.0.0.0/24
      vlan: "1001"
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Servr
metadata: {name: two}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Switch
metadata: {name: three}
spec: {role: top}
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The quick-start fabric with the schemas that the page's commands write."""
    work = tmp_path / "a checkout"
    shutil.copytree(ROOT / "examples/quickstart", work)
    configuration = work / "hedgehog-gitops.yaml"  # its first line names a schema by its place in our repository
    configuration.write_text(configuration.read_text().partition("\n")[2])
    monkeypatch.chdir(work)
    for line in BLOCKS["console"].splitlines():
        program, *arguments = line.removeprefix("$ ").split()
        if program == "mkdir":
            (work / arguments[-1]).mkdir()
        else:
            assert main(arguments) == 0
    return work


@pytest.fixture
def editor(checkout: Path) -> Iterator[Editor]:
    """An editor with the settings that the page has for VS Code."""
    try:
        program = find_program()
    except ServerUnavailableError as error:
        pytest.skip(f"no YAML language server: {error}")
    with Editor(program, checkout, json.loads(BLOCKS["json"])["yaml.schemas"]) as opened:
        yield opened


def test_every_file_of_the_quick_start_is_right(editor: Editor, checkout: Path) -> None:
    files = sorted((checkout / "fabrics").rglob("*.yaml"))
    assert {file.name: editor.diagnose(file) for file in files} == {file.name: [] for file in files}
    assert editor.diagnose(checkout / "hedgehog-gitops.yaml") == []


@pytest.mark.parametrize("place", ["raw", "managed/vpcs"])
def test_a_fault_is_told_as_one_of_its_kind_on_its_line(editor: Editor, checkout: Path, place: str) -> None:
    file = checkout / "fabrics/quickstart" / place / "wrong.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(WRONG)
    found = sorted((line, message.partition(":")[0]) for line, message in editor.diagnose(file))
    assert found == [
        (7, "Property subnett is not allowed."),
        (8, 'Incorrect type. Expected "integer".'),
        (11, "Value is not accepted. Valid values"),
        (17, "Value is not accepted. Valid values"),
    ]


def test_a_field_is_explained_and_completed(editor: Editor, checkout: Path) -> None:
    file = checkout / "fabrics/quickstart/raw/wrong.yaml"
    file.write_text(WRONG.replace("subnett", "subnet").replace('"1001"', "1001"))
    editor.diagnose(file)
    assert "VLAN id." in editor.hover(file, 8, 8)
    assert {"dhcp", "gateway", "isolated"} <= set(editor.complete(file, 8, 7))


def test_the_configuration_has_a_schema_too(editor: Editor, checkout: Path) -> None:
    file = checkout / "hedgehog-gitops.yaml"
    file.write_text("apiVersion: hedgehog-gitops/v1\nfabrics:\n- name: one\n  directory: fabric\n  snyc: {}\n")
    assert editor.diagnose(file) == [(5, "Property snyc is not allowed.")]


def test_what_is_no_object_of_the_fabric_is_left_alone(editor: Editor, checkout: Path) -> None:
    file = checkout / ".github/workflows/ci.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("on: push\n")
    assert editor.diagnose(file) == []


def test_the_other_editors_are_given_the_same_files() -> None:
    patterns = json.loads(BLOCKS["json"])["yaml.schemas"]
    for schema, matched in patterns.items():
        assert f'["{schema}"] = ' in BLOCKS["lua"]
        assert all(f'"{each}"' in BLOCKS["lua"] for each in ([matched] if isinstance(matched, str) else matched))
    mapped = ET.fromstring(BLOCKS["xml"]).findall(".//option[@name='relativePathToSchema']")  # noqa: S314 - our own page
    assert [f"./{each.get('value')}" for each in mapped] == list(patterns)
