"""What one release of Hedgehog's fabric API knows: the form of each kind, and the models of switch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from hedgehog_gitops.model.plain import JsonObject

if TYPE_CHECKING:
    from hedgehog_gitops.model.profile import Profile


class Release(NamedTuple):
    """Schemas by (group, kind), and all switch profiles by name, of every family."""

    schemas: Mapping[tuple[str, str], JsonObject]
    profiles: Mapping[str, Profile]
