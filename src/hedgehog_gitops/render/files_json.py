"""What `init` and `normalize` did, as JSON: `hedgehog-gitops/init/v1` and `hedgehog-gitops/normalize/v1`."""

from __future__ import annotations

from collections.abc import Mapping

from hedgehog_gitops.core.ingest import FileOutcome, Ingestion
from hedgehog_gitops.core.structure import Structure
from hedgehog_gitops.core.validation import below
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.tree import DeleteFile, Published, TreeChange
from hedgehog_gitops.render.findings_json import findings_value
from hedgehog_gitops.render.text import as_json


def ingestion_json(parts: Mapping[str, Ingestion], published: Published | None) -> str:
    """Every file's outcome and every change, by directory."""
    listed: list[Json] = [_ingestion(directory, ingestion) for directory, ingestion in parts.items()]
    return as_json(
        {
            "schema": "hedgehog-gitops/normalize/v1",
            "ok": all(ingestion.ok for ingestion in parts.values()),
            "written": published is not None and published.changed,
            "revision": published.revision if published else "",
            "directories": listed,
        }
    )


def init_json(parts: Mapping[str, Structure]) -> str:
    """What was created, repaired and kept, by directory."""
    listed: list[Json] = [
        {
            "directory": directory,
            "created": list(structure.created),
            "repaired": list(structure.repaired),
            "kept": list(structure.kept),
        }
        for directory, structure in parts.items()
    ]
    return as_json({"schema": "hedgehog-gitops/init/v1", "directories": listed})


def _ingestion(directory: str, ingestion: Ingestion) -> JsonObject:
    return {
        "directory": directory,
        "files": [_file(file) for file in ingestion.files],
        "changes": [_change(change) for change in ingestion.changes],
        "findings": findings_value(below(directory, ingestion.findings)),
    }


def _file(file: FileOutcome) -> JsonObject:
    documents: list[Json] = [
        {
            "document": document.index,
            "object": str(document.key) if document.key else "",
            "path": document.path,
            "result": document.result.value,
        }
        for document in file.documents
    ]
    return {"path": file.path, "result": file.result.value, "reason": file.reason, "documents": documents}


def _change(change: TreeChange) -> JsonObject:
    return {"path": change.path, "action": "delete" if isinstance(change, DeleteFile) else "write"}
