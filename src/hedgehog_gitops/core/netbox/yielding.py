"""What NetBox decides, or nobody: such a field is set when an object is made, and is left as it is from then on.

Which record fields that is, two translations tell: one of all that git says, and one without what git does not decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hedgehog_gitops.core.authority import authority_of, field_path, is_yielded, without_yielded
from hedgehog_gitops.core.netbox.comparing import flat, found_at, members_of, nested
from hedgehog_gitops.core.netbox.pruning import is_ours, owner_of
from hedgehog_gitops.core.netbox.sequencing import record_needs
from hedgehog_gitops.core.netbox.translating import translate
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_object
from hedgehog_gitops.model.profile import Profile
from hedgehog_gitops.model.record import RECORD_KIND_BY_NAME, Record
from hedgehog_gitops.model.settings import Authority, Fabric, NetboxSettings

Specs = Mapping[ObjectKey, JsonObject]
Records = Mapping[ObjectKey, Record]

_NETWORKS = field_path("spec.subnets")

_TOLD = frozenset({Authority.GIT, Authority.CLUSTER})
"""Who decides about what NetBox is told."""


def told(fabric: Fabric, specs: Specs) -> dict[ObjectKey, JsonObject]:
    """The specs without kinds and fields about which NetBox decides, or nobody."""
    return {
        key: as_object(without_yielded({"spec": spec}, _taken_out(fabric, key.kind)).get("spec"))
        for key, spec in specs.items()
        if _is_told(fabric, key)
    }


def bare_records(
    fabric: Fabric, settings: NetboxSettings, specs: Specs, profiles: Mapping[str, Profile]
) -> dict[ObjectKey, Record]:
    """The records without what git does not decide."""
    found = translate(fabric.name, settings, told(fabric, specs), profiles).records
    numbers = [path for path in _yielded(fabric, "VPC") if _is_number(path)]
    return {key: _without_number(record, numbers) for key, record in found.items()}


def left_alone(
    fabric: Fabric, specs: Specs, whole: Records, live: Mapping[ObjectKey, LiveObject]
) -> frozenset[ObjectKey]:
    """What is ours in NetBox and no record of git's, and is not pruned, since git does not decide that.

    A network that NetBox decides keeps the name that it was made by, and git's new value is called by another.
    """
    names = {(key.kind, key.namespace, key.name) for key in specs}
    networks = is_yielded(_NETWORKS, _yielded(fabric, "IPv4Namespace"))
    found = []
    for key in live:
        if not is_ours(key) or key in whole:
            continue
        owner = owner_of(key)
        is_network = networks and owner.kind == "IPv4Namespace" and key.kind == "ipam.prefix"
        is_there = (owner.kind, owner.namespace, owner.name) in names
        if _authority(fabric, owner.kind) not in _TOLD or (is_network and is_there):
            found.append(key)
    return frozenset(found)


def yields(fabric: Fabric) -> bool:
    """True if there is anything about which NetBox decides, or nobody."""
    return any(authority not in _TOLD for authority in fabric.authority.values())


def with_theirs(
    fabric: Fabric, whole: Records, bare: Records, live: Mapping[ObjectKey, LiveObject]
) -> dict[ObjectKey, Record]:
    """The records of all that git says, with NetBox's own values where git does not decide.

    What is not there yet and is of a kind that NetBox decides about is not made; `bare` has nothing of such an object,
    nor of what git says of others that need it: that is shown once it is there.
    """
    kept: dict[ObjectKey, Record] = {}
    needs = record_needs(whole)
    for key, record in whole.items():
        own, found = bare.get(key), live.get(key)
        if found is not None and _is_gits(fabric, key) and all(each in live or each in bare for each in needs[key]):
            kept[key] = record
        elif found is not None:
            kept[key] = _as_found(record, own, found)
        elif own is not None or (_is_part_of_told(key, bare) and not _is_network_there(key, live)):
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


def _is_gits(fabric: Fabric, key: ObjectKey) -> bool:
    """True of what shows an object of a kind that git decides with all its fields."""
    kind = owner_of(key).kind
    return _authority(fabric, kind) in _TOLD and not _yielded(fabric, kind)


def _is_part_of_told(key: ObjectKey, bare: Records) -> bool:
    """True of a part of an object that is shown all the same: then only a field of it is NetBox's."""
    whole = key.name.partition("#")[0]
    return any(each.name.partition("#")[0] == whole for each in bare)


def _is_network_there(key: ObjectKey, live: Mapping[ObjectKey, LiveObject]) -> bool:
    """True of a network of an IPv4Namespace that has networks in NetBox: it is one of those, under another name."""
    owner = owner_of(key)
    if owner.kind != "IPv4Namespace" or key.kind != "ipam.prefix":
        return False
    return any(each.kind == key.kind and is_ours(each) and owner_of(each) == owner for each in live)


def _is_number(path: FieldPath) -> bool:
    return path[:2] == ("spec", "subnets") and path[3:] == ("vlan",)


def _without_number(record: Record, numbers: Sequence[FieldPath]) -> Record:
    """A subnet's VLAN is there whoever decides its number, so that what is attached to the subnet is shown."""
    owner, part = owner_of(record.key), record.key.name.partition("#vlan/")[2]
    if record.key.kind != "ipam.vlan" or owner.kind != "VPC":
        return record
    if not is_yielded(("spec", "subnets", part, "vlan"), tuple(numbers)):
        return record
    return replace(record, fields={name: each for name, each in record.fields.items() if name != "vid"})


def _authority(fabric: Fabric, kind: str) -> Authority:
    return fabric.authority.get(kind, fabric.authority.get("default", Authority.GIT))


def _is_told(fabric: Fabric, key: ObjectKey) -> bool:
    return authority_of(fabric, kind_of(key)) in _TOLD


def _taken_out(fabric: Fabric, kind: str) -> tuple[FieldPath, ...]:
    return tuple(path for path in _yielded(fabric, kind) if kind != "VPC" or not _is_number(path))


def _yielded(fabric: Fabric, kind: str) -> tuple[FieldPath, ...]:
    prefix = f"{kind}/"
    return tuple(
        field_path(name.removeprefix(prefix))
        for name, authority in sorted(fabric.authority.items())
        if name.startswith(prefix) and authority not in _TOLD
    )
