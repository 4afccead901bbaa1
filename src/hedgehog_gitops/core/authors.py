"""Who is behind the changes of a plan: the last commit that changed each object's file, or took the object out of one.

A pure composition: which files to ask for, and the plan with the answers. What is not certain is left unsaid.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from hedgehog_gitops.core.layout import managed_path
from hedgehog_gitops.model.history import FileChange
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Action, Author, Change, Plan, Verdict
from hedgehog_gitops.model.snapshot import Snapshot

MOST_FILES = 200
"""How many files a plan asks about; changes beyond them go without an author."""


def files_of(plan: Plan, snapshot: Snapshot, directory: str) -> dict[ObjectKey, str]:
    """The file of each change that comes from git, from the repository's root, in the order of the plan."""
    files: dict[ObjectKey, str] = {}
    asked: set[str] = set()
    for change in _from_git(plan):
        path = posixpath.join(directory, _file_of(change.key, snapshot))
        if path in asked or len(asked) < MOST_FILES:
            asked.add(path)
            files[change.key] = path
    return files


def with_authors(
    plan: Plan, snapshot: Snapshot, files: Mapping[ObjectKey, str], found: Mapping[str, FileChange]
) -> Plan:
    """The plan with the author of each change whose file's last change is known. Its id stays what it is."""
    crowd = Counter(manifest.document.path for manifest in snapshot.manifests.values())

    def named(change: Change) -> Change:
        last = found.get(files.get(change.key, ""))
        if last is None or (last.is_removal and change.action is not Action.PRUNE):
            return change
        if change.action is Action.PRUNE and not last.is_removal:
            return change
        is_shared = crowd[_file_of(change.key, snapshot)] > 1
        author = Author(name=last.author, commit=last.commit, time=last.time, is_shared=is_shared)
        return replace(change, author=author)

    return replace(
        plan,
        changes=tuple(named(change) for change in plan.changes),
        withheld=tuple(named(change) for change in plan.withheld),
    )


def unnamed_prunes(plan: Plan) -> tuple[ObjectKey, ...]:
    """The objects that git removed without removing their file: nobody is named for them yet."""
    going = (*plan.changes, *plan.withheld)
    nobodys = [each.key for each in going if each.side is SideName.CLUSTER and _is_nobodys_prune(each)]
    return tuple(nobodys[:MOST_FILES])


def with_removals(plan: Plan, found: Mapping[ObjectKey, FileChange]) -> Plan:
    """The plan with who took these objects out of a file of several."""

    def named(change: Change) -> Change:
        last = found.get(change.key) if _is_nobodys_prune(change) else None
        if last is None or change.side is not SideName.CLUSTER:
            return change
        return replace(change, author=Author(name=last.author, commit=last.commit, time=last.time, is_shared=False))

    changes, withheld = map(named, plan.changes), map(named, plan.withheld)
    return replace(plan, changes=tuple(changes), withheld=tuple(withheld))


def _is_nobodys_prune(change: Change) -> bool:
    return change.action is Action.PRUNE and change.author is None


def _from_git(plan: Plan) -> Iterator[Change]:
    for change in (*plan.changes, *plan.withheld):
        if change.side is not SideName.CLUSTER:
            continue  # one object of git is shown as many: its own change names the author
        if change.action is Action.PRUNE or (change.action is Action.CREATE and change.verdict is Verdict.PENDING):
            yield change
        elif change.action is Action.UPDATE and any(field.verdict is Verdict.PENDING for field in change.fields):
            yield change


def _file_of(key: ObjectKey, snapshot: Snapshot) -> str:
    """Where an object stands, or where one that is gone stood: its one home."""
    manifest = snapshot.manifests.get(key)
    return managed_path(key) if manifest is None else manifest.document.path
