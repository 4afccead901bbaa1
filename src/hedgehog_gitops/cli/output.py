"""Where a result goes: stdout, or the file of `-o`."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path


def chosen_format(args: Namespace) -> str:
    """The format asked for; inside a GitHub workflow annotations are the default."""
    default = "github" if os.environ.get("GITHUB_ACTIONS") == "true" and not args.output else "text"
    return args.format or default


def write_result(args: Namespace, text: str) -> None:
    """Print the result, or write it to the file of `-o`."""
    if args.output:
        Path(args.output).write_text(text, encoding="utf-8")
        return
    sys.stdout.write(text)
    sys.stdout.flush()


def note(text: str) -> None:
    """A line for the person at the terminal, beside the result."""
    print(text, file=sys.stderr)
