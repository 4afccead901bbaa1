"""A stand-in for GitHub's API on loopback: comments, issues, pull requests, artifacts; pages, permissions, limits.

It answers with the types of `github_models`, at the address that GitHub Enterprise has (/api/v3), and refuses as GitHub
does: what a token may not, bodies that are too long, too many requests. Artifacts lie in a store of their own, which
must never see a token.
"""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from servers import github_models as models

REPOSITORY = "acme/network"
TOKEN = "ghs_a-token-of-the-workflow"  # noqa: S105 - of our own stand-in
LONGEST_BODY = 65_536
_ME = ("github-actions[bot]", "Bot")


@dataclass
class Said:
    """One answer: a status, a value for JSON, and headers."""

    status: int
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class GitHub:
    """What is there. `may_write` are the permissions of the token; `page` is the longest page that is given.

    The token is a workflow's, or that of the `person` who is named.

    `refusals` are given before anything else, one a request.
    """

    url: str = ""
    may_write: set[str] = field(default_factory=lambda: {"pull-requests", "issues"})
    page: int = 100
    person: str = ""
    longest: int = LONGEST_BODY
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    files: dict[int, list[str]] = field(default_factory=dict)
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    archives: dict[int, bytes] = field(default_factory=dict)
    refusals: list[Said] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    numbers: int = 1000

    def new_number(self) -> int:
        self.numbers += 1
        return self.numbers

    def open_pull(
        self,
        number: int,
        *,
        head: str,
        files: tuple[str, ...] = (),
        labels: tuple[str, ...] = (),
        fork: str = "",
        merged_as: str = "",
    ) -> dict[str, Any]:
        """A pull request; its value is also what an event holds."""
        base = {"full_name": REPOSITORY, "id": 1}
        value = models.answer(
            models.PullRequestSimple,
            {
                "number": number,
                "state": "closed" if merged_as else "open",
                "head": {"sha": head, "repo": {**base, "full_name": fork, "id": 2} if fork else base},
                "base": {"repo": base, "ref": "main"},
                "labels": [{"name": label} for label in labels],
                "merged_at": models.INSTANT if merged_as else None,
            },
        )
        value["merge_commit_sha"] = merged_as or None  # older versions of the API have it, the newest has it not
        self.pulls[number], self.files[number] = value, list(files)
        return value

    def store(
        self, name: str, head: str, files: Mapping[str, bytes], *, fork: bool = False, expired: bool = False
    ) -> int:
        """An artifact as a run for a head has stored it."""
        data, number = io.BytesIO(), self.new_number()
        with zipfile.ZipFile(data, "w") as archive:
            for path, content in files.items():
                archive.writestr(path, content)
        run = {"id": 7, "repository_id": 1, "head_repository_id": 2 if fork else 1, "head_sha": head}
        url = f"{self.url}/repos/{REPOSITORY}/actions/artifacts/{number}/zip"
        given = {"id": number, "name": name, "expired": expired, "workflow_run": run, "archive_download_url": url}
        self.artifacts.append(models.answer(models.Artifact, given))
        self.archives[number] = data.getvalue()
        return number

    def comment(self, number: int, body: str, login: str = _ME[0], kind: str = _ME[1]) -> dict[str, Any]:
        """A comment by somebody, ours unless said otherwise."""
        made = self.new_number()
        value = models.answer(
            models.IssueComment,
            {
                "id": made,
                "body": body,
                "user": {"login": login, "type": kind},
                "html_url": f"https://github.test/{REPOSITORY}/pull/{number}#issuecomment-{made}",
                "url": f"{self.url}/repos/{REPOSITORY}/issues/comments/{made}",
                "issue_url": f"{self.url}/repos/{REPOSITORY}/issues/{number}",
            },
        )
        self.comments.setdefault(number, []).append(value)
        return value

    def issue(self, title: str, body: str, login: str = _ME[0], kind: str = _ME[1]) -> dict[str, Any]:
        """An issue by somebody."""
        made = self.new_number()
        value = models.answer(
            models.Issue,
            {
                "number": made,
                "id": made,
                "state": "open",
                "title": title,
                "body": body,
                "user": {"login": login, "type": kind},
                "url": f"{self.url}/repos/{REPOSITORY}/issues/{made}",
                "html_url": f"https://github.test/{REPOSITORY}/issues/{made}",
            },
        )
        self.issues[made] = value
        return value


@contextmanager
def running(hub: GitHub | None = None) -> Iterator[GitHub]:
    """The stand-in, until the block ends."""
    chosen = hub or GitHub()

    class Handler(_Handler):
        github = chosen

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    chosen.url = f"http://127.0.0.1:{server.server_port}/api/v3"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield chosen
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    github: GitHub

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    do_PATCH = do_POST  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: the requests are kept."""

    def _answer(self, given: dict[str, Any]) -> None:
        hub, address = self.github, urlsplit(self.path)
        hub.requests.append(f"{self.command} {unquote(self.path)}")
        if address.path.startswith("/store/"):
            self._from_store(int(address.path.rpartition("/")[2]))
            return
        if hub.refusals:
            self._say(hub.refusals.pop(0))
            return
        if not self.headers.get("Authorization", "").endswith(TOKEN):
            self._say(Said(401, models.answer(models.BasicError, {"message": "Bad credentials"})))
            return
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        self._say(_routed(hub, self.command, address.path, query, given))

    def _from_store(self, number: int) -> None:
        if self.headers.get("Authorization"):
            self.github.faults.append("the store saw the token")
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.github.archives[number])))
        self.end_headers()
        self.wfile.write(self.github.archives[number])

    def _say(self, said: Said) -> None:
        data = b"" if said.value is None else json.dumps(said.value).encode()
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _routed(hub: GitHub, method: str, path: str, query: Mapping[str, str], given: dict[str, Any]) -> Said:
    at = path.removeprefix(f"/api/v3/repos/{REPOSITORY}")
    asked = _Asked(hub, method, at, query, given)
    for pattern, answering in _ROUTES:
        if found := re.fullmatch(pattern, at):
            return answering(asked, found[1] if found.lastindex else "")
    return _refused(f"Not Found: {method} {path}", 404)


@dataclass
class _Asked:
    hub: GitHub
    method: str
    at: str
    query: Mapping[str, str]
    given: dict[str, Any]


def _viewer(_asked: _Asked, _found: str) -> Said:
    return Said(200, {"data": {"viewer": {"login": _ME[0]}}})


def _user(asked: _Asked, _found: str) -> Said:
    if asked.hub.person:
        return Said(200, models.answer(models.PrivateUser, {"login": asked.hub.person, "type": "User"}))
    return _refused("Resource not accessible by integration", 403)


def _files(asked: _Asked, number: str) -> Said:
    listed = [{"filename": name, "status": "modified"} for name in asked.hub.files[int(number)]]
    return _paged(asked, [models.answer(models.DiffEntry, each) for each in listed])


def _pulls_of(asked: _Asked, revision: str) -> Said:
    return _paged(asked, [each for each in asked.hub.pulls.values() if _holds(each, revision)])


def _archive(asked: _Asked, number: str) -> Said:
    return Said(302, None, {"Location": f"{_elsewhere(asked.hub)}/store/{number}"})


def _me(asked: _Asked) -> tuple[str, str]:
    return (asked.hub.person, "User") if asked.hub.person else _ME


def _comments(asked: _Asked, number: str) -> Said:
    if asked.method == "GET":
        return _paged(asked, asked.hub.comments.get(int(number), []))
    return _allowed(asked, "pull-requests") or Said(
        201, asked.hub.comment(int(number), asked.given["body"], *_me(asked))
    )


def _one_comment(asked: _Asked, made: str) -> Said:
    (comment,) = (each for listed in asked.hub.comments.values() for each in listed if each["id"] == int(made))
    if refused := _allowed(asked, "pull-requests"):
        return refused
    comment["body"] = asked.given["body"]
    return Said(200, comment)


def _issues(asked: _Asked, _found: str) -> Said:
    if asked.method == "POST":
        given = asked.given
        return _allowed(asked, "issues") or Said(201, asked.hub.issue(given["title"], given["body"], *_me(asked)))
    by = asked.query.get("creator")
    return _paged(asked, [each for each in asked.hub.issues.values() if by in (None, each["user"]["login"])][::-1])


def _one_issue(asked: _Asked, number: str) -> Said:
    if refused := _allowed(asked, "issues"):
        return refused
    asked.hub.issues[int(number)].update(asked.given)
    return Said(200, asked.hub.issues[int(number)])


def _artifacts(asked: _Asked, _found: str) -> Said:
    named = [each for each in asked.hub.artifacts if asked.query.get("name") in (None, each["name"])]
    said = _paged(asked, named)
    listing = {"total_count": len(named), "artifacts": said.value}
    return Said(200, models.answer(models.ReposOwnerRepoActionsArtifactsGetResponse200, listing), said.headers)


def _run(asked: _Asked, run: str) -> Said:
    url = f"{asked.hub.url}/repos/{REPOSITORY}/actions/runs/{run}"
    return Said(
        200, models.answer(models.WorkflowRun, {"id": int(run), "url": url, "artifacts_url": f"{url}/artifacts"})
    )


def _artifacts_of_run(asked: _Asked, run: str) -> Said:
    stored = [each for each in asked.hub.artifacts if each["workflow_run"]["id"] == int(run)]
    said = _paged(asked, stored)
    listing = {"total_count": len(stored), "artifacts": said.value}
    return Said(200, models.answer(models.ReposOwnerRepoActionsArtifactsGetResponse200, listing), said.headers)


_ROUTES = (
    ("/api/graphql", _viewer),
    ("/api/v3/user", _user),
    (r"/issues/(\d+)/comments", _comments),
    (r"/issues/comments/(\d+)", _one_comment),
    ("/issues", _issues),
    (r"/issues/(\d+)", _one_issue),
    (r"/pulls/(\d+)/files", _files),
    (r"/commits/([0-9a-f]+)/pulls", _pulls_of),
    ("/actions/artifacts", _artifacts),
    (r"/actions/runs/(\d+)", _run),
    (r"/actions/runs/(\d+)/artifacts", _artifacts_of_run),
    (r"/actions/artifacts/(\d+)/zip", _archive),
)


def _paged(asked: _Asked, listed: list[dict[str, Any]]) -> Said:
    hub, query = asked.hub, asked.query
    size, number = min(hub.page, int(query.get("per_page", "30"))), int(query.get("page", "1"))
    here = listed[(number - 1) * size : number * size]
    if number * size >= len(listed):
        return Said(200, here)
    others = "".join(f"&{name}={value}" for name, value in query.items() if name not in ("page", "per_page"))
    following = f"{hub.url}/repos/{REPOSITORY}{asked.at}?per_page={query.get('per_page', 30)}&page={number + 1}{others}"
    return Said(200, here, {"Link": f'<{following}>; rel="next"'})


def _allowed(asked: _Asked, permission: str) -> Said | None:
    """None if the token may write this; else how GitHub says that it may not."""
    if permission not in asked.hub.may_write:
        return _refused("Resource not accessible by integration", 403)
    if len(asked.given.get("body", "")) > asked.hub.longest:
        error = {"message": "Validation Failed", "errors": [], "documentation_url": "https://docs.github.test"}
        return Said(422, models.answer(models.ValidationError, error))
    return None


def _refused(message: str, status: int) -> Said:
    return Said(status, models.answer(models.BasicError, {"message": message, "status": str(status)}))


def _holds(pull: Mapping[str, Any], revision: str) -> bool:
    return revision in (pull["head"]["sha"], pull["merge_commit_sha"])


def _elsewhere(hub: GitHub) -> str:
    """The same server under another name: another host to every client."""
    return hub.url.removesuffix("/api/v3").replace("127.0.0.1", "localhost")
