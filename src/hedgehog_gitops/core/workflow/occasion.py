"""What a workflow runs for, from the runner's variables and the event's payload."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.workflow import Occasion, PullRequest

_MERGED_REF = re.compile(r"refs/pull/(\d+)/(?:merge|head)")


def occasion_of(env: Mapping[str, str], payload: JsonObject) -> Occasion:
    """The occasion; what the runner does not say is empty."""
    before = as_object(payload.get("workflow_run"))
    return Occasion(
        event=env.get("GITHUB_EVENT_NAME", ""),
        repository=env.get("GITHUB_REPOSITORY", ""),
        revision=env.get("GITHUB_SHA", ""),
        server=env.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/"),
        api=env.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"),
        run=_number(env.get("GITHUB_RUN_ID", "")),
        attempt=_number(env.get("GITHUB_RUN_ATTEMPT", "")) or 1,
        after=_whole(before.get("id")),
        after_head=as_text(before.get("head_sha")),
        pull_request=_pull_request(env, as_object(payload.get("pull_request"))),
    )


def pull_request_from(value: JsonObject) -> PullRequest:
    """A pull request as events and the service's API describe it."""
    head, base = as_object(value.get("head")), as_object(value.get("base"))
    return PullRequest(
        number=_whole(value.get("number")),
        head=as_text(head.get("sha")),
        is_fork=_repository(head) != _repository(base),
        is_merged=bool(value.get("merged_at")),
        labels=tuple(as_text(as_object(each).get("name")) for each in as_list(value.get("labels"))),
    )


def _pull_request(env: Mapping[str, str], value: JsonObject) -> PullRequest | None:
    """The event's; a rerun by hand may know it only by the ref that was checked out."""
    if _whole(value.get("number")):
        return pull_request_from(value)
    found = _MERGED_REF.fullmatch(env.get("GITHUB_REF", ""))
    return PullRequest(number=int(found[1]), head=env.get("GITHUB_SHA", "")) if found else None


def _repository(end: JsonObject) -> str:
    """Whose branch it is; a deleted fork has no repository any more."""
    return as_text(as_object(end.get("repo")).get("full_name")).lower()


def _whole(value: Json) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
