"""What a target holds right now. A read is present, absent or unknown; unknown is never absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject


class SideName(StrEnum):
    """The target sides a plan can change."""

    CLUSTER = "cluster"
    NETBOX = "netbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveObject:
    """One object as the target stores it, with the version that a write must be conditional on."""

    key: ObjectKey
    value: JsonObject
    version: str
    uid: str


@dataclass(frozen=True, slots=True)
class Present:
    """The object is there."""

    object: LiveObject


@dataclass(frozen=True, slots=True)
class Absent:
    """The read was complete and the object is not there."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The read failed, or was not complete."""

    reason: str


LiveRead: TypeAlias = Present | Absent | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSide:
    """One complete look at a target: its objects, and the kinds (group, kind) that could not be read and why.

    `proven` are kinds whose objects of ours were asked for one by one, because their list is empty: there is none.
    `requests` is how many requests the look took.
    """

    side: SideName
    objects: Mapping[ObjectKey, LiveObject]
    unknown: Mapping[tuple[str, str], str]
    proven: frozenset[tuple[str, str]] = frozenset()
    requests: int = 0


def look_up(live: LiveSide, key: ObjectKey) -> LiveRead:
    """What the look says about one object."""
    if (reason := live.unknown.get((key.group, key.kind))) is not None:
        return Unknown(reason)
    found = live.objects.get(key)
    return Absent() if found is None else Present(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The target confirmed a write; `object` is what it stores now, None after a delete."""

    key: ObjectKey
    object: LiveObject | None


class Refusal(StrEnum):
    """Why a target did not take a write."""

    INVALID = "invalid"  # 400, 422, admission refused: the object itself is wrong
    NOT_FOUND = "not-found"  # 404: the kind or the object is not there
    STALE = "stale"  # 409: it changed, or was made anew, since it was read
    FORBIDDEN = "forbidden"  # 401, 403
    TERMINATING = "terminating"  # a delete was taken, and finalizers still hold the object
    UNREACHABLE = "unreachable"  # no answer, or 429 and 5xx until retries ran out


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The target did not take a write, and said this."""

    key: ObjectKey
    refusal: Refusal
    message: str


WriteOutcome: TypeAlias = Written | Refused
