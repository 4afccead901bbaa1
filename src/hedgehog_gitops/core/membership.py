"""A gateway peering names a group of gateways, and admission asks that somebody is in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text


def members_needed(
    written: Mapping[ObjectKey, JsonObject], graph: Mapping[ObjectKey, Collection[ObjectKey]]
) -> Iterator[tuple[ObjectKey, frozenset[ObjectKey]]]:
    """Each written gateway peering whose group has no member but written ones, and these."""
    peerings = {key: as_text(spec.get("gatewayGroup")) for key, spec in written.items() if key.kind == "GatewayPeering"}
    if not peerings:
        return
    standing = {group.name for key in graph if key.kind == "Gateway" and key not in written for group in graph[key]}
    coming = {key: _groups(spec) for key, spec in written.items() if key.kind == "Gateway"}
    for peering, group in peerings.items():
        if group not in standing:
            yield peering, frozenset(gateway for gateway, groups in coming.items() if group in groups)


def _groups(gateway: JsonObject) -> set[str]:
    return {as_text(as_object(entry).get("name")) for entry in as_list(gateway.get("groups"))}
