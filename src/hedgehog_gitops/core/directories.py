"""Where fabrics' directories may lie in a repository, and that no two of them overlap."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hedgehog_gitops.core.rules import layout_rules as rules
from hedgehog_gitops.model.finding import Finding, Origin

_NOWHERE = Origin(path="")


class DirectoryCheck(NamedTuple):
    """A directory in canonical form (no slash at either end, "" for the root) and what is wrong with it."""

    directory: str
    findings: tuple[Finding, ...]


def check_directory(text: str, *, allow_root: bool = False, origin: Origin = _NOWHERE) -> DirectoryCheck:
    """The canonical form of a configured directory; findings stand at `origin`, errors mean: do not use it."""
    slashed = text.strip().replace("\\", "/")
    parts = [part for part in slashed.split("/") if part not in {"", "."}]
    directory = "/".join(parts)
    findings = [
        rules.DIRECTORY_REFUSED.at(origin, message, hint="use a path relative to the repository's root")
        for message in _refusals(text, slashed, parts)
    ]
    if not parts and not findings and not allow_root:
        hint = "name a directory below it, for example fabrics/prod"
        findings.append(rules.DIRECTORY_ROOT.at(origin, "the directory is the repository's root", hint=hint))
    findings += [
        rules.DIRECTORY_UNUSUAL.at(origin, message, hint="choose a plain, short path")
        for message in _doubts(directory, parts)
    ]
    return DirectoryCheck(directory, tuple(findings))


def overlaps(one: str, other: str) -> bool:
    """True if the directories are equal or one lies in the other, whatever the case: fabric-1 and fabric-10 don't."""
    first, second = _comparable(one), _comparable(other)
    shared = min(len(first), len(second))
    return first[:shared] == second[:shared]


def overlapping(directories: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The pairs of indexes whose directories overlap: each directory with the first one that it equals or lies in."""
    first: dict[tuple[str, ...], int] = {}
    for index, directory in enumerate(directories):
        first.setdefault(_comparable(directory), index)
    pairs = (
        (owner, index)
        for index, directory in enumerate(directories)
        if (owner := _owner(_comparable(directory), first)) is not None and owner != index
    )
    return tuple(sorted((min(pair), max(pair)) for pair in pairs))


def _owner(directory: tuple[str, ...], first: dict[tuple[str, ...], int]) -> int | None:
    """The index of the outermost directory that this one is equal to or inside of."""
    prefixes = (directory[:length] for length in range(len(directory) + 1))
    return next((first[prefix] for prefix in prefixes if prefix in first), None)


def _comparable(directory: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFC", directory.replace("\\", "/")).casefold()
    return tuple(part for part in folded.split("/") if part not in {"", "."})


_WINDOWS_DEVICE = re.compile(r"(con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?\Z", re.IGNORECASE)
_GIT = re.compile(r"(\.git|git~\d+)[. ]*\Z", re.IGNORECASE)
_USUAL = re.compile(r"[A-Za-z0-9._-]+\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONG = 255
_DEEP = 10


def _refusals(text: str, slashed: str, parts: list[str]) -> Iterator[str]:
    if not text.strip():
        yield "the directory is empty"
    if _CONTROL.search(text):
        yield "the directory holds control characters"
    if slashed.startswith(("/", "~")) or re.match(r"[A-Za-z]:", slashed):
        yield f"{text!r} is an absolute path"
    if ".." in parts:
        yield f"{text!r} leaves the repository with `..`"
    if any(_GIT.match(part) for part in parts):
        yield f"{text!r} goes through .git"
    for part in parts:
        if _WINDOWS_DEVICE.match(part):
            yield f"{part!r} is a device on Windows, so nobody there could check the repository out"


def _doubts(directory: str, parts: list[str]) -> Iterator[str]:
    if len(directory) > _LONG:
        yield f"the directory has {len(directory)} characters; more than {_LONG} do not work everywhere"
    if len(parts) > _DEEP:
        yield f"the directory is {len(parts)} levels deep; more than {_DEEP} are hard to follow"
    for part in parts:
        if part != ".." and (not _USUAL.match(part) or part[0] in ".-" or part[-1] in ".-" or "__" in part):
            yield f"{part!r} is unusual: plain letters, digits, single hyphens and dots work everywhere"
    if len({part.casefold() for part in parts}) < len(set(parts)):
        yield "two levels of the directory differ only in case"
