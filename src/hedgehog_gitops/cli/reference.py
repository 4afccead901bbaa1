"""`rules`: what the tool knows, printed."""

from __future__ import annotations

import json
from argparse import Namespace

from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.cli.output import write_result
from hedgehog_gitops.core.rules.catalogue import LAYERS, rules_markdown
from hedgehog_gitops.model.plain import JsonObject


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


def _json(value: JsonObject) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
