"""One signed HTTP POST: bounded in time, tried once more where that can help, and no word about address or secret.

The standard library's client is enough: it verifies TLS and heeds the environment's proxies. It does not follow a
redirect here: what is signed for one address is not for another.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException
from threading import Thread
from typing import IO

_AT_MOST = 2.0
"""Times `timeout` that one attempt may take as a whole: a server can answer a byte at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Where a notification goes, and the secret that signs it: neither is ever shown."""

    url: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How it went: the reason it was not delivered, in words that name no address; empty if it was."""

    reason: str
    attempts: int


def post(
    recipient: Recipient, body: bytes, headers: Mapping[str, str], *, timeout: float = 5.0, pause: float = 1.0
) -> Delivery:
    """Deliver a body; nothing is raised. A second attempt follows no answer, 429 and 5xx, and nothing else."""
    reason, may_pass = _attempt(recipient, body, headers, timeout)
    if not may_pass:
        return Delivery(reason=reason, attempts=1)
    time.sleep(pause)
    return Delivery(reason=_attempt(recipient, body, headers, timeout)[0], attempts=2)


def _attempt(recipient: Recipient, body: bytes, headers: Mapping[str, str], timeout: float) -> tuple[str, bool]:
    """Why it failed, and whether the same again may succeed; the thread is left behind when time is up."""
    outcomes: list[tuple[str, bool]] = []
    sender = Thread(target=lambda: outcomes.append(_send(recipient, body, headers, timeout)), daemon=True)
    sender.start()
    sender.join(timeout * _AT_MOST)
    return outcomes[0] if outcomes else ("no answer in time", True)


def _send(recipient: Recipient, body: bytes, headers: Mapping[str, str], timeout: float) -> tuple[str, bool]:
    try:
        request = urllib.request.Request(recipient.url, data=body, headers=dict(headers), method="POST")  # noqa: S310 - judged below
        if request.type not in {"http", "https"}:
            return "the address is not of the web", False
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=timeout):
            return "", False
    except urllib.error.HTTPError as error:
        error.close()
        status = error.code
        passes = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
        return f"answered {status}", passes
    except urllib.error.URLError as error:
        is_tls = "CERTIFICATE" in str(error.reason).upper()
        return ("the certificate is not trusted" if is_tls else "cannot be reached"), not is_tls
    except TimeoutError:
        return "no answer in time", True
    except (OSError, HTTPException):
        return "the connection failed", True
    except (ValueError, LookupError):  # an address that is none; its text is not repeated
        return "the address cannot be used", False


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other that is not 2xx."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Nowhere else."""
