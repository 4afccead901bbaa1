"""How many requests went out for each fabric, by method; counted from any thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from threading import Lock


class RequestCounts:
    """Counts for as long as one call of sync lasts."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self._lock = Lock()

    def hear(self, fabric: str) -> Callable[[str, str], None]:
        """What a transport of this fabric calls for every request: with its method and address."""

        def heard(method: str, _address: str) -> None:
            with self._lock:
                self._counts.setdefault(fabric, Counter())[method] += 1

        return heard

    def of(self, fabric: str) -> Mapping[str, int]:
        """The requests of a fabric by method."""
        with self._lock:
            return dict(self._counts.get(fabric, {}))
