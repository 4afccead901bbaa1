"""A pull request from its first push to the approved apply, and drift after it: the action, a remote, GitHub's API."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.action_runner import Ran
from e2e.github_desk import CONFIG, ON_DISK, VPC, Desk, opened
from servers.github import GitHub, Said


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A fabric that was never applied."""
    with opened(tmp_path) as desk:
        yield desk


@pytest.fixture
def applied(desk: Desk) -> Desk:
    """The same, applied."""
    assert desk.run("push", command="apply", approval="none").code == 0
    desk.runs.clear()
    return desk


def test_a_pull_request_has_one_comment_that_is_kept_current_and_resolved(applied: Desk) -> None:
    """Issue 8, scope: a sticky comment a fabric, updated in place, resolved when clean."""
    desk = applied
    desk.edit(VPC, "vlan: 1002", "vlan: 1500")
    first = desk.run("pull_request", desk.pull_request(7), command="plan")
    assert first.code == 0, first.raw
    (comment,) = desk.comments(7)
    assert "1 to update" in comment
    assert "1002</code> → <code>1500" in comment
    assert first.outputs["comment-url"] == desk.hub.comments[7][0]["html_url"]
    assert (first.outputs["pull-request-number"], first.outputs["updates"]) == ("7", "1")
    desk.edit(VPC, "vlan: 1500", "vlan: 1600")
    desk.run("pull_request", desk.pull_request(7), command="plan")
    (comment,) = desk.comments(7)
    assert "1002</code> → <code>1600" in comment
    desk.edit(VPC, "vlan: 1600", "vlan: 1002")
    desk.run("pull_request", desk.pull_request(7), command="plan")
    (comment,) = desk.comments(7)
    assert "Nothing to do any more" in comment


def test_a_run_that_was_overtaken_does_not_write_over_the_comment(applied: Desk) -> None:
    desk = applied
    desk.edit(VPC, "vlan: 1002", "vlan: 1500")
    event = desk.pull_request(7)
    late = desk.run("pull_request", event, command="plan")
    desk.hub.comments[7][0]["body"] = desk.hub.comments[7][0]["body"].replace('"run": 100', '"run": 500')
    before = desk.comments(7)
    again = desk.run("pull_request", event, command="plan")
    assert (late.code, again.code, desk.comments(7)) == (0, 0, before)


def test_nothing_to_say_makes_no_comment(applied: Desk) -> None:
    ran = applied.run("pull_request", applied.pull_request(7), command="plan")
    assert (ran.code, ran.outputs["result"], applied.comments(7)) == (0, "clean", [])


def test_a_forks_pull_request_is_told_by_summary_and_annotations_alone(applied: Desk) -> None:
    """Issue 8, scope: a fork's token is read-only; the exit code is unchanged."""
    desk = applied
    desk.hub.may_write = set()
    desk.edit(VPC, "vlan: 1002", "vlan: 1500")
    ran = desk.run("pull_request", desk.pull_request(7, fork="ann/network"), command="plan")
    assert (ran.code, ran.outputs["result"], desk.comments(7)) == (0, "changes", [])
    (notice,) = ran.heard.of_kind("notice")
    assert "Resource not accessible by integration" in notice.message
    assert "1 to update" in ran.summary


def test_a_forks_plan_is_commented_by_a_second_workflow(applied: Desk) -> None:
    """Issue 8, scope: the documented way for forks: the stored plan is read as data, and nothing else of theirs."""
    desk = applied
    desk.hub.may_write = set()
    desk.edit(VPC, "vlan: 1002", "vlan: 1500")
    desk.store(desk.run("pull_request", desk.pull_request(7, fork="ann/network"), command="plan"), fork=True)
    after = {"workflow_run": {"id": 7, "head_sha": desk.head, "event": "pull_request"}}
    desk.space.git("reset", "--quiet", "--hard", "origin/main")
    desk.hub.may_write = {"pull-requests"}
    ran = desk.run("workflow_run", after, command="report")
    assert ran.code == 0, ran.raw
    (comment,) = desk.comments(7)
    assert "1002</code> → <code>1500" in comment
    assert ran.outputs["pull-request-number"] == "7"
    desk.run("workflow_run", after, command="report")
    assert len(desk.comments(7)) == 1


@pytest.mark.parametrize("data", [b"", b"{}", b'{"schema": "hedgehog-gitops/plan/v1"}', b"[" * 5000])
def test_what_a_fork_stored_in_place_of_a_plan_is_not_told(applied: Desk, data: bytes) -> None:
    desk = applied
    desk.pull_request(7, fork="ann/network")
    desk.hub.store(
        "hedgehog-gitops-plan-quickstart", desk.head, {"hedgehog-gitops-plan-quickstart.json": data}, fork=True
    )
    ran = desk.run("workflow_run", {"workflow_run": {"id": 7, "head_sha": desk.head}}, command="report")
    assert (ran.code, ran.outputs["failure-reason"], desk.comments(7)) == (1, "not-approved", [])


def test_annotations_begin_with_what_the_pull_request_changes(desk: Desk) -> None:
    """Issue 8, scope: ten annotations of a kind, chosen by importance and by what the pull request touches."""
    wrong = "apiVersion: wiring.githedgehog.com/v1beta1\nkind: Server\nmetadata: {name: s%d}\nspec: {unknown: 1}\n"
    for number in range(30):
        desk.space.write(f"fabrics/quickstart/raw/more-{number:02}.yaml", wrong % number)
    desk.space.push()
    touched = ("fabrics/quickstart/raw/more-28.yaml", "fabrics/quickstart/raw/more-29.yaml")
    ran = desk.run("pull_request", desk.pull_request(7, files=touched), command="validate")
    errors = ran.heard.of_kind("error")
    assert [each.properties.get("file") for each in errors[:2]] == [*touched]
    assert len(errors) == 10
    assert "21 more of this kind" in errors[-1].message
    assert ran.outputs["errors"] == "30"


def test_a_merge_applies_exactly_what_was_approved(applied: Desk) -> None:
    """Issue 8, scope: apply after a merge plans again, and carries out what the pull request showed."""
    desk = applied
    desk.edit(VPC, "vlan: 1002", "vlan: 1500")
    desk.store(desk.run("pull_request", desk.pull_request(7), command="plan"))
    desk.merge(7)
    ran = desk.run("push", command="apply")
    assert (ran.code, ran.outputs["result"], ran.outputs["updates"]) == (0, "applied", "1"), ran.raw
    assert ran.outputs["pull-request-number"] == "7"
    assert "vlan: 1500" in (desk.space.work.parent / "live/vpcs/data.yaml").read_text()
    assert "1 updated" in desk.comments(7)[-1]


def test_a_plan_that_would_do_something_else_by_now_is_refused(applied: Desk) -> None:
    """Issue 8, scope: refused when the effect differs from that of the approved plan."""
    desk = applied
    desk.edit(VPC, "vlan: 1002", "vlan: 1500")
    desk.store(desk.run("pull_request", desk.pull_request(7), command="plan"))
    desk.edit(VPC, "vlan: 1500", "vlan: 1600")
    desk.merge(7)
    ran = desk.run("push", command="apply")
    assert (ran.code, ran.outputs["failure-reason"]) == (1, "not-approved")
    assert "make a new plan" in ran.heard.of_kind("error")[0].message
    assert "vlan: 1002" in (desk.space.work.parent / "live/vpcs/data.yaml").read_text()


@pytest.mark.parametrize("event", ["pull_request", "workflow_dispatch"])
def test_a_pull_request_that_is_not_merged_approves_nothing(applied: Desk, event: str) -> None:
    """Neither on its own event, nor by hand on its branch."""
    desk = applied
    desk.edit(VPC, "vlan: 1002", "vlan: 1500")
    opened_now = desk.pull_request(7)
    desk.store(desk.run("pull_request", opened_now, command="plan"))
    ran = desk.run(event, opened_now if event == "pull_request" else {}, command="apply")
    assert (ran.code, ran.outputs["failure-reason"]) == (1, "not-approved")
    assert "pull request 7 is not merged" in ran.log
    assert "vlan: 1002" in (desk.space.work.parent / "live/vpcs/data.yaml").read_text()


def test_a_plan_that_a_fork_stored_approves_nothing(applied: Desk) -> None:
    desk = applied
    desk.edit(VPC, "vlan: 1002", "vlan: 1500")
    desk.store(desk.run("pull_request", desk.pull_request(7), command="plan"), fork=True)
    desk.merge(7)
    ran = desk.run("push", command="apply")
    assert (ran.code, ran.outputs["failure-reason"]) == (1, "not-approved")


def test_a_commit_without_a_pull_request_is_not_applied_if_it_would_change_anything(applied: Desk) -> None:
    assert applied.run("push", command="apply").code == 0
    applied.edit(VPC, "vlan: 1002", "vlan: 1500")
    ran = applied.run("push", command="apply")
    assert (ran.code, ran.outputs["failure-reason"]) == (1, "not-approved")
    assert "no pull request brought this commit" in ran.log


@pytest.mark.parametrize("names", ["the plan", "another plan"])
def test_a_label_allows_the_deletions_of_the_one_plan_that_it_names(applied: Desk, names: str) -> None:
    """Issue 8, scope: --allow-deletes by a label of the pull request, bound to that plan id."""
    desk = applied
    desk.space.git("rm", "--quiet", "fabrics/quickstart/raw/07-attachments.yaml")
    desk.space.git("commit", "--quiet", "--message", "no attachments")
    shown = desk.run("pull_request", desk.pull_request(7), command="plan")
    assert "would be pruned" in desk.comments(7)[0]
    desk.store(shown)
    desk.merge(7, f"allow-deletes:{shown.outputs['plan-id'] if names == 'the plan' else '0123456789ab'}")
    ran = desk.run("push", command="apply")
    assert ran.code == 0, ran.raw
    assert (int(ran.outputs["prunes"]) > 0) is (names == "the plan")


def test_a_label_is_seen_by_the_plan_of_the_pull_request_too(applied: Desk) -> None:
    desk = applied
    desk.space.git("rm", "--quiet", "fabrics/quickstart/raw/07-attachments.yaml")
    desk.space.git("commit", "--quiet", "--message", "no attachments")
    shown = desk.run("pull_request", desk.pull_request(7), command="plan")
    assert shown.outputs["prunes"] == "0"
    labels = (f"allow-deletes:{shown.outputs['plan-id']}",)
    again = desk.run("pull_request", desk.pull_request(7, labels=labels), command="plan")
    assert int(again.outputs["prunes"]) > 0
    assert again.outputs["plan-id"] == shown.outputs["plan-id"]
    assert "would be pruned" not in desk.comments(7)[0]


def test_drift_has_one_issue_that_opens_and_closes_itself(applied: Desk) -> None:
    """Issue 8, scope: a drift issue a fabric, opened, updated, closed by itself."""
    desk, live = applied, applied.space.work.parent / "live/vpcs/data.yaml"
    assert desk.run("schedule", command="drift").code == 0
    assert desk.hub.issues == {}
    live.write_text(live.read_text().replace("vlan: 1002", "vlan: 1042"))
    ran = desk.run("schedule", command="drift", fail_on="drift")
    (issue,) = desk.hub.issues.values()
    assert (ran.code, ran.outputs["issue-number"], ran.outputs["drift"]) == (2, str(issue["number"]), "1")
    assert (issue["title"], issue["state"]) == ("Drift in fabric quickstart", "open")
    assert "1042</code> → <code>1002" in issue["body"]
    writes = len([each for each in desk.hub.requests if each.startswith("PATCH")])
    desk.run("schedule", command="drift")
    assert len([each for each in desk.hub.requests if each.startswith("PATCH")]) == writes, "it says the same already"
    assert desk.space.run("apply", "--yes").code == 0
    desk.run("schedule", command="drift")
    assert (issue["state"], "Nothing to do any more" in issue["body"]) == ("closed", True)


def test_whoever_removes_the_mark_has_taken_the_issue_over(applied: Desk) -> None:
    desk, live = applied, applied.space.work.parent / "live/vpcs/data.yaml"
    live.write_text(live.read_text().replace("vlan: 1002", "vlan: 1042"))
    desk.run("schedule", command="drift")
    (issue,) = desk.hub.issues.values()
    issue["body"] = "I look at this."
    desk.run("schedule", command="drift")
    assert [each["body"] for each in desk.hub.issues.values()] == ["I look at this."]


def test_a_side_that_cannot_be_read_neither_opens_nor_closes_an_issue(applied: Desk) -> None:
    desk, live = applied, applied.space.work.parent / "live/vpcs/data.yaml"
    live.write_text(live.read_text().replace("vlan: 1002", "vlan: 1042"))
    desk.run("schedule", command="drift")
    live.write_text("{")
    ran = desk.run("schedule", command="drift")
    assert ran.code == 69, ran.raw
    assert [each["state"] for each in desk.hub.issues.values()] == ["open"]


def test_a_comment_that_github_finds_too_long_is_told_shorter(desk: Desk) -> None:
    """Issue 8, scope: degrading in steps, never failing the step."""
    desk.hub.longest = 2_500
    ran = desk.run("pull_request", desk.pull_request(7), command="plan")
    (comment,) = desk.comments(7)
    assert (ran.code, ran.heard.of_kind("notice")) == (0, [])
    assert "38 to create" in comment
    assert re.search(r"and \d+ more, the less important ones", comment)
    desk.hub.longest = 10
    assert desk.run("pull_request", desk.pull_request(8), command="plan").code == 0


def test_fabrics_have_comments_of_their_own_and_one_hides_no_other(desk: Desk) -> None:
    """Issue 8, scope: a sticky comment a fabric; several fabrics of a pull request do not overwrite each other."""
    second = (
        CONFIG.partition("fabrics:\n")[2].replace("quickstart", "second").replace("{CLUSTER}", "{directory: ../no}")
    )
    config = CONFIG.replace("{CLUSTER}", ON_DISK) + second + "    state: {path: ../second.sqlite}\n"
    desk.space.write("hedgehog-gitops.yaml", config)
    shutil.copytree(desk.space.work / "fabrics/quickstart", desk.space.work / "fabrics/second")
    (desk.space.work.parent / "no").write_text("no directory")
    desk.space.push()
    for _ in range(2):
        ran = desk.run("pull_request", desk.pull_request(7), command="plan")
        first, other = sorted(desk.comments(7))
        assert "38 to create" in first
        assert "hedgehog-gitops: second" in other
    assert (ran.code, ran.outputs["failure-reason"]) == (69, "source-unavailable")
    assert len(ran.outputs["comment-url"].splitlines()) == 2


def test_github_that_refuses_everything_changes_no_exit_code(applied: Desk) -> None:
    desk = applied
    desk.edit(VPC, "vlan: 1002", "vlan: 1500")
    event = desk.pull_request(7)
    desk.hub.refusals += [Said(500, {"message": "Server Error"})] * 20
    ran = desk.run("pull_request", event, command="plan")
    assert (ran.code, ran.outputs["result"]) == (0, "changes")
    assert "Server Error" in ran.heard.of_kind("notice")[0].message


SECRET = "nb+0123_4567,89=&ab#c%d|e*f~'g<h>"  # noqa: S105 - a canary
EVIL = (
    "::error::pwned %0A::error::pwned ${{ github.token }} | `x` <script>pwned</script> </details> \u202e"
    f" @ann #1 ##[error]pwned {SECRET}"
)


def test_what_files_and_sides_hold_is_never_more_than_text(applied: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 8, it must show 3: names, descriptions, annotations, file and branch names; and a secret is nowhere."""
    desk = applied
    monkeypatch.setenv("HEDGEHOG_NETBOX", SECRET)
    monkeypatch.setenv("GITHUB_HEAD_REF", EVIL)
    notify = "    notify: {url: 'https://127.0.0.1:9/', secret_env: HEDGEHOG_NETBOX}\n"
    desk.space.write("hedgehog-gitops.yaml", CONFIG.replace("{CLUSTER}", ON_DISK) + notify)
    manifest = {
        "apiVersion": "wiring.githedgehog.com/v1beta1",
        "kind": "Server",
        "metadata": {"name": "odd", "annotations": {EVIL: EVIL}},
        "spec": {"description": EVIL, EVIL: EVIL},
    }
    directory = "fabrics/quickstart/raw/"
    desk.space.write(f"{directory}::error::pwned\n::error::pwned%0A|`<b>{SECRET}.yaml", json.dumps(manifest))
    named = {**manifest, "metadata": {"name": EVIL}, "spec": {}}
    desk.space.write(f"{directory}named.yaml", json.dumps(named))
    server = {**manifest, "metadata": {"name": "kept", "annotations": {"a": EVIL}}, "spec": {"description": EVIL}}
    desk.space.write(f"{directory}kept.yaml", json.dumps(server))
    desk.space.push(EVIL)
    for command in ("validate", "plan", "apply", "drift", "sync", "report"):
        event = desk.pull_request(7, files=(EVIL,), labels=(EVIL,))
        ran = desk.run("pull_request", event, command=command, sarif="true", approval="none")
        written = [ran.summary, json.dumps(ran.outputs), *desk.comments(7), *_issues(desk.hub), *_files(ran)]
        assert ran.outputs["failure-reason"] not in ("usage", "bug"), ran.raw
        assert not [each for each in ran.heard.annotations if each.message.startswith("pwned")]
        assert "pwned" in ran.summary
        assert SECRET not in ran.log
        for text in written:
            assert SECRET not in text, text[:2000]
        for text in written[:1] + desk.comments(7):
            assert_plain(text)


def test_what_netbox_holds_is_never_more_than_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 8, it must show 3: texts of NetBox, and of the cluster, that somebody changed there."""
    monkeypatch.setenv("HEDGEHOG_NETBOX_TOKEN", SECRET)
    with opened(tmp_path, ON_DISK + "\n    netbox: {file: ../netbox.json, site: dc1}") as desk:
        assert desk.run("push", command="apply", approval="none").outputs["result"] == "applied"
        netbox = tmp_path / "netbox.json"
        document = json.loads(netbox.read_text())
        for each in document["objects"]:
            each.update({name: EVIL for name in ("description", "label") if each.get(name)})
        netbox.write_text(json.dumps(document))
        server = tmp_path / "live/servers/web-1.yaml"
        server.write_text(server.read_text().replace("description:", f"description: {json.dumps(EVIL)} #", 1))
        ran = desk.run("schedule", command="drift")
        (issue,) = desk.hub.issues.values()
        assert int(ran.outputs["drift"]) > 1, ran.raw
        assert "in NetBox" in issue["body"]
        for text in (ran.summary, issue["body"]):
            assert "pwned" in text
            assert_plain(text)
        for text in (ran.log, ran.summary, issue["body"], json.dumps(ran.outputs), *_files(ran)):
            assert SECRET not in text


def assert_plain(text: str) -> None:
    """Nothing of EVIL is more than text; what can be opened is ours, and is closed once."""
    assert "<script" not in text
    assert "\u202e" not in text
    assert text.count("<details><summary>What it touches") == text.count("<details") == text.count("</details>")


def _issues(hub: GitHub) -> list[str]:
    return [issue["title"] + issue["body"] for issue in hub.issues.values()]


def _files(ran: Ran) -> list[str]:
    paths = [
        path
        for name in ("report-json", "report-html", "plan-file", "sarif-file")
        for path in ran.outputs[name].splitlines()
    ]
    assert paths
    return [Path(path).read_text() for path in paths]
