"""Findings as a JUnit report: one test case for each object, and for each file that a finding is about as a whole.

A case with an error fails; warnings and notices are told in its output.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.render.findings_text import findings_text
from hedgehog_gitops.render.text import count, cut, one_line

LONGEST = 20_000


def validation_junit(validation: Validation) -> str:
    """The whole report; cases in order of their file and object."""
    cases = dict(sorted(_cases(validation).items()))
    failed = sum(any(each.severity is Severity.ERROR for each in found) for found in cases.values())
    counts = f'tests="{len(cases)}" failures="{failed}" errors="0"'
    body = "".join(_case(path, name, found) for (path, name), found in cases.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="hedgehog-gitops" {counts}>\n'
        f'<testsuite name="validate" {counts} skipped="0">\n'
        f"{body}</testsuite>\n</testsuites>\n"
    )


def escaped(text: str) -> str:
    """Text from outside, as the content of an element or of an attribute; what XML cannot hold is spelled out."""
    spelled = _FORBIDDEN.sub(lambda found: one_line(found[0]), text)
    return spelled.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


_FORBIDDEN = re.compile("[^\n -~\xa0-\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, and marks that change the direction of the text around them."""


def _cases(validation: Validation) -> dict[tuple[str, str], list[Finding]]:
    """The findings of each case, by path and name. An object without findings is a case too."""
    cases: dict[tuple[str, str], list[Finding]] = {
        (_joined(snapshot.directory, manifest.document.path), str(manifest.key)): []
        for snapshot in validation.snapshots
        for manifest in snapshot.manifests.values()
    }
    for finding in validation.findings:
        cases.setdefault((finding.origin.path, str(finding.key or "(file)")), []).append(finding)
    return cases


def _joined(directory: str, path: str) -> str:
    return f"{directory}/{path}" if directory else path


def _case(path: str, name: str, findings: list[Finding]) -> str:
    file = escaped(one_line(path))
    opening = f'<testcase classname="{file}" name="{escaped(one_line(name))}" file="{file}"'
    inner = "".join(_told(findings))
    return f"{opening}>\n{inner}</testcase>\n" if inner else f"{opening}/>\n"


def _told(findings: list[Finding]) -> Iterator[str]:
    errors = tuple(each for each in findings if each.severity is Severity.ERROR)
    others = tuple(each for each in findings if each.severity is not Severity.ERROR)
    if errors:
        kind = escaped(", ".join(sorted({each.rule for each in errors})))
        first = errors[0].message if len(errors) == 1 else count(len(errors), "error")
        message = escaped(cut(one_line(first), 500))
        yield f'<failure type="{kind}" message="{message}">{_lines(errors)}</failure>\n'
    if others:
        yield f"<system-out>{_lines(others)}</system-out>\n"


def _lines(findings: tuple[Finding, ...]) -> str:
    return escaped(cut(findings_text(findings), LONGEST))
