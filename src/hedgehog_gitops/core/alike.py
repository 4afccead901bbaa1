"""When two JSON values are one, which Python sees otherwise: to it, True is 1."""

from __future__ import annotations

from hedgehog_gitops.model.plain import Json


def same(one: Json, other: Json) -> bool:
    """Equality of JSON values: True is not 1, absent is not null, 1 and 1.0 are one number."""
    return one == other and _is_alike(one, other)


def _is_alike(one: Json, other: Json) -> bool:
    """Of two values that Python calls equal: whether no truth value stands against a number."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name, entry in one.items():  # a loop: this is asked of everything in a fabric, twice
            if not isinstance(entry, str) and not _is_alike(entry, other[name]):
                return False
        return True
    if isinstance(one, list) and isinstance(other, list):
        return all(map(_is_alike, one, other))
    return isinstance(one, bool) == isinstance(other, bool)
