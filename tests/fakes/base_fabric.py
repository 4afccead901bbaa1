"""The fabric of tests/data/rules/base.yaml as stored specs, and steps away from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hedgehog_gitops.core.changes import judge_step
from hedgehog_gitops.core.changes.step import key_of
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.identify import identify
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.plain import JsonObject

BASE = Path(__file__).resolve().parents[1] / "data/rules/base.yaml"
Specs = dict[ObjectKey, JsonObject]


@cache
def base_specs() -> Specs:
    """Every object of the base, as stored."""
    documents = read_documents(BASE.read_bytes(), "base.yaml").documents
    manifests = [manifest for document in documents for manifest in identify(document).manifests]
    return {each.key: default_spec(each.kind, each.value) for each in manifests}


def stored(name: str, spec: Mapping[str, Any]) -> Specs:
    """One object, named `Kind/name`, as stored."""
    key = key_named(name)
    return {key: default_spec(kind_of(key), {"spec": dict(spec)})}


def key_named(name: str) -> ObjectKey:
    """The identity behind `Kind/name`."""
    kind, _, rest = name.partition("/")
    return key_of(kind, rest)


def without(specs: Specs, *names: str) -> Specs:
    """The set without some of its objects."""
    gone = {key_named(name) for name in names}
    assert gone <= specs.keys()
    return {key: spec for key, spec in specs.items() if key not in gone}


def changed(specs: Specs, name: str, **fields: object) -> Specs:
    """The set with fields of one object's spec replaced."""
    return {**specs, **stored(name, {**specs[key_named(name)], **fields})}


def told(older: Specs, newer: Specs) -> list[tuple[str, str, str]]:
    """The faults of the step as (rule, subject, message)."""
    return [
        (each.fault.rule.id, f"{each.subject.kind}/{each.subject.name}", each.fault.message)
        for each in judge_step(older, newer)
    ]


def ids(older: Specs, newer: Specs) -> list[tuple[str, str]]:
    """The faults of the step as (rule, subject)."""
    return [(rule, subject) for rule, subject, _ in told(older, newer)]
