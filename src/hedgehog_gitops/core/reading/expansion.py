"""How much a document grows when its aliases are written out, counted the way Go counts, so that a bomb never starts.

Source: decoder.unmarshal of go.yaml.in/yaml v2. Below 400,000 values it allows 99 of 100 to come from aliases; above,
our own limit is the stricter one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hedgehog_gitops.core.reading import events as ev

_COUNTED = frozenset((ev.ScalarEvent, ev.AliasEvent, ev.MappingStartEvent, ev.SequenceStartEvent))
_SMALL_ALIASED, _SMALL_DECODED, _SHARE = 100, 1000, 0.99


class Expansion:
    """The number of values decoded so far, and how many of them came from aliases."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.decoded = 1
        self.aliased = 0

    def counting(self, source: Callable[[], Any]) -> Callable[[], Any]:
        """The same events, each value counted as it passes. Needed only where there are aliases."""

        def take() -> Any:
            event = source()
            if type(event) in _COUNTED:
                self.decoded += 1
            return event

        return take

    def words(self) -> str:
        """What to say where an alias is one too many."""
        return f"{self.aliased} of {self.decoded} values come from aliases, which is more than Kubernetes takes"

    def add(self, size: int) -> bool:
        """Count one alias of a value of this size; False if that is more than a document may grow."""
        self.decoded += size
        self.aliased += size
        if self.aliased > self.limit:
            return False
        is_small = self.aliased <= _SMALL_ALIASED or self.decoded <= _SMALL_DECODED
        return is_small or self.aliased <= self.decoded * _SHARE
