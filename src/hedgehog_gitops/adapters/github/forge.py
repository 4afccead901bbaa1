"""The repository at GitHub, through PyGithub.

Only what our own token wrote is ever looked at or written over. A token of a workflow cannot ask who it is by REST, so
that is asked of GraphQL.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import islice
from typing import Any

import github
import requests
from github.Artifact import Artifact
from github.Issue import Issue
from github.IssueComment import IssueComment
from github.NamedUser import NamedUser
from github.Organization import Organization
from github.PullRequest import PullRequest as GitHubPullRequest
from github.Repository import Repository

from hedgehog_gitops.adapters.github.patience import patiently
from hedgehog_gitops.core.workflow.approving import is_ours
from hedgehog_gitops.model.errors import ForgeError
from hedgehog_gitops.model.workflow import Note, PullRequest

BOT = "[bot]"
_MOST_FILES = 3_000
_MOST_ARTIFACTS = 100
_MOST_COMMENTS = 5_000
_MOST_ISSUES = 500
_LARGEST = 64 * 1024 * 1024
_TIMEOUT = 15


class GitHubForge:
    """One repository, seen with one token."""

    def __init__(self, repository: str, token: str, api: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._patiently = partial(patiently, sleep)
        self._token = token
        self._hub = github.Github(
            auth=github.Auth.Token(token),
            base_url=api,
            retry=None,
            timeout=_TIMEOUT,
            per_page=100,
            lazy=True,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )
        self._repository: Repository = self._hub.get_repo(repository)

    def changed_files(self, number: int) -> Collection[str]:
        """The paths that a pull request changes."""

        def ask() -> frozenset[str]:
            files = self._repository.get_pull(number).get_files()
            return frozenset(file.filename for file in islice(files, _MOST_FILES))

        return self._patiently("reading the files of the pull request", ask)

    def pull_request(self, revision: str) -> PullRequest | None:
        """The one that was merged as this commit, else one whose head it is, else one that was merged with it."""

        def ask() -> list[GitHubPullRequest]:
            return list(islice(self._repository.get_commit(revision).get_pulls(), 100))

        found = self._patiently("asking for the pull request of the commit", ask)
        merged = [each for each in found if each.merged_at]
        exact = [each for each in merged if each.merge_commit_sha == revision]
        heads = [each for each in found if each.head.sha == revision]
        chosen = next(iter([*exact, *heads, *merged]), None)
        return None if chosen is None else _pull_request(chosen)

    def comments(self, number: int) -> Sequence[Note]:
        """Our own, the oldest first."""

        def ask() -> list[Note]:
            found = islice(self._repository.get_issue(number).get_comments(), _MOST_COMMENTS)
            return [_comment(each) for each in found if self._is_ours(each.user)]

        return self._patiently("reading the comments", ask)

    def write_comment(self, number: int, body: str, note: Note | None = None) -> Note:
        """A new comment, or the new text of an old one."""

        def ask() -> Note:
            issue = self._repository.get_issue(number)
            if note is None:
                return _comment(issue.create_comment(body))
            comment = issue.get_comment(note.id)
            comment.edit(body)
            return _comment(comment)

        return self._patiently("writing the comment", ask)

    def issues(self) -> Sequence[Note]:
        """Our own issues, pull requests aside."""

        def ask() -> list[Note]:  # whatever a list does not say of an issue would be asked for, issue by issue
            me: Any = self._me[0]  # text will do, though only its documentation says so
            listed = self._repository.get_issues(state="all", creator=me, sort="updated", direction="desc")
            ours = (each for each in islice(listed, _MOST_ISSUES) if self._is_ours(each.user))
            return [_issue(each) for each in ours if "/pull/" not in each.html_url]

        return self._patiently("reading the issues", ask)

    def write_issue(self, title: str, body: str, note: Note | None = None, *, is_open: bool = True) -> Note:
        """A new issue, or the new text and state of an old one."""

        def ask() -> Note:
            if note is None:
                return _issue(self._repository.create_issue(title, body))
            issue = self._repository.get_issue(note.id)
            issue.edit(body=body, state="open" if is_open else "closed")
            return _issue(issue)

        return self._patiently("writing the issue", ask)

    def stored_files(self, name: str, head: str) -> Mapping[str, bytes]:
        """The files of the newest artifact; one that a fork's run stored, or that has expired, is none."""

        def ask() -> Mapping[str, bytes]:
            fit = (each for each in self._repository.get_artifacts(name=name) if _is_trusted(each, name, head))
            newest = max(fit, key=lambda each: each.id, default=None)
            return {} if newest is None else dict(_unpacked(self._download(newest.archive_download_url)))

        return self._patiently("reading the stored plan", ask)

    def files_of_run(self, run: int) -> Mapping[str, bytes]:
        """The files of all artifacts of ours that a run stored."""

        def ask() -> Mapping[str, bytes]:
            listed = islice(self._repository.get_workflow_run(run).get_artifacts(), _MOST_ARTIFACTS)
            ours = [each.archive_download_url for each in listed if is_ours(each.name) and not each.expired]
            return {path: data for url in ours for path, data in _unpacked(self._download(url))}

        return self._patiently("reading what the run stored", ask)

    @cached_property
    def _me(self) -> tuple[str, bool]:
        """Our login, and whether we are an app. Only a person may ask who he is by REST."""
        try:
            return self._hub.get_user().login, False
        except github.GithubException as error:
            if error.status not in (401, 403):
                raise
        answer = self._hub.requester.graphql_query("query { viewer { login } }", {})[1]
        login = str(answer["data"]["viewer"]["login"])
        return login.removesuffix(BOT) + BOT, True

    def _is_ours(self, user: NamedUser | Organization | None) -> bool:
        login, is_app = self._me
        return user is not None and user.login == login and (user.type == "Bot") is is_app

    def _download(self, url: str) -> bytes:
        """The archive. GitHub sends us to a store elsewhere, which must not see our token."""
        ours = {"Authorization": f"Bearer {self._token}", "Accept": "application/vnd.github+json"}
        with requests.get(url, headers=ours, timeout=_TIMEOUT, allow_redirects=False) as sent:
            place = sent.headers.get("Location", "")
        with requests.get(place or url, headers={} if place else ours, timeout=_TIMEOUT, stream=True) as answer:
            answer.raise_for_status()
            return _read(answer.iter_content(65_536))


def _read(chunks: Iterable[bytes]) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > _LARGEST:
            raise ForgeError("reading the stored plan", 0, "it is larger than any plan")
    return bytes(data)


def _pull_request(found: GitHubPullRequest) -> PullRequest:
    """A deleted fork has no repository any more."""
    head, base = found.head.repo, found.base.repo
    return PullRequest(
        number=found.number,
        head=found.head.sha,
        is_fork=head is None or head.full_name != base.full_name,
        is_merged=found.merged_at is not None,
        labels=tuple(label.name for label in found.labels),
    )


def _comment(found: IssueComment) -> Note:
    return Note(id=found.id, body=found.body or "", url=found.html_url)


def _issue(found: Issue) -> Note:
    return Note(
        id=found.number, body=found.body or "", url=found.html_url, title=found.title, is_open=found.state == "open"
    )


def _is_trusted(found: Artifact, name: str, head: str) -> bool:
    """Stored for this head by a run of the repository's own branches: what a fork's run stores, anybody can forge."""
    run = found.raw_data.get("workflow_run") or {}
    is_own = run.get("head_repository_id") is not None and run["head_repository_id"] == run.get("repository_id")
    return found.name == name and not found.expired and run.get("head_sha") == head and is_own


def _unpacked(archive: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as found:
            if sum(entry.file_size for entry in found.infolist()) > _LARGEST:
                raise ForgeError("reading the stored plan", 0, "it is larger than any plan")
            yield from [(entry.filename, found.read(entry)) for entry in found.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, RuntimeError) as error:
        raise ForgeError("reading the stored plan", 0, "it is no archive") from error
