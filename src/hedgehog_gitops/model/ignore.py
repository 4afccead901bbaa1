"""Findings that a person has decided to live with: which rules, where, and why."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from hedgehog_gitops.model.finding import Origin


class Named(NamedTuple):
    """One rule as a person named it, and the ids that the name stands for."""

    name: str
    ids: tuple[str, ...]


class IgnoreComment(NamedTuple):
    """A comment in a file. It holds for what stands on its lines, from `first` to `last`, of that file."""

    origin: Origin
    rules: tuple[Named, ...]
    reason: str
    first: int
    last: int


class IgnoreEntry(NamedTuple):
    """An entry of the configuration. It holds for files whose path, from the fabric's directory, fits a pattern.

    `is_shared` is True for one that holds for every fabric of the configuration.
    """

    origin: Origin
    rules: tuple[Named, ...]
    reason: str
    paths: tuple[str, ...] = ("**",)
    is_shared: bool = False


Ignore: TypeAlias = IgnoreComment | IgnoreEntry
