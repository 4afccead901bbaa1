"""Which commit took an object out of the files: the newest one whose parents had it and that left it nowhere.

What cannot be told for certain is left unsaid: a file on the way that cannot be read, or an object that a commit left
there and that no later one took away.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from hedgehog_gitops.core.identify import identify
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.model.finding import has_errors
from hedgehog_gitops.model.history import FileChange, FileVersion, HistoryStep
from hedgehog_gitops.model.kind import ObjectKey

MOST_READ = 100
"""How many old files are parsed; most are passed over because they do not hold a name that is asked for."""


class _TooMuchError(Exception):
    """A file cannot be told from here on."""


def removals(keys: Collection[ObjectKey], steps: Iterable[HistoryStep], namespace: str) -> dict[ObjectKey, FileChange]:
    """The commit that removed each object, where that is certain. `steps` come newest first."""
    found: dict[ObjectKey, FileChange] = {}
    reader = _Reader(keys, namespace)
    try:
        for step in steps:
            after = reader.held(step.after)
            before = [reader.held(files) for files in step.before]
            lost = frozenset.intersection(*before) - after if before else frozenset()
            found |= dict.fromkeys(lost, step.change)
            reader.drop(lost | after)
            if not reader.wanted:
                break
    except _TooMuchError:
        pass
    return found


class _Reader:
    """The keys that are still asked for, and how many files may still be parsed."""

    def __init__(self, keys: Collection[ObjectKey], namespace: str) -> None:
        self.wanted = frozenset(keys)
        self._namespace = namespace
        self._left = MOST_READ

    def drop(self, keys: Collection[ObjectKey]) -> None:
        """These are settled."""
        self.wanted -= frozenset(keys)

    def held(self, files: Iterable[FileVersion]) -> frozenset[ObjectKey]:
        """Those of the wanted keys that are in one of the files."""
        return frozenset(key for file in files for key in self._keys(file)) & self.wanted

    def _keys(self, file: FileVersion) -> Iterator[ObjectKey]:
        names = {key.name for key in self.wanted}
        if not any(re.search(rb"(?<![\w.-])" + re.escape(name.encode()) + rb"(?![\w.-])", file.data) for name in names):
            return
        self._left -= 1
        result = read_documents(file.data, file.path)
        if self._left < 0 or has_errors(result.findings):
            raise _TooMuchError
        for document in result.documents:
            yield from (manifest.key for manifest in identify(document, self._namespace).manifests)
