"""What is costly in a list and is read apart: the ends of cables, and tags where few objects need them.

NetBox looks up each end of a cable on its own when it lists cables; the list of terminations has all of them at once,
nine times faster. Tags double the time of a list, and are only compared where some record has tags of ours. And fields
that were ours and are no record's any more: of a few objects, mostly of none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from hedgehog_gitops.adapters.netbox.answers import row_id
from hedgehog_gitops.adapters.netbox.listing import Listing, joined, lookups, read_list
from hedgehog_gitops.adapters.netbox.places import ENDPOINTS, GENERIC, TERMINATIONS
from hedgehog_gitops.adapters.netbox.scope import Found, Scope
from hedgehog_gitops.adapters.netbox.transport import Query, Transport
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.record import NETBOX, RECORD_KIND_BY_NAME

CABLE = "dcim.cable"
_AT_ONCE = 4
_ENDS = ("id", "cable", "cable_end", "termination_type", "termination_id")


def add_ends(transport: Transport, scope: Scope, found: Found) -> None:
    """Give the cables that were found their ends."""
    cables = {str(row_id(row)) for row in found.rows.get(CABLE, ())}
    if not cables or not set(TERMINATIONS) & set(scope.fields(CABLE)):
        return
    ends = _ends(transport, scope, cables, found)
    rows = [_ended(row, ends) for row in found.rows[CABLE]]
    # An account that may not view terminations, or not all of them: NetBox shows them with the cable all the same.
    bare = {str(row_id(row)) for row in rows if not all(row[name] for name in TERMINATIONS)}
    slow = _read(transport, scope, CABLE, bare, ("id", *TERMINATIONS))
    found.requests += slow.requests
    if slow.reason:
        found.unknown.setdefault((NETBOX, CABLE), slow.reason)
    shown = {row_id(row): row for row in slow.rows}
    found.rows[CABLE] = [{**row, **shown.get(row_id(row), {})} for row in rows]


def add_tags(transport: Transport, scope: Scope, found: Found) -> None:
    """Give tags to objects whose list came without, and of which they matter: they go, or had tags of ours."""
    for kind, rows in found.rows.items():
        if kind not in ENDPOINTS or scope.has_tags(kind):
            continue
        wanted = {record.key for record in scope.wanted.get(kind, ())}
        needed = {
            str(row_id(row))
            for row in rows
            if (key := found.keys.get((kind, row_id(row)))) is not None and (key not in wanted or _had_tags(row, scope))
        }
        listing = _read(transport, scope, kind, needed, ("id", "tags"))
        found.requests += listing.requests
        if listing.reason:
            found.unknown.setdefault((NETBOX, kind), listing.reason)
        tags = {row_id(row): row for row in listing.rows}
        found.rows[kind] = [{**row, **tags.get(row_id(row), {})} for row in rows]


def add_former(transport: Transport, scope: Scope, found: Found) -> None:
    """Give objects the fields that we wrote once and no record of their kind has now: they may have to be reset."""
    for kind, rows in found.rows.items():
        if kind not in ENDPOINTS or RECORD_KIND_BY_NAME[kind].is_shared:
            continue
        lists = {*scope.fields(kind), "tags"}
        former = {row_id(row): names for row in rows if (names := _written(row, scope) - lists)}
        fields = sorted({part for names in former.values() for name in names for part in _parts(name)})
        listing = _read(transport, scope, kind, map(str, former), ("id", *fields)) if former else Listing()
        found.requests += listing.requests
        if listing.reason:
            found.unknown.setdefault((NETBOX, kind), listing.reason)
        more = {row_id(row): row for row in listing.rows}
        found.rows[kind] = [{**row, **more.get(row_id(row), {})} for row in rows]


def _parts(name: str) -> tuple[str, ...]:
    return (f"{name}_type", f"{name}_id") if name in GENERIC else (name,)


def _written(row: JsonObject, scope: Scope) -> set[str]:
    """The names of what we last wrote to an object."""
    base = as_object(as_object(row.get("custom_fields")).get(scope.marks.base))
    return {*as_object(base.get("fields")), *as_object(base.get("members"))}


def _ends(
    transport: Transport, scope: Scope, cables: Iterable[str], found: Found
) -> Mapping[tuple[int, str], list[JsonObject]]:
    queries = list(lookups("cable_id", cables))
    listing = _many(transport, scope, "dcim/cable-terminations", queries, _ENDS)
    found.requests += listing.requests
    ends: dict[tuple[int, str], list[JsonObject]] = {}
    for row in listing.rows if not listing.reason else ():
        cable, side = row.get("cable"), row.get("cable_end")
        if isinstance(cable, int) and isinstance(side, str):
            end: JsonObject = {"object_type": row.get("termination_type"), "object_id": row.get("termination_id")}
            ends.setdefault((cable, side), []).append(end)
    return ends


def _ended(row: JsonObject, ends: Mapping[tuple[int, str], list[JsonObject]]) -> JsonObject:
    return {**row, **{name: [*ends.get((row_id(row), name[0].upper()), ())] for name in TERMINATIONS}}


def _had_tags(row: JsonObject, scope: Scope) -> bool:
    base = as_object(as_object(row.get("custom_fields")).get(scope.marks.base))
    return bool(as_object(base.get("members")).get("tags"))


def _read(transport: Transport, scope: Scope, kind: str, ids: Iterable[str], fields: Sequence[str]) -> Listing:
    return _many(transport, scope, ENDPOINTS[kind], list(lookups("id", ids)), fields)


def _many(
    transport: Transport, scope: Scope, endpoint: str, queries: Sequence[Query], fields: Sequence[str]
) -> Listing:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        parts = pool.map(lambda query: read_list(transport, endpoint, query, fields, scope.deadline), queries)
        return joined(parts)
