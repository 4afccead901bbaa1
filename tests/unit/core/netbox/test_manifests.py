"""The way back from NetBox: the kinds that map one to one come back as they went."""

from __future__ import annotations

from collections.abc import Mapping

from generated_fabric import generate_fabric
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.netbox.comparing import base_of, member
from hedgehog_gitops.core.netbox.manifests import manifests
from hedgehog_gitops.core.netbox.translating import translate
from hedgehog_gitops.model.kind import KINDS, WIRING, ObjectKey
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.record import NETBOX, Record
from hedgehog_gitops.model.settings import NetboxSettings

KIND_OF = {kind.kind: kind for kind in KINDS}
ONE_TO_ONE = ("VLANNamespace", "IPv4Namespace", "Switch", "Server", "VPC")
SETTINGS = NetboxSettings(site="dc1", roles={"spine": "dc-spine"})


def specs() -> dict[ObjectKey, JsonObject]:
    found: dict[ObjectKey, JsonObject] = {}
    for value in generate_fabric(vpcs=6, leaves=4, gateways=1):
        kind = KIND_OF[str(value["kind"])]
        name = str(as_object(value["metadata"])["name"])
        found[ObjectKey(kind.group, kind.kind, "default", name)] = default_spec(kind, value)
    return found


def as_netbox_has_it(record: Record) -> LiveObject:
    members: JsonObject = {
        name: [member(name, text) for text in sorted(entries)] for name, entries in record.members.items()
    }
    value: JsonObject = {**record.once, **record.fields, **members, "base": base_of(record)}
    return LiveObject(key=record.key, value=value, version="1", uid="1")


def netbox() -> dict[ObjectKey, LiveObject]:
    records = translate("prod", SETTINGS, specs(), {}).records
    return {key: as_netbox_has_it(record) for key, record in records.items()}


def edited(objects: Mapping[ObjectKey, LiveObject], key: ObjectKey, **fields: str) -> dict[ObjectKey, LiveObject]:
    live = objects[key]
    return {**objects, key: live._replace(value={**live.value, **fields})}


def test_what_maps_one_to_one_comes_back_as_it_went() -> None:
    """Issue 7, 1: the round trip equals the input."""
    wanted = {key: spec for key, spec in specs().items() if key.kind in ONE_TO_ONE}
    found = manifests(netbox(), SETTINGS)
    assert {key: value["spec"] for key, value in found.items()} == wanted
    assert {key.kind for key in wanted} == set(ONE_TO_ONE)


def test_a_persons_edit_of_a_field_that_netbox_shows_comes_back() -> None:
    """Issue 7, scope: what NetBox decides is offered for git."""
    device = ObjectKey(NETBOX, "dcim.device", "default", "Switch/leaf-001")
    found = manifests(edited(netbox(), device, description="by hand"), SETTINGS)
    assert as_object(found[ObjectKey(WIRING, "Switch", "default", "leaf-001")]["spec"])["description"] == "by hand"


def test_a_description_that_netbox_keeps_a_part_of_comes_back_whole_until_somebody_changes_it() -> None:
    """Issue 7, 1: the round trip equals the input, with white space and more than NetBox takes."""
    key, text = ObjectKey(WIRING, "Server", "default", "db-1"), f" {'long ' * 50}\n"
    (made,) = (
        each
        for each in translate("prod", SETTINGS, {key: {"description": text}}, {}).records.values()
        if each.key.kind == "dcim.device"
    )
    live = {made.key: as_netbox_has_it(made)}
    assert manifests(live, SETTINGS)[key]["spec"] == {"description": text}
    assert manifests(edited(live, made.key, description="by hand"), SETTINGS)[key]["spec"] == {"description": "by hand"}
    assert manifests(edited(live, made.key, description=""), SETTINGS)[key]["spec"] == {}


def test_objects_without_our_mark_are_no_manifests() -> None:
    live = next(each for each in netbox().values() if each.key.kind == "dcim.device")
    twin = live._replace(key=ObjectKey(NETBOX, "dcim.device", "", "#1"))
    assert manifests({twin.key: twin}, SETTINGS) == {}
