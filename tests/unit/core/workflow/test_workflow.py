"""The decisions of the Action, each by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from e2e.workflow_commands import outputs_in
from fakes.many_changes import hostile_plan
from hedgehog_gitops.core.workflow.ages import age_text
from hedgehog_gitops.core.workflow.approving import allowed_plan, artifact_name
from hedgehog_gitops.core.workflow.choosing import annotated
from hedgehog_gitops.core.workflow.inputs import PREFIX, inputs_from
from hedgehog_gitops.core.workflow.marking import Mark, mark_of, mark_text
from hedgehog_gitops.core.workflow.occasion import occasion_of
from hedgehog_gitops.core.workflow.outputs import NAMES, outputs_text
from hedgehog_gitops.core.workflow.secrets import hidden_in, without_secrets, worth_hiding
from hedgehog_gitops.core.workflow.telling import Add, Edit, Leave, decide_comment, decide_issue
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.workflow import Command, FailOn, Found, Note, PullRequest

MARK = Mark(about="plan", key=".:lab", run=5, digest="one")
TITLE = "Drift in fabric lab"


def note(number: int, mark: Mark = MARK, *, is_open: bool = True) -> Note:
    return Note(id=number, body=mark_text(mark) + "\ntext", title=TITLE, is_open=is_open)


@given(st.text(), st.text(), st.text())
def test_a_mark_is_read_back_whatever_it_is_about(about: str, key: str, head: str) -> None:
    mark = Mark(about=about, key=key, head=head, plan="p", run=3, digest="d")
    text = mark_text(mark)
    assert mark_of(text + "\nmore") == mark
    assert text.count("-->") == 1
    assert "\n" not in text


@pytest.mark.parametrize("body", ["", "text", "<!-- hedgehog-gitops: {} -->", "a " + mark_text(MARK), "<!-- x -->"])
def test_what_is_not_ours_has_no_mark(body: str) -> None:
    assert mark_of(body) is None


def test_a_comment_is_added_only_where_there_is_something_to_tell() -> None:
    assert decide_comment([], MARK, is_clean=False) == Add()
    assert isinstance(decide_comment([], MARK, is_clean=True), Leave)


def test_the_oldest_of_two_comments_is_kept_current() -> None:
    other = note(1, Mark(about="plan", key=".:other"))
    assert decide_comment([note(3), note(2), other], MARK, is_clean=True) == Edit(note(2))


def test_an_issue_is_closed_when_the_drift_is_gone_and_opened_again_when_it_is_back() -> None:
    closed = note(2, is_open=False)
    assert decide_issue([note(2)], MARK, TITLE, is_clean=True) == Edit(note(2), is_open=False)
    assert isinstance(decide_issue([closed], MARK, TITLE, is_clean=True), Leave)
    assert decide_issue([closed], MARK, TITLE, is_clean=False) == Edit(closed)


def test_an_issue_whose_mark_was_removed_is_a_persons_until_it_is_closed() -> None:
    taken = Note(id=2, body="I look at this", title=TITLE)
    assert isinstance(decide_issue([taken], MARK, TITLE, is_clean=False), Leave)
    closed = Note(id=2, body="I looked at this", title=TITLE, is_open=False)
    assert decide_issue([closed], MARK, TITLE, is_clean=False) == Add()


@given(st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_outputs_are_read_back_whatever_they_hold(values: dict[str, str]) -> None:
    """Issue 8, it must show 3: no value can make an output of another name."""
    read = outputs_in(outputs_text(values, "end-of-it"))
    assert set(read) == set(NAMES)
    assert {name: read[name] for name in values} == values


def test_a_value_that_would_end_early_or_is_no_output_is_left_empty() -> None:
    assert outputs_in(outputs_text({"result": "a\nend\nevil=1"}, "end"))["result"] == ""
    assert outputs_in(outputs_text({"result": "x" * 20_001}, "end"))["result"] == ""


def test_an_output_that_nobody_declares_is_a_mistake() -> None:
    with pytest.raises(UsageError):
        outputs_text({"nonsense": ""}, "end")


def test_inputs_have_defaults_and_choices() -> None:
    found = inputs_from({f"{PREFIX}FABRIC": "a\n\n b \n", f"{PREFIX}FAIL_ON": "warning, drift"})
    assert (found.command, found.fabrics) == (Command.VALIDATE, ("a", "b"))
    assert found.fail_on == {FailOn.WARNING, FailOn.DRIFT}
    assert "secret" not in repr(inputs_from({f"{PREFIX}TOKEN": "secret"}))


@pytest.mark.parametrize("name", ["COMMAND", "FAIL_ON", "STRICT", "COMMENT", "ANNOTATIONS", "SARIF", "APPROVAL"])
def test_an_input_that_makes_no_sense_is_named(name: str) -> None:
    with pytest.raises(UsageError, match=name.lower().replace("_", "-")):
        inputs_from({PREFIX + name: "nonsense"})


def test_the_occasion_of_a_forks_pull_request() -> None:
    def repository(name: str) -> dict[str, object]:
        return {"repo": {"full_name": name}, "sha": "abc"}

    payload = {"number": 7, "head": repository("ann/network"), "base": repository("acme/network"), "labels": []}
    found = occasion_of({"GITHUB_RUN_ID": "12", "GITHUB_REPOSITORY": "acme/network"}, {"pull_request": payload})  # type: ignore[dict-item]
    assert found.pull_request == PullRequest(number=7, head="abc", is_fork=True)
    assert found.run_url == "https://github.com/acme/network/actions/runs/12"


def test_a_pull_request_is_known_by_its_ref_too() -> None:
    found = occasion_of({"GITHUB_REF": "refs/pull/9/merge", "GITHUB_SHA": "abc"}, {})
    assert found.pull_request == PullRequest(number=9, head="abc")


def test_a_label_allows_only_the_plan_that_it_names() -> None:
    labels = ("bug", "allow-deletes:0123456789ab", "allow-deletes:not an id")
    assert allowed_plan(labels, "0123456789ab") == "0123456789ab"
    assert allowed_plan(labels, "ba9876543210") == ""
    assert len("allow-deletes:0123456789ab") <= 50, "the longest label that GitHub takes"


def test_a_stored_plan_has_a_name_that_an_artifact_may_have() -> None:
    assert artifact_name("prod") == "hedgehog-gitops-plan-prod"
    assert artifact_name("../a:b") == "hedgehog-gitops-plan-..-a-b"


def test_short_values_are_no_secrets_and_lines_of_long_ones_are() -> None:
    secrets = worth_hiding(("true", "first-line-of-it\nsecond-line-of-it\n"))
    assert without_secrets("true: second-line-of-it", secrets) == "true: ***"


def test_a_secret_is_hidden_before_anything_escapes_or_cuts_it() -> None:
    """Issue 8, it must show 3: in every text of a plan, whatever its types are."""
    secret = "a+secret_with|signs"  # noqa: S105 - none
    plan = hostile_plan(f"before {secret} after")
    hidden = hidden_in(Found(plans=(plan,), ages={secret: secret}), (secret,))
    assert secret not in repr(hidden)
    assert hidden.plans[0] == hostile_plan("before *** after")
    assert hidden_in(plan, ()) is plan


def test_findings_in_changed_files_come_first_among_equals() -> None:
    def finding(path: str, severity: Severity) -> Finding:
        return Finding(rule="X-1", severity=severity, origin=Origin(path=path), message="")

    old, mine = finding("a/old.yaml", Severity.ERROR), finding("b/mine.yaml", Severity.ERROR)
    lesser = finding("b/mine.yaml", Severity.WARNING)
    assert annotated((lesser, old, mine), ["b"]) == (mine, old, lesser)


@pytest.mark.parametrize(
    ("age", "text"),
    [(timedelta(minutes=90), "90 minutes"), (timedelta(hours=30), "30 hours"), (timedelta(5), "5 days")],
)
def test_ages_are_told_in_one_unit(age: timedelta, text: str) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    assert age_text(now - age, now) == f"last good run {text} ago"
    assert age_text(None, now) == "no good run is known"
