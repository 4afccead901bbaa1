"""Which findings become annotations: the runner shows ten of a kind for a step and drops the rest silently.

The worst come first, and among equals those in files that the pull request changes: only there does a reviewer see
them in the diff.
"""

from __future__ import annotations

from collections.abc import Collection

from hedgehog_gitops.core.concern import covers
from hedgehog_gitops.model.finding import Finding, Severity

_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


def annotated(findings: tuple[Finding, ...], touched: Collection[str]) -> tuple[Finding, ...]:
    """The findings in the order in which they deserve to be seen."""
    return tuple(sorted(findings, key=lambda finding: _importance(finding, touched)))


def placed_below(prefix: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings with paths from the top of the checkout, where the configuration lies in a directory of it."""
    return tuple(_placed(prefix, finding) for finding in findings) if prefix else findings


def _importance(finding: Finding, touched: Collection[str]) -> tuple[int, bool, str, int, int, str]:
    origin = finding.origin
    is_elsewhere = not any(covers(path, origin.path) for path in touched)
    return (_RANKS[finding.severity], is_elsewhere, origin.path, origin.line, origin.column, finding.rule)


def _placed(prefix: str, finding: Finding) -> Finding:
    return finding._replace(origin=finding.origin._replace(path=f"{prefix}/{finding.origin.path}"))
