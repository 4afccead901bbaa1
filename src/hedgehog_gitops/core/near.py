"""The name that somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def near_matches(name: str, known: Iterable[str]) -> list[str]:
    """The known name that is most like this one; none if none is."""
    from difflib import get_close_matches  # noqa: PLC0415 - most runs have nothing to suggest

    return get_close_matches(name, list(known), n=1)
