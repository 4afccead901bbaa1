from __future__ import annotations

from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.report import Validation, summarize
from hedgehog_gitops.render.findings_text import findings_text, validation_text

KEY = ObjectKey(group=VPC, kind="VPC", namespace="default", name="blue")
FOUND = Finding(
    rule="VPC-050",
    severity=Severity.ERROR,
    origin=Origin(path="managed/vpcs/blue.yaml", line=7, column=5),
    message="no IPv4Namespace named 'lab'",
    hint="did you mean 'default'?",
    field="spec.ipv4Namespace",
    key=KEY,
)


def test_a_finding_is_one_line_that_editors_can_follow_and_a_hint_below() -> None:
    assert findings_text((FOUND,)) == (
        "managed/vpcs/blue.yaml:7:5: error VPC-050 VPC/default/blue: no IPv4Namespace named 'lab'\n"
        "    → did you mean 'default'?\n"
    )


def test_text_from_a_file_cannot_forge_a_line_of_its_own() -> None:
    forged = Finding(
        rule="R", severity=Severity.ERROR, origin=Origin(path="a\nb.yaml", line=1), message="x\r\n\x1b[2Jy"
    )

    assert findings_text((forged,)) == "a\\nb.yaml:1:1: error R x\\r\\n\\x1b[2Jy\n"


def test_no_findings_are_said_in_words() -> None:
    clean = Validation(findings=(), summary=summarize((), files=1, documents=1, objects=1))

    assert validation_text(clean) == "1 file and 1 object: no findings\n"
