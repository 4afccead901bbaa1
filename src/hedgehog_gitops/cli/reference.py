"""`schema` and `rules`: what the tool knows, printed."""

from __future__ import annotations

import json
from argparse import Namespace

from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.cli.output import write_result
from hedgehog_gitops.core.crd import crd
from hedgehog_gitops.core.rules.catalogue import LAYERS, rules_markdown
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.kind import KINDS, Kind
from hedgehog_gitops.model.plain import JsonObject


def schema(args: Namespace) -> int:
    """Print one schema, all of them in a bundle, or CustomResourceDefinitions."""
    if args.kind == "configuration":
        write_result(args, _json(PackageSchemas().configuration()))
        return Exit.DONE
    if args.crd:
        kinds = [_kind(args.kind)] if args.kind else list(KINDS)
        write_result(args, _stream([crd(kind, PackageSchemas().schema(kind)) for kind in kinds]))
        return Exit.DONE
    write_result(args, _json(PackageSchemas().schema(_kind(args.kind)) if args.kind else _bundle()))
    return Exit.DONE


def rules(args: Namespace) -> int:
    """Print the rules with their explanations."""
    if args.format == "json":
        listed: list[JsonObject] = [
            {
                "id": rule.id,
                "severity": rule.severity.value,
                "title": rule.title,
                "explanation": rule.explanation,
                "example": rule.example,
                "layer": title.partition(":")[0],
            }
            for title, layer in LAYERS
            for rule in layer
        ]
        write_result(args, _json({"schema": "hedgehog-gitops/rules/v1", "rules": [*listed]}))
        return Exit.DONE
    write_result(args, rules_markdown())
    return Exit.DONE


def _bundle() -> JsonObject:
    schemas = PackageSchemas()
    definitions: JsonObject = {kind.kind: schemas.schema(kind) for kind in KINDS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Any Hedgehog object",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in definitions],
        "$defs": definitions,
    }


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if name.lower() in (kind.kind.lower(), kind.plural, *kind.short_names):
            return kind
    raise UsageError(f"no kind {name!r}; there are {', '.join(kind.kind for kind in KINDS)}")


def _json(value: JsonObject) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _stream(objects: list[JsonObject]) -> str:
    return "---\n".join(to_yaml(value) for value in objects)
