from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.fabrics import LAB
from hedgehog_gitops.core.netbox_access import (
    FIELDS,
    NETBOX_CHECK,
    RIGHTS,
    VIEW,
    netbox_findings,
    permission_set,
    wanted_fields,
    wanted_rights,
)
from hedgehog_gitops.model.access import CustomField, NetboxAccess, Right
from hedgehog_gitops.model.health import Grade
from hedgehog_gitops.model.settings import NetboxSettings

SETTINGS = NetboxSettings(url="https://netbox.example", token_env="T", site="dc1")  # noqa: S106 - the name of one
GOOD = NetboxAccess(
    version="4.7.3",
    seconds=0.1,
    account="gitops",
    rights=dict.fromkeys(wanted_rights(), True),
    fields={field.name: field for field in wanted_fields(SETTINGS)},
)


def faults(seen: NetboxAccess, **owned: int) -> list[tuple[str, str]]:
    found = netbox_findings(LAB, SETTINGS, seen, {"dcim.device": owned.get("devices", 0)})
    return [(each.check, each.message) for each in found if each.grade is not Grade.OK]


def with_field(name: str, **changes: object) -> NetboxAccess:
    return replace(GOOD, fields={**GOOD.fields, name: replace(GOOD.fields[name], **changes)})  # type: ignore[arg-type]


def test_a_netbox_that_is_ready_has_no_fault() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("seen", "check", "told"),
    [
        (replace(GOOD, version="4.3.2"), NETBOX_CHECK, "too old"),
        (replace(GOOD, missing=("site dc1",)), NETBOX_CHECK, "there is no site dc1"),
        (replace(GOOD, fields={}), FIELDS, "custom field hedgehog_key is missing"),
        (with_field("hedgehog_fabric", filter_logic="loose"), FIELDS, "fabric-1 would find fabric-10"),
        (with_field("hedgehog_key", is_unique=False), FIELDS, "not unique"),
        (with_field("hedgehog_base", type="text"), FIELDS, "has to be json"),
        (with_field("hedgehog_key", kinds=frozenset()), FIELDS, "is not on dcim.cable"),
        (with_field("hedgehog_asn", related="ipam.rir"), FIELDS, "refers to ipam.rir, and has to refer to ipam.asn"),
        (replace(GOOD, rights={**GOOD.rights, Right("add", "dcim.cable"): False}), RIGHTS, "add is not permitted"),
        (replace(GOOD, constrained=frozenset({"dcim.device"})), VIEW, "sees only a part of dcim.device"),
    ],
    ids=[
        "version",
        "site",
        "no field",
        "partial match",
        "not unique",
        "type",
        "kinds",
        "refers",
        "permission",
        "constrained",
    ],
)
def test_what_is_missing_is_told(seen: NetboxAccess, check: str, told: str) -> None:
    """Issue 7, scope: doctor checks permissions and constraints, our custom fields and filter_logic."""
    (first, *_) = [(found, message) for found, message in faults(seen) if told in message]
    assert first[0] == check


def test_a_view_that_would_look_like_a_mass_deletion_is_an_error() -> None:
    """Issue 7, scope: doctor warns when a constrained view would look like a mass deletion."""
    seen = replace(GOOD, visible={"dcim.device": 0})
    assert faults(seen, devices=0) == []
    assert faults(seen, devices=7) == [
        (VIEW, "none of 7 objects of ours is seen of dcim.device, which would look like a mass deletion")
    ]


def test_what_nobody_can_tell_is_no_fault_and_is_said() -> None:
    told = list(netbox_findings(LAB, SETTINGS, replace(GOOD, rights={}), {}))
    assert next(each.message for each in told if each.check == RIGHTS).startswith("0 permissions are held; of ")


def test_the_permission_set_writes_only_what_has_our_mark() -> None:
    """Issue 7, scope: doctor --setup prints the least-privilege permission set."""
    view, shared, own, ports = permission_set(LAB, SETTINGS)
    assert (view["actions"], view["constraints"]) == (["view"], None)
    assert (shared["actions"], own["actions"]) == (["add"], ["add", "change", "delete"])
    assert own["constraints"] == {"custom_field_data__hedgehog_fabric": "lab"}
    assert ports["constraints"] == {"device__custom_field_data__hedgehog_fabric": "lab"}


def test_the_names_of_our_fields_are_the_configured_ones() -> None:
    names = [field.name for field in wanted_fields(SETTINGS._replace(fields={"key": "our_key"}))]
    assert names[:3] == ["our_key", "hedgehog_fabric", "hedgehog_base"]
    assert set(names[3:]) == {f"hedgehog_{word}" for word in ("asn", "peerings", "connection", "redundancy")}
    assert isinstance(wanted_fields(SETTINGS)[0], CustomField)
