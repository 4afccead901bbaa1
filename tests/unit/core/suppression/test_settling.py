from __future__ import annotations

import pytest

from hedgehog_gitops.core.suppression import comments_in, settle, unused
from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.ignore import Ignore, IgnoreComment, IgnoreEntry, Named

HERE = Origin(path="a.yaml", line=3, column=9)


def finding(
    rule: str = "LINT-003", line: int = 5, path: str = "a.yaml", severity: Severity = Severity.WARNING
) -> Finding:
    return Finding(rule=rule, severity=severity, origin=Origin(path=path, line=line), message="x")


def comment(*rules: str, first: int = 4, last: int = 6) -> IgnoreComment:
    named = tuple(Named(rule, (rule,)) for rule in rules)
    return IgnoreComment(origin=HERE, rules=named, reason="agreed", first=first, last=last)


def entry(*paths: str, rule: str = "LINT-003") -> IgnoreEntry:
    origin = Origin(path="hedgehog-gitops.yaml", line=9)
    return IgnoreEntry(origin=origin, rules=(Named(rule, (rule,)),), reason="agreed", paths=paths)


def test_a_comment_suppresses_its_rules_on_its_lines() -> None:
    all_of_them = (finding(), finding("LINT-004"), finding(line=7), finding(path="b.yaml"))
    settled = settle(all_of_them, [comment("LINT-003")])
    assert settled.suppressed == all_of_them[:1]
    assert settled.kept == all_of_them[1:]


def test_without_suppressions_nothing_is_looked_at() -> None:
    assert settle((finding(),), ()) == ((finding(),), (), frozenset())


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("managed/vpcs/*", "managed/vpcs/a.yaml", True),
        ("managed/vpcs/*", "managed/vpcs/x/a.yaml", False),
        ("managed/*.yaml", "managed/vpcs/a.yaml", False),
        ("managed/vpcs", "managed/vpcs/a.yaml", True),
        ("managed/vpcs/", "managed/vpcs/a.yaml", True),
        ("managed/vpc", "managed/vpcs/a.yaml", False),
        ("**/a.yaml", "managed/vpcs/a.yaml", True),
        ("**/a.yaml", "a.yaml", True),
        ("raw/**/x-?.yaml", "raw/one/two/x-1.yaml", True),
        ("raw/**/x-?.yaml", "raw/x-12.yaml", False),
        ("**", "anything", True),
        ("a.yaml", "aXyaml", False),
        ("a[b].yaml", "a[b].yaml", True),
    ],
)
def test_an_entry_holds_for_the_paths_that_fit_it(pattern: str, path: str, fits: bool) -> None:  # noqa: FBT001 - a table's column
    assert bool(settle((finding(path=path),), [entry(pattern)]).suppressed) is fits


def test_a_suppression_that_suppresses_nothing_is_told_where_it_stands() -> None:
    ignores: list[Ignore] = [comment("LINT-003", "LINT-004"), entry("b.yaml")]
    told = list(unused(ignores, settle((finding(),), ignores)))
    assert [(each.rule, each.origin.path, each.origin.line) for each in told] == [
        ("IGNORE-003", "a.yaml", 3),
        ("IGNORE-003", "hedgehog-gitops.yaml", 9),
    ]
    assert "LINT-004" in told[0].message


def test_in_a_file_with_an_error_nothing_is_called_unused() -> None:
    ignores: list[Ignore] = [comment("LINT-004"), entry("*.yaml", rule="LINT-004")]
    assert list(unused(ignores, settle((finding("VPC-050", severity=Severity.ERROR),), ignores))) == []


def test_rules_that_need_an_older_state_are_not_called_unused() -> None:
    ignores = [comment("DISRUPT-001")]
    assert list(unused(ignores, settle((), ignores))) == []


def test_only_files_with_the_marker_are_decoded() -> None:
    asked: list[str] = []

    def data_of(path: str) -> bytes | None:
        asked.append(path)
        return {"a": b"a: 1 # hedgehog-gitops: ignore LINT-003 why\n", "b": b"\xff", "c": None}[path]

    found = comments_in(["a", "b", "c"], data_of)
    assert asked == ["a", "b", "c"]
    assert [ignore.origin.path for ignore in found.ignores] == ["a"]


def test_a_file_that_is_no_text_has_no_suppressions() -> None:
    assert comments_in(["a"], lambda _: b"\xff # hedgehog-gitops: ignore LINT-003 why\n") == ((), ())
