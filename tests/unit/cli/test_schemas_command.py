"""`schema` with a source, and `validate` with what it wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hedgehog_gitops.cli.main import main

ROOT = Path(__file__).resolve().parents[3]
VPC_FILE = """apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata: {name: one}
spec:
  color: blue
  subnets: {default: {subnet: 10.0.0.0/24, vlan: 1001}}
"""


@pytest.fixture
def definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the definitions of all kinds, as our own command prints them."""
    monkeypatch.chdir(tmp_path)
    directory = tmp_path / "crds"
    directory.mkdir()
    assert main(["schema", "--crd", "-o", str(directory / "all.yaml")]) == 0
    return directory


def with_color(directory: Path) -> None:
    """Give the VPC of the definitions a field that we do not ship."""
    file = directory / "all.yaml"
    head, mark, rest = file.read_text().partition("listKind: VPCList")
    rest = rest.replace(
        "              mode:\n", "              color:\n                type: string\n              mode:\n", 1
    )
    file.write_text(head + mark + rest)


def test_the_shipped_schemas_are_those_of_their_own_definitions(
    definitions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", "--from", str(definitions), "--check"]) == 0
    assert capsys.readouterr().out == "25 compared: no differences\n"


def test_what_is_written_is_what_ships(definitions: Path, tmp_path: Path) -> None:
    assert main(["schema", "--from", str(definitions), "-o", str(tmp_path / "made")]) == 0
    made = {file.name: file.read_text() for file in (tmp_path / "made").iterdir()}
    assert made == {name: (ROOT / "schemas" / name).read_text() for name in made}
    assert len(made) == 25


def test_a_difference_fails_the_check(definitions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_color(definitions)
    assert main(["schema", "--from", str(definitions), "--check"]) == 1
    assert "VPC spec.color is new\n25 compared: 1 difference\n" in capsys.readouterr().out
    assert main(["schema", "--from", str(definitions), "--check", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["differences"][0]["field"] == "spec.color"


def test_validation_judges_by_refreshed_schemas(
    definitions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_color(definitions)
    made = tmp_path / "made"
    assert main(["schema", "--from", str(definitions), "-o", str(made)]) == 0
    (tmp_path / "vpc.yaml").write_text(VPC_FILE)
    assert main(["validate", "vpc.yaml"]) == 1
    assert "DECODE-001" in capsys.readouterr().out
    main(["validate", "vpc.yaml", "--schemas", str(made)])
    assert "DECODE-001" not in capsys.readouterr().out
    assert main(["schema", "--from", str(definitions), "--check", "--schemas", str(made)]) == 0


def test_the_configuration_can_name_them(definitions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_color(definitions)
    assert main(["schema", "--from", str(definitions), "-o", "made"]) == 0
    text = "apiVersion: hedgehog-gitops/v1\nfabrics: [{name: one, directory: fabric}]\n"
    (tmp_path / "hedgehog-gitops.yaml").write_text(text)
    assert main(["init"]) == 0
    (tmp_path / "fabric/raw/vpc.yaml").write_text(VPC_FILE)
    capsys.readouterr()
    main(["validate"])
    assert "DECODE-001" in capsys.readouterr().out
    (tmp_path / "hedgehog-gitops.yaml").write_text(text + "schemas: made\n")
    main(["validate"])
    assert "DECODE-001" not in capsys.readouterr().out
    main(["normalize"])
    assert (tmp_path / "fabric/managed/vpcs/one.yaml").exists()


def test_a_list_of_kubectl_is_read_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["schema", "VPC", "--crd"])
    indented = capsys.readouterr().out.replace("\n", "\n  ").rstrip()
    (tmp_path / "list.yaml").write_text(f"apiVersion: v1\nkind: List\nitems:\n- {indented}\n")
    assert main(["schema", "--from", "list.yaml", "--check"]) == 0
    assert (
        "1 compared: no differences\nnot compared: VLANNamespace, there is no definition\n" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["schema", "--check"], "add --from DIR or --from-cluster"),
        (["schema", "--from", "crds"], "name the directory to write to"),
        (["schema", "--from", "nothing", "--check"], "there is no file or directory"),
        (["schema", "--from", "empty", "--check"], "there are no CustomResourceDefinitions in empty"),
        (["schema", "--from", "broken", "--check"], "broken/a.yaml:2:"),
        (["schema", "nonsense"], "no kind 'nonsense'"),
        (["validate", "crds", "--schemas", "nowhere"], "there is no directory nowhere"),
        (["validate", "vpc.yaml", "--schemas", "wrong"], "is no schema of VPC"),
        (["validate", "vpc.yaml", "--schemas", "torn"], "cannot be read as JSON"),
    ],
)
def test_what_makes_no_sense_is_said(
    definitions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert definitions.is_dir()
    for name in ("empty", "broken", "wrong", "torn"):
        (tmp_path / name).mkdir()
    (tmp_path / "broken/a.yaml").write_text("a: [\n")
    (tmp_path / "wrong/vpcs.json").write_text('{"type": 5}')
    (tmp_path / "torn/vpcs.json").write_text('{"type')
    (tmp_path / "vpc.yaml").write_text(VPC_FILE)
    assert main(arguments) == 64
    assert said in capsys.readouterr().err
