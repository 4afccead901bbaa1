"""What ingestion hands from stage to stage, and its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from hedgehog_gitops.core.identify import Identified, Standing
from hedgehog_gitops.core.layout import Area, Place
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.remembered import AtRest
from hedgehog_gitops.model.snapshot import Manifest, Snapshot
from hedgehog_gitops.model.tree import SourceFile, TreeChange

Judge: TypeAlias = Callable[[Sequence[Manifest]], tuple[Finding, ...]]
"""Judges objects before they are taken in: an error keeps their document out."""


class FileResult(StrEnum):
    """What became of one file: exactly one of these."""

    INGESTED = "ingested"
    UNCHANGED = "unchanged"
    MOVED_UNMANAGED = "moved_unmanaged"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    IGNORED = "ignored"


class DocumentResult(StrEnum):
    """What became of one object of a file that was taken in."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    MOVED = "moved"
    MOVED_UNMANAGED = "moved_unmanaged"
    SET_ASIDE = "set_aside"


class DocumentOutcome(NamedTuple):
    """One object: `index` counts all documents of its file, `path` is where it stands now."""

    index: int  # type: ignore[assignment] # in place of the method of tuples
    key: ObjectKey | None
    path: str
    digest: str
    result: DocumentResult


class FileOutcome(NamedTuple):
    """One file of raw/, managed/, the read roots or the directory's root."""

    path: str
    result: FileResult
    reason: str = ""
    documents: tuple[DocumentOutcome, ...] = ()


class Ingestion(NamedTuple):
    """The whole plan. `snapshot` is the desired state once `changes` are made.

    With `unreadable` the desired state is not complete: an object that is missing from it may only be unreadable.
    `documents` is how many were read, empty ones included. `described` is every object that some file describes,
    `resting` are the managed files, by path, that have nothing wrong and stay as they are.
    """

    changes: tuple[TreeChange, ...]
    files: tuple[FileOutcome, ...]
    findings: tuple[Finding, ...]
    snapshot: Snapshot
    unreadable: bool
    documents: int = 0
    described: frozenset[ObjectKey] = frozenset()
    resting: Mapping[str, AtRest] = MappingProxyType({})

    @property
    def ok(self) -> bool:
        """True if no file was refused."""
        return all(file.result not in REFUSED for file in self.files) and not self.unreadable


REFUSED = frozenset({FileResult.REJECTED, FileResult.CONFLICT})


class ParsedFile(NamedTuple):
    """One file with its documents and who they are, in parallel. `broken` means that some of it could not be read."""

    source: SourceFile
    place: Place
    documents: tuple[Document, ...]
    identified: tuple[Identified, ...]
    findings: tuple[Finding, ...]
    broken: bool = False

    @property
    def path(self) -> str:
        """The file's path, relative to the fabric's directory."""
        return self.source.path

    @property
    def is_raw(self) -> bool:
        """True if the file waits to be taken in."""
        return self.place.area is Area.RAW

    @property
    def refused(self) -> tuple[int, ...]:
        """Positions of the documents that cannot be taken in."""
        return tuple(at for at, found in enumerate(self.identified) if found.standing in _REFUSED_STANDINGS)


class Claim(NamedTuple):
    """One object that a file says it holds. `settled` means: managed, and already exactly as it should be."""

    file: ParsedFile
    position: int
    manifest: Manifest
    home: str
    settled: bool

    @property
    def key(self) -> ObjectKey:
        """Whose claim this is."""
        return self.manifest.key


_REFUSED_STANDINGS = frozenset({Standing.INVALID, Standing.CONTROLLER})
