"""What a NetBox can do, by the version that its answers name. What is not known is taken to be old."""

from __future__ import annotations

from hedgehog_gitops.model.plain import JsonObject, as_text

_CONDITIONAL = (4, 6)


def named_version(text: str) -> tuple[int, int] | None:
    """The version that an answer names; None if that is none."""
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else None


def pages_by_key(version: tuple[int, int]) -> bool:
    """Whether a list can be read from one key to the next, which skips nothing while others write."""
    return version >= _CONDITIONAL


def is_conditional(version: tuple[int, int]) -> bool:
    """Whether a write can say what it expects (`If-Match`); before, we look again just before it."""
    return version >= _CONDITIONAL


def changes_single_tags(version: tuple[int, int]) -> bool:
    """Whether tags can be added and removed one by one; before, all of them are sent."""
    return version >= _CONDITIONAL


def version_of(row: JsonObject) -> str:
    """The version of an object: when it was last changed, to the microsecond."""
    return as_text(row.get("last_updated"))


def entity_tag(version: str) -> str:
    """The tag that NetBox gives an object of this version; lists carry none, but it is made of what they have."""
    return f'W/"{version.removesuffix("Z")}+00:00"' if version.endswith("Z") else f'W/"{version}"'
