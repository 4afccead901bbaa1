"""What to say about a file whose content could not be had."""

from __future__ import annotations

from hedgehog_gitops.core.rules.ingest_rules import UNREADABLE
from hedgehog_gitops.core.rules.yaml_rules import FILE_SIZE
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding, Origin
from hedgehog_gitops.model.tree import FileMode, SourceFile


def unread(file: SourceFile, limits: Limits) -> Finding:
    """The finding about a file that was not read: it is too large, or something else is the matter with it."""
    origin = Origin(path=file.path, line=1, column=1)
    if file.mode is FileMode.FILE and file.size > limits.file_bytes:
        message = f"the file was not read: {file.problem or f'it has {file.size} bytes'}"
        return FILE_SIZE.at(origin, message, hint="split the file, or raise `limits.file_bytes`")
    problem = file.problem or ("its content is not there" if file.mode is FileMode.FILE else f"a {file.mode.value}")
    return UNREADABLE.at(origin, f"the file was not read: {problem}", hint="put a plain, readable file here")
