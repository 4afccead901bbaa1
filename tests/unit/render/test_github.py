from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.report import Validation, summarize
from hedgehog_gitops.render.github import validation_github, workflow_commands


def finding(
    number: int = 1, severity: Severity = Severity.ERROR, message: str = "wrong", path: str = "a.yaml"
) -> Finding:
    return Finding(rule="YAML-001", severity=severity, origin=Origin(path=path, line=number, column=3), message=message)


def test_an_annotation_has_file_line_column_and_title() -> None:
    assert workflow_commands((finding(7),)) == "::error file=a.yaml,line=7,col=3,title=YAML-001::wrong\n"


def test_a_finding_without_a_line_stands_on_line_one() -> None:
    assert ",line=1," in workflow_commands((finding(0),))


def test_of_more_than_ten_of_a_kind_nine_are_shown_and_the_tenth_counts_the_rest() -> None:
    text = workflow_commands(tuple(finding(number) for number in range(1, 31)))

    assert text.count("::error") == 10
    assert "21 more of this kind" in text


def test_errors_come_before_warnings() -> None:
    text = workflow_commands((finding(1, Severity.WARNING), finding(9)))

    assert text.index("::error") < text.index("::warning")


@given(st.text(), st.text(min_size=1))
def test_no_text_from_outside_can_start_a_command_of_its_own(message: str, path: str) -> None:
    text = workflow_commands((finding(message=message, path=path),))

    assert text.count("\n") == 1
    assert "\r" not in text
    assert text.startswith("::error file=")
    head = text.split("::")[1]
    assert head.count(",") == 3, "no property can be added"


def test_the_closing_line_counts_everything() -> None:
    found = (finding(),)
    summary = summarize(found, files=2, documents=3, objects=3)

    assert validation_github(Validation(findings=found, summary=summary)).endswith("2 files and 3 objects: 1 error\n")
