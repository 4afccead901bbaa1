"""The adapter of GitHub's API against the stand-in, whose answers are of GitHub's published types."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hedgehog_gitops.adapters.github import GitHubForge
from hedgehog_gitops.model.errors import ForgeError
from hedgehog_gitops.model.workflow import PullRequest
from servers.github import REPOSITORY, TOKEN, GitHub, Said, running


@pytest.fixture
def hub() -> Iterator[GitHub]:
    with running() as hub:
        yield hub


@pytest.fixture
def forge(hub: GitHub) -> GitHubForge:
    return GitHubForge(REPOSITORY, TOKEN, hub.url)


def test_only_our_own_comments_are_seen_on_all_pages(hub: GitHub, forge: GitHubForge) -> None:
    """Issue 8, scope: pagination, own author only; a person may not pass for the bot."""
    hub.page = 2
    ours = [hub.comment(5, f"ours {number}")["id"] for number in range(5)]
    hub.comment(5, "theirs", login="github-actions", kind="User")
    hub.comment(5, "another bot's", login="other[bot]", kind="Bot")
    assert [note.id for note in forge.comments(5)] == ours


def test_a_persons_token_writes_as_that_person(hub: GitHub, forge: GitHubForge) -> None:
    """Issue 8, scope: a token of an app, of a workflow, or of a person."""
    hub.person = "ann"
    hub.comment(5, "the bot's")
    hub.comment(5, "a namesake's", login="ann", kind="Bot")
    note = forge.write_comment(5, "mine")
    assert [each.id for each in forge.comments(5)] == [note.id]
    issue = forge.write_issue("Drift", "one")
    assert [each.id for each in forge.issues()] == [issue.id]
    assert not [each for each in hub.requests if "graphql" in each]


def test_a_comment_is_added_and_written_anew(hub: GitHub, forge: GitHubForge) -> None:
    note = forge.write_comment(5, "one")
    again = forge.write_comment(5, "two", note)
    assert (again.id, again.body, [each["body"] for each in hub.comments[5]]) == (note.id, "two", ["two"])
    assert again.url.startswith("https://github.test/")


def test_an_issue_is_opened_closed_and_opened_again(hub: GitHub, forge: GitHubForge) -> None:
    hub.issue("a person's", "text", login="ann", kind="User")
    note = forge.write_issue("Drift", "one")
    forge.write_issue("Drift", "two", note, is_open=False)
    assert [(each.id, each.body, each.is_open) for each in forge.issues()] == [(note.id, "two", False)]
    forge.write_issue("Drift", "three", note)
    assert [(each.body, each.is_open) for each in forge.issues()] == [("three", True)]


def test_what_a_token_may_not_is_an_error_with_its_status(hub: GitHub, forge: GitHubForge) -> None:
    hub.may_write = set()
    with pytest.raises(ForgeError) as refused:
        forge.write_comment(5, "one")
    assert (refused.value.status, "not accessible by integration" in str(refused.value)) == (403, True)


def test_a_body_that_is_too_long_is_refused_as_github_does(forge: GitHubForge) -> None:
    with pytest.raises(ForgeError) as refused:
        forge.write_comment(5, "x" * 65_537)
    assert refused.value.status == 422


def test_the_files_of_a_pull_request_on_all_pages(hub: GitHub, forge: GitHubForge) -> None:
    hub.page = 3
    names = tuple(f"fabrics/prod/{number}.yaml" for number in range(10))
    hub.open_pull(5, head="a" * 40, files=names)
    assert forge.changed_files(5) == {*names}


def test_the_pull_request_of_a_commit_is_the_one_that_was_merged_as_it(hub: GitHub, forge: GitHubForge) -> None:
    merged = "c" * 40
    hub.open_pull(4, head=merged)
    hub.open_pull(5, head="a" * 40, labels=("allow-deletes:0123456789ab",), merged_as=merged)
    expected = PullRequest(number=5, head="a" * 40, is_merged=True, labels=("allow-deletes:0123456789ab",))
    assert forge.pull_request(merged) == expected
    assert forge.pull_request("d" * 40) is None


def test_a_stored_plan_is_the_newest_of_its_head_and_no_forks(hub: GitHub, forge: GitHubForge) -> None:
    """Issue 8, scope: what a fork's run stores, anybody can forge; the store elsewhere never sees the token."""
    head = "a" * 40
    hub.store("plan", head, {"plan.json": b"old"})
    hub.store("plan", head, {"plan.json": b"new"})
    hub.store("plan", head, {"plan.json": b"forged"}, fork=True)
    hub.store("plan", head, {"plan.json": b"gone"}, expired=True)
    hub.store("plan", "b" * 40, {"plan.json": b"another head's"})
    assert forge.stored_files("plan", head) == {"plan.json": b"new"}
    assert forge.stored_files("other", head) == {}
    assert hub.faults == []


def test_a_limit_is_waited_out_when_it_is_short(hub: GitHub) -> None:
    """Issue 8, scope: rate-limit aware."""
    slept: list[float] = []
    forge = GitHubForge(REPOSITORY, TOKEN, hub.url, slept.append)
    limited = {"message": "You have exceeded a secondary rate limit"}
    assert forge.comments(5) == []
    hub.refusals += [Said(403, limited, {"Retry-After": "7"}), Said(429, limited, {"Retry-After": "9"})]
    assert forge.comments(5) == []
    assert slept == [7.0, 9.0]


def test_a_limit_that_lasts_too_long_is_an_error_at_once(hub: GitHub, forge: GitHubForge) -> None:
    assert forge.comments(5) == []
    reset = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"}
    hub.refusals.append(Said(403, {"message": "API rate limit exceeded"}, reset))
    with pytest.raises(ForgeError, match="API rate limit exceeded"):
        forge.comments(5)


def test_a_service_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(ForgeError, match="reading the comments"):
        GitHubForge(REPOSITORY, TOKEN, "http://127.0.0.1:9/api/v3").comments(5)


def test_requests_are_few(hub: GitHub, forge: GitHubForge) -> None:
    """Who we are is asked once; writing needs no look at what is written to."""
    forge.write_comment(5, "two", forge.write_comment(5, "one"))
    forge.comments(5)
    forge.comments(5)
    issues = f"/api/v3/repos/{REPOSITORY}/issues"
    assert [each.split("?")[0] for each in hub.requests] == [
        f"POST {issues}/5/comments",
        f"PATCH {issues}/comments/{hub.comments[5][0]['id']}",
        f"GET {issues}/5/comments",
        "GET /api/v3/user",
        "POST /api/graphql",
        f"GET {issues}/5/comments",
    ]
