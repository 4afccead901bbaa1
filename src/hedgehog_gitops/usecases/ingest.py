"""Take in the raw files of several fabrics of one repository, as one commit."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hedgehog_gitops.core.ingest import FileResult, Ingestion, Judge, accept_all, plan_ingestion
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.tree import Published, Tree, TreeEdit
from hedgehog_gitops.ports import Source
from hedgehog_gitops.usecases.publishing import publish_newest

_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricIngestion:
    """One fabric's part: the tree that was looked at, what it gave, and the revision that holds the result."""

    fabric: str
    tree: Tree
    ingestion: Ingestion
    revision: str
    is_published: bool = False

    @property
    def counts(self) -> dict[FileResult, int]:
        """How many files had each result; results that did not occur are left out."""
        counted = Counter(file.result for file in self.ingestion.files)
        return {result: counted[result] for result in FileResult if counted[result]}


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """All fabrics of one run, in the order asked for, and the one commit that holds their changes."""

    fabrics: tuple[FabricIngestion, ...]
    published: Published

    @property
    def ok(self) -> bool:
        """True if no file of any fabric was refused."""
        return all(each.ingestion.ok for each in self.fabrics)


def ingest(
    fabrics: Sequence[Fabric],
    source: Source,
    limits: Limits = _LIMITS,
    *,
    judge: Judge = accept_all,
    sleep: Callable[[float], None] = time.sleep,
    go_on: Callable[[], None] = lambda: None,
) -> IngestReport:
    """Publish what ingestion changes, all fabrics at once; without changes nothing is published.

    A fabric with findings does not hold back another one. `PushRejectedError` if the branch moved five times.
    `go_on` is called before anything is published: when it raises, nothing is.
    """
    parts, published = publish_newest(
        source, lambda: foresee_ingest(fabrics, source, limits, judge), _edits, _message, sleep, go_on
    )
    held = tuple(
        replace(part, revision=published.revision or part.revision, is_published=published.changed) for part in parts
    )
    return IngestReport(fabrics=held, published=published)


def foresee_ingest(
    fabrics: Sequence[Fabric], source: Source, limits: Limits = _LIMITS, judge: Judge = accept_all
) -> tuple[FabricIngestion, ...]:
    """What `ingest` would do at the newest revision; nothing is written."""
    return tuple(_foresee(fabric, source.read(fabric.directory), limits, judge) for fabric in fabrics)


def _foresee(fabric: Fabric, tree: Tree, limits: Limits, judge: Judge) -> FabricIngestion:
    ingestion = plan_ingestion(tree, fabric, limits, judge)
    return FabricIngestion(fabric=fabric.name, tree=tree, ingestion=ingestion, revision=tree.revision)


def _edits(parts: Sequence[FabricIngestion]) -> tuple[TreeEdit, ...]:
    return tuple(TreeEdit(base=part.tree, changes=part.ingestion.changes) for part in parts if part.ingestion.changes)


def _message(parts: Sequence[FabricIngestion]) -> str:
    changed = [part for part in parts if part.ingestion.changes]
    names = ", ".join(part.fabric for part in changed)
    return "\n".join((f"Take in raw files of {names}", "", *(_counted(part) for part in changed), ""))


def _counted(part: FabricIngestion) -> str:
    told = [f"{count} {result.value}" for result, count in part.counts.items() if result in _TOLD]
    return f"{part.fabric}: {', '.join(told) or 'files moved to their places'}"


_TOLD = frozenset(FileResult) - {FileResult.IGNORED, FileResult.UNCHANGED}
