"""Ports as gateway peerings write them: `80` or `8000-8080`."""

from __future__ import annotations

import re

PORT_HINT = 'write a port like "80", or a range like 8000-8080'
"""How ports are written."""

_NUMBER = re.compile(r"[+-]?[0-9]+\Z")
_HIGHEST = 65535


def port_fault(text: str) -> str:
    """What is wrong with a port or a range of ports; empty text if nothing is."""
    if not text:
        return "a port is required"
    if text.strip() != text or "," in text:
        return f"{text!r} is neither a port nor a range, without blanks around it and without commas"
    numbers = [_port(part.strip()) for part in text.split("-")] if "-" in text else [_port(text)]
    if len(numbers) > 2 or None in numbers:  # noqa: PLR2004 - start and end
        return f"{text!r} is neither a port from 1 to {_HIGHEST} nor a range like 8000-8080"
    first, last = numbers[0] or 0, numbers[-1] or 0
    return f"the range {text!r} ends before it starts" if first > last else ""


def _port(text: str) -> int | None:
    """The number as Go reads it: a sign and leading zeros are taken."""
    if not _NUMBER.match(text):
        return None
    number = int(text) if len(text) <= 40 else 0  # noqa: PLR2004 - longer ones are none of 16 bits
    return number if 1 <= number <= _HIGHEST else None
