"""Lines of the files on disk that findings are about, for showing them to a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Where YAML ends a line; findings count lines this way."""


def lines_below(root: str) -> Callable[[str, int], str | None]:
    """A function that gives a line (from 1) of a file below a directory; None where there is none to read."""

    @lru_cache(maxsize=2)
    def lines(path: str) -> list[str]:
        try:
            return _LINE_END.split((Path(root) / path).read_text(encoding="utf-8-sig", errors="replace"))
        except (OSError, ValueError):
            return []

    def line_of(path: str, number: int) -> str | None:
        found = lines(path)
        return found[number - 1] if 0 < number <= len(found) else None

    return line_of
