"""All stages in order: one tree in, one change set and the desired state after it out."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hedgehog_gitops.core.identify import Standing
from hedgehog_gitops.core.ingest.change_set import (
    ChangeSet,
    add_log,
    archive_path,
    keep_raw,
    operation_id,
)
from hedgehog_gitops.core.ingest.discover import Discovered
from hedgehog_gitops.core.ingest.normalise import Home
from hedgehog_gitops.core.ingest.parse import accept_all
from hedgehog_gitops.core.ingest.reconcile import Verdict
from hedgehog_gitops.core.ingest.stock import Stock, is_unreadable, take_stock
from hedgehog_gitops.core.ingest.take_in import Texts, send_home, take_in
from hedgehog_gitops.core.ingest.tell import tell
from hedgehog_gitops.core.ingest.values import (
    REFUSED,
    Claim,
    DocumentResult,
    FileOutcome,
    FileResult,
    Ingestion,
    Judge,
    ParsedFile,
)
from hedgehog_gitops.core.layout import LOG_PATH, MANIFEST_PATH, Area
from hedgehog_gitops.core.metadata_files import LoggedDocument, Operation, judge_log, judge_manifest
from hedgehog_gitops.core.rules import layout_rules
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding, Origin, has_errors, in_file_order
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.remembered import AtRest
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.snapshot import Manifest, Snapshot
from hedgehog_gitops.model.tree import Tree


def plan_ingestion(tree: Tree, fabric: Fabric, limits: Limits | None = None, judge: Judge = accept_all) -> Ingestion:
    """What taking in everything that waits in the fabric's directory changes, and the desired state after it.

    A raw document with an object that `judge` refuses is not taken in. Paths in the result are relative to the fabric's
    directory. Nothing is changed while the directory's own manifest or
    log cannot be trusted.
    """
    limits = limits or Limits()
    if not tree.exists:
        return _nowhere(tree, fabric)
    stock = take_stock(tree, fabric, limits, judge)
    ingestion = _carry_out(tree, fabric, stock, limits)
    refusals = _refusals(tree, limits)
    return _refused(ingestion, refusals) if has_errors(refusals) else ingestion


def _carry_out(tree: Tree, fabric: Fabric, stock: Stock, limits: Limits) -> Ingestion:
    changes, texts = ChangeSet(tree=tree), Texts()
    verdicts = stock.reconciled.verdicts
    homes = send_home(verdicts.values(), texts, limits)
    for home in homes.values():
        changes.write(home.path, home.data)
    outcomes = tuple(_outcome(file, stock, changes, texts) for file in stock.files)
    _clear_legacy(stock.found, changes)
    _log(tree, fabric, stock, outcomes, changes, limits)
    keep_raw(changes)
    return Ingestion(
        changes=changes.changes(),
        files=_all_outcomes(stock, outcomes),
        findings=in_file_order(tuple(tell(stock, outcomes))),
        snapshot=_snapshot(tree, fabric, verdicts, homes),
        unreadable=is_unreadable(stock),
        documents=sum(len(file.documents) for file in stock.files),
        described=frozenset(each.key for file in stock.files for found in file.identified for each in found.manifests),
        resting=dict(_resting(stock)),
    )


def _resting(stock: Stock) -> Iterator[tuple[str, AtRest]]:
    """Managed files of one document, in which nothing was found and which stay as they are."""
    for file in stock.files:
        held = stock.claims[file.path]
        is_plain = len(file.documents) == 1 == len(held) and not file.findings and not file.place.synonym
        if is_plain and file.path not in stock.reconciled.frozen and _is_settled(file, held, stock.reconciled.verdicts):
            yield file.path, AtRest((held[0].manifest,), 1)


def _outcome(file: ParsedFile, stock: Stock, changes: ChangeSet, texts: Texts) -> FileOutcome:
    held = stock.claims[file.path]
    result = stock.reconciled.frozen.get(file.path)
    if result is not None:
        return FileOutcome(path=file.path, result=result, reason="stays as it is, see the findings")
    if file.place.area is Area.READ_ROOT:
        return FileOutcome(path=file.path, result=FileResult.UNCHANGED, reason="read in place")
    if not file.is_raw and _is_settled(file, held, stock.reconciled.verdicts):
        return FileOutcome(path=file.path, result=FileResult.UNCHANGED)
    return take_in(file, held, stock.reconciled.verdicts, changes, texts)


def _is_settled(file: ParsedFile, held: Sequence[Claim], verdicts: Mapping[ObjectKey, Verdict]) -> bool:
    """True if a managed file stays as it is: its one object is at home and nobody replaces it, or it is empty."""
    if len(held) == 1:
        return held[0].settled and verdicts[held[0].key].claim is held[0]
    return all(found.standing is Standing.EMPTY for found in file.identified)


def _clear_legacy(found: Discovered, changes: ChangeSet) -> None:
    for each in found.legacy:
        changes.move(each.source.path, each.place.move_to)
    for source in found.litter:
        changes.remove(source.path)


def _log(
    tree: Tree, fabric: Fabric, stock: Stock, outcomes: Sequence[FileOutcome], changes: ChangeSet, limits: Limits
) -> None:
    """Log every raw file that was taken in, and keep a copy where one is wanted or a document was set aside."""
    operations: list[Operation] = []
    for file, outcome in zip(stock.files, outcomes, strict=True):
        if not file.is_raw or file.path in stock.reconciled.frozen:
            continue
        operation = _operation(tree, file, outcome)
        operations.append(operation)
        has_overruled = any(each.result is DocumentResult.SET_ASIDE for each in outcome.documents)
        if (fabric.ingest.archive_copies or has_overruled) and file.source.data:
            changes.write(archive_path(operation, file.path), file.source.data)
    if operations and not has_errors(judge_log(tree.files.get(LOG_PATH), limits)):
        add_log(changes, operations, limits)


def _operation(tree: Tree, file: ParsedFile, outcome: FileOutcome) -> Operation:
    source = posixpath.join(tree.directory, file.path)
    return Operation(
        id=operation_id(source, file.source.blob),
        source=source,
        blob=file.source.blob,
        documents=tuple(
            LoggedDocument(
                index=document.index,
                identity=str(document.key) if document.key else "",
                path=posixpath.join(tree.directory, document.path),
                digest=document.digest,
                outcome=document.result.value,
            )
            for document in outcome.documents
        ),
    )


def _all_outcomes(stock: Stock, outcomes: Sequence[FileOutcome]) -> tuple[FileOutcome, ...]:
    """Exactly one outcome for each file, in path order."""
    blocked = (
        FileOutcome(path=each.source.path, result=FileResult.REJECTED, reason="could not be read")
        for each in stock.found.blocked
    )
    legacy = (
        FileOutcome(path=each.source.path, result=FileResult.IGNORED, reason=f"moved to {each.place.move_to}")
        for each in stock.found.legacy
    )
    return tuple(sorted((*outcomes, *blocked, *legacy, *stock.found.ignored), key=lambda outcome: outcome.path))


def _snapshot(
    tree: Tree, fabric: Fabric, verdicts: Mapping[ObjectKey, Verdict], homes: Mapping[ObjectKey, Home]
) -> Snapshot:
    manifests: dict[ObjectKey, Manifest] = {
        key: _at_its_source(homes[key].manifest, verdict.claim.manifest) if key in homes else verdict.claim.manifest
        for key, verdict in verdicts.items()
    }
    return Snapshot(fabric=fabric.name, revision=tree.revision, manifests=manifests)


def _at_its_source(home: Manifest, source: Manifest) -> Manifest:
    """The object as it will be, at the place where a person finds it now."""
    return home._replace(document=source.document, at=source.at)


def _refusals(tree: Tree, limits: Limits) -> tuple[Finding, ...]:
    manifest = judge_manifest(tree.files.get(MANIFEST_PATH), limits)
    return (*manifest, *judge_log(tree.files.get(LOG_PATH), limits))


def _refused(ingestion: Ingestion, refusals: Iterable[Finding]) -> Ingestion:
    """The same without any change; what would have been taken in is refused."""
    return ingestion._replace(
        changes=(),
        files=tuple(_stays(outcome) for outcome in ingestion.files),
        findings=in_file_order((*ingestion.findings, *refusals)),
        unreadable=True,
    )


def _stays(outcome: FileOutcome) -> FileOutcome:
    is_at_rest = outcome.result is FileResult.UNCHANGED and not outcome.documents
    if is_at_rest or outcome.result in REFUSED or outcome.result is FileResult.IGNORED:
        return outcome
    reason = "the directory's own files in .hnp/ cannot be trusted"
    return FileOutcome(path=outcome.path, result=FileResult.REJECTED, reason=reason)


def _nowhere(tree: Tree, fabric: Fabric) -> Ingestion:
    directory = tree.directory or "the root"
    finding = layout_rules.DIRECTORY_MISSING.at(
        Origin(path=""),
        f"{directory} does not exist at revision {tree.revision}",
        hint="check `directory` in the configuration and the branch, or run `hedgehog-gitops init`",
    )
    snapshot = Snapshot(fabric=fabric.name, revision=tree.revision, manifests={})
    return Ingestion(changes=(), files=(), findings=(finding,), snapshot=snapshot, unreadable=True)
