from __future__ import annotations

from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.report import Validation, summarize
from hedgehog_gitops.render.markdown import markdown_within, validation_markdown


def validation(*severities: Severity, length: int = 5) -> Validation:
    found = tuple(
        Finding(
            rule="VPC-021", severity=each, origin=Origin(path="a.yaml", line=n), message="x" * length, hint="mend it"
        )
        for n, each in enumerate(severities, 1)
    )
    return Validation(findings=found, summary=summarize(found, files=1, documents=1, objects=2))


def test_a_row_says_everything_with_the_worst_first() -> None:
    rows = validation_markdown(validation(Severity.WARNING, Severity.ERROR)).splitlines()[6:]
    assert [row.split(" | ")[0] for row in rows] == ["| error", "| warning"]
    assert rows[0] == (
        "| error | [VPC-021](https://github.com/OWNER/hedgehog-gitops/blob/main/docs/rules.md#vpc-021) "
        "| a.yaml&#58;2&#58;1 |  | xxxxx<br>→ mend it |"
    )


def test_without_findings_there_is_no_table() -> None:
    assert validation_markdown(validation()) == "## hedgehog-gitops\n\n1 file and 2 objects: no findings\n"


def test_what_does_not_fit_is_counted() -> None:
    whole = validation(*[Severity.WARNING] * 50, Severity.ERROR)
    text = markdown_within(whole, 4_000)
    assert len(text.encode()) <= 4_000
    assert "| error |" in text
    left = 51 - text.count("| VPC") - text.count("[VPC-021]")
    assert f"{left} more findings are not shown here." in text
    assert markdown_within(whole, 10) == ""
    assert markdown_within(whole, 1_000_000) == validation_markdown(whole)
