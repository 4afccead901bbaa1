"""What git says a fabric should be: its objects at one revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.finding import Origin
from hedgehog_gitops.model.kind import Kind, ObjectKey
from hedgehog_gitops.model.plain import FieldPath, JsonObject


class Manifest(NamedTuple):
    """One object of the desired state, as written (not yet defaulted), and the document that it stands in.

    `value` is the object itself. It is `document.value` unless the object came out of a `List`; then `at` is the
    path of the object inside the document, e.g. ("items", 3).
    """

    key: ObjectKey
    kind: Kind
    value: JsonObject
    document: Document
    at: FieldPath = ()

    def origin(self, field: FieldPath = (), *, key: bool = False) -> Origin:
        """The place of a field of this object."""
        return self.document.origin(self.at + field, key=key)


class Snapshot(NamedTuple):
    """The desired objects of one fabric at one revision, one manifest per identity, in key order.

    Paths of its documents count from `directory`, which counts from the repository's root.
    """

    fabric: str
    revision: str
    manifests: Mapping[ObjectKey, Manifest]
    directory: str = ""
