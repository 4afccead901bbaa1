"""People edit a fabric in a real NetBox. Whatever is theirs stays, whatever is ours is judged by the rules.

Issue 7, 2: asserted by NetBox's own REST, past our adapter. The tests share one fabric and edit different objects.
"""

from __future__ import annotations

from typing import Any

import pytest

from e2e.netbox_place import Place, newest_change, ours
from fixtures_netbox import Netbox

FABRIC = "people"
LAG = "po-db-1--eslag--leaf-1--leaf-2"


@pytest.fixture(scope="module")
def place(netbox_module: Netbox, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A fabric that is shown as git has it."""
    netbox_module.create(
        "extras/custom-fields", name="warranty", type="text", object_types=["dcim.device", "dcim.interface"]
    )
    place = Place(tmp_path_factory.mktemp("people"), netbox_module, FABRIC)
    place.lay_out("01", "02", "03", "05", "06", "07")
    done = place.sync()
    assert (done["outcome"], done["status"]) == ("applied", "in_sync"), done["failures"]
    return place


def device(netbox: Netbox, name: str) -> dict[str, Any]:
    return netbox.one("dcim/devices", name=name, site=FABRIC)


def port(netbox: Netbox, owner: str, name: str) -> dict[str, Any]:
    return netbox.one("dcim/interfaces", device_id=device(netbox, owner)["id"], name=name)


def read(netbox: Netbox, path: str, identity: int) -> Any:
    answer = netbox.request("GET", f"{path}/{identity}")
    return answer.json() if answer.status_code == 200 else None


def test_a_persons_fields_stay_when_git_changes_the_same_objects(netbox_module: Netbox, place: Place) -> None:
    """Issue 7, 2: description, comments, rack, position, tenant, foreign tags and custom fields, VLANs, interfaces.

    Git changes the very objects meanwhile, so that each of them is written.
    """
    netbox, leaf = netbox_module, device(netbox_module, "leaf-1")
    lag, before = port(netbox, "leaf-1", LAG), port(netbox, "leaf-1", "E1/3")
    rack = netbox.create("dcim/racks", name="r1", site=leaf["site"]["id"])
    tenant = netbox.create("tenancy/tenants", name="Ann's", slug="anns")
    tag, vlan = (
        netbox.create("extras/tags", name="theirs", slug="theirs"),
        netbox.create("ipam/vlans", vid=77, name="theirs"),
    )
    place_in = {"rack": rack["id"], "position": 7, "face": "front"}
    more = {"comments": "asked Ann", "tenant": tenant["id"], "custom_fields": {"warranty": "2030"}}
    netbox.change("dcim/devices", leaf["id"], **place_in, **more, add_tags=[tag["id"]], asset_tag="A-1")
    netbox.change("dcim/interfaces", lag["id"], tagged_vlans=[vlan["id"], *(v["id"] for v in lag["tagged_vlans"])])
    netbox.change("dcim/interfaces", lag["id"], description="to the database", custom_fields={"warranty": "none"})
    netbox.change("dcim/interfaces", before["id"], description="cable is blue", label="3")
    extra = netbox.create("dcim/interfaces", device=leaf["id"], name="theirs-0", type="virtual", description="lab")
    assert place.command("plan", "--format", "json").json()["changes"] == []

    place.change("switches/leaf-1.yaml", "row B, rack 1", "row B, rack 2")
    place.managed("vpcattachments/db-1.yaml").unlink()
    done = place.sync()
    assert (done["outcome"], done["status"]) == ("applied", "in_sync"), done["failures"]

    leaf = device(netbox, "leaf-1")
    assert (leaf["description"], leaf["comments"], leaf["asset_tag"]) == ("row B, rack 2", "asked Ann", "A-1")
    assert (leaf["rack"]["id"], leaf["position"], leaf["face"]["value"]) == (rack["id"], 7.0, "front")
    assert (leaf["tenant"]["id"], leaf["custom_fields"]["warranty"]) == (tenant["id"], "2030")
    assert "theirs" in {each["slug"] for each in leaf["tags"]}
    after = read(netbox, "dcim/interfaces", lag["id"])
    assert [each["name"] for each in after["tagged_vlans"]] == ["theirs"]
    assert (after["description"], after["custom_fields"]["warranty"]) == ("to the database", "none")
    assert read(netbox, "dcim/interfaces", before["id"])["description"] == "cable is blue"
    assert read(netbox, "dcim/interfaces", extra["id"])["description"] == "lab"


def test_a_renamed_device_is_drift_with_who_and_when_and_gets_its_name_back(
    netbox_module: Netbox, place: Place
) -> None:
    """Issue 7, 2: the name is our field; who moved it and when is what NetBox's change log says."""
    netbox, leaf = netbox_module, device(netbox_module, "leaf-2")
    ann = netbox.user("ann", [{"object_types": ["dcim.device"], "actions": ["view", "change"]}])
    answer = netbox.request("PATCH", f"dcim/devices/{leaf['id']}", {"name": "anns-leaf", "comments": "hers"}, ann)
    assert answer.status_code == 200, answer.text
    told = netbox.all("core/object-changes", changed_object_id=leaf["id"], user="ann")[0]

    (change,) = place.command("plan", "--format", "json").json()["changes"]
    assert (change["verdict"], [field["path"] for field in change["fields"]]) == ("drifted", ["name"])
    assert change["reason"] == f"drift, by ann at {told['time']}"
    done = place.sync()
    assert (done["outcome"], done["status"]) == ("applied", "in_sync"), done["failures"]
    back = read(netbox, "dcim/devices", leaf["id"])
    assert (back["name"], back["comments"]) == ("leaf-2", "hers")


def test_a_deleted_cable_is_asked_about_and_not_silently_made_again(netbox_module: Netbox, place: Place) -> None:
    """Issue 7, 2: a deliberate deletion is a question."""
    netbox = netbox_module
    cable = netbox.all("dcim/interfaces", device_id=device(netbox, "web-1")["id"], cabled=True)[0]["cable"]
    count = len(ours(netbox, "dcim/cables", FABRIC))
    netbox.delete("dcim/cables", cable["id"])
    before = newest_change(netbox)
    asked = place.command("plan", "--format", "json").json()
    (held,) = [each for each in asked["blocked"] if each["kind"] == "dcim.cable"]
    assert (held["verdict"], "somebody deleted it" in held["reason"]) == ("missing", True)
    place.command("sync")
    assert newest_change(netbox) == before
    assert len(ours(netbox, "dcim/cables", FABRIC)) == count - 1

    done = place.command("apply", "--yes", "--on-missing", "recreate", "--format", "json")
    assert done.code == 0, done.out
    assert len(ours(netbox, "dcim/cables", FABRIC)) == count
    assert place.sync()["status"] == "in_sync"


def test_a_key_that_a_person_emptied_makes_an_object_nobodys_until_it_is_taken_over(
    netbox_module: Netbox, place: Place
) -> None:
    """Issue 7, 2: ownership is by the key. What is equal is taken over by marks alone, and is never deleted then."""
    netbox, server = netbox_module, device(netbox_module, "web-2")
    netbox.change("dcim/devices", server["id"], custom_fields={"hedgehog_key": None}, comments="Ann's now")
    (change,) = place.command("plan", "--format", "json").json()["changes"]
    assert (change["action"], change["name"]) == ("adopt", "Server/web-2")
    assert place.sync()["status"] == "in_sync"
    after = read(netbox, "dcim/devices", server["id"])
    assert after["custom_fields"]["hedgehog_key"] == f"{FABRIC}/Server/default/web-2"
    assert (after["custom_fields"]["hedgehog_base"]["adopted"], after["comments"]) == (True, "Ann's now")


def test_a_key_that_a_person_emptied_on_what_they_changed_too_is_held_back(netbox_module: Netbox, place: Place) -> None:
    """Issue 7, 2: what differs in our fields and is not ours is a person's until `--adopt`."""
    netbox, server = netbox_module, device(netbox_module, "backup-1")
    own = {"hedgehog_key": None, "hedgehog_fabric": None, "hedgehog_base": None}
    netbox.change("dcim/devices", server["id"], custom_fields=own, description="Ann's")
    before = newest_change(netbox)
    done = place.command("sync", "--format", "json").json()
    assert (done["status"], newest_change(netbox)) == ("out_of_sync", before), done["failures"]
    (held,) = place.command("plan", "--format", "json").json()["conflicts"]
    assert (held["verdict"], f"object {server['id']} is in its place" in held["reason"]) == ("unmanaged", True)

    place.command("apply", "--yes", "--adopt")  # sets marks only; what differs is the next run's
    assert place.sync()["status"] == "in_sync"
    assert read(netbox, "dcim/devices", server["id"])["description"] == "backups, off at night"


def test_a_fabric_that_a_person_emptied_is_put_back(netbox_module: Netbox, place: Place) -> None:
    """Issue 7, 2: the key still says whose it is; nothing is made twice."""
    netbox = netbox_module
    vrf = netbox.one("ipam/vrfs", cf_hedgehog_key=f"{FABRIC}/VPC/default/data")
    netbox.change("ipam/vrfs", vrf["id"], custom_fields={"hedgehog_fabric": None}, comments="hers")
    done = place.sync()
    assert done["status"] == "in_sync", done
    after = netbox.one("ipam/vrfs", cf_hedgehog_key=f"{FABRIC}/VPC/default/data")
    assert (after["id"], after["custom_fields"]["hedgehog_fabric"], after["comments"]) == (vrf["id"], FABRIC, "hers")


def test_a_base_that_a_person_emptied_is_remembered_and_without_memory_nothing_is_overwritten(
    netbox_module: Netbox, place: Place
) -> None:
    """Issue 7, 2: with our memory the three ways are known; without it what differs is told and left."""
    netbox, spine, other = netbox_module, device(netbox_module, "spine-1"), device(netbox_module, "spine-2")
    for each in (spine, other):
        netbox.change("dcim/devices", each["id"], custom_fields={"hedgehog_base": None})
    assert place.sync()["status"] == "in_sync"
    netbox.change("dcim/devices", spine["id"], description="moved")
    assert place.sync()["status"] == "in_sync"
    assert read(netbox, "dcim/devices", spine["id"])["description"] == spine["description"]

    netbox.change("dcim/devices", other["id"], description="moved")
    for file in place.root.glob("state.sqlite*"):
        file.unlink()
    place.command("sync")
    held = place.command("plan", "--format", "json").json()["blocked"]
    assert [("spine-2" in each["name"], "is not known" in each["reason"]) for each in held] == [(True, True)]
    assert read(netbox, "dcim/devices", other["id"])["description"] == "moved"
    netbox.change("dcim/devices", other["id"], description=other["description"])
    assert place.sync()["status"] == "in_sync"


def test_what_people_hang_on_objects_that_git_drops_keeps_these(netbox_module: Netbox, place: Place) -> None:
    """Issue 7, 2: a device with a person's interface, a VRF with their prefix: withheld, named, and gone later."""
    netbox, server = netbox_module, device(netbox_module, "build-1")
    theirs = netbox.create("dcim/interfaces", device=server["id"], name="ilo", type="1000base-t")
    vrf = netbox.one("ipam/vrfs", cf_hedgehog_key=f"{FABRIC}/VPC/default/web")
    prefix = netbox.create("ipam/prefixes", prefix="203.0.113.0/24", vrf=vrf["id"])
    place.managed("servers/build-1.yaml").unlink()
    place.managed("connections/build-1--unbundled--leaf-3.yaml").unlink()
    for file in (
        "vpcs/web.yaml",
        "vpcattachments/web-1.yaml",
        "vpcattachments/web-2.yaml",
        "vpcpeerings/web--data.yaml",
    ):
        place.managed(file).unlink()
    done = place.sync()
    assert done["failures"] == []
    plan = place.command("plan", "--format", "json").json()
    withheld = {each["name"]: each["reason"] for each in plan["withheld"] if each["side"] == "netbox"}
    assert withheld.keys() == {"Server/build-1", "VPC/web", "VPC/web#target", "VPC/data#target"}
    assert "VPC/web stays and needs it" in withheld["VPC/web#target"]
    assert "it carries interface ilo, not ours" in withheld["Server/build-1"]
    assert "it carries prefix 203.0.113.0/24, not ours" in withheld["VPC/web"]
    assert read(netbox, "dcim/interfaces", theirs["id"])["device"]["id"] == server["id"]
    assert read(netbox, "ipam/prefixes", prefix["id"])["vrf"]["id"] == vrf["id"]
    assert netbox.all("ipam/vlans", cf_hedgehog_key=f"{FABRIC}/VPC/default/web#subnet/default") == []

    netbox.delete("dcim/interfaces", theirs["id"])
    netbox.delete("ipam/prefixes", prefix["id"])
    assert place.sync()["failures"] == []
    assert read(netbox, "dcim/devices", server["id"]) is None
    assert read(netbox, "ipam/vrfs", vrf["id"]) is None
