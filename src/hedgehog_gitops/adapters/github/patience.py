"""Requests to GitHub: asked again where that helps, within a time that a step can wait; else `ForgeError`.

A limit that GitHub gives a short time for is waited out. After a failure in between it is asked again only for what
was refused before it was done: a comment must not be written twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

import github
import requests

from hedgehog_gitops.model.errors import ForgeError

TRIES = 3
LONGEST_WAIT = 60
_Answer = TypeVar("_Answer")


def patiently(sleep: Callable[[float], None], what: str, ask: Callable[[], _Answer]) -> _Answer:
    """The answer. `what` is asked for stands in the error."""
    for left in reversed(range(TRIES)):
        try:
            return ask()
        except github.GithubException as error:
            wait = _wait(error.status, error.headers or {}, time.time())
            if wait is None or not left:
                raise ForgeError(what, error.status, _reason(error)) from error
            sleep(wait)
        except requests.RequestException as error:
            raise ForgeError(what, 0, type(error).__name__) from error
    raise AssertionError("the last try returns or raises")


def _wait(status: int, headers: Mapping[str, str], now: float) -> float | None:
    """How long to wait before asking again; None if that is too long, or of no use."""
    if status not in (403, 429):
        return None
    known = {name.lower(): value for name, value in headers.items()}
    if known.get("retry-after", "").isdecimal():
        wait = float(known["retry-after"])
    elif known.get("x-ratelimit-remaining") == "0" and known.get("x-ratelimit-reset", "").isdecimal():
        wait = max(0.0, float(known["x-ratelimit-reset"]) - now)
    else:
        return None
    return wait if wait <= LONGEST_WAIT else None


def _reason(error: github.GithubException) -> str:
    message = error.data.get("message") if isinstance(error.data, dict) else error.data
    return str(message or "no reason given")[:300]
