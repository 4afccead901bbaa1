"""A repository in memory: the Source port without git, for tests of use cases.

Held to the same contract suite as the real ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hedgehog_gitops.model.errors import PushRejectedError
from hedgehog_gitops.model.tree import DeleteFile, FileMode, Published, SourceFile, Tree, TreeEdit, WriteFile


@dataclass
class MemorySource:
    """All files of one repository by path, and one entry in `log` for each commit."""

    files: dict[str, bytes] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    interruptions: list[Callable[[MemorySource], None]] = field(default_factory=list)

    @property
    def revision(self) -> str:
        """The id of the newest commit."""
        return hashlib.sha1(f"{len(self.log)}{self.log}".encode(), usedforsecurity=False).hexdigest()

    def commit(self, files: Mapping[str, bytes | None], message: str = "by somebody else") -> None:
        """Write and (None) delete files as another person would."""
        for path, data in files.items():
            self.files.pop(path, None)
            if data is not None:
                self.files[path] = data
        self.log.append(message)

    def read(self, directory: str) -> Tree:
        """All files below the directory now."""
        prefix = f"{directory}/" if directory else ""
        below = {path.removeprefix(prefix): data for path, data in self.files.items() if path.startswith(prefix)}
        return tree_of(below, directory=directory, revision=self.revision)

    def publish(self, edits: Sequence[TreeEdit], message: str) -> Published:
        """All changes as one commit; `interruptions` happen just before."""
        changed = [edit for edit in edits if edit.changes]
        if not changed:
            return Published(revision=self.revision, changed=False)
        if self.interruptions:
            self.interruptions.pop(0)(self)
        for edit in changed:
            if edit.base.revision != self.revision:
                raise PushRejectedError("main", edit.base.revision)
        self.commit({path: data for edit in changed for path, data in _effects(edit, self.files)}, message)
        return Published(revision=self.revision, changed=True)


def tree_of(files: Mapping[str, bytes | str], *, directory: str = "fabrics/prod", revision: str = "r1") -> Tree:
    """A tree of plain files."""
    encoded = {path: data.encode() if isinstance(data, str) else data for path, data in files.items()}
    found = {
        path: SourceFile(path=path, blob=git_blob(data), mode=FileMode.FILE, size=len(data), data=data)
        for path, data in encoded.items()
    }
    return Tree(revision=revision, directory=directory, files=found, exists=bool(found))


def applied(tree: Tree, edit: TreeEdit) -> Tree:
    """The tree after the edit's changes."""
    files = {path: file.data or b"" for path, file in tree.files.items()}
    prefix = f"{tree.directory}/" if tree.directory else ""
    known = {prefix + path: data for path, data in files.items()}
    for path, data in _effects(edit, known):
        files.pop(path.removeprefix(prefix), None)
        if data is not None:
            files[path.removeprefix(prefix)] = data
    return tree_of(files, directory=tree.directory, revision=tree.revision + "+")


def git_blob(data: bytes) -> str:
    """The id git gives to this content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _effects(edit: TreeEdit, files: Mapping[str, bytes]) -> list[tuple[str, bytes | None]]:
    """Each changed path of the repository with its new content, deletions first; expectations are checked."""
    prefix = f"{edit.base.directory}/" if edit.base.directory else ""
    effects: list[tuple[str, bytes | None]] = []
    for change in edit.changes:
        path = prefix + change.path
        now = git_blob(files[path]) if path in files else None
        if now != change.expected:
            raise PushRejectedError("main", edit.base.revision)
        match change:
            case WriteFile():
                effects.append((path, change.data))
            case DeleteFile():
                effects.insert(0, (path, None))
    return effects
