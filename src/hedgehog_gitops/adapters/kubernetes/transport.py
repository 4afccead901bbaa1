"""One request to the API server: bounded in time, tried again only where that can help.

Tried again: no connection, a connection that broke, 429 and 5xx. Never: 401, 403, other 4xx, a certificate that is
not trusted. Every request we send may be sent twice: reads are, and writes carry the version that they expect.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from hedgehog_gitops.adapters.kubernetes.connection import Connection
from hedgehog_gitops.model.errors import HedgehogGitopsError
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_CHUNK = 1 << 16
_REFUSED_PATCH = b"failed to create typed patch object"
_MESSAGE_LENGTH = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait and how often to ask again, in seconds and attempts. `look` bounds one read of a side."""

    connect: float = 5.0
    answer: float = 10.0
    look: float = 60.0
    attempts: int = 4
    pause: float = 0.2
    longest_pause: float = 10.0


QUICK = Patience(connect=2.0, answer=4.0, attempts=2)
"""For whoever only looks, and looks again soon."""


class NoAnswerError(HedgehogGitopsError):
    """The server gave no answer at all: `category` is timeout, connection or tls."""

    def __init__(self, category: str, reason: str, sent: int) -> None:
        super().__init__(category, reason, sent)
        self.category = category
        self.reason = reason
        self.sent = sent

    def __str__(self) -> str:
        return f"{self.reason} ({self.category})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server said, after how many requests."""

    status: int
    body: bytes
    pause: float | None = None  # what Retry-After asks for
    sent: int = 1
    date: str = ""  # the server's clock, as it tells it

    def document(self) -> JsonObject | None:
        """The body as a JSON object; None if it is anything else: a login page, half an answer."""
        try:
            value = cast("Json", json.loads(self.body))
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def message(self) -> str:
        """The server's words as one line of bounded length; a page that is not the API server's is not quoted."""
        words = as_text(as_object(self.document()).get("message"))
        line = " ".join("".join(char if char.isprintable() else " " for char in words).split())
        return line[:_MESSAGE_LENGTH] or f"answered {self.status} {_phrase(self.status)}".rstrip()


@dataclass(slots=True)
class Transport:
    """Sends requests to one API server, from any thread. Connects when it is first used.

    `on_request` hears of every request that goes out: its method and its path with the query.
    """

    open: Callable[[], Connection] = field(repr=False)
    patience: Patience = Patience()
    on_request: Callable[[str, str], None] | None = None
    _connection: Connection | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: JsonObject | None = None,
        content_type: str = "application/json",
        deadline: float | None = None,
    ) -> Answer:
        """The answer, whatever its status; `NoAnswerError` if there was none, `UnreachableError` without a server.

        `deadline` is an instant of `time.monotonic`, for a request that is part of something bounded as a whole.
        """
        address = f"{path}?{urlencode(query)}" if query else path
        data = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        return self._persist(_Request(method, address, data, content_type), deadline)

    def _persist(self, request: _Request, deadline: float | None) -> Answer:
        """Send until the answer is final, attempts run out, or waiting longer would miss the deadline."""
        sent = 0
        while True:
            sent += 1
            outcome = self._attempt(request, sent, deadline)
            pause = self._pause(outcome, sent)
            late = deadline is not None and time.monotonic() + (pause or 0) >= deadline
            if pause is None or late:
                if isinstance(outcome, NoAnswerError):
                    raise outcome
                return outcome
            time.sleep(pause)

    def _attempt(self, request: _Request, sent: int, deadline: float | None) -> Answer | NoAnswerError:
        import urllib3.exceptions as failures  # noqa: PLC0415 - comes with the client, when that is used

        allowed = self._allowed(deadline)
        try:
            return self._send(request, sent, allowed)
        except failures.SSLError:
            return NoAnswerError("tls", "the server's certificate is not trusted, or TLS failed", sent)
        except failures.NewConnectionError:
            return NoAnswerError("connection", "cannot connect to the server", sent)
        except failures.ConnectTimeoutError:
            return NoAnswerError("timeout", "cannot connect in time", sent)
        except (failures.TimeoutError, TimeoutError):
            return NoAnswerError("timeout", "no answer in time", sent)
        except failures.HTTPError:
            return NoAnswerError("connection", "the connection failed", sent)

    def _send(self, request: _Request, sent: int, allowed: float) -> Answer:
        from urllib3 import Timeout  # noqa: PLC0415 - see _attempt

        connection = self.connection()
        if self.on_request is not None:
            self.on_request(request.method, request.address)
        response = connection.pool.urlopen(
            request.method,
            connection.base + request.address,
            body=request.data,
            headers=_headers(request, connection.authorization()),
            timeout=Timeout(connect=min(self.patience.connect, allowed), read=allowed),
            retries=False,
            redirect=False,  # an API server does not redirect; a login page in front of it does
            preload_content=False,
        )
        body = _drain(response, time.monotonic() + allowed)
        return Answer(
            status=response.status,
            body=body,
            pause=_retry_after(response),
            sent=sent,
            date=response.headers.get("Date", ""),
        )

    def connection(self) -> Connection:
        """The connection, opened once."""
        with self._lock:
            if self._connection is None:
                self._connection = self.open()
            return self._connection

    def _allowed(self, deadline: float | None) -> float:
        answer = self.patience.answer
        return answer if deadline is None else max(0.01, min(answer, deadline - time.monotonic()))

    def _pause(self, outcome: Answer | NoAnswerError, sent: int) -> float | None:
        """Seconds until the next attempt; None if this outcome stands."""
        if sent >= self.patience.attempts or not _may_pass(outcome):
            return None
        backoff = self.patience.pause * 2 ** (sent - 1) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, hides nothing
        asked = outcome.pause if isinstance(outcome, Answer) else None
        return min(asked if asked is not None else backoff, self.patience.longest_pause)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    address: str
    data: bytes | None
    content_type: str


def _headers(request: _Request, authorization: str | None) -> dict[str, str]:
    headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "hedgehog-gitops"}
    if request.data is not None:
        headers["Content-Type"] = request.content_type
    if authorization is not None:
        headers["Authorization"] = authorization
    return headers


def _drain(response: BaseHTTPResponse, deadline: float) -> bytes:
    """The whole body. The pool's own time limit is per packet, so a server that drips could hold us for ever."""
    chunks: list[bytes] = []
    try:
        while time.monotonic() < deadline:
            chunk = response.read1(_CHUNK)
            if not chunk:  # and the pool has the connection back
                return b"".join(chunks)
            chunks.append(chunk)
        raise TimeoutError
    finally:
        if not response.closed:  # half an answer is still in this connection: it carries no other request
            response.close()


def _retry_after(response: BaseHTTPResponse) -> float | None:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else None


def _may_pass(outcome: Answer | NoAnswerError) -> bool:
    """True if the same request may well succeed in a moment."""
    if isinstance(outcome, NoAnswerError):
        return outcome.category != "tls"
    if outcome.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return not is_refused_patch(outcome)
    return outcome.status == HTTPStatus.TOO_MANY_REQUESTS


def is_refused_patch(answer: Answer) -> bool:
    """True for an apply with a field that the schema does not have: the API server answers it with a bare 500."""
    return answer.status == HTTPStatus.INTERNAL_SERVER_ERROR and _REFUSED_PATCH in answer.body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
