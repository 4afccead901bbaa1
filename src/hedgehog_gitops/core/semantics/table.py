"""Which functions judge a kind. A room is loaded when one of its kinds is judged: most changes are about one room."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from hedgehog_gitops.core.semantics.judges import Alone, Together
from hedgehog_gitops.model.kind import GATEWAY, KINDS, VPC, WIRING

_GROUPS = {kind.kind: kind.group for kind in KINDS}


class Room(NamedTuple):
    """The judges of a group of kinds, by kind."""

    alone: Mapping[str, Alone]
    together: Mapping[str, Together]


@cache
def room_of(kind: str) -> Room:
    """The room in which a kind is judged; an empty one for a kind that admission has nothing to say about."""
    group = _GROUPS.get(kind)
    if group == WIRING:
        from hedgehog_gitops.core.semantics import wiring_room  # noqa: PLC0415 - see above

        return Room(wiring_room.ALONE, wiring_room.TOGETHER)
    if group == VPC:
        from hedgehog_gitops.core.semantics import vpc_room  # noqa: PLC0415 - see above

        return Room(vpc_room.ALONE, vpc_room.TOGETHER)
    if group == GATEWAY:
        from hedgehog_gitops.core.semantics import gateway_room  # noqa: PLC0415 - see above

        return Room(gateway_room.ALONE, gateway_room.TOGETHER)
    return Room({}, {})
