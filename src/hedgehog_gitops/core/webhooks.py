"""Whether a webhook's request is from whom it says: GitHub, GitLab, NetBox.

For the program that receives them (this package runs no server): it hands over the raw body as it came, before anything
parsed it, and the headers. Comparisons take the same time for every wrong answer. A genuine request is a hint that
something moved, and no more: the run that it starts looks for itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

WINDOW = timedelta(minutes=5)
"""How old a signed request may be, and how long the same one is not taken a second time."""

NETBOX_WINDOW = timedelta(hours=1)
"""NetBox sends one request for each object, about one a second: the last of a bulk change is late by minutes."""

_SIGNING = "whsec_"
_LONGEST_TIME = 11  # digits of seconds since 1970, good until the year 5138


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCheck:
    """Whether a request is genuine, and if not, why. `delivery` is the sender's name for it.

    `once` stands for what was authenticated: the same text a second time is the same request a second time.
    """

    is_genuine: bool
    reason: str = ""
    delivery: str = ""
    once: str = ""

    def __bool__(self) -> bool:
        return self.is_genuine


def check_github_webhook(body: bytes, headers: Mapping[str, str], secret: str) -> WebhookCheck:
    """GitHub: `X-Hub-Signature-256`, the HMAC-SHA256 of the body. It has no time in it: see `refuse_replay`."""
    given = _named(headers)
    signed = signature(body, secret)
    found = _compared(secret, given.get("x-hub-signature-256"), signed, "X-Hub-Signature-256")
    return replace(found, delivery=given.get("x-github-delivery", ""), once=_digest(body))


def check_gitlab_webhook(
    body: bytes, headers: Mapping[str, str], secret: str, *, now: datetime, window: timedelta = WINDOW
) -> WebhookCheck:
    """GitLab: `webhook-signature` for a signing token (`whsec_…`), else the secret itself in `X-Gitlab-Token`.

    A secret token says nothing about the body; a signing token covers body, id and time, so prefer that one.
    """
    given = _named(headers)
    if secret.startswith(_SIGNING):
        return _standard(body, given, secret, now, window)
    found = _compared(secret, given.get("x-gitlab-token"), secret, "X-Gitlab-Token")
    delivery = given.get("idempotency-key") or given.get("x-gitlab-event-uuid", "")
    return replace(found, delivery=delivery, once=delivery or _digest(body))


def check_netbox_webhook(
    body: bytes, headers: Mapping[str, str], secret: str, *, now: datetime, window: timedelta = NETBOX_WINDOW
) -> WebhookCheck:
    """NetBox: `X-Hook-Signature`, the HMAC-SHA512 of the body, and the time in NetBox's own body.

    A body made by a template of yours has no time that we know of; then only the signature counts.
    """
    signed = hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()
    found = _compared(secret, _named(headers).get("x-hook-signature"), signed, "X-Hook-Signature")
    if not found:
        return found
    value = _object(body)
    about = replace(found, delivery=str(value.get("request_id", "")), once=_digest(body))
    sent = _instant(value.get("timestamp"))
    return about if sent is None else _in_time(about, sent, now, window)


def signature(body: bytes, secret: str) -> str:
    """`sha256=` and the HMAC-SHA256 of a body: how GitHub signs, and how we sign what we send."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def refuse_replay(
    check: WebhookCheck, seen: Mapping[str, datetime], now: datetime, *, window: timedelta = WINDOW
) -> tuple[WebhookCheck, Mapping[str, datetime]]:
    """The same check, refused if the request was seen within the window; and what to remember as seen from now on."""
    recent = {once: at for once, at in seen.items() if abs(now - at) <= window}
    if not check:
        return check, recent
    if check.once in recent:
        return replace(check, is_genuine=False, reason="the same request came before"), recent
    return check, {**recent, check.once: now}


def _standard(body: bytes, given: Mapping[str, str], secret: str, now: datetime, window: timedelta) -> WebhookCheck:
    """The scheme of standardwebhooks.com: several signatures may stand in the header while a token is replaced."""
    try:
        key = base64.b64decode(secret.removeprefix(_SIGNING), validate=True)
    except binascii.Error:
        return _no("the signing token is not whsec_ and base64")
    name, time = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not key or not name or not (time.isascii() and time.isdecimal()) or len(time) > _LONGEST_TIME:
        return _no("no signing token, or no webhook-id and webhook-timestamp")
    mac = hmac.new(key, f"{name}.{time}.".encode() + body, hashlib.sha256).digest()
    signed = b"v1," + base64.b64encode(mac)
    entries = given.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(_bytes(entry), signed) for entry in entries):
        return _no("webhook-signature does not fit" if entries else "no webhook-signature")
    sent = datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(time))
    return _in_time(WebhookCheck(is_genuine=True, delivery=name, once=name), sent, now, window)


def _compared(secret: str, given: str | None, wanted: str, header: str) -> WebhookCheck:
    if not secret:
        return _no("no secret is configured, so nothing can be trusted")
    if not given:
        return _no(f"no {header}")
    is_equal = hmac.compare_digest(_bytes(given.strip()), wanted.encode())
    return WebhookCheck(is_genuine=True) if is_equal else _no(f"{header} does not fit")


def _in_time(check: WebhookCheck, sent: datetime, now: datetime, window: timedelta) -> WebhookCheck:
    if abs(now - sent) <= window:
        return check
    return replace(check, is_genuine=False, reason=f"sent at {sent.isoformat(timespec='seconds')}, out of the window")


def _no(reason: str) -> WebhookCheck:
    return WebhookCheck(is_genuine=False, reason=reason)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _bytes(text: str) -> bytes:
    return text.encode(errors="backslashreplace")


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _object(body: bytes) -> dict[str, object]:
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _instant(text: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
