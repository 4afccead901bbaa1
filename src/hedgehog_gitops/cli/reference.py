"""`rules` and `explain`: what the tool knows, printed."""

from __future__ import annotations

from argparse import Namespace

from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.cli.output import write_result
from hedgehog_gitops.core.rules.catalogue import RULES, find_rules, near_ids, rules_markdown
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.render.rules_text import explanation_markdown, explanation_text, rules_json, rules_list


def rules(args: Namespace) -> int:
    """Print the list of all rules; as Markdown it is docs/rules.md."""
    write_result(args, _rules)
    return Exit.DONE


def explain(args: Namespace) -> int:
    """Print what a rule is about, or the rules that go by a name."""
    found = find_rules(args.rule)
    if not found:
        near = ", ".join(near_ids(args.rule))
        raise UsageError(f"no rule {args.rule}; " + (f"did you mean {near}?" if near else "`rules` lists them all"))
    write_result(args, lambda form: _EXPLANATIONS.get(form, explanation_text)(found))
    return Exit.DONE


def _rules(form: str) -> str:
    match form:
        case "json":
            return rules_json(tuple(RULES.values()))
        case "markdown":
            return rules_markdown()
        case _:
            return rules_list()


_EXPLANATIONS = {"json": rules_json, "markdown": explanation_markdown}
