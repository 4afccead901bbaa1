"""The addresses that the fabric keeps for itself."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from hedgehog_gitops.core.addresses import Prefix, prefix
from hedgehog_gitops.model.settings import FabricConstants


class _Reserved(NamedTuple):
    """Each reserved subnet in words with its network, and the bounds of all."""

    named: tuple[tuple[str, Prefix], ...]
    first: int
    last: int


def reserved_by(network: Prefix, constants: FabricConstants) -> str | None:
    """The first reserved subnet that shares addresses with a network, in words; None if there is none."""
    reserved = _reserved(constants)
    if network.last < reserved.first or network.first > reserved.last:
        return None
    return next((name for name, each in reserved.named if each.overlaps(network)), None)


def reserved_subnets(constants: FabricConstants) -> tuple[tuple[str, Prefix], ...]:
    """Each reserved subnet in words, with its network."""
    return _reserved(constants).named


def _reserved(constants: FabricConstants) -> _Reserved:
    return _parsed(
        constants.management_subnet,
        constants.fabric_subnet,
        constants.protocol_subnet,
        constants.vtep_subnet,
        constants.workaround_subnet,
        constants.mclag_session_subnet,
        constants.proxy_external_subnet,
    )


_NAMES = ("management", "fabric", "protocol", "VTEP", "workaround", "MCLAG session", "proxy external")


@lru_cache(maxsize=16)
def _parsed(*texts: str) -> _Reserved:
    named = ((f"the {name} subnet {text}", prefix(text)) for name, text in zip(_NAMES, texts, strict=True))
    read = tuple((name, network) for name, network in named if network is not None)
    first = min((network.first for _, network in read), default=0)
    return _Reserved(read, first, max((network.last for _, network in read), default=-1))
