"""What happens, as records of the standard library's logging: events with fields, as JSON lines or as text.

A program that uses the package as a library hears of them like of any other logger's; the command line shows them
only when it is asked to.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.state import Outcome, SyncResult

PACKAGE = "hedgehog_gitops"
FORMS = ("text", "json")
_EVENTS = logging.getLogger(f"{PACKAGE}.events")
_EVENTS.addHandler(logging.NullHandler())  # else a warning that nobody listens to would be printed
_MESSAGE = "message"
_FIRST = 5  # failures of one run that are told; the result has all of them


def tell(event: str, level: int = logging.INFO, /, **fields: Json) -> None:
    """Something happened. Fields are plain values, and none of them is ever a secret."""
    _EVENTS.log(level, event, extra={"event": event, "fields": fields})


def warn(text: str, event: str = _MESSAGE, /, **fields: Json) -> None:
    """Something that is no part of the result went wrong: seen on stderr even where nobody listens to events."""
    logging.getLogger(PACKAGE).warning("%s", text, extra={"event": event, "fields": {**fields, "message": text}})


def tell_message(text: str, level: int = logging.INFO) -> None:
    """A line for people, as an event of its own."""
    tell(_MESSAGE, level, message=text)


def tell_result(result: SyncResult) -> None:
    """How one run ended."""
    is_bad = result.outcome in {Outcome.FAILED, Outcome.PARTIAL}
    failures: list[Json] = [*result.failures[:_FIRST]]
    tell(
        "run.finished",
        logging.WARNING if is_bad else logging.INFO,
        fabric=result.fabric,
        run_id=result.run_id,
        trigger=result.trigger.value,
        outcome=result.outcome.value,
        status=result.status.value,
        reason=result.reason,
        seconds=round((result.finished_at - result.started_at).total_seconds(), 3),
        revision=result.revision,
        plan_id=result.plan_id,
        counts=dict(sorted(result.counts.items())),
        failures=failures,
    )


class Logged:
    """Progress as events: a step that begins, with the run that it is of."""

    def __init__(self) -> None:
        self._run: JsonObject = {}

    def about(self, fabric: str, run_id: str) -> None:
        """What follows is about this run."""
        self._run = {"fabric": fabric, "run_id": run_id}
        tell("run.started", **self._run)

    def step(self, text: str, total: int = 0) -> None:
        """A new step begins."""
        tell("run.step", **self._run, step=text, total=total)

    def advance(self, count: int = 1) -> None:
        """Parts of it are done; that is no event."""


@contextmanager
def logging_to(stream: TextIO, form: str, *, is_verbose: bool) -> Iterator[None]:
    """Everything that is logged meanwhile, by us and by the libraries we use, goes to a stream in this form."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_JsonLines() if form == "json" else _TextLines())
    root, ours = logging.getLogger(), logging.getLogger(PACKAGE)
    level = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.DEBUG if is_verbose else logging.INFO)
    logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        ours.setLevel(level)
        root.removeHandler(handler)


class _JsonLines(logging.Formatter):
    """One JSON object a line; a record of another library has its words as `message`."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps({"time": _time(record), "level": record.levelname.lower(), **_event(record)}, default=str)


class _TextLines(logging.Formatter):
    """`TIME LEVEL EVENT field=value`, values as JSON unless they are one plain word."""

    def format(self, record: logging.LogRecord) -> str:
        event, *fields = _event(record).items()
        told = (f"{name}={_word(value)}" for name, value in fields if value not in ("", None, [], {}))
        return " ".join([_time(record), record.levelname.lower(), str(event[1]), *told])


def _event(record: logging.LogRecord) -> dict[str, Json]:
    fields = getattr(record, "fields", None)
    if isinstance(fields, dict):
        return {"event": str(getattr(record, "event", _MESSAGE)), **fields}
    return {"event": _MESSAGE, "message": record.getMessage(), "logger": record.name}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _word(value: Json) -> str:
    is_plain = isinstance(value, str) and value.isascii() and value.isprintable() and not set(value) & set(' "=')
    return str(value) if is_plain else json.dumps(value)
