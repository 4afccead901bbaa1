"""What the repository says about itself is true: docs, action, hooks, rules."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.cli.main import MODULES
from hedgehog_gitops.cli.parser import COMMANDS
from hedgehog_gitops.core.rules.catalogue import LAYERS, RULES, rules_markdown
from hedgehog_gitops.core.workflow.inputs import PREFIX
from hedgehog_gitops.core.workflow.outputs import NAMES
from hedgehog_gitops.settings import parse_settings

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
    assert all(re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)+", rule.id) and rule.title and rule.explanation for rule in listed)


def test_every_command_has_a_home_and_a_line_in_the_readme() -> None:
    names = {name for name, _, _ in COMMANDS}
    assert names == set(MODULES)
    assert all(f"`{name}" in README for name in names)


def test_the_tables_of_inputs_and_outputs_are_generated_and_current() -> None:
    """Issue 8, scope: every input and output is documented in README and docs/action.md from one source."""
    command = [sys.executable, "scripts/action_reference.py", "--check", "README.md", "docs/action.md"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_the_action_hands_out_what_the_program_writes_and_hands_in_what_it_reads() -> None:
    assert list(ACTION["outputs"]) == list(NAMES)
    assert {each["value"] for each in ACTION["outputs"].values()} == {
        f"${{{{ steps.run.outputs.{name} }}}}" for name in NAMES
    }
    handed = {name for name in ACTION["runs"]["steps"][-1]["env"] if name.startswith(PREFIX)}
    ours = {PREFIX + name.upper().replace("-", "_") for name in ACTION["inputs"]}
    assert handed == ours - {f"{PREFIX}PYTHON_VERSION", f"{PREFIX}CACHE_KEY"}


def test_inputs_reach_the_shell_through_the_environment_only() -> None:
    scripts = [step for step in ACTION["runs"]["steps"] if "run" in step]
    assert scripts
    for step in scripts:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_other_actions_are_pinned_by_commit() -> None:
    files = [ROOT / "action.yml", *(ROOT / ".github/workflows").glob("*.yml")]
    for file in [*files, *(ROOT / "examples/workflows").rglob("*.yml")]:
        for used in re.findall(r"uses: (\S+)", file.read_text(encoding="utf-8")):
            is_ours = used in {"./", "OWNER/hedgehog-gitops@COMMIT"}
            assert is_ours or re.search(r"@[0-9a-f]{40}$", used), used


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *DOC_PAGES])
def test_paths_that_a_page_names_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(
        re.findall(r"`((?:docs|src|tests|schemas|examples|changes|scripts|benchmarks)/[A-Za-z0-9_./-]*)`", text)
    )
    missing = [path for path in named if not (ROOT / path).exists()]
    assert not missing


def test_the_named_proofs_of_the_three_validations_are_there() -> None:
    """Issue 6, 6: the three validations that the original analysis demands, and the tests that show them."""
    page = (ROOT / "docs/scheduling.md").read_text(encoding="utf-8").partition("## What is proven")[2]
    titles = re.findall(r"^\*\*(.+?)\.\*\*", page, re.MULTILINE)
    assert titles == ["Timing prevents duplicates", "Status reflects the actual state", "Failure and recovery"]
    named = re.findall(r"`(tests/\S+\.py)`(?: \(`(test_\w+)…`\))?", page)
    assert len(named) >= 10
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path, _ in named}
    missing = [(path, start) for path, start in named if f"def {start}" not in texts[path]]
    assert missing == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", *DOC_PAGES])
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    file = ROOT / page
    links = re.findall(r"\]\((?!https?://)([^)#]+)", file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []


def test_no_host_of_a_machine_or_path_of_one_stands_in_a_text() -> None:
    """The lock file names the public index by itself."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        if name in {"uv.lock", "tests/unit/test_repository.py"} or not file.is_file():
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        assert not re.search(r"(?<![.\w])/(work|root)/", text), name


def test_the_newest_python_here_has_an_environment_that_runs_the_command() -> None:
    """`make test` makes it before these tests and runs the unit and property tests in it."""
    newest = ROOT / ".venv-newest/bin/python"
    if not newest.exists():
        pytest.skip("no Python newer than this environment's was found, so its unit and property tests were not run")
    done = subprocess.run([newest, "-m", "hedgehog_gitops", "--version"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("required", "code"), [("", 0), ("1", 2)], ids=["skipped", "required"])
def test_make_goes_on_without_an_api_server_unless_one_is_required(required: str, code: int, tmp_path: Path) -> None:
    """The tests that need it are skipped then, and the closing lines of `make test` say why."""
    done = subprocess.run(
        ["make", "--assume-old=.venv/ready", "servers", f"RUN={Path(sys.executable).parent}"],
        cwd=ROOT,
        env={**os.environ, "KUBEBUILDER_ASSETS": str(tmp_path), "HEDGEHOG_REQUIRE_SERVERS": required, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "not in the cache" in done.stderr
    assert done.returncode == code


def test_no_two_modules_of_tests_have_one_name() -> None:
    """They are collected by their bare names, so that of two alike only the first can be."""
    names = sorted(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in names if names.count(name) > 1] == []


def test_every_entry_of_the_changelog_has_a_number_and_a_kind() -> None:
    entries = [file.name for file in (ROOT / "changes").iterdir() if file.name != "README.md"]
    kinds = "added|changed|fixed|removed|security"
    assert [name for name in entries if not re.fullmatch(rf"\d+\.({kinds})(\.\d+)?\.md", name)] == []


def test_the_changelog_is_built_from_the_entries(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes/7.fixed.md").write_text("A sentence in the user's words.\n")
    command = [sys.executable, "-m", "towncrier", "build", "--yes", "--version", "9.9.9", "--date", "2020-01-01"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    built = (tmp_path / "CHANGELOG.md").read_text()
    assert "## 9.9.9 (2020-01-01)\n\n### Fixed\n\n- A sentence in the user's words. (#7)\n" in built


def test_the_configuration_in_the_readme_is_one() -> None:
    (text,) = [block for block in blocks("yaml") if block.startswith("apiVersion: hedgehog-gitops/v1")]
    settings = parse_settings(
        text.encode(), "README.md", "/", PackageSchemas().configuration(), PackageSchemas().schema
    )
    assert [fabric.name for fabric in settings.fabrics] == ["prod"]


def test_the_program_in_the_readme_runs(tmp_path: Path) -> None:
    (program,) = blocks("python")
    shutil.copytree(ROOT / "examples/quickstart", tmp_path, dirs_exist_ok=True)
    configuration = tmp_path / "hedgehog-gitops.yaml"
    configuration.write_text(configuration.read_text().replace("name: quickstart", "name: prod"))
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "partial" in done.stdout, "the deliberate mistake of the example holds one object back"


def blocks(language: str) -> list[str]:
    """The code blocks of the README in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
