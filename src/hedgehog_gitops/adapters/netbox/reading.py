"""One look at NetBox: a list for each kind, asked for by our mark and checked by it again, and the twins beside."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from hedgehog_gitops.adapters.netbox.answers import elsewhere, is_redirect, row_id
from hedgehog_gitops.adapters.netbox.apart import CABLE, add_ends, add_former, add_tags
from hedgehog_gitops.adapters.netbox.listing import Listing, joined, lookups, read_list
from hedgehog_gitops.adapters.netbox.live import Marks, live_object
from hedgehog_gitops.adapters.netbox.moving_along import DEVICE, PORT, ends_of, primaries_of, untagged_ports
from hedgehog_gitops.adapters.netbox.places import TERMINATIONS, Known, own_name
from hedgehog_gitops.adapters.netbox.scope import Found, Scope
from hedgehog_gitops.adapters.netbox.shown import SHOWN, shown_rows
from hedgehog_gitops.adapters.netbox.transport import Transport
from hedgehog_gitops.adapters.netbox.twins import Newborn, find_half_marked, find_twins
from hedgehog_gitops.adapters.netbox.versions import version_of
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Doubt, LiveObject, LiveSide, SideName, doubted
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.record import (
    NETBOX,
    RECORD_KIND_BY_NAME,
    RECORD_KINDS,
    Record,
    RecordKind,
    mark_of,
    name_called,
)

_AT_ONCE = 4
_TEMPLATE = "dcim.interfacetemplate"
_MANY = 200


def look(
    transport: Transport, fabric: str, marks: Marks, wanted: Sequence[Record], ours: Collection[ObjectKey], known: Known
) -> tuple[LiveSide, Newborn, Scope]:
    """Everything of the fabric that NetBox shows and the twins of what is wanted; beside, what came with devices."""
    deadline = time.monotonic() + transport.patience.look
    scope = Scope(fabric=fabric, marks=marks, wanted=_by_kind(wanted), deadline=deadline)
    found = Found()
    known.looked()
    concerned = {*scope.wanted, *(key.kind for key in ours)}
    own = [kind for kind in _marked_kinds(transport, scope, found) if kind.name in concerned]
    listings = _read_all(transport, scope, own, found, known)
    _check_reachable(listings, transport.url)
    if not own:  # no custom field was found either
        _check_address(listings, transport.url)
    find_half_marked(transport, scope, ours, found, known)
    add_ends(transport, scope, found)
    known.plugged |= {row_id(row): ends_of(row) for row in found.rows.get(CABLE, ())}
    known.primary |= {address: row_id(row) for row in found.rows.get(DEVICE, ()) for address in primaries_of(row)}
    add_tags(transport, scope, found)
    add_former(transport, scope, found)
    known.untagged |= untagged_ports(found.rows.get(PORT, ()))
    if _TEMPLATE in scope.wanted:
        found.take(_TEMPLATE, _read_templates(transport, scope, known))
        _name_templates(scope, found, known)
    proven = _judge_missing(transport, scope, ours, found)
    newborn = find_twins(transport, scope, found, known)
    objects = [_object(kind, row, found, known, marks) for kind, row in found.each() if not newborn.has(kind, row)]
    side = LiveSide(
        side=SideName.NETBOX,
        objects={each.key: each for each in objects},
        unknown=found.unknown,
        proven=proven,
        requests=found.requests,
    )
    return side, newborn, scope


def _read_all(
    transport: Transport, scope: Scope, own: Sequence[RecordKind], found: Found, known: Known
) -> list[Listing]:
    """The lists of our own kinds, and of those shared ones of which not everything is shown inside of other rows."""
    shared = [kind for kind in RECORD_KINDS if kind.is_shared and kind.name in scope.wanted and kind.name != _TEMPLATE]
    first = [*own, *(kind for kind in shared if kind.name not in SHOWN)]
    listings = _read_kinds(transport, scope, first, found, known)
    for name, rows in (there := shown_rows(scope, found)).items():
        found.take(name, Listing(rows=tuple(rows)))
        _name_rows(scope, RECORD_KIND_BY_NAME[name], found, known)
    rest = [kind for kind in shared if kind.name in SHOWN and kind.name not in there]
    return listings + _read_kinds(transport, scope, rest, found, known)


def _by_kind(wanted: Sequence[Record]) -> Mapping[str, Sequence[Record]]:
    kinds: dict[str, list[Record]] = {}
    for record in wanted:
        kinds.setdefault(record.key.kind, []).append(record)
    return kinds


def _marked_kinds(transport: Transport, scope: Scope, found: Found) -> list[RecordKind]:
    """Kinds that have our custom fields. Without a mark, its filter is ignored, and every object would look like ours.

    Without another one that a record wants, NetBox would refuse every request with that record.
    """
    needed = {kind.name: scope.custom_fields(kind.name) for kind in RECORD_KINDS if not kind.is_shared}
    names = sorted({name for each in needed.values() for name in each})
    fields = ("id", "name", "object_types", "filter_logic")
    listing = read_list(transport, "extras/custom-fields", [("name", name) for name in names], fields, scope.deadline)
    _check_reachable([listing], transport.url)
    found.requests += listing.requests
    types = {as_text(row.get("name")): set(map(as_text, as_list(row.get("object_types")))) for row in listing.rows}
    own = [kind for kind in RECORD_KINDS if not kind.is_shared]
    lacking = {kind: [name for name in needed[kind.name] if kind.name not in types.get(name, ())] for kind in own}
    for kind, missing in lacking.items():
        if missing:
            lacks = f"NetBox has no custom fields {', '.join(missing)} on {kind.name}; `doctor --setup` makes them"
            found.unknown[NETBOX, kind.name] = listing.reason or doubted(Doubt.NOT_SERVED, lacks)
    return [kind for kind in own if not lacking[kind]]


def _read_kinds(
    transport: Transport, scope: Scope, kinds: Sequence[RecordKind], found: Found, known: Known
) -> list[Listing]:
    """The list of each of these kinds, and which of its rows are which object."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        listings = list(pool.map(lambda kind: _read_kind(transport, scope, kind), kinds))
    for kind, listing in zip(kinds, listings, strict=True):
        found.take(kind.name, listing)
        _name_rows(scope, kind, found, known)
    return listings


def _read_kind(transport: Transport, scope: Scope, kind: RecordKind) -> Listing:
    if not kind.is_shared:
        query = [(f"cf_{scope.marks.fabric}", scope.fabric)]
        fields = [name for name in scope.fields(kind.name) if name not in TERMINATIONS]
        return read_list(transport, kind.endpoint, query, fields, scope.deadline)
    fields = [name for name in scope.fields(kind.name) if name != "custom_fields"]
    values = {str(record.fields.get(kind.called_by)) for record in scope.wanted[kind.name]}
    parts = [
        read_list(transport, kind.endpoint, query, [*fields, kind.called_by], scope.deadline)
        for query in lookups(kind.called_by, values)
    ]
    return joined(parts)


def _read_templates(transport: Transport, scope: Scope, known: Known) -> Listing:
    """The interfaces that device types have; those of a type that is not there yet are not there either."""
    types = {known.id_of("dcim.devicetype", _type_of(record)) for record in scope.wanted[_TEMPLATE]} - {None}
    fields = [name for name in scope.fields(_TEMPLATE) if name != "custom_fields"]
    parts = [
        read_list(transport, "dcim/interface-templates", query, fields, scope.deadline)
        for query in lookups("device_type_id", map(str, types))
    ]
    return joined(parts)


def _name_rows(scope: Scope, kind: RecordKind, found: Found, known: Known) -> None:
    """Say which rows are which object of ours. What a filter let pass and is not ours is no part of the look."""
    if kind.is_shared:
        by_name = {name_called(kind.name, record.fields): record.key for record in scope.wanted[kind.name]}
        for row in found.rows[kind.name]:
            name = name_called(kind.name, row)
            known.learn(kind.name, name, row_id(row))
            if name in by_name:
                found.name(kind.name, row, by_name[name])
        return
    kept: list[JsonObject] = []
    seen: dict[ObjectKey, JsonObject] = {}
    for row in found.rows[kind.name]:
        if scope.marks.fabric_of(row) != scope.fabric:
            continue
        kept.append(row)
        key = scope.marks.own_key(kind.name, scope.fabric, row)
        if key is not None and key in seen:  # two parallel creates can both pass NetBox's check
            text = (
                f"{row_id(seen[key])} and {row_id(row)} have the same mark, {scope.marks.of(row)}; delete one of them"
            )
            found.unknown[NETBOX, kind.name] = doubted(Doubt.MALFORMED, f"{kind.name}: {text}")
        elif key is not None:
            seen[key] = row
            found.name(kind.name, row, key)
            known.learn(kind.name, own_name(key), row_id(row))
            known.saw(kind.name, row_id(row), version_of(row))
    found.rows[kind.name] = kept


def _name_templates(scope: Scope, found: Found, known: Known) -> None:
    wanted = {
        (known.id_of("dcim.devicetype", _type_of(record)), as_text(record.fields.get("name"))): record.key
        for record in scope.wanted[_TEMPLATE]
    }
    for row in found.rows[_TEMPLATE]:
        place = (as_object(row.get("device_type")).get("id"), as_text(row.get("name")))
        if (key := next((each for at, each in wanted.items() if at == place), None)) is not None:
            found.name(_TEMPLATE, row, key)


def _type_of(record: Record) -> str:
    return f"slug:{as_text(as_object(record.fields.get('device_type')).get('slug'))}"


def _judge_missing(
    transport: Transport, scope: Scope, ours: Collection[ObjectKey], found: Found
) -> frozenset[tuple[str, str]]:
    """Kinds of which nothing of ours is left, and NetBox's change log says that it was deleted.

    If it does not, an account that may not see our objects would look like their deletion: the kind is unknown.
    """
    seen = set(found.keys.values())
    proven: set[tuple[str, str]] = set()
    for kind in sorted({key.kind for key in ours}):
        mine = [key for key in ours if key.kind == kind]
        if (NETBOX, kind) in found.unknown or any(key in seen for key in mine):
            continue
        query: list[tuple[str, str | int]] = [("action", "delete"), ("changed_object_type", kind)]
        fields = ("id", "prechange_data")
        listing = read_list(transport, "core/object-changes", query, fields, scope.deadline)
        found.requests += listing.requests
        gone = {scope.marks.of(as_object(row.get("prechange_data"))) for row in listing.rows}
        if all(mark_of(scope.fabric, key) in gone for key in mine[:_MANY]):
            proven.add((NETBOX, kind))
        else:
            text = f"the list has none of our {len(mine)} objects, and nothing says that they were deleted"
            advice = "give the account a view on them, see `doctor`"
            found.unknown[NETBOX, kind] = doubted(Doubt.CUT, f"{kind}: {text}; {advice}")
    return frozenset(proven)


def _object(kind: str, row: JsonObject, found: Found, known: Known, marks: Marks) -> LiveObject:
    return live_object(kind, row, found.keys.get((kind, row_id(row))), known, marks)


def _check_reachable(listings: Sequence[Listing], url: str) -> None:
    """A server that knows us not, or that never answered, has shown nothing at all."""
    for listing in listings:
        if listing.status == HTTPStatus.UNAUTHORIZED or (
            listing.status == HTTPStatus.FORBIDDEN and "token" in listing.reason.lower()
        ):
            reason = f"{url} does not accept the token ({listing.status})"
            raise UnreachableError(SideName.NETBOX, reason, "name a token that is valid in netbox.token_env")
    if listings and all(listing.category for listing in listings):
        raise UnreachableError(SideName.NETBOX, f"{url}: {listings[0].reason}", _ADVICE[listings[0].category])


def _check_address(listings: Sequence[Listing], url: str) -> None:
    """A server that has no list at all is not NetBox, or not where NetBox is on it."""
    if listings and all(each.status == HTTPStatus.NOT_FOUND or is_redirect(each.status) for each in listings):
        status = listings[0].status
        raise UnreachableError(
            SideName.NETBOX, f"{url} answers {status} to all, which NetBox never does", elsewhere(status)
        )


_ADVICE = {
    "timeout": "check that the address is right and that NetBox is not overloaded",
    "connection": "check that NetBox runs and that the address is right",
    "tls": "name the certificate in netbox.ca_file; verification stays on",
}
