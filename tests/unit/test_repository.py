"""What the repository says about itself is true: docs, action, hooks, rules."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from hedgehog_gitops.cli.main import MODULES
from hedgehog_gitops.cli.parser import COMMANDS
from hedgehog_gitops.core.rules.catalogue import LAYERS, RULES, rules_markdown

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
DOC_PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))


def test_the_page_of_rules_is_generated_and_current() -> None:
    """`make docs` writes it."""
    assert (ROOT / "docs/rules.md").read_text(encoding="utf-8") == rules_markdown()


def test_the_page_of_commands_is_generated_and_current() -> None:
    """`make docs` writes it."""
    done = subprocess.run(
        [sys.executable, "scripts/command_reference.py", "docs/cli.md", "--check"], cwd=ROOT, check=False
    )
    assert done.returncode == 0


def test_ids_of_rules_are_unique_and_each_rule_explains_itself() -> None:
    listed = [rule for _, rules in LAYERS for rule in rules]
    assert len(listed) == len(RULES)
    assert all(re.fullmatch(r"[A-Z0-9]+-[A-Z0-9]+", rule.id) and rule.title and rule.explanation for rule in listed)


def test_every_command_has_a_home_and_a_line_in_the_readme() -> None:
    names = {name for name, _, _ in COMMANDS}
    assert names == set(MODULES)
    assert all(f"`{name}" in README for name in names)


@pytest.mark.parametrize("name", ACTION["inputs"])
def test_every_input_of_the_action_is_described_in_the_readme(name: str) -> None:
    given = ACTION["inputs"][name]
    default = f"`{given['default']}`" if given["default"] else ""
    assert f"| `{name}` | {default + ' ' if default else ''}| {given['description']} |" in README


def test_inputs_reach_the_shell_through_the_environment_only() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_other_actions_are_pinned_by_commit() -> None:
    for file in (ROOT / ".github/workflows").glob("*.yml"):
        for used in re.findall(r"uses: (\S+)", file.read_text(encoding="utf-8")):
            assert re.search(r"@[0-9a-f]{40}$", used), used


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *DOC_PAGES])
def test_paths_that_a_page_names_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(
        re.findall(r"`((?:docs|src|tests|schemas|examples|changes|scripts|benchmarks)/[A-Za-z0-9_./-]*)`", text)
    )
    missing = [path for path in named if not (ROOT / path).exists()]
    assert not missing


def test_no_host_of_a_machine_or_path_of_one_stands_in_a_text() -> None:
    """The lock file names the public index by itself."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        if name in {"uv.lock", "tests/unit/test_repository.py"} or not file.is_file():
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        assert not re.search(r"(?<![.\w])/(work|root)/", text), name
