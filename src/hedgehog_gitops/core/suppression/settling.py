"""Findings and suppressions brought together: what stays, what is suppressed, and which suppressions are of no use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from hedgehog_gitops.core.layout import Area, classify_path
from hedgehog_gitops.core.reading.stream import decode
from hedgehog_gitops.core.rules import ignore_rules as rules
from hedgehog_gitops.core.suppression.comments import MARKER, Comments, read_comments
from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.ignore import Ignore, IgnoreComment, IgnoreEntry
from hedgehog_gitops.model.snapshot import Manifest
from hedgehog_gitops.model.tree import Tree

_MARKER = MARKER.encode()
_READ = frozenset({Area.RAW, Area.MANAGED, Area.READ_ROOT, Area.STRAY})
_NEEDS_AN_OLDER_STATE = ("UPD-", "DEL-", "DISRUPT-")


class Settled(NamedTuple):
    """The findings that stay, those that are suppressed, and each suppression's name that suppressed something."""

    kept: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    used: frozenset[tuple[Ignore, str]] = frozenset()


def comments_in(paths: Iterable[str], data_of: Callable[[str], bytes | None]) -> Comments:
    """The suppressions in files; `data_of` gives a file's bytes, or None if it is known to have none."""
    found = [_comments(data, path) for path in paths if (data := data_of(path)) is not None and _MARKER in data]
    return Comments(
        tuple(ignore for each in found for ignore in each.ignores),
        tuple(finding for each in found for finding in each.findings),
    )


def fabric_comments(tree: Tree, read_roots: tuple[str, ...]) -> Comments:
    """The suppressions in those files of a fabric that are read as objects, and in strays."""
    marked = (path for path, file in tree.files.items() if file.data is not None and _MARKER in file.data)
    wanted = sorted(path for path in marked if classify_path(path, read_roots).area in _READ)
    return comments_in(wanted, lambda path: tree.files[path].data)


def settle(findings: tuple[Finding, ...], ignores: Sequence[Ignore]) -> Settled:
    """The findings without those that a suppression names; all paths count from the fabric's directory."""
    if not ignores:
        return Settled(findings)
    by_rule = _by_rule(ignores)
    used = {at: hits for at, finding in enumerate(findings) if (hits := _hits(by_rule, finding))}
    return Settled(
        kept=tuple(finding for at, finding in enumerate(findings) if at not in used),
        suppressed=tuple(dict.fromkeys(findings[at] for at in used)),
        used=frozenset(hit for hits in used.values() for hit in hits),
    )


def unused(ignores: Sequence[Ignore], settled: Settled) -> Iterator[Finding]:
    """A finding for each name of a suppression that suppressed nothing, but in files that have errors."""
    faulty = {finding.origin.path for finding in settled.kept if finding.severity is Severity.ERROR}
    for ignore in ignores:
        if _is_in_one_of(ignore, faulty):
            continue
        for name, ids in ignore.rules:
            if (ignore, name) not in settled.used and not any(each.startswith(_NEEDS_AN_OLDER_STATE) for each in ids):
                message = f"nothing that {name} finds is suppressed by this"
                yield rules.UNUSED.at(ignore.origin, message, hint="take it out, or put it where it belongs")


def unless_ignored(
    judge: Callable[[Sequence[Manifest]], tuple[Finding, ...]], ignores: Sequence[Ignore]
) -> Callable[[Sequence[Manifest]], tuple[Finding, ...]]:
    """A judge that says nothing of what is suppressed."""
    return (lambda manifests: settle(judge(manifests), ignores).kept) if ignores else judge


def _comments(data: bytes, path: str) -> Comments:
    text, fault = decode(data, path)
    return Comments() if fault is not None else read_comments(text, path)


def _by_rule(ignores: Sequence[Ignore]) -> dict[tuple[str, str], list[tuple[Ignore, str]]]:
    """The suppressions by rule and file; those of the configuration under no file."""
    found: dict[tuple[str, str], list[tuple[Ignore, str]]] = {}
    for ignore in ignores:
        path = ignore.origin.path if isinstance(ignore, IgnoreComment) else ""
        for name, ids in ignore.rules:
            for rule in ids:
                found.setdefault((rule, path), []).append((ignore, name))
    return found


def _hits(by_rule: dict[tuple[str, str], list[tuple[Ignore, str]]], finding: Finding) -> list[tuple[Ignore, str]]:
    rule, path = finding.rule, finding.origin.path
    near = (*by_rule.get((rule, path), ()), *by_rule.get((rule, ""), ()))
    return [each for each in near if _covers(each[0], finding)]


def _covers(ignore: Ignore, finding: Finding) -> bool:
    if isinstance(ignore, IgnoreComment):
        return ignore.origin.path == finding.origin.path and ignore.first <= finding.origin.line <= ignore.last
    return _fits(ignore, finding.origin.path)


def _is_in_one_of(ignore: Ignore, paths: set[str]) -> bool:
    if isinstance(ignore, IgnoreComment):
        return ignore.origin.path in paths
    return any(_fits(ignore, path) for path in paths)


def _fits(ignore: IgnoreEntry, path: str) -> bool:
    return any(_pattern(each).match(path) for each in ignore.paths)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A path pattern: `*` and `?` stay within a directory, `**` does not, and a plain name stands for all below it."""
    parts = [_PARTS.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*|\?)", text.rstrip("/"))]
    is_plain = not re.search(r"[*?][^/]*\Z", text)
    return re.compile(f"{''.join(parts)}{'(?:/.*)?' if is_plain else ''}\\Z", re.DOTALL)


_PARTS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
