"""docs/cli.md says which keys each JSON form has; the real command prints exactly those."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.workspace import Workspace, make_workspace

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
PREFIX = "hedgehog-gitops/"
COMMANDS = ("validate", "init", "normalize", "plan", "sync", "status", "fabrics", "doctor", "rules")
PARTS = [
    ("validate", "findings"),
    ("plan", "changes"),
    ("status", "fabrics"),
    ("fabrics", "fabrics"),
    ("doctor", "findings"),
    ("rules", "rules"),
]


def rows() -> Iterator[tuple[str, list[str]]]:
    """The first cell of each table row of the page, and the words in code style of its last one."""
    for line in PAGE.splitlines():
        if line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
            yield cells[0], re.findall(r"`([^`]+)`", cells[-1])


DOCUMENTED = dict(rows())


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = make_workspace(tmp_path_factory.mktemp("forms"))
    shutil.copytree(ROOT / "examples/quickstart", made.work, dirs_exist_ok=True)
    made.push()
    return made


@pytest.fixture(scope="module")
def printed(space: Workspace) -> dict[str, dict[str, Any]]:
    """What each command prints; in this order there is something to find, to plan and to know."""
    return {command: space.run(command, "--format", "json").json() for command in COMMANDS}


def test_the_page_lists_the_form_of_every_command_with_json(printed: dict[str, dict[str, Any]]) -> None:
    listed = {name.strip("`") for name in DOCUMENTED if name.startswith(f"`{PREFIX}")}
    assert listed == {each["schema"] for each in printed.values()}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_form_has_the_keys_that_the_page_lists(command: str, printed: dict[str, dict[str, Any]]) -> None:
    form = printed[command]
    assert ["schema", *DOCUMENTED[f"`{form['schema']}`"]] == list(form)


@pytest.mark.parametrize(("command", "part"), PARTS)
def test_a_part_has_the_keys_that_the_page_lists(command: str, part: str, printed: dict[str, dict[str, Any]]) -> None:
    assert list(printed[command][part][0]) == DOCUMENTED[f"`{command}`: each of `{part}`"]


def test_a_side_has_the_keys_that_the_page_lists(printed: dict[str, dict[str, Any]]) -> None:
    (fabric,) = printed["status"]["fabrics"]
    assert [list(side) for side in fabric["sides"]] == [DOCUMENTED["`status`: each of `sides`"]]


def test_the_example_is_what_the_quick_start_fabric_gives(printed: dict[str, dict[str, Any]]) -> None:
    (example,) = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)]
    found = printed["validate"]
    errors = [finding for finding in found["findings"] if finding["severity"] == "error"]
    assert {**found, "findings": errors} == example


@pytest.mark.parametrize(
    ("arguments", "form"), [(("plan",), "plans"), (("sync", "--force"), "syncs")], ids=["plan", "sync"]
)
def test_several_fabrics_are_a_list_in_a_form_of_its_own(arguments: tuple[str, ...], form: str, tmp_path: Path) -> None:
    space = make_workspace(tmp_path)
    fabrics = "".join(
        f"  - {{name: {name}, directory: fabrics/{name}, cluster: {{directory: live/{name}}}}}\n" for name in "ab"
    )
    space.write("hedgehog-gitops.yaml", f"apiVersion: hedgehog-gitops/v1\nfabrics:\n{fabrics}")
    space.run("init")
    space.push()
    value = space.run(*arguments, "--format", "json").json()
    assert value["schema"] == f"{PREFIX}{form}/v1"
    ((name, several),) = [(name, each) for name, each in value.items() if name != "schema"]
    assert [each["fabric"] for each in several] == ["a", "b"]
    assert f"`{PREFIX}{form}/v1` with `{name}`" in re.sub(r"\s+", " ", PAGE)
