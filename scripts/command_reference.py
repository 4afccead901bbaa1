"""Write the generated part of docs/cli.md: every command with its options, from the parser itself.

python scripts/command_reference.py docs/cli.md [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hedgehog_gitops.cli.exits import MEANINGS
from hedgehog_gitops.cli.parser import build_parser

START, END = "<!-- commands:start -->", "<!-- commands:end -->"


def main() -> int:
    """Write the page, or with --check say whether it is current."""
    file = Path(sys.argv[1])
    text = file.read_text(encoding="utf-8")
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    made = f"{head}{START}\n{reference()}{END}{tail}"
    if "--check" in sys.argv:
        return int(made != text)
    file.write_text(made, encoding="utf-8")
    return 0


def reference() -> str:
    """Markdown for the global options, each command and the exit codes."""
    parser = build_parser()
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001 - argparse has no public way
    parts = ["## Global options\n", _options(parser), "\n## Commands\n"]
    for name, command in commands.choices.items():
        parts.append(f"\n### {name}\n\n{command.description}.\n\n{_options(command, without=_names(parser))}")
    codes = "".join(f"| {code.value} | {meaning} |\n" for code, meaning in MEANINGS.items())
    return "".join([*parts, "\n## Exit codes\n\n| code | meaning |\n|---|---|\n", codes])


def _options(parser: argparse.ArgumentParser, without: frozenset[str] = frozenset()) -> str:
    rows = [_row(action) for action in parser._actions if not without & set(action.option_strings)]  # noqa: SLF001 - see above
    return "".join(row for row in rows if row) or "No options of its own.\n"


def _row(action: argparse.Action) -> str:
    if isinstance(action, argparse._HelpAction | argparse._SubParsersAction):  # noqa: SLF001 - see above
        return ""
    name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    takes_value = bool(action.option_strings) and action.nargs != 0
    choices = "|".join(map(str, action.choices)) if action.choices else str(action.metavar or action.dest.upper())
    return f"- `{name}{f' {choices}' if takes_value else ''}`: {action.help}\n"


def _names(parser: argparse.ArgumentParser) -> frozenset[str]:
    return frozenset(name for action in parser._actions for name in action.option_strings)  # noqa: SLF001 - see above


if __name__ == "__main__":
    sys.exit(main())
