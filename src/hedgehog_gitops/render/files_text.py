"""What `init` and `normalize` did, as lines for people. Paths count from the repository's root."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from hedgehog_gitops.core.ingest import FileOutcome, FileResult, Ingestion
from hedgehog_gitops.core.structure import Structure
from hedgehog_gitops.core.validation import below
from hedgehog_gitops.model.tree import DeleteFile, Published, TreeChange
from hedgehog_gitops.render.findings_text import findings_text, without_notices
from hedgehog_gitops.render.text import count, joined, one_line

QUIET = (FileResult.UNCHANGED, FileResult.IGNORED)


def ingestion_text(parts: Mapping[str, Ingestion], published: Published | None) -> str:
    """Each file that something became of, the findings, and what was written. `parts` is by directory."""
    lines = [line for directory, ingestion in parts.items() for line in _ingestion(directory, ingestion)]
    return "".join([*lines, _closing(parts, published)])


def init_text(parts: Mapping[str, Structure]) -> str:
    """What was created and repaired in each directory."""
    return "".join(line for directory, structure in parts.items() for line in _structure(directory, structure))


def _ingestion(directory: str, ingestion: Ingestion) -> Iterator[str]:
    yield findings_text(without_notices(below(directory, ingestion.findings)))
    for file in ingestion.files:
        if file.result not in QUIET:
            yield f"{directory}/{one_line(file.path)}: {file.result.value.replace('_', ' ')}{_details(file)}\n"


def _details(file: FileOutcome) -> str:
    results = Counter(document.result.value.replace("_", " ") for document in file.documents)
    text = joined([f"{number} {result}" for result, number in results.items()], file.reason)
    return f" ({text})" if text else ""


def _closing(parts: Mapping[str, Ingestion], published: Published | None) -> str:
    changes = [change for ingestion in parts.values() for change in ingestion.changes]
    if not changes:
        return f"nothing to do{_at(published)}\n"
    if published is None:
        return f"would write: {_counted(changes)}\n"
    return f"written: {_counted(changes)}{_at(published)}\n"


def _counted(changes: list[TreeChange]) -> str:
    deleted = sum(isinstance(change, DeleteFile) for change in changes)
    written = len(changes) - deleted
    return joined(
        [
            text
            for number, text in ((written, f"{count(written, 'file')} written"), (deleted, f"{deleted} removed"))
            if number
        ]
    )


def _at(published: Published | None) -> str:
    if published is None or not published.revision:
        return ""
    return f", at {published.revision[:12]}"


def _structure(directory: str, structure: Structure) -> Iterator[str]:
    made = (*structure.created, *structure.repaired)
    verb = "created" if structure.created else "repaired"
    yield f"{directory}: {f'{verb} ' + joined(list(made)) if made else 'complete, nothing to do'}\n"
