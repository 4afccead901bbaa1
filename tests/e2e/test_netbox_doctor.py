"""`doctor` and `doctor --setup` at a real NetBox, with an account that has just the permissions that are printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from e2e.netbox_place import Place
from fixtures_netbox import Netbox


def test_what_is_printed_is_what_an_account_needs(
    empty_netbox: Netbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 7, scope: `doctor --setup` makes fields, tags and roles, and prints the least-privilege permission set."""
    netbox, place = empty_netbox, Place(tmp_path, empty_netbox, "prod")
    place.lay_out("01", "02")
    monkeypatch.setenv("NETBOX_ADMIN", netbox.token)
    assert "custom field hedgehog_key is missing" in place.command("doctor").out
    assert place.command("sync").code == 69

    needed = place.command("doctor", "--setup", "NETBOX_ADMIN").json()["permissions"]
    again = place.command("doctor", "--setup", "NETBOX_ADMIN")
    assert "made" not in again.err
    permissions = [{name: value for name, value in each.items() if name != "name"} for each in needed]
    (place.root / "token").write_text(netbox.user("gitops", permissions))
    examined = place.command("doctor", "--format", "json").json()["findings"]
    assert [each for each in examined if each["check"].startswith("netbox") and each["severity"] != "ok"] == []

    done = place.sync()
    assert (done["outcome"], done["status"]) == ("applied", "in_sync"), done["failures"]
    assert netbox.request("GET", "core/object-changes", limit=1).json()["results"][0]["user_name"] == "gitops"

    view = next(each for each in permissions if each["actions"] == ["view"])
    seen = {**view, "object_types": [kind for kind in view["object_types"] if kind != "dcim.device"]}
    hidden = {**view, "object_types": ["dcim.device"], "constraints": {"name": "nobody"}}
    (place.root / "token").write_text(netbox.user("blind", [seen, hidden]))
    blind = place.command("doctor").out
    assert "objects of ours is seen of dcim.device, which would look like a mass deletion" in blind
    before = len(netbox.all("dcim/devices"))
    assert (place.command("sync").code, len(netbox.all("dcim/devices"))) == (69, before)
