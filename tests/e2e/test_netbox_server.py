"""A fabric shown in a real NetBox. What it holds is asserted by NetBox's own REST, past our adapter."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from e2e.netbox_place import Place, newest_change, ours
from fakes.misbehaving_server import Asked, Reply
from fakes.netbox_proxy import proxying
from fixtures_netbox import Netbox

KINDS = {
    "dcim/devices": 11,
    "dcim/cables": 16,
    "ipam/vlan-groups": 1,
    "ipam/vlans": 3,
    "ipam/vrfs": 5,
    "ipam/prefixes": 4,
    "ipam/ip-ranges": 1,
    "ipam/ip-addresses": 30,
    "ipam/route-targets": 4,
}


def test_the_fabric_of_the_examples_is_in_netbox_and_edits_are_handled(netbox_module: Netbox, tmp_path: Path) -> None:
    """Issue 7, 1: devices, interfaces, cables, LAGs, VLANs, VRFs, prefixes, ranges and addresses as the table says.

    A second run writes nothing. Issue 7, 2: a person's fields, tags and VLANs stay, what is ours is put back.
    """
    netbox, place = netbox_module, Place(tmp_path, netbox_module, "prod")
    place.lay_out()
    first = place.sync()
    assert (first["outcome"], first["status"]) == ("applied", "in_sync"), first["failures"]
    assert {kind: len(ours(netbox, kind, "prod")) for kind in KINDS} == KINDS
    ports = netbox.all("dcim/interfaces", device="leaf-1")
    types = Counter(port["type"]["value"] for port in ports)
    assert (types["25gbase-x-sfp28"], types["100gbase-x-qsfp28"], types["lag"]) == (48, 8, 4)
    servers = netbox.all("dcim/interfaces", device=["db-1", "web-1", "build-1"], cabled="true")
    assert {port["type"]["value"] for port in servers} == {"25gbase-x-sfp28"}
    lag = next(port for port in ports if port["name"] == "po-db-1--eslag--leaf-1--leaf-2")
    assert [vlan["name"] for vlan in lag["tagged_vlans"]] == ["data/default"]
    assert [port["name"] for port in ports if (port["lag"] or {}).get("id") == lag["id"]] == ["E1/3"]

    assert_what_has_no_field_of_its_own(netbox)
    leaf = netbox.one("dcim/devices", name="leaf-1", site="prod")
    own = netbox.request("GET", f"ipam/ip-addresses/{leaf['primary_ip4']['id']}").json()
    assert (own["assigned_object"]["name"], own["custom_fields"]["hedgehog_key"]) == (
        "M1",
        "prod/Switch/default/leaf-1#ip",
    )

    before = newest_change(netbox)
    second = place.sync()
    assert (second["outcome"], second["status"], newest_change(netbox)) == ("unchanged", "in_sync", before)
    assert place.command("plan", "--format", "json").json()["changes"] == []

    foreign = netbox.create("ipam/vlans", vid=77, name="theirs")
    theirs = netbox.create("extras/tags", name="theirs", slug="theirs")
    leaf = netbox.one("dcim/devices", name="leaf-1", site="prod")
    tags = [*(tag["id"] for tag in leaf["tags"]), theirs["id"]]
    netbox.change("dcim/devices", leaf["id"], description="moved", comments="asked Ann", tags=tags)
    netbox.change("dcim/interfaces", lag["id"], tagged_vlans=[foreign["id"]])
    shown = place.command("plan").out
    assert shown.count("drift") >= 2, shown

    third = place.sync()
    assert (third["outcome"], third["status"]) == ("applied", "in_sync"), third["failures"]
    leaf = netbox.one("dcim/devices", name="leaf-1", site="prod")
    assert (leaf["description"], leaf["comments"]) == ("row B, rack 1", "asked Ann")
    assert "theirs" in [tag["slug"] for tag in leaf["tags"]]
    after = netbox.request("GET", f"dcim/interfaces/{lag['id']}").json()
    assert sorted(vlan["name"] for vlan in after["tagged_vlans"]) == ["data/default", "theirs"]


def assert_what_has_no_field_of_its_own(netbox: Netbox) -> None:
    """ASNs by reference, peerings as JSON, and of which Connection a LAG or port is."""
    leaf = netbox.one("dcim/devices", name="leaf-1", site="prod")["custom_fields"]
    asn = netbox.one("ipam/asns", asn=leaf["hedgehog_asn"]["asn"])
    assert (asn["id"], asn["rir"]["slug"]) == (leaf["hedgehog_asn"]["id"], "hedgehog-private")
    assert netbox.one("ipam/rirs")["is_private"] is True
    assert leaf["hedgehog_redundancy"] == "eslag"
    neighbor = netbox.one("ipam/ip-addresses", address="198.51.100.1/32")
    assert neighbor["custom_fields"]["hedgehog_asn"]["asn"] == 64496
    lags = netbox.all("dcim/interfaces", cf_hedgehog_connection="prod/Connection/default/db-1--eslag--leaf-1--leaf-2")
    assert sorted((lag["device"]["name"], lag["type"]["value"]) for lag in lags) == [
        ("leaf-1", "lag"),
        ("leaf-2", "lag"),
    ]
    (port,) = netbox.all("dcim/interfaces", cf_hedgehog_connection="prod/Connection/default/leaf-3--external--isp")
    assert (port["device"]["name"], port["mark_connected"]) == ("leaf-3", True)
    web = netbox.one("ipam/vrfs", name="prod/web")
    assert set(web["custom_fields"]["hedgehog_peerings"]) == {"ExternalPeering/default/web--isp"}


def test_two_fabrics_with_equal_names_share_one_netbox(netbox_module: Netbox, tmp_path: Path) -> None:
    """Issue 7, 6: two fabrics with equal names and prefixes in one NetBox; one that leaves takes nothing along."""
    netbox, places = netbox_module, []
    for name in ("east-1", "east-10"):
        (tmp_path / name).mkdir()
        places.append(Place(tmp_path / name, netbox, name))
        places[-1].lay_out("01", "02", "03", "05", "06")
        done = places[-1].sync()
        assert (done["outcome"], done["status"]) == ("applied", "in_sync"), done["failures"]
    kinds = [kind for kind in KINDS if kind != "dcim/cables"]
    counts = [{kind: len(ours(netbox, kind, each.name)) for kind in kinds} for each in places]
    assert counts[0] == counts[1]
    leaves = [netbox.one("dcim/devices", name="leaf-1", site=each.name)["custom_fields"] for each in places]
    numbers = {leaf["hedgehog_asn"]["id"] for leaf in leaves}
    assert numbers == {netbox.one("ipam/asns", asn=leaves[0]["hedgehog_asn"]["asn"])["id"]}

    shutil.rmtree(places[0].managed("servers"))
    places[0].command("sync")
    assert {kind: len(ours(netbox, kind, "east-10")) for kind in kinds} == counts[1]


def test_a_peering_is_changed_and_taken_out_of_the_json_that_keeps_it(netbox_module: Netbox, tmp_path: Path) -> None:
    """Issue 7, 1: a peering is on the VRF of its VPC, follows git, and goes with it; 2: a person's field stays."""
    netbox, place = netbox_module, Place(tmp_path, netbox_module, "south")
    place.lay_out("01", "06", "08")
    outside = place.root / "fabrics/south/raw/08-outside.yaml"
    parts = [each for each in outside.read_text().split("---\n") if "ExternalAttachment" not in each]
    outside.write_text("---\n".join(parts))
    done = place.sync()
    assert (done["outcome"], done["status"]) == ("applied", "in_sync"), done["failures"]
    vrf = netbox.one("ipam/vrfs", name="south/web")
    netbox.change("ipam/vrfs", vrf["id"], custom_fields={"theirs": "stays"})
    file = place.managed("externalpeerings/web--isp.yaml")
    file.write_text(file.read_text().replace("0.0.0.0/0", "192.0.2.0/24"))
    assert place.sync()["status"] == "in_sync"
    custom = netbox.one("ipam/vrfs", name="south/web")["custom_fields"]
    permit = custom["hedgehog_peerings"]["ExternalPeering/default/web--isp"]["permit"]
    assert permit["external"]["prefixes"] == [{"prefix": "192.0.2.0/24"}]

    file.unlink()
    place.sync()  # on the cluster the last object of a kind goes only when somebody allows it
    custom = netbox.one("ipam/vrfs", name="south/web")["custom_fields"]
    assert (custom["hedgehog_peerings"], custom["theirs"]) == (None, "stays")


def test_a_netbox_of_an_older_set_up_is_told_before_anything_is_written(netbox_module: Netbox, tmp_path: Path) -> None:
    """Issue 7, scope: a custom field that is missing is advice, not a broken batch."""
    netbox, place = netbox_module, Place(tmp_path, netbox_module, "older")
    place.lay_out("01", "02")
    field = netbox.one("extras/custom-fields", name="hedgehog_asn")
    netbox.change("extras/custom-fields", field["id"], object_types=["ipam.ipaddress"])
    try:
        done = place.command("sync")
        shown = place.command("status").out
    finally:
        netbox.change("extras/custom-fields", field["id"], object_types=field["object_types"])
    assert done.code == 69
    assert "NetBox has no custom fields hedgehog_asn on dcim.device; `doctor --setup` makes them" in shown
    assert [
        kind for kind in ("dcim/devices", "dcim/interfaces", "ipam/ip-addresses") if ours(netbox, kind, "older")
    ] == []


def page(_: Asked) -> Reply:
    return Reply(status=200, body=b"<html>Sign in</html>", headers={"Content-Type": "text/html"})


def busy(_: Asked) -> Reply:
    return Reply(status=429, body=b'{"detail": "throttled"}', headers={"Retry-After": "1"})


def broken(_: Asked) -> Reply:
    return Reply(status=500, body=b"oops")


@pytest.mark.parametrize("fault", [page, busy, broken], ids=["login page", "429", "500"])
def test_a_netbox_that_answers_wrongly_stops_nothing_but_itself(
    netbox_module: Netbox, tmp_path: Path, fault: Any
) -> None:
    """Issue 7, 6: no deletes, the cluster is synced, and the status says which side is unknown."""
    with proxying(netbox_module) as proxy:
        assert proxy.server is not None
        place = Place(tmp_path, netbox_module, f"west-{fault.__name__}", proxy.server.url)
        place.lay_out("01")
        assert place.sync()["status"] == "in_sync"
        before = newest_change(netbox_module)
        proxy.fault = fault
        file = place.managed("vlannamespaces/default.yaml")
        file.write_text(file.read_text().replace("2999", "2998"))

        done = place.command("sync", "--format", "json")
    assert (done.code, done.json()["outcome"], newest_change(netbox_module)) == (69, "partial", before)
    assert "2998" in (place.root / "live/vlannamespaces/default.yaml").read_text()
    (known,) = place.command("status", "--format", "json").json()["fabrics"]
    assert [each["agreement"] for each in known["sides"]] == ["equal", "unknown"]


def test_a_netbox_that_is_gone_stops_nothing_but_itself(netbox_module: Netbox, tmp_path: Path) -> None:
    """Issue 7, 6: NetBox down."""
    place = Place(tmp_path, netbox_module, "north", "http://127.0.0.1:9")
    place.lay_out("01")
    done = place.command("sync", "--format", "json")
    assert (done.code, (place.root / "live/vlannamespaces/default.yaml").exists()) == (69, True)
    assert "unknown north: netbox: connection: " in place.command("status").out
