"""Keeps the values of secrets out of whatever is written, also where a file or a side repeats them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

SHORTEST = 8
"""Shorter values are words that mean something elsewhere too; masking those would hide half of the log."""
HIDDEN = "***"


def worth_hiding(values: Collection[str]) -> tuple[str, ...]:
    """The values, and their single lines, that are long enough; the longest first."""
    lines = {line.strip() for value in values for line in (value, *value.splitlines())}
    return tuple(sorted((line for line in lines if len(line) >= SHORTEST), key=lambda line: (-len(line), line)))


def without_secrets(text: str, secrets: Collection[str]) -> str:
    """The text with each of these values hidden."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def named_secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    """The values of variables whose names say that they are secret."""
    return tuple(value for name, value in sorted(env.items()) if name.upper().endswith(_ENDINGS))


_ENDINGS = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "_KEY", "CREDENTIALS")
