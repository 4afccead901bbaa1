from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

import pytest

from hedgehog_gitops.cli.main import main
from hedgehog_gitops.cli.output import Target, check_outputs, targets, write_result
from hedgehog_gitops.cli.parser import build_parser
from hedgehog_gitops.model.errors import UsageError


def args(*words: str) -> Namespace:
    return build_parser().parse_args(words)


@pytest.fixture(autouse=True)
def _outside_a_workflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], [("text", "")]),
        (["--format", "json"], [("json", "")]),
        (["-o", "a.txt"], [("text", "a.txt")]),
        (["--format", "sarif", "-o", "a"], [("sarif", "a")]),
        (["--output", "sarif=a", "-o", "junit=b=c"], [("text", ""), ("sarif", "a"), ("junit", "b=c")]),
        (["-o", "a", "-o", "json=b"], [("text", "a"), ("json", "b")]),
        (["-o", "./json=b"], [("text", "./json=b")]),
        (["-o", "up/a=b"], [("text", "up/a=b")]),
        (["-o", "json="], [("text", "json=")]),
    ],
)
def test_each_output_has_its_form_and_file(words: list[str], expected: list[tuple[str, str]]) -> None:
    assert list(targets(args("validate", *words))) == [Target(*each) for each in expected]


def test_a_word_before_the_sign_that_is_no_form_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no form 'sarfi'.*write \./sarfi=a"):
        check_outputs(args("validate", "-o", "sarfi=a"))


@pytest.mark.parametrize(
    "words", [("plan", "--format", "sarif"), ("sync", "-o", "junit=x"), ("rules", "--format", "github")]
)
def test_a_command_is_not_begun_for_a_form_that_it_does_not_have(words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=f"{words[0]} has no form"):
        check_outputs(args(*words))


def test_in_a_workflow_annotations_are_the_default_unless_there_is_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert targets(args("validate", "-o", "sarif=a"))[0] == Target("github", "")
    assert targets(args("validate", "-o", "a"))[0] == Target("text", "a")
    assert targets(args("rules"))[0] == Target("markdown", "")
    assert targets(args("explain", "LINT-003"))[0] == Target("text", "")


def test_text_on_a_terminal_is_a_form_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert targets(args("validate"))[0] == Target("terminal", "")
    assert targets(args("validate", "--format", "json"))[0] == Target("json", "")
    assert targets(args("rules"))[0] == Target("terminal", "")
    assert targets(args("rules", "-o", "rules.md"))[0] == Target("markdown", "rules.md")
    check_outputs(args("plan"))


def test_files_are_written_before_anything_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "no" / "such"
    with pytest.raises(UsageError, match="cannot be written"):
        write_result(args("validate", "-o", f"json={wrong}"), lambda form: form)
    assert capsys.readouterr().out == ""


def test_text_that_is_none_is_written_all_the_same(tmp_path: Path) -> None:
    write_result(args("validate", "-o", str(tmp_path / "a")), lambda _form: "a\udcff")
    assert (tmp_path / "a").read_text() == "a\\udcff"


@pytest.mark.parametrize(
    ("name", "expected"), [("lint-003", "LINT-003 (warning)"), ("YAML-006", "YAML-006 (error)")], ids=["any case", "id"]
)
def test_a_rule_is_explained(name: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == 0
    said = capsys.readouterr().out
    assert said.startswith(expected)
    assert f"See docs/rules.md#{name.lower()}" in said


def test_an_unknown_rule_suggests_near_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "LINT-03"]) == 64
    assert "LINT-003" in capsys.readouterr().err.partition("did you mean")[2]


def test_the_summary_of_a_job_is_added_to_and_stays_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    summary, file = tmp_path / "summary.md", tmp_path / "a.yaml"
    summary.write_text("before\n")
    file.write_text("---\n".join("apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nspec: {}\n" for _ in range(6000)))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert main(["validate", "--format", "github", str(file)]) == 1
    text = summary.read_text()
    assert text.startswith("before\n## hedgehog-gitops\n")
    assert "more findings are not shown here" in text
    assert 900_000 < len(text.encode()) < 1024 * 1024
    assert capsys.readouterr().out.count("::error") == 10
