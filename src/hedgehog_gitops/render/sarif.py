"""Findings as SARIF 2.1.0, the form in which code scanning takes them.

Source: the OASIS standard; columns count characters, and the end column is the first one behind, as in `Origin`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from urllib.parse import quote

from hedgehog_gitops.core.rules.catalogue import RULES
from hedgehog_gitops.core.rules.help import REPOSITORY, help_address
from hedgehog_gitops.model.finding import Finding, Origin, Related, Severity
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.render.text import as_json, one_line

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}


def validation_sarif(validation: Validation) -> str:
    """One run with every finding as a result, and the rules that they are of."""
    found = validation.findings
    rules = {rule: index for index, rule in enumerate(sorted({finding.rule for finding in found}))}
    results: list[Json] = [
        _result(finding, rules[finding.rule], known_by)
        for finding, known_by in zip(found, _fingerprints(found), strict=True)
    ]
    driver: JsonObject = {
        "name": "hedgehog-gitops",
        "informationUri": REPOSITORY,
        "rules": [_rule(rule) for rule in rules],
    }
    run: JsonObject = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return as_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(name: str) -> JsonObject:
    rule = RULES.get(name)
    if rule is None:
        return {"id": name}
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": rule.explanation},
        "helpUri": help_address(rule.id),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(finding: Finding, index: int, fingerprint: str) -> JsonObject:
    words = f"{finding.key}: {finding.message}" if finding.key else finding.message
    location: JsonObject = {"physicalLocation": _physical(finding.origin)}
    if finding.key:
        name = f"{finding.key} {finding.field}".rstrip()
        location["logicalLocations"] = [{"fullyQualifiedName": one_line(name), "kind": "object"}]
    result: JsonObject = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": _message(words) + (f"\n{_message(finding.hint)}" if finding.hint else "")},
        "locations": [location],
        "partialFingerprints": {"ruleObjectField/v1": fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [_related(number, each) for number, each in enumerate(finding.related, 1)]
    return result


def _message(text: str) -> str:
    """Text from outside as a plain message: `[text](target)` would be a link in one."""
    return one_line(text).replace("](", "] (")


def _related(number: int, related: Related) -> JsonObject:
    text = _message(f"{related.key} {related.field}".rstrip())
    return {"id": number, "physicalLocation": _physical(related.origin), "message": {"text": text}}


def _physical(origin: Origin) -> JsonObject:
    region: JsonObject = {"startLine": origin.line, "startColumn": origin.column}
    if origin.end_line:
        region |= {"endLine": origin.end_line, "endColumn": origin.end_column}
    return {"artifactLocation": _artifact(origin.path), "region": region}


def _artifact(path: str) -> JsonObject:
    """A path from the root of the repository, or that of a file elsewhere."""
    uri = quote(_LONE.sub("\ufffd", path), safe="/", errors="surrogateescape") or "."
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": "%SRCROOT%"}


_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of surrogate pairs that stand for no byte of a file's name."""


def _fingerprints(findings: tuple[Finding, ...]) -> list[str]:
    """What a finding is known by when its file is edited: its rule, object and field, and the how manieth it is.

    One that is about no object is known by its file instead.
    """
    seen: Counter[str] = Counter()
    prints: list[str] = []
    for finding in findings:
        about = str(finding.key) if finding.key else finding.origin.path
        text = f"{finding.rule}\0{about}\0{finding.field}"
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        seen[digest] += 1
        prints.append(f"{digest}:{seen[digest]}")
    return prints
