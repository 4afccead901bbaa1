"""Write schemas/<plural>.json: one JSON Schema for each kind, from a file of facts about the CRDs.

    python scripts/generate_schemas.py FIELDS.json [--check]

The facts are, per kind, `spec` as a tree of fields, map `values` and list `items` with their types, limits, and the
integer `width` that strict decoding enforces. The descriptions are ours. With --check nothing is written; the exit
code is 1 if something would be.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from field_descriptions import DESCRIPTIONS

from hedgehog_gitops.core.definitions import limits, python_pattern
from hedgehog_gitops.model.kind import KINDS, Kind, Owner

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
KEPT = ("type", "enum", "pattern", "minItems", "maxItems", "default", "x-kubernetes-map-type")
SERVER_SET: dict[str, dict[str, Any]] = {
    "creationTimestamp": {"type": "string"},
    "deletionGracePeriodSeconds": {"type": "integer"},
    "deletionTimestamp": {"type": "string"},
    "finalizers": {"type": "array", "items": {"type": "string"}},
    "generateName": {"type": "string"},
    "generation": {"type": "integer"},
    "managedFields": {"type": "array", "items": {"type": "object"}},
    "ownerReferences": {"type": "array", "items": {"type": "object"}},
    "resourceVersion": {"type": "string"},
    "selfLink": {"type": "string"},
    "uid": {"type": "string"},
}


def main() -> int:
    """Write or check every schema; 1 if --check found a difference."""
    facts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    changed = [kind.plural for kind in KINDS if _write(kind, facts.get(kind.kind), check="--check" in sys.argv)]
    print(f"{len(changed)} schemas differ" if changed else "all schemas are current", *changed)
    return int(bool(changed) and "--check" in sys.argv)


def _write(kind: Kind, facts: dict[str, Any] | None, *, check: bool) -> bool:
    file = SCHEMAS / f"{kind.plural}.json"
    text = json.dumps(schema(kind, facts), indent=1, ensure_ascii=False) + "\n"
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    if not check:
        file.write_text(text, encoding="utf-8")
    return True


def schema(kind: Kind, facts: dict[str, Any] | None) -> dict[str, Any]:
    """The schema of one kind; without facts its spec may hold anything."""
    spec = field(facts["spec"], kind, "spec") if facts else {"type": "object"}
    versions = [f"{kind.group}/{version}" for version in (kind.version, *kind.accepted)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:hedgehog-gitops:schema:{kind.group}:{kind.version}:{kind.plural}",
        "title": kind.kind,
        "$comment": "Generated from facts of the fabric API v0.129 CRDs by scripts/generate_schemas.py.",
        "type": "object",
        "additionalProperties": False,
        "required": ["apiVersion", "kind", "metadata"],
        "properties": {
            "apiVersion": {"type": "string", "enum": versions, "description": "Group and version."},
            "kind": {"type": "string", "enum": [kind.kind], "description": "The kind."},
            "metadata": metadata(),
            "spec": spec | {"description": f"What this {kind.kind} should be."},
            "status": {"type": "object", "description": "What the fabric says of it; never in git."},
        },
    }


def metadata() -> dict[str, Any]:
    """The schema of an object's metadata."""
    texts = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "type": "object",
        "description": "Name and labels.",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "description": "Name, unique among the objects of its kind."},
            "namespace": {"type": "string", "description": "Namespace, default for Hedgehog objects."},
            "labels": texts | {"description": "Labels."},
            "annotations": texts | {"description": "Annotations."},
            **{name: {**part, "description": "Set by the API server."} for name, part in SERVER_SET.items()},
        },
    }


def field(facts: dict[str, Any], kind: Kind, name: str) -> dict[str, Any]:
    """The schema of one field and everything below it."""
    made: dict[str, Any] = {key: facts[key] for key in KEPT if key in facts}
    if "pattern" in made:
        made["pattern"] = python_pattern(made["pattern"])
    made |= limits(facts, facts.get("width", ""))
    if "fields" in facts or (facts.get("type") == "object" and "values" not in facts):
        made["additionalProperties"] = False
        made["properties"] = {key: described(key, part, kind) for key, part in facts.get("fields", {}).items()}
    if "values" in facts:
        made["additionalProperties"] = field(facts["values"], kind, name)
    if "items" in facts:
        made["items"] = field(facts["items"], kind, name)
    if "required" in facts:
        made["required"] = sorted(facts["required"])
    return made


def described(name: str, facts: dict[str, Any], kind: Kind) -> dict[str, Any]:
    """A field's schema with its description, which every field of a user-owned kind has."""
    made = field(facts, kind, name)
    if name in DESCRIPTIONS:
        return made | {"description": DESCRIPTIONS[name]}
    if kind.owner is Owner.USER:
        sys.exit(f"{kind.kind}: no description for {name}; add one to field_descriptions.py")
    return made


if __name__ == "__main__":
    sys.exit(main())
