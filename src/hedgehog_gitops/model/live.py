"""What a target holds right now. A read is present, absent or unknown; unknown is never absent."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject


class SideName(StrEnum):
    """The target sides a plan can change."""

    CLUSTER = "cluster"
    NETBOX = "netbox"


class LiveObject(NamedTuple):
    """One object as the target stores it, with the version that a write must be conditional on."""

    key: ObjectKey
    value: JsonObject
    version: str
    uid: str


class Present(NamedTuple):
    """The object is there."""

    object: LiveObject


class Absent(NamedTuple):
    """The read was complete and the object is not there."""

    def __bool__(self) -> bool:
        return True  # a tuple without items would be false


class Unknown(NamedTuple):
    """The read failed, or was not complete."""

    reason: str


class Doubt(StrEnum):
    """Why a read is not known to be whole: the word before the colon in the reason of what is unknown."""

    FORBIDDEN = "forbidden"  # 401, 403
    NOT_SERVED = "not-served"  # 404 on the list: the kind's definition is missing
    FAILED = "failed"  # 5xx, and whatever else is no list
    EXPIRED = "expired"  # 410 between two pages, twice
    MALFORMED = "malformed"  # cut off, not JSON, not from an API server, a file that is no object
    CUT = "cut"  # a list that does not have all of its objects, or none where some are ours
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    TLS = "tls"


def doubted(why: Doubt, text: str) -> str:
    """The reason of something unknown: a word for programs, then words for people."""
    return f"{why.value}: {text}"


def doubt_of(reason: str) -> str:
    """The word for programs in a reason; `unknown` where it has none."""
    word = reason.partition(":")[0]
    return word if word in set(Doubt) else "unknown"


LiveRead: TypeAlias = Present | Absent | Unknown


class LiveSide(NamedTuple):
    """One complete look at a target: its objects, and the kinds (group, kind) that could not be read and why.

    `proven` are kinds whose lists lack objects of ours that, asked for by name, are not there either.
    `requests` is how many requests the look took. `version` is a digest that moves when anything moves that was there
    before the look, where that is cheap to have.
    """

    side: SideName
    objects: Mapping[ObjectKey, LiveObject]
    unknown: Mapping[tuple[str, str], str]
    proven: frozenset[tuple[str, str]] = frozenset()
    requests: int = 0
    version: str = ""


def look_up(live: LiveSide, key: ObjectKey) -> LiveRead:
    """What the look says about one object."""
    if (reason := live.unknown.get((key.group, key.kind))) is not None:
        return Unknown(reason)
    found = live.objects.get(key)
    return Absent() if found is None else Present(found)


class Written(NamedTuple):
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


class Refused(NamedTuple):
    """The target did not take a write, and said this."""

    key: ObjectKey
    refusal: Refusal
    message: str


WriteOutcome: TypeAlias = Written | Refused
