"""The hidden mark by which we know our own comments and issues again: what they are about, and which run wrote them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_MARK = re.compile(r"<!-- hedgehog-gitops: (\{[^<>\n]*\}) -->")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`about` and `key` say what a text is about; `head`, `plan` and `run` which version of it this is."""

    about: str
    key: str
    head: str = ""
    plan: str = ""
    run: int = 0
    digest: str = ""

    @property
    def subject(self) -> tuple[str, str]:
        """What two versions of one text have in common."""
        return (self.about, self.key)


def mark_text(mark: Mark) -> str:
    """The mark as a comment of HTML; nothing in it can end the comment."""
    value = {name: getattr(mark, name) for name in ("about", "key", "head", "plan", "run", "digest")}
    text = json.dumps(value, ensure_ascii=True)
    return f"<!-- hedgehog-gitops: {_harmless(text)} -->"


def mark_of(body: str) -> Mark | None:
    """The mark at the start of a text; None if it has none, or one that a person has changed."""
    found = _MARK.match(body)
    if found is None:
        return None
    try:
        value = json.loads(found[1])
        return Mark(**{name: value[name] for name in ("about", "key", "head", "plan", "run", "digest")})
    except (ValueError, KeyError, TypeError):
        return None


def _harmless(text: str) -> str:
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.replace("--", "-\\u002d")
