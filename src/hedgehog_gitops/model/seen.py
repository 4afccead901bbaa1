"""What a cheap look from outside says, between two runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Where git's branch is now, and a digest of each side by its name. What is empty or absent is not known."""

    head: str = ""
    sides: Mapping[str, str] = field(default_factory=dict)


UNSEEN = Seen()
"""Nobody has looked."""
