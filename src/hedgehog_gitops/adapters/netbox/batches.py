"""How much goes into one request: so many entries, so many bytes, and no more than NetBox does in a minute."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from hedgehog_gitops.model.plain import JsonObject

MOST_BYTES = 2 * 1024 * 1024
"""NetBox answers 500 to a body of more than 2.5 MiB."""

MOST_ENTRIES = 200
"""As many entity tags as fit into one header of gunicorn's 8190 bytes."""

_SLOW: Mapping[str, int] = {"dcim.cable": 100, "dcim.device": 100, "dcim.devicetype": 20}
"""Kinds of which NetBox writes few a second: proxies end a request after 30 to 60 seconds."""

_WORTH_TWO = 60
"""So many entries are sent in two requests side by side, rather than in one."""


def evenly(kind: str, number: int) -> int:
    """How many entries go into a batch, for batches that are sent side by side, an even number of equal ones."""
    if number <= _WORTH_TWO:
        return MOST_ENTRIES
    pairs = -(-number // (2 * _SLOW.get(kind, MOST_ENTRIES)))
    return -(-number // (2 * pairs))


def batches(kind: str, bodies: Sequence[JsonObject], most: int = MOST_ENTRIES) -> Iterator[list[int]]:
    """The places of the entries of each request, in order."""
    most = min(most, _SLOW.get(kind, most))
    batch: list[int] = []
    size = 0
    for place, body in enumerate(bodies):
        length = len(json.dumps(body, separators=(",", ":"))) + 1  # as ASCII, so characters are bytes
        if batch and (len(batch) == most or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(place)
        size += length
    if batch:
        yield batch
