"""What NetBox refuses of a bulk request: which entries, and why, in the words of each version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from hedgehog_gitops.adapters.netbox.answers import Answer, line_of
from hedgehog_gitops.model.live import Refusal
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """The places of bad entries with NetBox's message; `is_named` if the answer says which they are."""

    entries: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_named(self) -> bool:
        """Whether any entry is named."""
        return bool(self.entries)


def blame(answer: Answer, bodies: list[JsonObject]) -> Blame:
    """Which entries of a request an answer refuses.

    From 4.7 on it lists them, by index or id; before, it is a list as long as the request, with `{}` for good entries.
    """
    value = answer.value()
    if isinstance(value, list) and len(value) == len(bodies):
        return Blame(entries={place: line_of(entry) for place, entry in enumerate(value) if entry})
    by_id = {body.get("id"): place for place, body in enumerate(bodies)}
    named: dict[int, str] = {}
    for entry in map(as_object, as_list(as_object(value).get("errors"))):
        place = _place(entry, by_id, len(bodies))
        if place is not None:
            named[place] = line_of(entry.get("errors"))
    return Blame(entries=named)


def is_about_us(status: int) -> bool:
    """Whether a status refuses whoever asks, whatever is asked."""
    return status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


def refusal_of(status: int) -> Refusal:
    """What kind of refusal a status is."""
    if is_about_us(status):
        return Refusal.FORBIDDEN
    if status == HTTPStatus.NOT_FOUND:
        return Refusal.NOT_FOUND
    if status in {HTTPStatus.CONFLICT, HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}:
        return Refusal.INVALID
    if status == HTTPStatus.PRECONDITION_FAILED:
        return Refusal.STALE
    return Refusal.UNREACHABLE


def _place(entry: JsonObject, by_id: Mapping[Json, int], total: int) -> int | None:
    index = entry.get("index")
    if isinstance(index, int) and 0 <= index < total:
        return index
    identity = entry.get("id")
    return by_id.get(identity) if isinstance(identity, int) else None
