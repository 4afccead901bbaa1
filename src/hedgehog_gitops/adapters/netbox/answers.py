"""What NetBox said, read without trust: a body may be a login page, half an answer, or rows without an id."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from hedgehog_gitops.model.errors import HedgehogGitopsError
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text

_MESSAGE_LENGTH = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What NetBox said. `request` is its own name for the request, which its change log has too."""

    status: int
    body: bytes
    version: str = ""
    request: str = ""
    pause: float | None = None

    @property
    def is_ok(self) -> bool:
        """True for a status of success."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    def value(self) -> Json:
        """The body as JSON; None if it is none: a login page, half an answer."""
        try:
            return cast("Json", json.loads(self.body))
        except ValueError:
            return None

    def message(self) -> str:
        """NetBox's words as one line of bounded length; a page that is not the API's is not quoted."""
        value = self.value()
        detail = as_text(as_object(value).get("detail"))
        return line_of(detail or value) if value else f"answered {self.status} {_phrase(self.status)}".rstrip()


def elsewhere(status: int) -> str:
    """What to do about an address that is not NetBox's own."""
    if is_redirect(status):
        return (
            "look at netbox.url: name the address that it leads to (https:// perhaps); the token is sent nowhere else"
        )
    return "look at netbox.url: it is the address without /api"


def is_redirect(status: int) -> bool:
    """True for a status that leads to another address; the API has none."""
    return HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST


class NoAnswerError(HedgehogGitopsError):
    """NetBox gave no answer: `category` is timeout, connection or tls; `is_sent` if it may have acted all the same."""

    def __init__(self, category: str, reason: str, is_sent: bool) -> None:  # noqa: FBT001 - survives pickling by position
        super().__init__(category, reason, is_sent)
        self.category = category
        self.reason = reason
        self.is_sent = is_sent

    def __str__(self) -> str:
        return f"{self.reason} ({self.category})"


def objects(value: Json) -> list[JsonObject] | None:
    """The objects of a list, each with an id; None if it is anything else."""
    if not isinstance(value, list):
        return None
    found = [entry for entry in value if isinstance(entry, dict) and isinstance(entry.get("id"), int)]
    return found if len(found) == len(value) else None


def row_id(row: JsonObject) -> int:
    """The id of a row; `objects` lets no row pass without one."""
    return cast("int", row["id"])


def line_of(words: Json) -> str:
    """What NetBox says, as one line of bounded length: a text, or messages by field."""
    if isinstance(words, dict):
        text = "; ".join(f"{name}: {line_of(below)}" for name, below in words.items())
    elif isinstance(words, list):
        text = " ".join(line_of(below) for below in words)
    else:
        text = str(words)
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line[:_MESSAGE_LENGTH]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
