"""All rules of all layers, in the order in which docs/rules.md lists them."""

from __future__ import annotations

from hedgehog_gitops.core.rules import (
    change_rules,
    fabricator_rules,
    gateway_rules,
    ignore_rules,
    ingest_rules,
    layout_rules,
    lint_rules,
    object_rules,
    reference_rules,
    schema_rules,
    settings_rules,
    vpc_rules,
    wiring_rules,
    yaml_rules,
)
from hedgehog_gitops.model.rule import Rule

LAYERS: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("YAML: what Kubernetes would not read, or read differently", yaml_rules.RULES),
    ("Layout: where files and objects belong", layout_rules.RULES),
    ("Ingestion: how raw files are taken in", ingest_rules.RULES),
    ("Objects: who an object is", object_rules.RULES),
    ("Schema: what the API server and strict decoding refuse", schema_rules.RULES),
    ("References: what an object needs from others", reference_rules.RULES),
    ("Wiring: switches, what they are connected to, and their VLANs", wiring_rules.RULES),
    ("VPCs: subnets, attachments, peerings and ways out", vpc_rules.RULES),
    ("Doubts: what the cluster takes although it is wrong", lint_rules.RULES),
    ("Changes: what an update, a delete or the traffic does not bear", change_rules.RULES),
    ("Gateway: what admission refuses of gateways, their groups and peerings", gateway_rules.RULES),
    ("Installer: what it refuses of its own objects, judged where they are", fabricator_rules.RULES),
    ("Configuration: hedgehog-gitops.yaml", settings_rules.RULES),
    ("Suppressions: findings to live with", ignore_rules.RULES),
)

RULES: dict[str, Rule] = {rule.id: rule for _, rules in LAYERS for rule in rules}


def find_rules(name: str) -> tuple[Rule, ...]:
    """The rules that go by a name: the one with that id, or all that say the same as a rule that is known by it."""
    wanted = name.upper()
    found = RULES.get(wanted)
    return (found,) if found else tuple(rule for rule in RULES.values() if wanted in rule.also)


def near_ids(name: str) -> list[str]:
    """Up to three ids that are most like a name."""
    from difflib import get_close_matches  # noqa: PLC0415 - most runs have nothing to suggest

    known = [*RULES, *(other for rule in RULES.values() for other in rule.also)]
    return get_close_matches(name.upper(), dict.fromkeys(known), n=3)


def rules_markdown() -> str:
    """docs/rules.md: every rule with its explanation, in the catalogue's order."""
    parts = [_HEAD, *(_layer(title, rules) for title, rules in LAYERS)]
    return "\n".join(parts)


def _layer(title: str, rules: tuple[Rule, ...]) -> str:
    return f"## {title}\n\n" + "\n".join(rule_markdown(rule) for rule in sorted(rules, key=lambda rule: rule.id))


def rule_markdown(rule: Rule) -> str:
    """One rule's part of the page; its heading is the id alone, which makes the anchor."""
    text = f"### {rule.id}\n\n**{rule.title}** ({rule.severity.value})\n\n{rule.explanation}\n"
    also = f"\nAlso known as {', '.join(rule.also)}.\n" if rule.also else ""
    return text + also + (f"\n```yaml\n{rule.example.rstrip()}\n```\n" if rule.example else "")


_HEAD = """# Rules

Generated from the code by `make docs`; `hedgehog-gitops rules` prints the same list. Ids are stable.
An *error* is what the cluster, or a safe ingestion, would refuse. A *warning* passes although it is wrong;
`validate --strict` makes it an error. A *notice* is only worth knowing.
"""
