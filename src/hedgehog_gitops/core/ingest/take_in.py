"""Each file's part of the change set: its objects go home, foreign documents to unmanaged/, the file itself away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hedgehog_gitops.core.canonical import digest
from hedgehog_gitops.core.identify import Standing
from hedgehog_gitops.core.ingest.change_set import ChangeSet
from hedgehog_gitops.core.ingest.normalise import Home, settle
from hedgehog_gitops.core.ingest.reconcile import Verdict
from hedgehog_gitops.core.ingest.texts import document_texts
from hedgehog_gitops.core.ingest.values import (
    Claim,
    DocumentOutcome,
    DocumentResult,
    FileOutcome,
    FileResult,
    ParsedFile,
)
from hedgehog_gitops.core.layout import UNMANAGED
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import as_object, get_path


class Texts:
    """The texts of the documents of files that are taken apart, made once per file; it lives for one plan."""

    def __init__(self) -> None:
        self.by_path: dict[str, tuple[str, ...]] = {}

    def of(self, file: ParsedFile) -> tuple[str, ...]:
        """The texts in parallel to the file's documents."""
        if file.path not in self.by_path:
            text = (file.source.data or b"").decode("utf-8-sig")
            self.by_path[file.path] = document_texts(text, file.documents)
        return self.by_path[file.path]


def send_home(verdicts: Iterable[Verdict], texts: Texts, limits: Limits) -> dict[ObjectKey, Home]:
    """The managed files that have to be written, by object."""
    return {
        verdict.claim.key: settle(
            verdict.claim.manifest, texts.of(verdict.claim.file)[verdict.claim.position], verdict.claim.home, limits
        )
        for verdict in verdicts
        if verdict.writes
    }


def take_in(
    file: ParsedFile,
    claims: Sequence[Claim],
    verdicts: Mapping[ObjectKey, Verdict],
    changes: ChangeSet,
    texts: Texts,
) -> FileOutcome:
    """Clear the file away and say what became of it; its objects' own files are written already."""
    objects = tuple(_object_outcome(claim, verdicts[claim.key]) for claim in claims)
    others = _keep_others(file, claims, changes, texts)
    residue = _residue(file, texts)
    if residue:
        changes.write(file.path, residue)
        result = FileResult.REJECTED
    else:
        changes.remove(file.path)
        result = _result(objects, others)
    reason = _reason(result, objects, others)
    return FileOutcome(path=file.path, result=result, reason=reason, documents=(*objects, *others))


def _object_outcome(claim: Claim, verdict: Verdict) -> DocumentOutcome:
    return DocumentOutcome(
        index=claim.manifest.document.index,
        key=claim.key,
        path=claim.home if verdict.writes else verdict.claim.file.path,
        digest=digest(claim.manifest.value),
        result=_object_result(claim, verdict),
    )


def _object_result(claim: Claim, verdict: Verdict) -> DocumentResult:
    if any(claim is overruled for overruled in verdict.set_aside):
        return DocumentResult.SET_ASIDE
    if verdict.claim is not claim:
        return DocumentResult.UNCHANGED
    if not claim.file.is_raw and claim.home != claim.file.path:
        return DocumentResult.MOVED
    return DocumentResult.UPDATED if verdict.existed else DocumentResult.CREATED


def _keep_others(
    file: ParsedFile, claims: Sequence[Claim], changes: ChangeSet, texts: Texts
) -> tuple[DocumentOutcome, ...]:
    """Move what is not ours to unmanaged/: the file as it is, or the text of its foreign documents."""
    parts = tuple(_foreign_parts(file, texts))
    if not parts:
        return ()
    target = f"{UNMANAGED}/{_below_area(file.path)}"
    if claims or file.refused:
        data = "---\n".join(text for _, text in parts).encode()
        path = changes.free_path(target, data)
        changes.write(path, data)
    else:
        path = changes.move(file.path, target)
    return tuple(
        DocumentOutcome(
            index=file.documents[position].index,
            key=None,
            path=path,
            digest=digest(file.documents[position].value),
            result=DocumentResult.MOVED_UNMANAGED,
        )
        for position, _ in parts
    )


def _foreign_parts(file: ParsedFile, texts: Texts) -> Iterator[tuple[int, str]]:
    """Position and text of each document, or list item, that is not ours."""
    for position, identified in enumerate(file.identified):
        if identified.standing in _KEPT:
            yield position, texts.of(file)[position]
        elif identified.standing is Standing.USER:
            for at in identified.others:
                yield position, _item_text(file, position, at)


_KEPT = frozenset({Standing.FOREIGN, Standing.INSTALLER})


def _item_text(file: ParsedFile, position: int, at: tuple[str | int, ...]) -> str:
    return to_yaml(as_object(get_path(file.documents[position].value, at)))


def _below_area(path: str) -> str:
    """The path without raw/ or managed/ in front."""
    top, _, rest = path.partition("/")
    return rest or top


def _residue(file: ParsedFile, texts: Texts) -> bytes:
    """The documents of a raw file that cannot be taken in; they stay in the file."""
    return "---\n".join(texts.of(file)[position] for position in file.refused).encode()


def _result(objects: Sequence[DocumentOutcome], others: Sequence[DocumentOutcome]) -> FileResult:
    if any(outcome.result not in _AS_BEFORE for outcome in objects):
        return FileResult.INGESTED
    return FileResult.MOVED_UNMANAGED if others and not objects else FileResult.UNCHANGED


_AS_BEFORE = frozenset({DocumentResult.UNCHANGED, DocumentResult.SET_ASIDE})


def _reason(result: FileResult, objects: Sequence[DocumentOutcome], others: Sequence[DocumentOutcome]) -> str:
    if result is FileResult.REJECTED:
        return "documents with errors stay in the file"
    if any(outcome.result is DocumentResult.SET_ASIDE for outcome in objects):
        return "the managed objects win; the file is kept in .hnp/archive/"
    if not objects and not others:
        return "no documents"
    return ""
