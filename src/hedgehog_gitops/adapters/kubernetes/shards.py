"""Base records cut into pieces that a ConfigMap can hold. Pure: bytes and values.

A piece has a level, the number of pieces of its cut, and a place in it. A cut that grows too large for its pieces is
made anew with twice as many; until all of those are written the older ones hold what the newer do not yet.

A piece carries the fencing number of the lock that it was written under. A key is looked for in the piece of the
highest number that is there for it, and among those of one number in that of the highest level: whatever a run still
writes after it has lost its lock is below everything that was written under a later one.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from hedgehog_gitops.adapters.state_records import record_from_value, record_value
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import as_list, as_object
from hedgehog_gitops.model.state import BaseRecord

Place: TypeAlias = tuple[int, int]
Records: TypeAlias = Mapping[ObjectKey, BaseRecord]

_LEVEL = 3  # a tenth larger than by the usual one, in less than half the time


class Piece(NamedTuple):
    """A part of the records as it is stored, and the fencing number of the lock that it was written under."""

    fence: int
    data: bytes


LIMIT = 700_000
"""Bytes in one piece: a third more in base64, which stays below the megabyte of a ConfigMap."""


def joined(pieces: Mapping[Place, Piece], side: SideName) -> dict[ObjectKey, BaseRecord]:
    """The records in all pieces of a side. ValueError if one cannot be read."""
    fences = {place: piece.fence for place, piece in pieces.items()}
    found: dict[ObjectKey, BaseRecord] = {}
    for place in sorted(pieces):
        for record in _records(pieces[place].data, side):
            if _home(record.key, fences) == place:
                found[record.key] = record
    return found


def cut(records: Records, present: Mapping[Place, int], moved: Iterable[ObjectKey]) -> dict[Place, bytes]:
    """The pieces to write after some keys moved, where those of `present` are there, by place with their numbers.

    All of them if the cut is new, not whole, or not above every smaller one.
    """
    level = max((each for each, _ in present), default=1)
    least = max((fence for (each, _), fence in present.items() if each < level), default=0)
    is_whole = all(present.get((level, index), -1) >= least for index in range(level))
    indexes = {_index(key, level) for key in moved} if is_whole else set(range(level))
    pieces = _pieces(records, level, indexes)
    while any(len(data) > LIMIT for data in pieces.values()):
        level *= 2
        pieces = _pieces(records, level, range(level))
    return pieces


def _pieces(records: Records, level: int, indexes: Collection[int]) -> dict[Place, bytes]:
    parts: dict[int, list[BaseRecord]] = {index: [] for index in indexes}
    for key in sorted(records):
        if (index := _index(key, level)) in parts:
            parts[index].append(records[key])
    return {(level, index): _packed(part) for index, part in parts.items()}


def _home(key: ObjectKey, fences: Mapping[Place, int]) -> Place:
    """The piece that says whether there is a record of a key."""
    places = [place for place in fences if place[1] == _index(key, place[0])]
    return max(places, key=lambda place: (fences[place], place[0]))


def _index(key: ObjectKey, level: int) -> int:
    if level == 1:
        return 0
    text = f"{key.group}/{key}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % level


def _packed(records: list[BaseRecord]) -> bytes:
    text = json.dumps([record_value(record) for record in records], separators=(",", ":"), sort_keys=True)
    return gzip.compress(text.encode(), compresslevel=_LEVEL, mtime=0)


def _records(data: bytes, side: SideName) -> list[BaseRecord]:
    try:
        values = as_list(json.loads(gzip.decompress(data)))
    except (OSError, EOFError) as error:
        raise ValueError(str(error)) from error
    return [record_from_value(as_object(value), side) for value in values]
