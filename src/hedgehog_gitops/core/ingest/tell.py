"""What there is to say about the files of one ingestion."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from hedgehog_gitops.core.ingest.stock import Stock
from hedgehog_gitops.core.ingest.values import Claim, DocumentResult, FileOutcome, FileResult, ParsedFile
from hedgehog_gitops.core.layout import Area
from hedgehog_gitops.core.rules import ingest_rules, layout_rules
from hedgehog_gitops.model.finding import Finding, Origin


def tell(stock: Stock, outcomes: Sequence[FileOutcome]) -> Iterator[Finding]:
    """All findings of one ingestion, in no particular order."""
    yield from stock.found.findings
    yield from stock.reconciled.findings
    for file, outcome in zip(stock.files, outcomes, strict=True):
        yield from file.findings
        if file.is_raw:
            yield from _raw_findings(file, outcome)
        elif file.place.area is Area.MANAGED and outcome.result is not FileResult.UNCHANGED:
            yield from _managed_findings(file, stock.claims[file.path])


def _raw_findings(file: ParsedFile, outcome: FileOutcome) -> Iterator[Finding]:
    origin = Origin(path=file.path)
    if outcome.result is FileResult.REJECTED:
        count = len(file.refused)
        what = "the file is no valid YAML" if file.broken else f"{count} of {len(file.documents)} documents have errors"
        hint = "correct the errors, or remove those documents"
        yield ingest_rules.REJECTED.at(origin, f"{what}; the file stays in raw", hint=hint)
    elif not outcome.documents and outcome.result is FileResult.UNCHANGED:
        yield ingest_rules.NO_DOCUMENTS.at(origin, "the file holds no documents")
    for document in outcome.documents:
        if document.result is DocumentResult.MOVED_UNMANAGED:
            message = f"document {document.index} is not managed; it goes to {document.path}"
            yield ingest_rules.FOREIGN.at(origin._replace(document=document.index), message)


def _managed_findings(file: ParsedFile, held: Sequence[Claim]) -> Iterator[Finding]:
    for claim in held:
        is_known = bool(file.place.synonym) and posixpath.basename(claim.home) == posixpath.basename(file.path)
        if claim.home != file.path and not is_known:
            origin = claim.manifest.origin(("metadata", "name"))
            message = f"{claim.key} belongs in {claim.home}"
            yield layout_rules.MISPLACED.at(origin, message, hint="`normalize` moves it", key=claim.key)
    for document, identified in zip(file.documents, file.identified, strict=True):
        if identified.others:
            message = "this object is not managed, and is not applied"
            hint = "`normalize` moves it to unmanaged/"
            yield ingest_rules.FOREIGN_IN_MANAGED.at(document.origin(identified.others[0]), message, hint=hint)
