"""Ports around their cables: NetBox moves a port's version whenever a cable comes or goes, and that is our own doing.

Whoever changes a port later in the same run expects the version that the look saw. So ports are looked at before and
after their cables are written: one that was as the look saw it is taken to be as it is now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hedgehog_gitops.adapters.netbox.listing import joined, lookups, read_list
from hedgehog_gitops.adapters.netbox.places import TERMINATIONS, Known
from hedgehog_gitops.adapters.netbox.transport import Transport, row_id
from hedgehog_gitops.adapters.netbox.versions import version_of
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object

PORT = "dcim.interface"


def ends_of(cable: JsonObject) -> set[int]:
    """The ids of the ports that a cable's row ends on."""
    ends = [as_object(end) for name in TERMINATIONS for end in as_list(cable.get(name))]
    return {end["object_id"] for end in ends if end.get("object_type") == PORT and isinstance(end["object_id"], int)}


def port_versions(transport: Transport, ports: Iterable[int]) -> Mapping[int, str]:
    """The versions of ports as they are now."""
    queries = lookups("id", map(str, ports))
    found = joined(read_list(transport, "dcim/interfaces", query, ("id", "last_updated")) for query in queries)
    return {row_id(row): version_of(row) for row in found.rows}


def accept(before: Mapping[int, str], after: Mapping[int, str], known: Known) -> None:
    """Ports that were as the look saw them have moved by our cables only."""
    for port, version in before.items():
        if version == known.expected(PORT, port) and port in after:
            known.wrote(PORT, port, after[port])
