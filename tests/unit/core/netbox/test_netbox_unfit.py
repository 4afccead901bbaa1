"""Objects with errors in NetBox: what they have a part in is left as it is, everything else is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from generated_fabric import generate_fabric
from hedgehog_gitops.adapters.netbox_file import NetboxFile
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.netbox.planning import plan_records
from hedgehog_gitops.core.netbox.pruning import owner_of
from hedgehog_gitops.core.netbox.showing import Showing
from hedgehog_gitops.core.netbox.translating import translate
from hedgehog_gitops.core.netbox.unfit import unfit_records
from hedgehog_gitops.model.kind import ObjectKey, kind_named
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text
from hedgehog_gitops.model.plan import Plan, Verdict
from hedgehog_gitops.model.settings import Fabric, NetboxSettings

FABRIC = Fabric(name="prod", directory="fabrics/prod")
SITE = NetboxSettings(site="dc1")
PROFILES = package_release().profiles


@pytest.fixture(scope="module")
def specs() -> dict[ObjectKey, JsonObject]:
    found: dict[ObjectKey, JsonObject] = {}
    for each in generate_fabric(vpcs=4, leaves=2):
        group, kind = as_text(each["apiVersion"]).partition("/")[0], as_text(each["kind"])
        key = ObjectKey(group, kind, "default", as_text(as_object(each["metadata"])["name"]))
        found[key] = default_spec(kind_named(group, kind), each)
    return found


def first(specs: Mapping[ObjectKey, JsonObject], kind: str) -> ObjectKey:
    return min(key for key in specs if key.kind == kind)


def unfit(specs: Mapping[ObjectKey, JsonObject], *refused: ObjectKey) -> dict[ObjectKey, str]:
    whole = translate("prod", SITE, specs, PROFILES).records
    return unfit_records(whole, "prod", SITE, specs, PROFILES, dict.fromkeys(refused, "VPC-001 it is wrong"))


def plan(specs: Mapping[ObjectKey, JsonObject], path: Path, *refused: ObjectKey) -> Plan:
    records = translate("prod", SITE, specs, PROFILES).records
    showing = Showing(
        records=records,
        revision="1",
        refused=dict.fromkeys(refused, "VPC-001 it is wrong"),
        unfit=unfit(specs, *refused),
    )
    side = NetboxFile(path / "netbox.json", "prod")
    return plan_records(FABRIC, showing, side.read(list(records.values())), {}).plan


def test_without_errors_nothing_is_unfit(specs: dict[ObjectKey, JsonObject]) -> None:
    assert unfit(specs) == {}


def test_an_object_with_errors_is_not_written_nor_what_needs_it(
    specs: dict[ObjectKey, JsonObject], tmp_path: Path
) -> None:
    """Issue 5, 8, and issue 7: nothing is written unless its closure validates; the others are."""
    vpc = first(specs, "VPC")
    made = plan(specs, tmp_path, vpc)
    held = {owner_of(each.key) for each in made.blocked}
    written = {owner_of(change.key) for change in made.changes}
    assert vpc._replace(group="") in held
    assert vpc._replace(group="") not in written
    assert {key._replace(group="") for key in specs if key.kind == "VPC" and key != vpc} <= written
    assert {each.verdict for each in made.blocked if owner_of(each.key).name == vpc.name} == {Verdict.PENDING}
    assert "VPC-001 it is wrong" in {each.reason for each in made.blocked}


def test_a_port_on_which_an_object_with_errors_is_shown_is_left_as_it_is(specs: dict[ObjectKey, JsonObject]) -> None:
    """An attachment is a VLAN on somebody else's port or LAG."""
    attachment = first(specs, "VPCAttachment")
    found = unfit(specs, attachment)
    assert {key.kind for key in found} == {"dcim.interface"}
    assert all(owner_of(key).kind in {"Switch", "Connection"} for key in found)


def test_what_needs_a_switch_with_errors_is_unfit_with_it(specs: dict[ObjectKey, JsonObject]) -> None:
    switch = first(specs, "Switch")
    found = unfit(specs, switch)
    assert found[next(key for key in found if key.kind == "dcim.device")] == "VPC-001 it is wrong"
    assert any(
        key.kind == "dcim.cable" and reason == "something that it needs is held back" for key, reason in found.items()
    )
