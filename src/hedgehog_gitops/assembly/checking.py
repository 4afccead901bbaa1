"""Validation of configured fabrics or of loose files, put together from adapters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hedgehog_gitops.adapters.worktree import read_paths
from hedgehog_gitops.assembly.configuration import (
    choose_fabrics,
    find_configuration,
    load_constants,
    load_settings,
    recall_settings,
)
from hedgehog_gitops.assembly.memories import fabric_memory, paths_memory
from hedgehog_gitops.assembly.releases import release_named, release_of
from hedgehog_gitops.assembly.sources import base_files, base_paths, files, files_or_revision
from hedgehog_gitops.core.concern import concerning, covers
from hedgehog_gitops.core.suppression import Settled, unused
from hedgehog_gitops.core.validation import strictly
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.report import Validation, summarize
from hedgehog_gitops.model.settings import FabricConstants, Settings
from hedgehog_gitops.usecases.validate import validate_fabric, validate_tree


def check_fabrics(
    config: str | None,
    names: Sequence[str] | None,
    paths: Sequence[str],
    *,
    revision: str | None,
    strict: bool,
    schemas: str | None = None,
    base: str | None = None,
    remembers: bool = False,
) -> Validation | None:
    """The verdict over configured fabrics, findings limited to what is in `paths` or points there.

    None if `paths` lie outside all fabrics. With `base`, a revision, also about what changed since. A run that
    `remembers` reads only files on disk that changed since the last one that did.
    """
    if config is None and find_configuration(Path.cwd()) is None:
        return None
    settings = recall_settings(config) if remembers else load_settings(config)
    wanted = below_root(settings, paths)
    if paths and not _all_in_fabrics(settings, wanted):
        return None
    checked = check_all(
        settings, names, revision=revision, strict=strict, schemas=schemas, base=base, remembers=remembers
    )
    return _limited(checked, wanted)


def check_all(
    settings: Settings,
    names: Sequence[str] | None,
    *,
    revision: str | None = None,
    strict: bool,
    schemas: str | None = None,
    base: str | None = None,
    remembers: bool = False,
) -> Validation:
    """The verdict over the chosen fabrics, or all of them."""
    release = release_of(settings, schemas)
    validations: list[Validation] = []
    for fabric in choose_fabrics(settings, names):
        memory = fabric_memory(settings, fabric, schemas) if remembers and revision is None and base is None else None
        source = files_or_revision(settings, revision) if memory is None else files(settings, memory.recall().files)
        older = base_files(settings, base)
        validations.append(validate_fabric(fabric, source, release, settings.limits, older, memory))
    told = settings.warnings if names else (*settings.warnings, *_unused(settings, validations))
    return _merged(validations, told, strict=strict)._replace(root="" if revision else settings.root)


def check_paths(
    paths: Sequence[str],
    constants: FabricConstants | str | Path | None,
    *,
    strict: bool,
    schemas: str | None = None,
    base: str | None = None,
    remembers: bool = False,
) -> Validation:
    """The verdict over loose files and directories, taken together as one fabric.

    `constants` are the fabric's, or the file that holds them; without any those of a Fabricator among the files.
    """
    if not paths:
        raise UsageError("no configuration found: name the files or directories to validate, or use --config")
    known = load_constants(constants) if isinstance(constants, str | Path) else constants
    named, limits = [Path(path) for path in paths], Limits()
    older = base_paths(named, base, limits)
    memory = paths_memory(named, (known or FabricConstants(), limits), schemas) if remembers and base is None else None
    tree = read_paths(named, limits, memory.recall().files if memory else {})
    merged = _merged([validate_tree(tree, release_named(schemas), known, limits, older, memory)], (), strict=strict)
    return merged._replace(root=str(Path.cwd()))


def _unused(settings: Settings, validations: list[Validation]) -> tuple[Finding, ...]:
    """What is said of suppressions for all fabrics that none of them needs, once all were looked at."""
    shared = [entry for entry in settings.ignores if entry.is_shared]
    used = frozenset(hit for validation in validations for hit in validation.used)
    kept = tuple(_inside(finding, each) for each in validations for finding in each.findings)
    return tuple(unused(shared, Settled(kept, used=used)))


def _inside(finding: Finding, validation: Validation) -> Finding:
    """A finding of one fabric with its path from the fabric's directory, as the patterns of suppressions count."""
    directory = validation.snapshots[0].directory if validation.snapshots else ""
    path = finding.origin.path.removeprefix(f"{directory}/")
    return finding._replace(origin=finding.origin._replace(path=path))


def below_root(settings: Settings, paths: Sequence[str]) -> tuple[str, ...]:
    """Paths named from the working directory, from the configuration's; empty for one outside of it."""
    root = Path(settings.root)
    resolved = [Path(path).absolute() for path in paths]
    return tuple(path.relative_to(root).as_posix() if path.is_relative_to(root) else "" for path in resolved)


def _all_in_fabrics(settings: Settings, paths: Sequence[str]) -> bool:
    """True if every path lies in a fabric's directory, or holds one."""
    directories = [fabric.directory for fabric in settings.fabrics]
    return all(any(covers(each, path) or covers(path, each) for each in directories) for path in paths)


def _merged(validations: list[Validation], told: tuple[Finding, ...], *, strict: bool) -> Validation:
    findings = (*told, *(finding for validation in validations for finding in validation.findings))
    judged = strictly(findings) if strict else findings
    summaries = [validation.summary for validation in validations]
    return Validation(
        findings=judged,
        summary=summarize(
            judged,
            files=sum(summary.files for summary in summaries),
            documents=sum(summary.documents for summary in summaries),
            objects=sum(summary.objects for summary in summaries),
            suppressed=sum(summary.suppressed for summary in summaries),
        ),
        suppressed=tuple(finding for validation in validations for finding in validation.suppressed),
        snapshots=tuple(snapshot for validation in validations for snapshot in validation.snapshots),
    )


def _limited(validation: Validation, paths: tuple[str, ...]) -> Validation:
    if not paths:
        return validation
    return with_findings(
        validation, concerning(validation.findings, paths), suppressed=concerning(validation.suppressed, paths)
    )


def with_findings(
    validation: Validation, findings: tuple[Finding, ...], *, suppressed: tuple[Finding, ...]
) -> Validation:
    """The verdict with some of its findings, and of those that are suppressed, counted anew."""
    counts = validation.summary
    summary = summarize(
        findings, files=counts.files, documents=counts.documents, objects=counts.objects, suppressed=len(suppressed)
    )
    return validation._replace(findings=findings, suppressed=suppressed, summary=summary)
