"""What is remembered of a file between runs of a validation: a copy that may be lost at any time."""

from __future__ import annotations

from typing import NamedTuple

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.snapshot import Manifest
from hedgehog_gitops.model.tree import Stamp


class Remembered(NamedTuple):
    """A file with nothing wrong in it by itself: its content's blob id, its objects' specs as stored.

    As long as `stamp` is how it lies on disk its content is the same; where it is empty the content has to be read.
    """

    blob: str
    stamp: Stamp
    documents: int
    objects: tuple[tuple[ObjectKey, JsonObject], ...]


class AtRest(NamedTuple):
    """What a file holds in which nothing was found before its objects were judged."""

    manifests: tuple[Manifest, ...]
    documents: int
