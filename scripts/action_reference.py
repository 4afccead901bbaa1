"""Write the tables of the Action's inputs and outputs into pages, from action.yml itself.

python scripts/action_reference.py [--check] README.md docs/action.md
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ACTION = Path(__file__).resolve().parents[1] / "action.yml"


def main() -> int:
    """Write the pages, or with --check say whether all of them are current."""
    files = [Path(name) for name in sys.argv[1:] if name != "--check"]
    made = {file: current(file.read_text(encoding="utf-8")) for file in files}
    if "--check" in sys.argv:
        return int(any(file.read_text(encoding="utf-8") != text for file, text in made.items()))
    for file, text in made.items():
        file.write_text(text, encoding="utf-8")
    return 0


def current(page: str) -> str:
    """The page with its two tables as action.yml has them."""
    action: dict[str, Any] = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    return _replaced(_replaced(page, "inputs", inputs_table(action)), "outputs", outputs_table(action))


def inputs_table(action: Mapping[str, Any]) -> str:
    """One row an input."""
    rows = [
        f"| `{name}` | {_default(each['default'])}| {each['description']} |\n"
        for name, each in action["inputs"].items()
    ]
    return "".join(["| input | default | what it is |\n|---|---|---|\n", *rows])


def outputs_table(action: Mapping[str, Any]) -> str:
    """One row an output."""
    rows = [f"| `{name}` | {each['description']} |\n" for name, each in action["outputs"].items()]
    return "".join(["| output | what it is |\n|---|---|\n", *rows])


def _default(text: str) -> str:
    return f"`{text}` " if text else ""


def _replaced(page: str, name: str, table: str) -> str:
    start, end = f"<!-- {name}:start -->\n", f"<!-- {name}:end -->"
    head, found, rest = page.partition(start)
    if not found:
        sys.exit(f"the page has no place for {name}: {start.strip()}")
    return f"{head}{start}{table}{end}{rest.partition(end)[2]}"


if __name__ == "__main__":
    sys.exit(main())
