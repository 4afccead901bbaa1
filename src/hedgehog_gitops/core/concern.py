"""What a change has to do with: findings in its files, findings that point there, and findings that it brought."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath

from hedgehog_gitops.model.finding import Finding


def concerning(findings: tuple[Finding, ...], paths: Collection[str]) -> tuple[Finding, ...]:
    """The findings in these files and below these directories, and those that point there."""
    wanted = frozenset(paths)
    return tuple(finding for finding in findings if any(_lies_in(wanted, place) for place in _places(finding)))


def brought(findings: tuple[Finding, ...], before: Collection[Finding], paths: Collection[str]) -> tuple[Finding, ...]:
    """The findings that concern these files, and those that were not there before: a removed object leaves no file."""
    kept = {*concerning(findings, paths), *(set(findings) - set(before))}
    return tuple(finding for finding in findings if finding in kept)


def covers(directory: str, path: str) -> bool:
    """True if a path is this one or lies below it; the empty path is no place."""
    return "" not in {directory, path} and PurePosixPath(path).is_relative_to(directory)


def _places(finding: Finding) -> tuple[str, ...]:
    return (finding.origin.path, *(each.origin.path for each in finding.related))


def _lies_in(paths: frozenset[str], place: str) -> bool:
    return place in paths or any(parent.as_posix() in paths for parent in PurePosixPath(place).parents)
