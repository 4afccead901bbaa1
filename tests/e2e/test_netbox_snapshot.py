"""A snapshot of a directory in place of the cluster and of a real NetBox: it plans as the two do."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from e2e.netbox_place import Place
from fixtures_netbox import Netbox


def planned(place: Place, *arguments: str) -> Any:
    return place.command("plan", "--format", "json", *arguments).json()


def test_a_plan_against_a_snapshot_is_the_plan_against_the_server(netbox_module: Netbox, tmp_path: Path) -> None:
    """Issue 7, the plan is one plan: the same id and changes offline, with authors, twins and what hangs on prunes.

    No secret is in the snapshot, and an equal NetBox gives equal bytes.
    """
    netbox, place = netbox_module, Place(tmp_path, netbox_module, "seen-1")
    place.lay_out()
    assert place.sync()["status"] == "in_sync"
    leaf = netbox.one("dcim/devices", name="leaf-1", site="seen-1")
    netbox.change("dcim/devices", leaf["id"], description="moved by Ann")
    cables = netbox.all("dcim/cables", cf_hedgehog_fabric="seen-1")
    netbox.delete(
        "dcim/cables", next(each["id"] for each in cables if "web-1" in each["custom_fields"]["hedgehog_key"])
    )
    site = netbox.one("dcim/sites", slug="seen-1")["id"]
    own = {"role": leaf["role"]["id"], "device_type": leaf["device_type"]["id"], "site": site}
    twin = netbox.create("dcim/devices", name="web-9", **own)
    backup = netbox.one("dcim/devices", name="backup-1", site="seen-1")
    netbox.create("dcim/interfaces", device=backup["id"], name="theirs", type="virtual")
    for file in ("connections/backup-1--unbundled--leaf-3.yaml", "servers/backup-1.yaml"):
        place.managed(file).unlink()
    for attached in place.managed("vpcattachments").glob("*backup*.yaml"):
        attached.unlink()
    web = place.managed("servers/web-1.yaml")
    web.with_name("web-9.yaml").write_text(web.read_text().replace("web-1", "web-9"))
    there = planned(place)

    assert place.command("snapshot", str(tmp_path / "seen")).code == 0
    assert place.command("snapshot", str(tmp_path / "again")).code == 0
    files = [(tmp_path / name / "netbox.json").read_bytes() for name in ("seen", "again")]
    assert files[0] == files[1]
    assert netbox.token.encode() not in files[0] + (tmp_path / "seen/snapshot.json").read_bytes()

    shutil.rmtree(tmp_path / "live")
    (tmp_path / "token").unlink()
    (tmp_path / "state.sqlite").unlink()
    offline = planned(place, "--live", str(tmp_path / "seen"))
    assert offline == there
    told = str(offline)
    assert "admin" in told, "who moved the description"
    assert f"object {twin['id']} is in its place" in told
    assert "somebody deleted it in NetBox" in told
    assert "it carries" in told
