"""The addresses that the fabric keeps for itself."""

from __future__ import annotations

from functools import lru_cache

from hedgehog_gitops.core.addresses import Prefix, prefix
from hedgehog_gitops.model.settings import FabricConstants


def reserved_by(network: Prefix, constants: FabricConstants) -> str | None:
    """The first reserved subnet that shares addresses with a network, in words; None if there is none."""
    for name, reserved in reserved_subnets(constants):
        if network.first <= reserved.last and reserved.first <= network.last and network.version == reserved.version:
            return name
    return None


def reserved_subnets(constants: FabricConstants) -> tuple[tuple[str, Prefix], ...]:
    """Each reserved subnet in words, with its network."""
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
def _parsed(*texts: str) -> tuple[tuple[str, Prefix], ...]:
    named = ((f"the {name} subnet {text}", prefix(text)) for name, text in zip(_NAMES, texts, strict=True))
    return tuple((name, network) for name, network in named if network is not None)
