"""Texts that try to be more than text in some form, and findings that carry them in every part."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Finding, Origin, Related, Severity
from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.report import Validation, summarize

CANARIES = {
    "command": "::error::pwned",
    "old command": "##[add-mask]pwned",
    "encoded": "%0A::error::pwned",
    "newline": "a\n::error::pwned\r\n::set-output name=x::y",
    "pipe": "a | b |",
    "backtick": "`a` ```\n``",
    "script": "<script>alert(1)</script><!-- --> &lt;b&gt;",
    "cdata": "]]>",
    "escaped cdata": "]]&gt;",
    "nul": "a\0b",
    "control": "\x1b[2J\x07\x08\x7f\x9b",
    "direction": "\u202eabc\u200f\u2066",
    "half a pair": "a\ud800b\udfff",
    "no character": "\ufffe\uffff",
    "line separator": "a\u2028b\x85c",
    "mention": "@somebody #1 https://example.com www.example.com",
    "link": "[a](https://example.com) ![b](x)",
    "quotes": '"\'><a b="c">',
    "long": "x" * 100_000,
}


def hostile(text: str) -> Validation:
    """A validation with the text wherever text from outside can stand."""
    key = ObjectKey(group=VPC, kind="VPC", namespace=text, name=text)
    found = (
        Finding(
            rule="VPC-050",
            severity=Severity.ERROR,
            origin=Origin(path=text, line=2, column=3, end_line=2, end_column=5),
            message=text,
            hint=text,
            field=text,
            key=key,
            related=(Related(origin=Origin(path=text), key=key, field=text),),
        ),
        Finding(rule="LINT-003", severity=Severity.WARNING, origin=Origin(path=text), message=text, hint=text),
    )
    return Validation(findings=found, summary=summarize(found, files=1, documents=1, objects=1))
