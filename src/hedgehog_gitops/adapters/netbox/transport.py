"""Requests to one NetBox: bounded in time, and only reads are sent again.

A pynetbox `Api` of each thread's own carries our session. What goes wrong becomes a value of ours before anything is
raised: the exceptions of pynetbox and requests hold the request, and with it the token.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from hedgehog_gitops.adapters.netbox.answers import Answer, NoAnswerError
from hedgehog_gitops.adapters.netbox.versions import named_version
from hedgehog_gitops.model.plain import Json

if TYPE_CHECKING:
    from requests import Response

Query = Sequence[tuple[str, str | int]]

_CHUNK = 1 << 16
_PASSING = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds, and how often to ask again. `look` bounds one read of the side as a whole."""

    connect: float = 5.0
    read: float = 20.0
    write: float = 120.0
    look: float = 60.0
    attempts: int = 4
    pause: float = 0.3
    longest_pause: float = 10.0


class Transport:
    """Sends requests to one NetBox, from any thread; nothing is opened before the first.

    `on_request` hears of every request that goes out: its method and its path. `version` is that of the newest answer.
    """

    def __init__(
        self,
        url: str,
        token: Callable[[], str],
        *,
        ca_file: str = "",
        patience: Patience | None = None,
        on_request: Callable[[str, str], None] | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.patience = patience or Patience()
        self.version: tuple[int, int] = (0, 0)
        self._token = token
        self._ca_file = ca_file
        self._on_request = on_request
        self._own = threading.local()

    def get(self, endpoint: str, query: Query = (), deadline: float | None = None) -> Answer:
        """The answer to a read, asked again where that may help; `NoAnswerError` if there is none in time."""
        address = f"{endpoint}/?{urlencode(query)}" if query else f"{endpoint}/"
        sent = 0
        while True:
            sent += 1
            allowed = self.patience.read if deadline is None else deadline - time.monotonic()
            outcome = self._attempt("GET", address, None, "", min(allowed, self.patience.read))
            pause = self._pause(outcome, sent)
            if pause is None or (deadline is not None and time.monotonic() + pause >= deadline):
                return _answer(outcome)
            time.sleep(pause)

    def options(self, endpoint: str) -> Json:
        """What a list offers to this token; None if it does not say."""
        outcome = self._attempt("OPTIONS", f"{endpoint}/", None, "", self.patience.read)
        return None if isinstance(outcome, NoAnswerError) or not outcome.is_ok else outcome.value()

    def send(self, method: str, endpoint: str, body: Json, if_match: str = "") -> Answer:
        """The answer to a write, sent once; again only if it was surely not acted on: 429, or no connection."""
        sent = 0
        while True:
            sent += 1
            data = json.dumps(body, separators=(",", ":")).encode()
            outcome = self._attempt(method, f"{endpoint}/", data, if_match, self.patience.write)
            untouched = not outcome.is_sent if isinstance(outcome, NoAnswerError) else outcome.status == _BUSY
            pause = self._pause(outcome, sent) if untouched else None
            if pause is None:
                return _answer(outcome)
            time.sleep(pause)

    def _attempt(
        self, method: str, address: str, data: bytes | None, if_match: str, allowed: float
    ) -> Answer | NoAnswerError:
        import requests  # noqa: PLC0415 - comes with the client, when that is used
        import urllib3.exceptions as broken  # noqa: PLC0415 - the same

        if allowed <= 0:
            return NoAnswerError("timeout", "no answer in time", False)  # noqa: FBT003 - see the class
        if self._on_request is not None:
            self._on_request(method, address)
        try:
            with nullcontext() if data is None else self._own_connection():
                return self._heard(method, address, data, if_match, allowed)
        except requests.exceptions.SSLError:
            failure = ("tls", "the server's certificate is not trusted, or TLS failed", False)
        except requests.exceptions.ConnectTimeout:
            failure = ("timeout", "cannot connect in time", False)
        except (requests.exceptions.Timeout, broken.TimeoutError, TimeoutError):
            failure = ("timeout", "no answer in time", True)
        except requests.exceptions.ConnectionError as error:
            is_refused = any(word in repr(error) for word in ("NewConnectionError", "NameResolutionError"))
            failure = ("connection", "cannot connect" if is_refused else "the connection broke", not is_refused)
        except (requests.exceptions.RequestException, broken.HTTPError):
            failure = ("connection", "the answer broke off", True)
        return NoAnswerError(*failure)

    def _heard(self, method: str, address: str, data: bytes | None, if_match: str, allowed: float) -> Answer:
        api = self._api()
        headers = {"Authorization": authorization(api.token)}
        headers |= {"Content-Type": "application/json", "Connection": "close"} if data is not None else {}
        headers |= {"If-Match": if_match} if if_match else {}
        response = api.http_session.request(
            method,
            f"{api.base_url}/{address}",
            data=data,
            headers=headers,
            timeout=(min(self.patience.connect, allowed), allowed),
            allow_redirects=False,  # the API does not redirect; a login page in front of it does
            stream=True,
        )
        answer = Answer(
            status=response.status_code,
            body=_drain(response, time.monotonic() + allowed),
            version=response.headers.get("API-Version", ""),
            request=response.headers.get("X-Request-ID", ""),
            pause=_retry_after(response.headers.get("Retry-After", "")),
        )
        self.version = named_version(answer.version) or self.version
        return answer

    @contextmanager
    def _own_connection(self) -> Iterator[None]:
        """Nothing but the block's request goes over its connection.

        A new one finds the process that is free, not one that works on another batch. One kept open may be closed by
        NetBox just when we write, and then nobody knows what was done.
        """
        session = self._api().http_session
        session.close()  # only connections that are kept; the session opens new ones
        try:
            yield
        finally:
            session.close()

    def _api(self) -> Any:
        """This thread's client: a session is not promised to be safe for several."""
        if not hasattr(self._own, "api"):
            import pynetbox  # noqa: PLC0415 - half a second, paid on first use

            self._own.api = pynetbox.api(self.url, token=self._token())
            self._own.api.http_session.headers.update({"Accept": "application/json", "User-Agent": "hedgehog-gitops"})
            self._own.api.http_session.verify = self._ca_file or True
            self._own.api.http_session.trust_env = False  # a .netrc would take the token's place
        return self._own.api

    def _pause(self, outcome: Answer | NoAnswerError, sent: int) -> float | None:
        """Seconds until the next attempt; None if this outcome stands."""
        if sent >= self.patience.attempts or not _may_pass(outcome):
            return None
        backoff = self.patience.pause * 2 ** (sent - 1) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, hides nothing
        asked = outcome.pause if isinstance(outcome, Answer) else None
        return min(asked if asked is not None else backoff, self.patience.longest_pause)


_BUSY = HTTPStatus.TOO_MANY_REQUESTS


def authorization(token: str) -> str:
    """The header of a token: from 4.5 on they begin with `nbt_` and have two halves; older ones are plain."""
    is_second = token.startswith("nbt_") and "." in token
    return f"{'Bearer' if is_second else 'Token'} {token}"


def _answer(outcome: Answer | NoAnswerError) -> Answer:
    if isinstance(outcome, NoAnswerError):
        raise outcome
    return outcome


def _may_pass(outcome: Answer | NoAnswerError) -> bool:
    if isinstance(outcome, NoAnswerError):
        return outcome.category == "connection"
    return outcome.status in _PASSING


def _drain(response: Response, deadline: float) -> bytes:
    """The whole body. The session's own time limit is per packet, so a server that drips could hold us for ever."""
    chunks: list[bytes] = []
    with response:
        while time.monotonic() < deadline:
            chunk = response.raw.read1(_CHUNK, decode_content=True)  # what is there, not until so much is there
            if not chunk:
                return b"".join(chunks)
            chunks.append(chunk)
    raise TimeoutError


def _retry_after(value: str) -> float | None:
    return float(value) if value.isdecimal() else None
