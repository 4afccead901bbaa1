"""What people say in a real NetBox of the kinds that map one to one is taken into git, and never written over."""

from __future__ import annotations

import subprocess
from pathlib import Path

from e2e.netbox_place import Place, newest_change
from fixtures_netbox import Netbox

AUTHORITY = (
    "    authority: {default: git, VLANNamespace: netbox, Server: netbox, Switch/spec.description: netbox,"
    " Switch/spec.boot.serial: netbox, Switch/spec.asn: netbox, 'VPC/spec.subnets.*.vlan': netbox}\n"
)


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_what_people_say_in_netbox_is_taken_into_git_as_one_commit(netbox_module: Netbox, tmp_path: Path) -> None:
    """Issue 7, scope: ranges, descriptions, a serial, an ASN, a VLAN are not written, but offered; then all is in line.

    A VLAN or an ASN that validation refuses is said, and nothing of it is committed.
    """
    netbox, place = netbox_module, Place(tmp_path, netbox_module, "told-1")
    place.lay_out()
    git(tmp_path, "init", "-q", "-b", "main")
    for name in ("user.name", "user.email"):
        git(tmp_path, "config", name, "ann@example.invalid")
    git(tmp_path, "add", "fabrics", "hedgehog-gitops.yaml")
    git(tmp_path, "commit", "-qm", "Begin")
    first = place.sync()
    assert first["status"] == "in_sync", first
    place.config.write_text(place.config.read_text() + AUTHORITY)
    git(tmp_path, "commit", "-qam", "NetBox decides")
    assert place.sync()["status"] == "in_sync"

    (group,) = netbox.all("ipam/vlan-groups", cf_hedgehog_fabric="told-1")
    netbox.change("ipam/vlan-groups", group["id"], vid_ranges=[[1000, 1999], [2500, 2999]])
    leaf, web = (netbox.one("dcim/devices", name=name, site="told-1") for name in ("leaf-1", "web-1"))
    registry = netbox.create("ipam/rirs", name="ours", slug="ours")["id"]
    asn, far = (netbox.create("ipam/asns", asn=asn, rir=registry)["id"] for asn in (65190, 4200000001))
    theirs = {"description": "row B, rack 9", "serial": "S-9", "custom_fields": {"hedgehog_asn": asn}}
    netbox.change("dcim/devices", leaf["id"], **theirs)
    netbox.change("dcim/devices", web["id"], description="next to the door")
    vlan = netbox.one("ipam/vlans", name="data/default", cf_hedgehog_fabric="told-1")
    netbox.change("ipam/vlans", vlan["id"], vid=1234)
    moved = newest_change(netbox)

    planned = place.command("plan", "--format", "json")
    assert planned.code == 0, planned.err
    made = planned.json()
    assert (made["changes"], made["conflicts"], made["blocked"]) == ([], [], [])
    shown = place.command("import", "--format", "json").json()["offers"]
    assert [(each["name"], each["field"], each["theirs"]) for each in shown] == [
        ("data", "spec.subnets.default.vlan", 1234),
        ("web-1", "spec.description", "next to the door"),
        ("leaf-1", "spec.asn", 65190),
        ("leaf-1", "spec.boot.serial", "S-9"),
        ("leaf-1", "spec.description", "row B, rack 9"),
        ("default", "spec.ranges", [{"from": 1000, "to": 1999}, {"from": 2500, "to": 2999}]),
    ]
    before = git(tmp_path, "rev-list", "--count", "main")
    taken = place.command("import", "--publish")
    assert (taken.code, int(git(tmp_path, "rev-list", "--count", "main"))) == (0, int(before) + 1), taken.err
    assert place.command("import").out == "nothing to take in\n"
    done = place.sync()
    assert (done["status"], newest_change(netbox)) == ("in_sync", moved), done

    netbox.change("ipam/vlans", vlan["id"], vid=2600)
    netbox.change("ipam/vlan-groups", group["id"], vid_ranges=[[1000, 1999], [2600, 2999]])
    assert place.command("import", "--publish").code == 0
    head = git(tmp_path, "rev-parse", "main")
    netbox.change("ipam/vlan-groups", group["id"], vid_ranges=[[1000, 1999], [2600, 3100]])
    netbox.change("dcim/devices", leaf["id"], custom_fields={"hedgehog_asn": far})
    refused = place.command("import", "--publish")
    assert (refused.code, git(tmp_path, "rev-parse", "main")) == (1, head), refused.out
    assert "VLANNamespace/default/default would be refused" in refused.err
    assert "Switch/default/leaf-1 would be refused: SW-" in refused.err
