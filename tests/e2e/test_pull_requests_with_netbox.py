"""The same with a real NetBox beside the cluster: one plan in the comment, applied to both, and its token nowhere."""

from __future__ import annotations

from pathlib import Path

from e2e.github_desk import ON_DISK, VPC, opened
from fixtures_netbox import SITE, Netbox


def test_a_pull_request_is_planned_and_applied_in_netbox_too(netbox_module: Netbox, tmp_path: Path) -> None:
    """Issue 8, it must show 1: against a real NetBox and a real bare git remote."""
    token = tmp_path / "netbox-token"
    token.write_text(netbox_module.token)
    netbox = f"{{url: '{netbox_module.url}', token_file: {token}, site: {SITE}}}"
    with opened(tmp_path, f"{ON_DISK}\n    netbox: {netbox}") as desk:
        ran = desk.run("push", command="apply", approval="none")
        assert ran.code == 0, ran.raw
        assert len(netbox_module.all("dcim/devices", cf_hedgehog_fabric="quickstart")) == 11
        desk.edit(VPC, "vlan: 1002", "vlan: 1500")
        planned = desk.run("pull_request", desk.pull_request(7), command="plan")
        desk.store(planned)
        (comment,) = desk.comments(7)
        assert "ipam.vlan" in comment
        assert netbox_module.all("ipam/vlans", vid=1500) == []
        desk.merge(7)
        applied = desk.run("push", command="apply")
        assert applied.code == 0, applied.raw
        assert [each["vid"] for each in netbox_module.all("ipam/vlans", vid=1500)] == [1500]
        (vlan,) = netbox_module.all("ipam/vlans", vid=1500)
        netbox_module.change("ipam/vlans", vlan["id"], name="by hand")
        drifted = desk.run("schedule", command="drift", fail_on="drift")
        assert (drifted.code, drifted.outputs["drift"]) == (2, "1"), drifted.raw
        told = [*(each.log + each.summary for each in desk.runs), comment, *map(str, desk.hub.issues.values())]
        assert not any(netbox_module.token in text for text in told)
