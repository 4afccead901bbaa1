"""What NetBox needs before a fabric can be shown there, and what is wrong where it is missing. Decisions only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from hedgehog_gitops.model.access import CustomField, NetboxAccess, Right
from hedgehog_gitops.model.health import Grade, Health
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.record import RECORD_KINDS
from hedgehog_gitops.model.settings import Fabric, NetboxSettings

NETBOX_CHECK, FIELDS, RIGHTS, VIEW = "netbox", "netbox-fields", "netbox-permissions", "netbox-view"
TAG: Final = "hedgehog-managed"
OLDEST: Final = (4, 4)
"""The oldest NetBox that is spoken to."""

ROLES: Final = ("spine", "server-leaf", "border-leaf", "mixed-leaf", "server", "gateway")
MARKED: Final = tuple(kind.name for kind in RECORD_KINDS if not kind.is_shared)
SHARED: Final = tuple(kind.name for kind in RECORD_KINDS if kind.is_shared)
VERBS: Final = ("view", "add", "change", "delete")
LOOKED_AT: Final = ("dcim.site", "dcim.location", "extras.customfield", "core.objecttype", "core.objectchange")
"""What is read beside the records themselves."""

HANGING: Final = (
    "circuits.virtualcircuittermination",
    "dcim.consoleport",
    "dcim.consoleporttemplate",
    "dcim.consoleserverport",
    "dcim.consoleserverporttemplate",
    "dcim.devicebay",
    "dcim.devicebaytemplate",
    "dcim.frontport",
    "dcim.frontporttemplate",
    "dcim.inventoryitem",
    "dcim.inventoryitemtemplate",
    "dcim.macaddress",
    "dcim.modulebay",
    "dcim.modulebaytemplate",
    "dcim.poweroutlet",
    "dcim.poweroutlettemplate",
    "dcim.powerport",
    "dcim.powerporttemplate",
    "dcim.rearport",
    "dcim.rearporttemplate",
    "extras.imageattachment",
    "extras.journalentry",
    "ipam.fhrpgroupassignment",
    "ipam.service",
    "tenancy.contactassignment",
    "virtualization.vminterface",
    "vpn.l2vpn",
    "vpn.l2vpntermination",
    "vpn.tunneltermination",
)
"""What may hang on objects of ours, and is looked at before these are deleted."""

_WITH_ASN: Final = frozenset({"dcim.device", "ipam.ipaddress"})
_WITH_PEERINGS: Final = frozenset({"ipam.vrf"})
_WITH_CONNECTION: Final = frozenset({"dcim.interface"})
_WITH_REDUNDANCY: Final = frozenset({"dcim.device"})

_SETUP = "run `doctor --setup` with a token that may make custom fields"


def wanted_fields(settings: NetboxSettings) -> tuple[CustomField, ...]:
    """Our custom fields as they should be."""
    kinds = frozenset(MARKED)
    return (
        CustomField(name=settings.field("key"), type="text", kinds=kinds, is_unique=True),
        CustomField(name=settings.field("fabric"), type="text", kinds=kinds),
        CustomField(name=settings.field("base"), type="json", kinds=kinds, filter_logic="disabled"),
        CustomField(name=settings.field("asn"), type="object", kinds=_WITH_ASN, related="ipam.asn"),
        CustomField(name=settings.field("peerings"), type="json", kinds=_WITH_PEERINGS, filter_logic="disabled"),
        CustomField(name=settings.field("connection"), type="text", kinds=_WITH_CONNECTION),
        CustomField(name=settings.field("redundancy"), type="text", kinds=_WITH_REDUNDANCY),
    )


def wanted_rights() -> tuple[Right, ...]:
    """What a sync asks of NetBox."""
    own = [Right(verb, kind) for kind in MARKED for verb in VERBS]
    shared = [Right(verb, kind) for kind in SHARED for verb in ("view", "add")]
    return (*own, *shared, *(Right("view", kind) for kind in (*LOOKED_AT, *HANGING)))


def wanted_roles(settings: NetboxSettings) -> tuple[str, ...]:
    """The slugs of the device roles that devices are given."""
    return tuple(dict.fromkeys(settings.roles.get(role, role) for role in ROLES))


def field_body(field: CustomField) -> JsonObject:
    """A custom field as NetBox takes it; people see what we keep there, and do not edit it by accident."""
    related: JsonObject = {"related_object_type": field.related} if field.related else {}
    return {
        **related,
        "name": field.name,
        "type": field.type,
        "object_types": [*sorted(field.kinds)],
        "filter_logic": field.filter_logic,
        "unique": field.is_unique,
        "ui_editable": "no",
        "ui_visible": "if-set",
        "group_name": "hedgehog-gitops",
    }


def is_ready(wanted: CustomField, found: CustomField | None) -> bool:
    """True if a field is as it has to be."""
    return not list(_field_faults(wanted, found))


def permission_set(fabric: Fabric, settings: NetboxSettings) -> list[JsonObject]:
    """The least that a token needs, as NetBox's permissions.

    Views have no constraint: a person's object in the place of ours must be seen. Writes reach only what has our mark,
    and the ports that NetBox makes together with a device of ours.
    """
    ours: JsonObject = {f"custom_field_data__{settings.field('fabric')}": fabric.name}
    on_ours: JsonObject = {f"device__{field}": value for field, value in ours.items()}
    name = f"hedgehog-gitops {fabric.name}"
    return [
        _permission(f"{name}: view", [*MARKED, *SHARED, *LOOKED_AT, *HANGING], ["view"]),
        _permission(f"{name}: make what is shared", SHARED, ["add"]),
        _permission(f"{name}: write its own", MARKED, ["add", "change", "delete"], ours),
        _permission(f"{name}: mark the ports of its devices", ("dcim.interface",), ["change"], on_ours),
    ]


def netbox_findings(
    fabric: Fabric, settings: NetboxSettings, seen: NetboxAccess, owned: Mapping[str, int]
) -> Iterator[Health]:
    """Everything that was looked at. `owned` counts what we remember to have made, by kind."""
    yield _version(fabric, seen)
    for slug in seen.missing:
        advice = "make it, or correct its slug in the configuration; people's objects are never made from here"
        yield _bad(NETBOX_CHECK, fabric, f"there is no {slug}", advice)
    yield from _fields(fabric, settings, seen)
    yield from _rights(fabric, seen)
    yield from _views(fabric, seen, owned)


def _version(fabric: Fabric, seen: NetboxAccess) -> Health:
    numbers = tuple(int(part) for part in seen.version.split(".")[:2] if part.isdecimal())
    if numbers < OLDEST:
        advice = f"use {'.'.join(map(str, OLDEST))} or a later one"
        return _bad(NETBOX_CHECK, fabric, f"NetBox {seen.version or 'of no version'} is too old", advice)
    account = f" as {seen.account}" if seen.account else ""
    return _ok(NETBOX_CHECK, fabric, f"NetBox {seen.version} answered in {seen.seconds * 1000:.0f} ms{account}")


def _fields(fabric: Fabric, settings: NetboxSettings, seen: NetboxAccess) -> Iterator[Health]:
    faults = [fault for field in wanted_fields(settings) for fault in _field_faults(field, seen.fields.get(field.name))]
    for fault in faults:
        yield _bad(FIELDS, fabric, fault, _SETUP)
    if not faults:
        yield _ok(FIELDS, fabric, "our custom fields are there, and are filtered exactly")


def _field_faults(wanted: CustomField, found: CustomField | None) -> Iterator[str]:
    """What is wrong with a field. NetBox ignores a filter by a field that is missing, and answers with everything."""
    name = f"custom field {wanted.name}"
    if found is None:
        yield f"{name} is missing"
        return
    if found.type != wanted.type:
        yield f"{name} is of type {found.type}, and has to be {wanted.type}"
    if found.related != wanted.related:
        yield f"{name} refers to {found.related or 'nothing'}, and has to refer to {wanted.related or 'nothing'}"
    if wanted.filter_logic == "exact" != found.filter_logic:
        yield f"{name} is filtered {found.filter_logic}, so fabric-1 would find fabric-10; it has to be exact"
    if wanted.is_unique and not found.is_unique:
        yield f"{name} is not unique"
    if lacking := sorted(wanted.kinds - found.kinds):
        yield f"{name} is not on {', '.join(lacking)}"


def _rights(fabric: Fabric, seen: NetboxAccess) -> Iterator[Health]:
    wanted = wanted_rights()
    denied: dict[tuple[str, bool], list[str]] = {}
    for right in wanted:
        if seen.rights.get(right) is False:
            is_for_prunes = right.verb == "delete" or right.kind in HANGING
            denied.setdefault((right.verb, is_for_prunes and not fabric.prune.enabled), []).append(right.kind)
    for (verb, is_optional), kinds in denied.items():
        advice = "`doctor --setup` prints the permissions that it needs" + ("; only pruning needs it" * is_optional)
        message = f"{verb} is not permitted on {', '.join(kinds)}"
        grade = Grade.WARNING if is_optional else Grade.ERROR
        yield Health(check=RIGHTS, grade=grade, message=message, advice=advice, fabric=fabric.name)
    told = sum(right in seen.rights for right in wanted)
    if not denied:
        rest = f"; of {len(wanted) - told} nothing could be told" if told < len(wanted) else ""
        yield _ok(RIGHTS, fabric, f"{told} permissions are held{rest}")


def _views(fabric: Fabric, seen: NetboxAccess, owned: Mapping[str, int]) -> Iterator[Health]:
    """Of what a token does not see nobody can say whether it was deleted."""
    for kind in sorted(seen.constrained):
        message = f"the token sees only a part of {kind}; what it does not see looks deleted"
        advice = "permit view without a constraint: what stands in the place of ours must be seen too"
        yield Health(check=VIEW, grade=Grade.WARNING, message=message, advice=advice, fabric=fabric.name)
    for kind, number in sorted(owned.items()):
        if number and seen.visible.get(kind, number) == 0:
            message = f"none of {number} objects of ours is seen of {kind}, which would look like a mass deletion"
            advice = "look at the token's constraints; until then nothing of this kind is made or pruned"
            yield _bad(VIEW, fabric, message, advice)


def _permission(name: str, kinds: tuple[str, ...] | list[str], verbs: list[Json], ours: Json = None) -> JsonObject:
    return {"name": name, "object_types": [*kinds], "actions": verbs, "constraints": ours}


def _ok(check: str, fabric: Fabric, message: str) -> Health:
    return Health(check=check, grade=Grade.OK, message=message, fabric=fabric.name)


def _bad(check: str, fabric: Fabric, message: str, advice: str) -> Health:
    return Health(check=check, grade=Grade.ERROR, message=message, advice=advice, fabric=fabric.name)
