"""Networks, addresses and hardware addresses as Go parses them: what parses there parses here, and nothing else."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple

_IPV4, _BITS, _OCTET = 4, 32, 255
_PLAIN = re.compile(r"%s\.%s\.%s\.%s(?:/(0|[1-9][0-9]?))?\Z" % (("(0|[1-9][0-9]{0,2})",) * 4))
"""The usual form, which is read several times faster than by the standard library; the rest is left to it."""
_LENGTH = re.compile(r"/(?:0|[1-9][0-9]{0,2})\Z")


class Prefix(NamedTuple):
    """A parsed prefix. `address` is the address as written (host bits kept), `first` and `last` bound the network."""

    version: int
    address: int
    first: int
    last: int
    length: int

    def contains(self, address: Address) -> bool:
        """True if an address of the same family lies in the network."""
        return self.version == address.version and self.first <= address.value <= self.last

    def covers(self, other: Prefix) -> bool:
        """True if the other network is a part of this one, or equal."""
        return self.version == other.version and self.first <= other.first and other.last <= self.last

    def overlaps(self, other: Prefix) -> bool:
        """True if both networks share an address; networks of two families never do."""
        return self.version == other.version and self.first <= other.last and other.first <= self.last

    @property
    def is_canonical(self) -> bool:
        """True without host bits."""
        return self.address == self.first


class Address(NamedTuple):
    """A parsed address."""

    version: int
    value: int


@lru_cache(maxsize=200_000)
def prefix(text: str) -> Prefix | None:
    """`a.b.c.d/n` or its IPv6 form as Go's netip takes it; None for anything else."""
    if (plain := _PLAIN.match(text)) is not None and plain[5]:
        value, length = _value(plain), int(plain[5])
        if value is None or length > _BITS:
            return None
        size = 1 << (_BITS - length)
        first = value & -size
        return Prefix(_IPV4, value, first, first + size - 1, length)
    if not _LENGTH.search(text) or "%" in text:  # Go takes no mask, no leading zero and no zone
        return None
    try:
        parsed = ipaddress.ip_interface(text)
    except ValueError:
        return None
    network = parsed.network
    return Prefix(
        parsed.version,
        int(parsed.ip),
        int(network.network_address),
        int(network.broadcast_address),
        network.prefixlen,
    )


@lru_cache(maxsize=200_000)
def address(text: str) -> Address | None:
    """A plain address without a length; None for anything else."""
    if (plain := _PLAIN.match(text)) is not None and not plain[5]:
        value = _value(plain)
        return None if value is None else Address(_IPV4, value)
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    return Address(parsed.version, int(parsed))


def _value(plain: re.Match[str]) -> int | None:
    one, two, three, four = map(int, plain.groups()[:4])
    if one > _OCTET or two > _OCTET or three > _OCTET or four > _OCTET:
        return None
    return one << 24 | two << 16 | three << 8 | four


def address_text(version: int, value: int) -> str:
    """The address as people write it."""
    return str(ipaddress.IPv4Address(value) if version == _IPV4 else ipaddress.IPv6Address(value))


def hardware_address(text: str) -> str | None:
    """A MAC of 6, 8 or 20 bytes in lower-case colon form; None for anything else."""
    if not _HARDWARE_ADDRESS.match(text):
        return None
    digits = text.replace(":", "").replace("-", "").replace(".", "").lower()
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


_BYTES, _PAIRS = r"[0-9a-fA-F]{2}(?:%s[0-9a-fA-F]{2}){%d}", r"[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4}){%d}"
_FORMS = [_BYTES % (sign, size - 1) for sign in ":-" for size in (6, 8, 20)] + [
    _PAIRS % (size // 2 - 1) for size in (6, 8, 20)
]
_HARDWARE_ADDRESS = re.compile(rf"(?:{'|'.join(_FORMS)})\Z")
"""Six, eight or twenty bytes with colons or dashes, or two by two with dots."""
