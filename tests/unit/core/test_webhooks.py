"""Signatures of webhooks, on the payload shapes that GitHub, GitLab and NetBox publish."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from hedgehog_gitops import (
    WebhookCheck,
    check_github_webhook,
    check_gitlab_webhook,
    check_netbox_webhook,
    refuse_replay,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "It's a Secret to Everybody"  # noqa: S105 - the published one
HELLO = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
KEY = bytes(range(32))
TOKEN = "whsec_" + base64.b64encode(KEY).decode()
PUSH_GITHUB = json.dumps(
    {
        "ref": "refs/heads/main",
        "before": "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
        "after": "76ae82c7b1a177c8d03f9e96e0adf2466113728f",
        "repository": {"id": 186853002, "full_name": "Codertocat/Hello-World"},
        "pusher": {"name": "Codertocat"},
        "commits": [],
    }
).encode()
PUSH_GITLAB = json.dumps(
    {
        "object_kind": "push",
        "event_name": "push",
        "before": "95790bf891e76fee5e1747ab589903a6a1f80f22",
        "after": "da1560886d4f094c3e6c9ef40349f7d38b5d27d7",
        "ref": "refs/heads/master",
        "project": {"id": 15, "path_with_namespace": "mike/diaspora"},
        "total_commits_count": 4,
    }
).encode()
UPDATE_NETBOX = json.dumps(
    {
        "event": "updated",
        "timestamp": "2026-03-01T11:59:58.123456+00:00",
        "model": "site",
        "username": "jstretch",
        "request_id": "fdbca812-3142-4783-b364-2e2bd5c16c6a",
        "data": {"id": 19, "name": "Site 1", "slug": "site-1", "status": {"value": "active", "label": "Active"}},
        "snapshots": {"prechange": {"status": "planned"}, "postchange": {"status": "active"}},
    }
).encode()


def github(body: bytes, secret: str = SECRET) -> dict[str, str]:
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={mac}", "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958"}


def gitlab(_body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Gitlab-Token": secret, "X-Gitlab-Event": "Push Hook", "Idempotency-Key": "f5e5f430"}


def signed(body: bytes, key: bytes = KEY, sent: datetime = NOW) -> dict[str, str]:
    time = str(int(sent.timestamp()))
    mac = base64.b64encode(hmac.new(key, f"msg-1.{time}.".encode() + body, hashlib.sha256).digest()).decode()
    return {"webhook-id": "msg-1", "webhook-timestamp": time, "webhook-signature": f"v1,AAAA v1,{mac}"}


def netbox(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hook-Signature": hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()}


def check_gitlab(body: bytes, headers: Mapping[str, str], secret: str) -> WebhookCheck:
    return check_gitlab_webhook(body, headers, secret, now=NOW)


def check_netbox(body: bytes, headers: Mapping[str, str], secret: str) -> WebhookCheck:
    return check_netbox_webhook(body, headers, secret, now=NOW)


SCHEMES = pytest.mark.parametrize(
    ("check", "sign", "body", "secret", "delivery"),
    [
        (check_github_webhook, github, PUSH_GITHUB, SECRET, "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
        (check_gitlab, gitlab, PUSH_GITLAB, SECRET, "f5e5f430"),
        (check_gitlab, signed, PUSH_GITLAB, TOKEN, "msg-1"),
        (check_netbox, netbox, UPDATE_NETBOX, SECRET, "fdbca812-3142-4783-b364-2e2bd5c16c6a"),
    ],
    ids=["github", "gitlab-token", "gitlab-signed", "netbox"],
)
Check = Callable[[bytes, Mapping[str, str], str], WebhookCheck]
Sign = Callable[[bytes], dict[str, str]]


def test_the_published_vector_of_github_is_genuine() -> None:
    """Issue 6, scope: webhook signatures; the vector of GitHub's page on validating deliveries."""
    assert check_github_webhook(b"Hello, World!", {"X-Hub-Signature-256": HELLO}, SECRET)
    assert not check_github_webhook(b"Hello, World!\n", {"X-Hub-Signature-256": HELLO}, SECRET)


@SCHEMES
def test_a_genuine_request_is_taken_whatever_the_case_of_its_headers(
    check: Check, sign: Sign, body: bytes, secret: str, delivery: str
) -> None:
    headers = sign(body)
    for shaped in (headers, {name.upper(): value for name, value in headers.items()}):
        found = check(body, shaped, secret)
        assert (found.is_genuine, found.reason, found.delivery) == (True, "", delivery)


@SCHEMES
def test_nothing_else_is_taken(check: Check, sign: Sign, body: bytes, secret: str, delivery: str) -> None:
    assert delivery
    headers = sign(body)
    refused = {
        "no headers": check(body, {}, secret),
        "another secret": check(body, headers, TOKEN if secret != TOKEN else "whsec_AAAA"),
        "no secret": check(body, headers, ""),
        "odd text": check(body, dict.fromkeys(headers, "ü\x00\ud800"), secret),
        "empty text": check(body, dict.fromkeys(headers, ""), secret),
    }
    if sign is not gitlab:  # a bare token says nothing about the body
        refused["another body"] = check(body + b" ", headers, secret)
    assert {why: bool(found) for why, found in refused.items()} == dict.fromkeys(refused, False)
    assert all(found.reason and secret not in found.reason for found in refused.values())


@pytest.mark.parametrize(("late", "expected"), [(299, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_a_signed_time_outside_the_window_is_refused(late: int, *, expected: bool) -> None:
    headers = signed(PUSH_GITLAB, sent=NOW - timedelta(seconds=late))
    assert check_gitlab(PUSH_GITLAB, headers, TOKEN).is_genuine is expected


@pytest.mark.parametrize("time", ["", "soon", "-5", "9" * 400, "9" * 12, "²"])
def test_a_time_that_is_none_is_refused(time: str) -> None:
    headers = {**signed(PUSH_GITLAB), "webhook-timestamp": time}
    assert not check_gitlab(PUSH_GITLAB, headers, TOKEN)


def test_a_signing_token_that_is_none_is_refused() -> None:
    assert not check_gitlab(PUSH_GITLAB, signed(PUSH_GITLAB), "whsec_!")


def test_an_old_body_of_netbox_is_refused_and_one_of_a_template_counts_by_its_signature() -> None:
    late = check_netbox_webhook(UPDATE_NETBOX, netbox(UPDATE_NETBOX), SECRET, now=NOW + timedelta(hours=2))
    assert (late.is_genuine, late.reason) == (False, "sent at 2026-03-01T11:59:58+00:00, out of the window")
    for body in (b"site 1 changed", b"[1]", b'{"timestamp": "2026-03-01T11:59:58"}', b"[" * 100_000):
        assert check_netbox(body, netbox(body), SECRET)


@SCHEMES
def test_a_request_that_was_seen_is_refused_within_the_window_even_under_another_delivery_id(
    check: Check, sign: Sign, body: bytes, secret: str, delivery: str
) -> None:
    first, seen = refuse_replay(check(body, sign(body), secret), {}, NOW)
    again = {**sign(body), "X-GitHub-Delivery": "another"}
    second, seen = refuse_replay(check(body, again, secret), seen, NOW + timedelta(seconds=10))
    third, seen = refuse_replay(check(body, sign(body), secret), seen, NOW + timedelta(seconds=301))
    assert (bool(first), bool(second), bool(third)) == (True, False, True)
    assert second.reason == "the same request came before"
    assert len(seen) == 1
    assert delivery


def test_what_is_not_genuine_is_not_remembered() -> None:
    check, seen = refuse_replay(check_github_webhook(b"x", {}, SECRET), {}, NOW)
    assert (bool(check), dict(seen)) == (False, {})
