"""The rules about what changed since a base: read the base the way the newer files are read, then judge the step."""

from __future__ import annotations

from collections.abc import Iterable

from hedgehog_gitops.core.gathering import Gathered, gather
from hedgehog_gitops.core.ingest import Ingestion, plan_ingestion
from hedgehog_gitops.core.rules import ingest_rules, yaml_rules
from hedgehog_gitops.core.validation import schema_judge
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.tree import Tree
from hedgehog_gitops.ports import Source

_UNREAD = frozenset({ingest_rules.UNREADABLE.id, *(rule.id for rule in yaml_rules.RULES)})


def fabric_since(
    base: Source | None, now: Tree, newer: Ingestion, fabric: Fabric, release: Release, limits: Limits
) -> tuple[Finding, ...]:
    """What changed in a fabric's directory since a base, judged; nothing without one. The base's own faults are not.

    `now` are the newer files. Where no file differs the base is not even parsed.
    """
    if base is None:
        return ()
    tree = base.read(fabric.directory)
    if not tree.exists or _blobs(tree) == _blobs(now):
        return ()  # the fabric is new, or as it was: nothing was there that could have changed
    older = plan_ingestion(tree, fabric, limits, schema_judge(release.schemas))
    if older.unreadable:
        return (_incomplete(tree, older.findings),)
    from hedgehog_gitops.core.changes import findings_since  # noqa: PLC0415 - only where there is a base

    return findings_since(
        older.snapshot.manifests, newer.snapshot.manifests, release.schemas, is_whole=newer.ok
    )  # fmt: skip


def files_since(base: Tree | None, newer: Gathered, release: Release, limits: Limits) -> tuple[Finding, ...]:
    """The same for loose files."""
    if base is None:
        return ()
    older = gather(base, limits)
    if _unread(older.findings):
        return (_incomplete(base, older.findings),)
    from hedgehog_gitops.core.changes import findings_since  # noqa: PLC0415 - only where there is a base

    return findings_since(
        older.manifests, newer.manifests, release.schemas, is_whole=not _unread(newer.findings)
    )  # fmt: skip


def _blobs(tree: Tree) -> dict[str, str]:
    return {path: file.blob for path, file in tree.files.items()}


def _unread(findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.severity is Severity.ERROR and each.rule in _UNREAD]


def _incomplete(tree: Tree, findings: tuple[Finding, ...]) -> Finding:
    errors = [each for each in findings if each.severity is Severity.ERROR]
    first = next(iter([*_unread(findings), *errors]), None)
    why = f"{first.origin.path}:{max(first.origin.line, 1)}: {first.message}" if first else "some files are unread"
    from hedgehog_gitops.core.rules.change_rules import BASE_INCOMPLETE  # noqa: PLC0415 - only where there is a base

    return BASE_INCOMPLETE.at(
        Origin(path=first.origin.path if first else "", line=1, column=1),
        f"the base {tree.revision[:12]} cannot be read whole ({why}), so nothing is judged against it",
        hint="name a base whose files can be read",
    )
