"""The order of writes: what a write waits for, and waves of one NetBox kind each, so that they can be sent in bulk.

Release first, claim second: what goes is gone before anything takes its place.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Collection, Iterator, Mapping

from hedgehog_gitops.core.netbox.comparing import MEMBER_KINDS
from hedgehog_gitops.core.waves import reverse
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.record import (
    CUSTOM_FIELDS,
    LATE_FIELDS,
    NETBOX,
    RECORD_KIND_BY_NAME,
    Record,
    is_reference,
    name_called,
)

Graph = Mapping[ObjectKey, frozenset[ObjectKey]]

_ENDS = ("a_terminations", "b_terminations")


def record_needs(records: Mapping[ObjectKey, Record]) -> Graph:
    """The records that each record refers to."""
    shared = {(key.kind, name_called(key.kind, each.fields)): key for key, each in records.items() if _is_shared(key)}
    return {key: frozenset(_referred(record, records, shared)) for key, record in records.items()}


def write_needs(
    writing: Mapping[ObjectKey, Record],
    going: Mapping[ObjectKey, LiveObject],
    live: Mapping[ObjectKey, LiveObject],
    graph: Graph,
) -> Graph:
    """What each write waits for: what it refers to, who still refers to what goes, and who holds what it wants."""
    leaving = _leaving(going, {key: found for key, found in live.items() if key in writing})
    holders = {claim: key for key, found in going.items() for claim in claims(key.kind, found.value)}
    needs: dict[ObjectKey, frozenset[ObjectKey]] = {}
    for key, record in writing.items():
        wanted = claims(key.kind, {**record.once, **record.fields})
        held = {holder for claim in wanted if (holder := holders.get(claim)) is not None and holder != key}
        needs[key] = frozenset((*(graph[key] & writing.keys()), *held))
    return {**needs, **{key: _without_circles(key, users, needs) for key, users in leaving.items()}}


def bulk_waves(
    keys: Collection[ObjectKey], needs: Graph, going: Collection[ObjectKey]
) -> tuple[tuple[ObjectKey, ...], ...]:
    """Waves in which all keys are of one kind and either go or are written; each needs only earlier ones."""
    within = set(keys)
    waiting = {key: within.intersection(needs.get(key, ())) for key in keys}
    users = reverse({key: frozenset(each) for key, each in waiting.items()})
    ready: dict[tuple[bool, int, str], list[ObjectKey]] = {}
    for key in sorted(waiting):
        if not waiting[key]:
            ready.setdefault(_place(key, going), []).append(key)
    made: list[tuple[ObjectKey, ...]] = []
    while waiting:
        wave = ready.pop(min(ready)) if ready else [min(waiting)]  # a circle: the side has the last word
        made.append(tuple(sorted(wave)))
        for key in wave:
            waiting.pop(key)
        for key in dict.fromkeys(user for each in wave for user in sorted(users.get(each, ()))):
            if key in waiting:
                waiting[key] -= set(wave)
                if not waiting[key]:
                    ready.setdefault(_place(key, going), []).append(key)
    return tuple(made)


def claims(kind: str, value: JsonObject) -> Iterator[str]:
    """What only one object of a kind can have at a time."""
    if kind == "dcim.cable":
        yield from (_text("port", end) for name in _ENDS for end in as_list(value.get(name)))
    for names in _UNIQUE.get(kind, ()):
        if all(value.get(name) is not None for name in names):
            yield _text(kind, [_claimed(name, value.get(name)) for name in names])


def _claimed(name: str, value: Json) -> Json:
    """A host is there once, whatever its network is called; and a network has one range."""
    if name == "address":
        return as_text(value).partition("/")[0]
    if name == "start_address":
        return str(ipaddress.ip_interface(as_text(value)).network)
    return value


_UNIQUE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "ipam.vlan": (("group", "vid"), ("group", "name")),
    "ipam.prefix": (("vrf", "prefix"),),
    "ipam.ipaddress": (("vrf", "address"),),
    "ipam.iprange": (("vrf", "start_address"),),
    "ipam.vlangroup": (("slug",),),
    "dcim.device": (("site", "name"),),
    "dcim.interface": (("device", "name"),),
}


def _place(key: ObjectKey, going: Collection[ObjectKey]) -> tuple[bool, int, str]:
    """Where a wave comes among those that are ready: what goes first, and that from the end of the write order."""
    order, is_going = RECORD_KIND_BY_NAME[key.kind].order, key in going
    return (not is_going, -order if is_going else order, key.kind)


def _leaving(going: Mapping[ObjectKey, LiveObject], written: Mapping[ObjectKey, LiveObject]) -> Graph:
    """Who must go, or be written, before each of these can go: whoever refers to it now."""
    needs: dict[ObjectKey, set[ObjectKey]] = {key: set() for key in going}
    for key, found in (*going.items(), *written.items()):
        for target in references(without_late(found.value) if key in going else found.value):
            if target in needs and target != key:
                needs[target].add(key)
    return {key: frozenset(each) for key, each in needs.items()}


def _without_circles(key: ObjectKey, users: frozenset[ObjectKey], needs: Graph) -> frozenset[ObjectKey]:
    """A VLAN goes before a port that gets the one in its place: NetBox takes it off the port by itself."""
    if key.kind != "ipam.vlan":
        return users
    return frozenset(user for user in users if not any(key in needs.get(each, ()) for each in needs.get(user, ())))


def without_late(fields: JsonObject) -> JsonObject:
    """Fields without those that NetBox empties by itself when what they refer to goes."""
    return {name: value for name, value in fields.items() if name not in LATE_FIELDS}


def references(value: Json) -> Iterator[ObjectKey]:
    """The records of ours that a value refers to."""
    if isinstance(value, list):
        for each in value:
            yield from references(each)
    elif isinstance(value, dict) and is_reference(value):
        if text := as_text(value.get("key")):
            yield key_called(as_text(value["ref"]), text)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name != "base":
                yield from references(each)


def key_called(kind: str, text: str) -> ObjectKey:
    """The key of a record by what references call it: `<Kind>/<namespace>/<name>[#part]`."""
    owner, _, rest = text.partition("/")
    namespace, _, name = rest.partition("/")
    return ObjectKey(group=NETBOX, kind=kind, namespace=namespace, name=f"{owner}/{name}")


def _referred(
    record: Record, records: Mapping[ObjectKey, Record], shared: Mapping[tuple[str, str], ObjectKey]
) -> Iterator[ObjectKey]:
    yield from (key for key in references(without_late(record.fields)) if key in records and key != record.key)
    for name, members in record.members.items():
        kind = MEMBER_KINDS.get(name)
        for text in members:
            key = key_called(kind, text) if kind else shared.get(("extras.tag", f"slug:{text}"))
            if key is not None and key in records:
                yield key
    for value in (*record.fields.values(), *as_object(record.fields.get(CUSTOM_FIELDS)).values()):
        kind = as_text(as_object(value).get("ref")) if is_reference(value) else ""
        target = shared.get((kind, name_called(kind, as_object(value)))) if kind in RECORD_KIND_BY_NAME else None
        if target is not None and target != record.key:
            yield target


def _is_shared(key: ObjectKey) -> bool:
    return RECORD_KIND_BY_NAME[key.kind].is_shared


def _text(kind: str, value: Json) -> str:
    return f"{kind} {json.dumps(_bare(value), sort_keys=True)}"


def _bare(value: Json) -> Json:
    """A value with references by what names them, whatever else is shown of them."""
    if isinstance(value, dict) and is_reference(value):
        return [value["ref"], value.get("key") or value.get("slug") or value.get("id")]
    return [_bare(each) for each in value] if isinstance(value, list) else value
