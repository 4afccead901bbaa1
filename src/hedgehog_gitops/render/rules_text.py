"""The rules, and one rule explained, for people and programs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from hedgehog_gitops.core.rules.catalogue import LAYERS, rule_markdown
from hedgehog_gitops.core.rules.help import help_anchor
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.render.text import as_json

_WIDTH = 100


def rules_list() -> str:
    """One line a rule, by layer."""
    widest = max(len(rule.id) for _, rules in LAYERS for rule in rules)
    return "\n".join(
        f"{title}\n" + "".join(f"  {rule.id:<{widest}}  {rule.severity.value:<7}  {rule.title}\n" for rule in rules)
        for title, rules in LAYERS
    )


def rules_json(rules: Sequence[Rule]) -> str:
    """Rules as `hedgehog-gitops/rules/v1`."""
    return as_json({"schema": "hedgehog-gitops/rules/v1", "rules": [_value(rule) for rule in rules]})


def explanation_text(rules: Sequence[Rule]) -> str:
    """Each rule with why it is there, what to do, and what breaks it."""
    return "\n".join(_explained(rule) for rule in rules)


def explanation_markdown(rules: Sequence[Rule]) -> str:
    """The same as in the page of rules."""
    return "\n".join(rule_markdown(rule) for rule in rules)


def _explained(rule: Rule) -> str:
    parts = [f"{rule.id} ({rule.severity.value}): {rule.title}\n", textwrap.fill(rule.explanation, _WIDTH) + "\n"]
    if rule.example:
        parts.append("This breaks it:\n" + textwrap.indent(rule.example.rstrip() + "\n", "    "))
    if rule.also:
        parts.append(f"Also known as {', '.join(rule.also)}.\n")
    return "\n".join([*parts, f"See {help_anchor(rule.id)}\n"])


def _value(rule: Rule) -> JsonObject:
    layer = next(title for title, rules in LAYERS if rule in rules)
    return {
        "id": rule.id,
        "severity": rule.severity.value,
        "title": rule.title,
        "explanation": rule.explanation,
        "example": rule.example,
        "layer": layer.partition(":")[0],
        "also": list(rule.also),
        "help": help_anchor(rule.id),
    }
