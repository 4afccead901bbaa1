"""Every rule has a case that breaks it and one that keeps it; see fakes/rule_cases.py for how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from fakes.rule_cases import ROOT, Case, Expected, cases, judge
from hedgehog_gitops.core.rules.catalogue import RULES
from hedgehog_gitops.model.finding import Finding, Severity

CASES = cases()
MISSING = frozenset((ROOT / "missing.txt").read_text(encoding="utf-8").split())
"""Rules that have no case yet. An id that gets its case has to leave the list, so that it only ever shrinks."""

_ADVICE = re.compile(
    r"\b(at least|at most|(is|are) (wanted|needed|missing)|none of|not in|have to|has to|needs?|belongs|only|goes to)\b"
)
"""How a message that needs no hint names what would be right."""

by_rule = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def test_every_rule_has_a_bad_and_a_good_case() -> None:
    complete = {rule for rule, case in CASES.items() if case.is_complete}
    assert RULES.keys() - complete == MISSING & RULES.keys(), "add the case; an id that has one leaves missing.txt"


def test_every_case_is_of_a_rule() -> None:
    assert CASES.keys() - RULES.keys() == set()


@by_rule
def test_what_breaks_a_rule_is_found_where_it_stands(case: Case, tmp_path: Path) -> None:
    expected = case.expected()
    assert case.rule in {each.rule for each in expected}, "mark the line with `# expect`"
    assert _places(judge(case, "bad", tmp_path), case) == expected


@by_rule
def test_what_keeps_a_rule_is_not_found(case: Case, tmp_path: Path) -> None:
    findings = judge(case, "good", tmp_path)
    assert [finding for finding in findings if finding.rule == case.rule] == []
    assert [finding for finding in findings if finding.severity is Severity.ERROR and _is_own(finding, case)] == []


@by_rule
def test_every_finding_has_a_place_and_says_what_to_do(case: Case, tmp_path: Path) -> None:
    for finding in judge(case, "bad", tmp_path):
        assert finding.origin.line >= 1, finding
        assert finding.origin.column >= 1, finding
        is_notice = finding.severity is Severity.NOTICE
        assert is_notice or finding.hint or _ADVICE.search(finding.message), finding


def _places(findings: Iterable[Finding], case: Case) -> set[Expected]:
    """Errors, warnings and the rule's own notices, in the files of the case."""
    return {
        Expected(finding.origin.path, finding.origin.line, finding.rule)
        for finding in findings
        if _is_own(finding, case) and (finding.severity is not Severity.NOTICE or finding.rule == case.rule)
    }


def _is_own(finding: Finding, case: Case) -> bool:
    return case.is_repository or finding.origin.path in {"bad.yaml", "good.yaml"}
