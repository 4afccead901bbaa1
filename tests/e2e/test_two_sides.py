"""A fabric on two sides at once: a directory in place of the cluster, a file in place of NetBox, and our command."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from e2e.two_sides import CONFIGURATION, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_one_sync_brings_both_sides_in_line_and_a_second_one_writes_nothing(place: Place) -> None:
    """Issue 7, 1: the fabric of the examples is in NetBox as the table says; a second run writes nothing."""
    first = place.command("sync", "--format", "json")
    assert (first.code, first.json()["outcome"], first.json()["status"]) == (0, "applied", "in_sync")
    kinds = Counter(each["kind"] for each in place.objects())
    assert (kinds["dcim.device"], kinds["ipam.vlangroup"], kinds["ipam.vlan"], kinds["ipam.vrf"]) == (11, 1, 3, 5)
    assert kinds["dcim.cable"] == 6 + 8 + 2
    before = place.netbox.read_bytes()

    second = place.command("sync", "--format", "json")
    assert (second.json()["outcome"], place.netbox.read_bytes()) == ("unchanged", before)
    made = place.command("plan", "--format", "json").json()
    assert (made["changes"], [each["side"] for each in made["sides"]]) == ([], ["cluster", "netbox"])


def test_one_saved_plan_is_applied_on_both_sides_and_a_stale_one_on_none(place: Place) -> None:
    """Issue 7, scope: one saved plan of both sides."""
    place.command("normalize")
    saved = place.root / "saved.json"
    place.command("plan", "--out", str(saved))
    sides = {each["side"] for each in json.loads(saved.read_text())["changes"]}
    done = place.command("apply", str(saved), "--yes")
    assert (sides, done.code) == ({"cluster", "netbox"}, 0)
    assert place.netbox.exists()

    place.managed("servers/web-1.yaml").unlink()
    place.command("plan", "--out", str(saved))
    place.edit("prod/Switch/default/leaf-1", "dcim.device", serial="")
    place.edit("prod/Switch/default/leaf-1", "dcim.device", description="moved")
    assert place.command("apply", str(saved), "--yes").code == 1
    assert (place.root / "live/prod/servers/web-1.yaml").exists()


def test_what_a_person_adds_stays_and_what_is_ours_is_put_back(place: Place) -> None:
    """Issue 7, 2: a person's edits of fields, tags and lists."""
    place.command("sync")
    leaf, lag = "prod/Switch/default/leaf-1", "prod/Connection/default/db-1--eslag--leaf-1--leaf-2#lag/Switch/leaf-1"
    vlans = place.one(lag, "dcim.interface")["tagged_vlans"]
    foreign = {"ref": "ipam.vlan", "id": 4000}
    place.edit(leaf, "dcim.device", comments="asked Ann", tags=["theirs"], rack="r1", description="drifted")
    place.edit(lag, "dcim.interface", tagged_vlans=[foreign])

    assert place.command("plan").out.count("drift") >= 2
    assert place.command("sync", "--format", "json").json()["status"] == "in_sync"
    device = place.one(leaf, "dcim.device")
    assert (device["comments"], device["rack"], device["description"]) == ("asked Ann", "r1", "row B, rack 1")
    assert set(device["tags"]) == {"theirs", "hedgehog-group-prod-pair-1"}
    assert place.one(lag, "dcim.interface")["tagged_vlans"] == [foreign, *vlans]


def test_what_git_removes_goes_from_both_sides(place: Place) -> None:
    place.command("sync")
    for name in ("connections/backup-1--unbundled--leaf-3.yaml", "servers/backup-1.yaml"):
        place.managed(name).unlink()
    for file in place.managed("vpcattachments").glob("*backup*.yaml"):
        file.unlink()

    done = place.command("sync", "--format", "json")
    assert done.json()["status"] == "in_sync", done.out
    assert not [each for each in place.objects() if "backup-1" in str(each.get("mark"))]
    assert not (place.root / "live/prod/servers/backup-1.yaml").exists()


def test_a_port_that_git_says_nothing_of_any_more_stays_and_shows_nothing(place: Place) -> None:
    """Issue 7, scope: NetBox shows the fabric as it is, and a switch has its ports whether they are used or not."""
    place.command("sync")
    ports = [f"prod/Switch/default/leaf-{number}#port/E1/3" for number in (1, 2)]
    assert all(place.one(port, "dcim.interface")["lag"] for port in ports)
    place.edit(ports[0], "dcim.interface", description="Ann's")
    for name in ("connections/db-1--eslag--leaf-1--leaf-2.yaml", "vpcattachments/db-1.yaml", "servers/db-1.yaml"):
        place.managed(name).unlink()

    done = place.command("sync", "--format", "json").json()
    assert done["status"] == "in_sync", done
    assert [place.one(port, "dcim.interface")["lag"] for port in ports] == [None, None]
    assert place.one(ports[0], "dcim.interface")["description"] == "Ann's"
    assert not [each for each in place.objects() if "db-1" in str(each.get("mark"))]
    made = place.command("plan", "--format", "json").json()
    assert (made["changes"], made["withheld"]) == ([], [])

    web = place.managed("servers/web-1.yaml")
    web.write_text(web.read_text() + "  nonsense: true\n")  # doubtful what else git says: it is left as it is
    withheld = place.command("plan", "--format", "json").json()["withheld"]
    assert [each for each in withheld if "#port/E1/3" in each["name"]] == []


def test_what_is_taken_over_is_brought_in_line_by_the_next_run_and_that_is_said(place: Place) -> None:
    """Issue 7, scope: adoption is a separate write of marks only."""
    place.command("sync")
    mark = next(str(each["mark"]) for each in place.objects() if each["kind"] == "dcim.cable")
    place.edit(mark, "dcim.cable", mark="", base=None, label="Ann's")

    first = place.command("sync", "--adopt", "--format", "json").json()
    words = "was taken over; what differs in it is written by the next run"
    assert [each for each in first["failures"] if words in each], first["failures"]
    assert place.one(mark, "dcim.cable")["label"] == "Ann's"
    assert place.command("sync", "--format", "json").json()["status"] == "in_sync"
    assert place.one(mark, "dcim.cable")["label"] != "Ann's"


def test_two_fabrics_with_equal_names_share_one_netbox(place: Place) -> None:
    """Issue 7, 6: two fabrics with equal names in one NetBox."""
    file = place.root / "hedgehog-gitops.yaml"
    other = CONFIGURATION.partition("fabrics:\n")[2].replace("prod", "lab").replace("dc1", "dc2")
    file.write_text(CONFIGURATION + other)
    place.lay_out("lab")

    assert place.command("sync").code == 0
    fabrics = Counter(str(each["mark"]).partition("/")[0] for each in place.objects() if "mark" in each)
    assert fabrics["prod"] == fabrics["lab"] > 100
    theirs = [each for each in place.objects() if str(each.get("mark")).startswith("lab/")]

    shutil.rmtree(place.root / "fabrics/prod/managed/vpcs")
    shutil.rmtree(place.root / "fabrics/prod/managed/vpcattachments")
    place.command("sync", "--fabric", "prod")
    assert [each for each in place.objects() if str(each.get("mark")).startswith("lab/")] == theirs


@pytest.mark.parametrize("text", ["<html>Sign in</html>", '{"objects": []}', ""], ids=["login page", "other", "empty"])
def test_a_netbox_that_cannot_be_read_stops_nothing_but_itself(place: Place, text: str) -> None:
    """Issue 7, 6: no deletes, the cluster is synced, and the status says which side is unknown."""
    place.command("sync")
    place.netbox.write_text(text)
    place.managed("servers/web-1.yaml").write_text(
        place.managed("servers/web-1.yaml").read_text().replace("web front end", "moved")
    )

    done = place.command("sync", "--format", "json")
    assert (done.code, done.json()["outcome"]) == (69, "partial")
    assert "moved" in (place.root / "live/prod/servers/web-1.yaml").read_text()
    assert place.netbox.read_text() == text
    (known,) = place.command("status", "--format", "json").json()["fabrics"]
    assert [(each["side"], each["agreement"]) for each in known["sides"]] == [
        ("cluster", "equal"),
        ("netbox", "unknown"),
    ]
    assert "unknown prod: netbox: " in place.command("status").out


def test_what_netbox_decides_is_neither_written_nor_taken_out(place: Place) -> None:
    """Issue 7, scope: authority can make NetBox the source for chosen kinds or fields."""
    place.command("sync")
    file = place.root / "hedgehog-gitops.yaml"
    decided = "    authority: {default: git, Switch/spec.description: netbox}\n"
    file.write_text(CONFIGURATION + decided)
    place.edit("prod/Switch/default/leaf-1", "dcim.device", description="next to the door")
    before = {(each["kind"], each["id"]) for each in place.objects()}

    assert place.command("sync", "--format", "json").json()["status"] == "in_sync"
    assert place.one("prod/Switch/default/leaf-1", "dcim.device")["description"] == "next to the door"
    assert {(each["kind"], each["id"]) for each in place.objects()} == before


def test_a_fabric_may_be_shown_in_netbox_only(place: Place) -> None:
    file = place.root / "hedgehog-gitops.yaml"
    file.write_text(CONFIGURATION.replace("    cluster: {directory: live/prod}\n", ""))
    assert place.command("sync", "--format", "json").json()["status"] == "in_sync"
    assert (place.netbox.exists(), (place.root / "live").exists()) == (True, False)


def test_what_other_sides_decide_is_offered_to_git_and_taken_into_the_files_as_they_are(place: Place) -> None:
    """Issue 7, scope: what NetBox decides is never written there, but offered for import into git."""
    place.command("sync")
    file = place.root / "hedgehog-gitops.yaml"
    decided = "{default: git, Switch/spec.description: netbox, Server/spec.description: cluster}"
    file.write_text(CONFIGURATION + f"    authority: {decided}\n")
    leaf, web = place.managed("switches/leaf-1.yaml"), place.managed("servers/web-1.yaml")
    leaf.write_text(leaf.read_text().replace("role:", "# ask Ann first\n  role:", 1))
    place.edit("prod/Switch/default/leaf-1", "dcim.device", description="next to the door")
    live = place.root / "live/prod/servers/web-1.yaml"
    live.write_text(live.read_text().replace("web front end", "moved to row C"))
    before = (leaf.read_text(), web.read_text())

    shown = place.command("import", "--format", "json").json()["offers"]
    assert [(each["side"], each["name"], each["git"], each["theirs"]) for each in shown] == [
        ("cluster", "web-1", "web front end", "moved to row C"),
        ("netbox", "leaf-1", "row B, rack 1", "next to the door"),
    ]
    assert (leaf.read_text(), web.read_text()) == before

    assert place.command("import", "--publish").code == 0
    assert leaf.read_text() == before[0].replace("row B, rack 1", "next to the door")
    assert web.read_text() == before[1].replace("web front end", "moved to row C")
    assert place.command("import").out == "nothing to take in\n"
    changes = place.command("plan", "--format", "json").json()["changes"]
    assert [(each["side"], each["name"]) for each in changes] == [("netbox", "Server/web-1")]  # it shows what git says


DECIDED = "VLANNamespace: netbox, IPv4Namespace/spec.subnets: netbox, Server: netbox, VPC/spec.subnets.*.vlan: netbox"
GROUP, NETWORK = "prod/VLANNamespace/default/default", "prod/IPv4Namespace/default/default#subnet/10.10.0.0/16"


def decide(place: Place, authority: str) -> None:
    file = place.root / "hedgehog-gitops.yaml"
    file.write_text(CONFIGURATION + f"    authority: {{default: git, {authority}}}\n")


def test_what_netbox_says_of_the_kinds_that_map_one_to_one_is_taken_into_git_and_never_written(place: Place) -> None:
    """Issue 7, scope: authority of kinds and fields; offered, taken in once, and in line from then on on both sides."""
    place.command("sync")
    decide(place, DECIDED + ", Switch/spec.boot.serial: netbox")
    place.edit(GROUP, "ipam.vlangroup", vid_ranges=[[2000, 2999], [1000, 1500]])
    place.edit(NETWORK, "ipam.prefix", prefix="10.8.0.0/13")
    place.edit("prod/VPC/default/data#vlan/default", "ipam.vlan", vid=1234)
    place.edit("prod/Server/default/web-1", "dcim.device", description="")
    place.edit("prod/Switch/default/leaf-1", "dcim.device", serial="ABC")
    before = place.objects()

    assert not [
        each for each in place.command("plan", "--format", "json").json()["changes"] if each["side"] == "netbox"
    ]
    shown = place.command("import", "--format", "json").json()["offers"]
    assert [(each["kind"], each["field"], each.get("theirs")) for each in shown] == [
        ("IPv4Namespace", "spec.subnets", ["10.8.0.0/13"]),
        ("VPC", "spec.subnets.default.vlan", 1234),
        ("Server", "spec.description", None),
        ("Switch", "spec.boot.serial", "ABC"),
        ("VLANNamespace", "spec.ranges", [{"from": 1000, "to": 1500}, {"from": 2000, "to": 2999}]),
    ]
    done = place.command("import", "--publish")
    assert (done.code, place.command("import").out) == (0, "nothing to take in\n"), done.err
    assert "1234" in place.managed("vpcs/data.yaml").read_text()
    assert place.command("sync", "--format", "json").json()["status"] == "in_sync"
    assert place.objects() == before

    attached = next(place.managed("vpcattachments").glob("*web-1*.yaml"))
    text = attached.read_text()
    attached.unlink()
    place.command("sync")
    assert place.objects() != before, "what is attached to a subnet is git's, whoever numbers its VLAN"
    attached.write_text(text)
    place.command("sync")
    assert place.objects() == before


def test_what_validation_refuses_is_not_taken_in_and_the_rest_is(place: Place) -> None:
    """Issue 7, scope: a VLAN outside of its namespace, a network that a namespace lacks: said, and not committed."""
    place.command("sync")
    decide(place, DECIDED)
    place.edit("prod/VPC/default/data#vlan/default", "ipam.vlan", vid=20)
    place.edit("prod/Server/default/web-1", "dcim.device", description="next to the door")
    vpc = place.managed("vpcs/data.yaml").read_text()
    done = place.command("import", "--publish")
    assert (done.code, place.managed("vpcs/data.yaml").read_text()) == (1, vpc)
    assert "not taken in, since then VPC/default/data would be refused: " in done.err
    assert "next to the door" in place.managed("servers/web-1.yaml").read_text()

    place.edit("prod/VPC/default/data#vlan/default", "ipam.vlan", vid=1234)
    place.edit(GROUP, "ipam.vlangroup", vid_ranges=[[3000, 3100]])
    group = place.managed("vlannamespaces/default.yaml").read_text()
    done = place.command("import", "--publish")
    assert (done.code, place.managed("vlannamespaces/default.yaml").read_text()) == (1, group)


def test_what_netbox_decides_as_a_kind_is_left_there_when_git_has_it_no_longer(place: Place) -> None:
    place.command("sync")
    decide(place, "Server: netbox")
    for name in ("connections/backup-1--unbundled--leaf-3.yaml", "servers/backup-1.yaml"):
        place.managed(name).unlink()
    for file in place.managed("vpcattachments").glob("*backup*.yaml"):
        file.unlink()
    place.command("sync")
    assert place.one("prod/Server/default/backup-1", "dcim.device")


def test_a_second_fabric_in_the_same_site_is_told_whose_the_place_is_and_what_to_do(place: Place) -> None:
    """Issue 7, config: equal names in one site never touch the first fabric; the cluster is synced all the same."""
    place.command("sync")
    before = place.objects()
    other = CONFIGURATION.partition("fabrics:\n")[2].replace("prod", "lab").replace("state.sqlite", "lab.sqlite")
    (place.root / "hedgehog-gitops.yaml").write_text(CONFIGURATION + other)
    place.lay_out("lab")

    done = place.command("sync", "--fabric", "lab", "--format", "json").json()
    assert done["status"] != "in_sync"
    assert (place.root / "live/lab/switches/leaf-1.yaml").exists()
    assert [each for each in place.objects() if str(each.get("mark")).startswith("prod/")] == [
        each for each in before if str(each.get("mark")).startswith("prod/")
    ]
    told = place.command("plan", "--fabric", "lab").out
    assert "belongs to prod/Switch/default/leaf-1: fabric prod has one of that name there already" in told
    assert "give each fabric a site of its own (netbox.site)" in told
