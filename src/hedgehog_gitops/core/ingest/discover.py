"""Stage 1: which files of the tree are read, moved as they are, or left alone, and why."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from hedgehog_gitops.core.ingest.values import FileOutcome, FileResult
from hedgehog_gitops.core.layout import KEEP, MANAGED, RAW, Area, Place, case_collisions, classify_path, is_yaml
from hedgehog_gitops.core.rules import layout_rules
from hedgehog_gitops.core.unread import unread
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding, Origin
from hedgehog_gitops.model.tree import FileMode, SourceFile, Tree


class Found(NamedTuple):
    """One file and what its path says."""

    source: SourceFile
    place: Place


class Discovered(NamedTuple):
    """The files in path order.

    `blocked` ones should be read but cannot be, or may hide others (a link in place of a directory). `litter` are
    marker files to delete.
    """

    inputs: tuple[Found, ...]
    blocked: tuple[Found, ...]
    legacy: tuple[Found, ...]
    litter: tuple[SourceFile, ...]
    ignored: tuple[FileOutcome, ...]
    findings: tuple[Finding, ...]


_READ = frozenset({Area.RAW, Area.MANAGED, Area.READ_ROOT})
_SILENT = frozenset({Area.METADATA, Area.UNMANAGED})


def discover(tree: Tree, read_roots: tuple[str, ...], limits: Limits) -> Discovered:
    """Every file of the tree in byte order of its path, sorted by what is to be done with it."""
    found = [Found(source=tree.files[path], place=classify_path(path, read_roots)) for path in sorted(tree.files)]
    found = [each for each in found if each.place.area not in _SILENT]
    readable = [each for each in found if each.place.area in _READ and _is_readable(each.source)]
    inside = (RAW, MANAGED, *read_roots)
    links = [each for each in found if each.source.mode is not FileMode.FILE and _is_inside(each.source.path, inside)]
    hiding = {each.source.path for each in links if not _is_inside(each.source.path, (RAW,))}
    blocked = [each for each in found if _is_blocked(each) or each.source.path in hiding]
    rest = [each for each in found if _is_left_alone(each, hiding)]
    return Discovered(
        inputs=tuple(readable),
        blocked=tuple(blocked),
        legacy=tuple(each for each in found if _is_movable_legacy(each, hiding)),
        litter=tuple(each.source for each in found if _is_litter(each)),
        ignored=tuple(_ignored(each) for each in rest),
        findings=(
            *(finding for each in links for finding in _link_findings(tree, each)),
            *(unread(each.source, limits) for each in blocked if each.source.mode is FileMode.FILE),
            *_place_findings(found),
            *_synonym_findings(found),
            *_collision_findings(tree),
        ),
    )


def _is_readable(source: SourceFile) -> bool:
    return source.mode is FileMode.FILE and source.data is not None


def _is_movable_legacy(found: Found, hiding: set[str]) -> bool:
    return found.place.area is Area.LEGACY and _is_readable(found.source) and found.source.path not in hiding


def _is_left_alone(found: Found, hiding: set[str]) -> bool:
    is_stuck = found.place.area is Area.LEGACY and not _is_readable(found.source)
    return (found.place.area in {Area.IGNORED, Area.STRAY} or is_stuck) and found.source.path not in hiding


def _is_blocked(found: Found) -> bool:
    return found.place.area in _READ and not _is_readable(found.source)


def _is_inside(path: str, directories: tuple[str, ...]) -> bool:
    """True if the path is one of the directories (which a link can be) or lies below one."""
    return any(path == directory.strip("/") or path.startswith(directory.strip("/") + "/") for directory in directories)


def _is_litter(found: Found) -> bool:
    """A `.gitkeep` below an older directory name: the directory is to go, so its marker goes too."""
    directory, _, file = found.source.path.rpartition("/")
    return file == KEEP and bool(classify_path(f"{directory}/a.yaml").synonym)


def _ignored(found: Found) -> FileOutcome:
    reason = found.place.reason or "not where anything is read"
    return FileOutcome(path=found.source.path, result=FileResult.IGNORED, reason=reason)


def _link_findings(tree: Tree, found: Found) -> Iterator[Finding]:
    source = found.source
    origin = Origin(path=source.path)
    if source.mode is not FileMode.SYMLINK:
        message = f"a {source.mode.value} is not read" if source.mode is FileMode.SUBMODULE else "no plain file"
        yield layout_rules.SYMLINK_IGNORED.at(origin, message, hint="put plain files here")
        return
    target = (source.data or b"").decode("utf-8", "replace")
    if _escapes(posixpath.join(tree.directory, posixpath.dirname(source.path)), target):
        hint = "put the file itself here"
        yield layout_rules.SYMLINK_ESCAPES.at(origin, f"the link to {target!r} leaves the repository", hint=hint)
    else:
        yield layout_rules.SYMLINK_IGNORED.at(
            origin, f"the link to {target!r} is not followed", hint="put the file itself here"
        )


def _escapes(directory: str, target: str) -> bool:
    if not target or target.startswith("/"):
        return True
    return posixpath.normpath(posixpath.join(directory, target)).split("/")[0] == ".."


def _place_findings(found: list[Found]) -> Iterator[Finding]:
    for each in found:
        origin = Origin(path=each.source.path)
        if each.place.area is Area.STRAY:
            hint = "put it into raw/ to have it taken in, or into unmanaged/"
            yield layout_rules.STRAY.at(origin, "this file is outside raw/, managed/ and unmanaged/", hint=hint)
        elif each.place.area is Area.LEGACY:
            message = f"a file of an older tool; its place is {each.place.move_to}"
            yield layout_rules.LEGACY_FILE.at(origin, message, hint="`normalize` moves it")


def _synonym_findings(found: list[Found]) -> Iterator[Finding]:
    """One finding for each older directory name, at its first file."""
    first: dict[str, Found] = {}
    for each in found:
        if each.place.synonym:
            first.setdefault(each.place.synonym, each)
    for synonym, each in first.items():
        message = f"{synonym}/ is an older name of {each.place.canonical}/"
        hint = "`normalize` moves its files"
        yield layout_rules.SYNONYM_DIRECTORY.at(Origin(path=each.source.path), message, hint=hint)


def _collision_findings(tree: Tree) -> Iterator[Finding]:
    paths = tuple(path for path in tree.files if is_yaml(path))
    for one, other in case_collisions(paths):
        message = f"the path differs from {one} only in case"
        yield layout_rules.CASE_COLLISION.at(Origin(path=other), message, hint="rename one of the two")
