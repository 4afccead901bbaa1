"""What NetBox decides, or nobody: such a field is set when an object is made, and is left as it is from then on.

Which record fields that is, two translations tell: one of all that git says, and one without what git does not decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hedgehog_gitops.core.authority import authority_of, field_path, without_yielded
from hedgehog_gitops.core.netbox.comparing import flat, found_at, members_of, nested
from hedgehog_gitops.core.netbox.sequencing import record_needs
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_object
from hedgehog_gitops.model.record import RECORD_KIND_BY_NAME, Record
from hedgehog_gitops.model.settings import Authority, Fabric

Specs = Mapping[ObjectKey, JsonObject]
Records = Mapping[ObjectKey, Record]

_TOLD = frozenset({Authority.GIT, Authority.CLUSTER})
"""Who decides about what NetBox is told."""


def told(fabric: Fabric, specs: Specs) -> dict[ObjectKey, JsonObject]:
    """The specs without kinds and fields about which NetBox decides, or nobody."""
    return {
        key: as_object(without_yielded({"spec": spec}, _yielded(fabric, key.kind)).get("spec"))
        for key, spec in specs.items()
        if _is_told(fabric, key)
    }


def yields(fabric: Fabric) -> bool:
    """True if there is anything about which NetBox decides, or nobody."""
    return any(authority not in _TOLD for authority in fabric.authority.values())


def with_theirs(whole: Records, bare: Records, live: Mapping[ObjectKey, LiveObject]) -> dict[ObjectKey, Record]:
    """The records of all that git says, with NetBox's own values where git does not decide.

    What is not there yet and is of a kind that NetBox decides about is not made; `bare` has nothing of such an object.
    """
    kept: dict[ObjectKey, Record] = {}
    for key, record in whole.items():
        own, found = bare.get(key), live.get(key)
        if found is not None:
            kept[key] = _as_found(record, own, found)
        elif own is not None or _is_part_of_told(key, bare):
            kept[key] = record
    return {**kept, **_shared(whole, kept)}


def _shared(whole: Records, kept: Records) -> dict[ObjectKey, Record]:
    """What belongs to no fabric and is needed all the same, since what is kept refers to it."""
    graph, found, waiting = record_needs({**whole, **kept}), dict[ObjectKey, Record](), [*kept]
    while waiting:
        for key in graph[waiting.pop()] - kept.keys() - found.keys():
            if RECORD_KIND_BY_NAME[key.kind].is_shared:
                found[key] = whole[key]
                waiting.append(key)
    return found


def _as_found(record: Record, own: Record | None, found: LiveObject) -> Record:
    if own is not None and own.fields == record.fields and own.members == record.members:
        return record
    said, ours = flat(record.fields), flat({} if own is None else own.fields)
    theirs = {path: found_at(found.value, path) for path in said if path not in ours or said[path] != ours[path]}
    members = {
        name: (wanted & members_of(found, name)) | (frozenset() if own is None else own.members.get(name, frozenset()))
        for name, wanted in record.members.items()
    }
    return replace(record, fields=nested({**said, **theirs}), members=members)


def _is_part_of_told(key: ObjectKey, bare: Records) -> bool:
    """True of a part of an object that is shown all the same: then only a field of it is NetBox's."""
    whole = key.name.partition("#")[0]
    return any(each.name.partition("#")[0] == whole for each in bare)


def _is_told(fabric: Fabric, key: ObjectKey) -> bool:
    return authority_of(fabric, kind_of(key)) in _TOLD


def _yielded(fabric: Fabric, kind: str) -> tuple[FieldPath, ...]:
    prefix = f"{kind}/"
    return tuple(
        field_path(name.removeprefix(prefix))
        for name, authority in sorted(fabric.authority.items())
        if name.startswith(prefix) and authority not in _TOLD
    )
