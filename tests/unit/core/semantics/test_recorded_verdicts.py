"""The verdicts that Hedgehog's own admission gave on 1,525 sets are ours too, object by object.

tests/data/verdicts/recorded.json says what was recorded; scripts/make_verdict_cases.py wrote it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.identify import Identified, identify
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.validation import validate_manifests
from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.settings import FabricConstants

RECORDED: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[3] / "data/verdicts/recorded.json").read_text(encoding="utf-8")
)
BASES: dict[str, Any] = RECORDED["bases"]
RELEASE = package_release()
NEVER_STORED = frozenset({"fuzz-7-1575"})
"""A second switch is refused there for what one in a namespace of 260 letters has. No API server stores the latter."""


@pytest.mark.parametrize("base", BASES)
def test_every_object_gets_the_verdict_that_admission_gave_it(base: str) -> None:
    differences = [
        difference
        for case in RECORDED["cases"]
        if case["base"] == base and case["id"] not in NEVER_STORED
        for difference in _differences(case)
    ]
    assert differences == []


def test_every_set_was_recorded_once() -> None:
    assert len({case["id"] for case in RECORDED["cases"]}) == len(RECORDED["cases"]) == 1525


def _differences(case: dict[str, Any]) -> Iterator[str]:
    objects = _objects(case)
    errors = _refused(objects, tuple(BASES[case["base"]]["families"]))
    recorded = case.get("refused", {})
    follows = set(recorded.get("follows", ()))
    refused = {index for gate, found in recorded.items() if gate != "follows" for index in found}
    for index in sorted(refused - errors.keys()):
        yield f"{case['id']}: {_name(objects[index])} is refused by admission, not by us; {case['edits']}"
    for index in sorted(errors.keys() - refused - follows):
        yield f"{case['id']}: {_name(objects[index])} is refused by us, not by admission: {errors[index]}"
    if bool(errors) != bool(recorded):
        yield f"{case['id']}: the set is {'refused' if recorded else 'accepted'} by admission, not by us"


def _objects(case: dict[str, Any]) -> list[Any]:
    objects = list(BASES[case["base"]]["objects"])
    for index, path, *value in case["edits"]:
        if index == len(objects):
            objects.append(None)
        objects[index] = _edited(objects[index], path, value)
    return objects


def _edited(before: Any, path: list[str | int], value: list[Any]) -> Any:
    """The value after one edit; `value` is empty where the field goes."""
    if not path:
        return value[0]
    after = copy.deepcopy(before)
    at = after
    for step in path[:-1]:
        at = at[step]
    if value:
        at[path[-1]] = value[0]
    else:
        del at[path[-1]]
    return after


def _refused(objects: list[Any], families: tuple[str, ...]) -> dict[int, str]:
    """What we have against the objects, by index; the first error of each."""
    identified = [_identified(json.dumps(value), index) for index, value in enumerate(objects)]
    manifests = {manifest.key: manifest for each in reversed(identified) for manifest in each.manifests}
    constants = FabricConstants(gateway=True, profile_families=families)
    judged = validate_manifests(manifests, default_specs(manifests), RELEASE, constants)
    findings: list[Finding] = [*(finding for each in identified for finding in each.findings), *judged]
    errors: dict[int, str] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR:
            errors.setdefault(int(finding.origin.path), f"{finding.rule} {finding.message}")
    return errors


@cache
def _identified(text: str, index: int) -> Identified:
    (document,) = read_documents(text.encode(), str(index)).documents
    return identify(document)


def _name(value: Any) -> str:
    return f"{value['kind']}/{value['metadata'].get('name')}"
