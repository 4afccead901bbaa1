"""Validation of a change, for commit hooks: the whole fabric is judged, and what the change has to do with is shown."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hedgehog_gitops.assembly.checking import below_root, check_all, with_findings
from hedgehog_gitops.assembly.configuration import FILE_NAME, load_settings, recall_settings
from hedgehog_gitops.assembly.sources import in_git
from hedgehog_gitops.core.concern import brought, concerning, covers
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.model.settings import Settings

_FROM = "PRE_COMMIT_FROM_REF"
"""Set by pre-commit and prek where they check a range of commits, as before a push."""


def check_change(
    config: str | None,
    names: Sequence[str] | None,
    paths: Sequence[str],
    *,
    strict: bool,
    schemas: str | None = None,
    base: str | None = None,
    remembers: bool = False,
) -> tuple[Validation, int]:
    """The findings in the changed files, those that point there, and those that were not there before.

    The last are what a removed object leaves behind: a hook is not told which files a change removed. Before is the
    revision `base`, or the last commit; where there is none, all findings count. Paths outside of all fabrics do not
    matter. The number is how many others, notices aside, the fabrics have.
    """
    settings = recall_settings(config) if remembers else load_settings(config)
    whole = check_all(settings, names, strict=strict, schemas=schemas, base=base, remembers=remembers)
    changed = below_root(settings, paths)
    if _decide(settings, config, changed):
        return whole, 0
    shown = concerning(whole.findings, changed)
    others = _asking(whole.findings) - {*shown}
    if others:
        revision = base or os.environ.get(_FROM) or "HEAD"
        before = _before(settings, names, revision, strict=strict, schemas=schemas)
        shown = whole.findings if before is None else brought(whole.findings, before, changed)
    suppressed = concerning(whole.suppressed, changed)
    return with_findings(whole, shown, suppressed=suppressed), len(others - {*shown})


def _decide(settings: Settings, config: str | None, changed: Sequence[str]) -> bool:
    """True if one of these files decides how all others are judged."""
    deciding = [Path(config or FILE_NAME).name, settings.schemas]
    return any(covers(each, path) for each in deciding for path in changed)


def _asking(findings: Sequence[Finding]) -> set[Finding]:
    return {finding for finding in findings if finding.severity is not Severity.NOTICE}


def _before(
    settings: Settings, names: Sequence[str] | None, revision: str, *, strict: bool, schemas: str | None
) -> tuple[Finding, ...] | None:
    """The findings of the commit that the change is made on; None where there is none, as before the first one."""
    if not in_git(Path(settings.root)):
        return None
    try:
        return check_all(settings, names, revision=revision, strict=strict, schemas=schemas).findings
    except UnreachableError:
        return None
