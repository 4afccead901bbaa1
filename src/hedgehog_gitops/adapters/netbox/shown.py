"""What belongs to no fabric and is shown inside of other rows: it is there, and needs no list of its own."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.adapters.netbox.places import kind_at
from hedgehog_gitops.adapters.netbox.scope import Found, Scope
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.record import name_called

SHOWN = frozenset({"dcim.manufacturer", "dcim.devicerole", "dcim.devicetype", "ipam.rir"})
"""Kinds that others show: a device its role and type, a type its manufacturer, an ASN its registry."""

_SHOWING = ("dcim.device", "ipam.asn")


def shown_rows(scope: Scope, found: Found) -> dict[str, list[JsonObject]]:
    """What is shown of each kind of which everything that is wanted is shown."""
    seen: dict[str, dict[str, JsonObject]] = {}
    for row in (row for kind in _SHOWING for row in found.rows.get(kind, ())):
        for kind, inside in _inside(row):
            seen.setdefault(kind, {})[name_called(kind, inside)] = inside
    wanted = {
        kind: {name_called(kind, record.fields) for record in scope.wanted[kind]}
        for kind in SHOWN & scope.wanted.keys()
    }
    return {
        kind: [seen[kind][name] for name in sorted(names)]
        for kind, names in wanted.items()
        if names <= seen.get(kind, {}).keys()
    }


def _inside(row: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    for value in row.values():
        if isinstance(value, dict) and "id" in value and (kind := kind_at(value.get("url"))):
            if kind in SHOWN:
                yield kind, value
            yield from _inside(value)
