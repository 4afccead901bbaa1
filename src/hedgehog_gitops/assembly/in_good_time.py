"""One question to many, answered in good time: who hangs holds back neither the others nor the end of the program."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeAlias, TypeVar

from hedgehog_gitops.model.errors import HedgehogGitopsError, UnreachableError

Answer = TypeVar("Answer")
_Told: TypeAlias = SimpleQueue[tuple[str, "Answer | Exception"]]
_AT_ONCE = 16


def in_good_time(
    asks: Mapping[str, Callable[[], Answer]], seconds: float
) -> tuple[dict[str, Answer], dict[str, HedgehogGitopsError]]:
    """The answers by name, and why there is none of some: an error of ours, or no answer within so many seconds."""
    waiting: SimpleQueue[str] = SimpleQueue()
    told: _Told[Answer] = SimpleQueue()
    for name in asks:
        waiting.put(name)
    for _ in range(min(len(asks), _AT_ONCE)):
        Thread(target=_ask, args=(asks, waiting, told), daemon=True).start()  # a program ends without those that hang
    return _collect(asks, told, time.monotonic() + seconds, seconds)


def _ask(asks: Mapping[str, Callable[[], Answer]], waiting: SimpleQueue[str], told: _Told[Answer]) -> None:
    while True:
        try:
            name = waiting.get_nowait()
        except Empty:
            return
        try:
            told.put((name, asks[name]()))
        except Exception as error:  # noqa: BLE001 - raised again where the answers are collected
            told.put((name, error))


def _collect(
    asks: Mapping[str, object], told: _Told[Answer], until: float, seconds: float
) -> tuple[dict[str, Answer], dict[str, HedgehogGitopsError]]:
    answers: dict[str, Answer] = {}
    failures: dict[str, HedgehogGitopsError] = {}
    while len(answers) + len(failures) < len(asks):
        try:
            name, answer = told.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            break
        if isinstance(answer, HedgehogGitopsError):
            failures[name] = answer
        elif isinstance(answer, Exception):
            raise answer
        else:
            answers[name] = answer
    for name in asks.keys() - answers.keys() - failures.keys():
        failures[name] = UnreachableError("state", f"no answer within {seconds:g} s", "`doctor` says what hangs")
    return answers, failures
