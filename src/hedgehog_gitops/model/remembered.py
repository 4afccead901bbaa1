"""What is remembered of a file between runs of a validation: a copy that may be lost at any time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.snapshot import Manifest
from hedgehog_gitops.model.tree import Stamp


class Remembered(NamedTuple):
    """A file with nothing wrong in it by itself: its content's blob id, its objects' specs as stored.

    As long as `stamp` is how it lies on disk its content is the same; where it is empty the content has to be read.
    The specs stay in JSON, a list in the order of the `keys`, until somebody needs them.
    """

    blob: str
    stamp: Stamp
    documents: int
    keys: tuple[ObjectKey, ...]
    text: bytes

    def objects(self) -> dict[ObjectKey, JsonObject]:
        """The specs as stored, by whose they are."""
        specs, _ = _read(self.text.decode("ascii"))
        return dict(zip(self.keys, specs, strict=True))


_read = json.JSONDecoder().raw_decode  # thousands of short texts: `json.loads` takes longer to find its decoder


class Recollection(NamedTuple):
    """Everything that is remembered of a run.

    `reads` names the kinds whose objects had nothing wrong among all others, and for each the kinds that were looked at
    to find that out; `is_closed` means that every name led to an object. Both only if all objects are in `files`.
    """

    files: Mapping[str, Remembered] = MappingProxyType({})
    reads: Mapping[str, frozenset[str]] = MappingProxyType({})
    is_closed: bool = False


class AtRest(NamedTuple):
    """What a file holds in which nothing was found before its objects were judged."""

    manifests: tuple[Manifest, ...]
    documents: int
