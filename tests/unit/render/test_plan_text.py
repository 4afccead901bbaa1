from __future__ import annotations

from dataclasses import replace

from fakes.fabrics import LAB, attachment, desired, live_side, remembered, thing, vpc
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.planning import make_plan
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Plan
from hedgehog_gitops.render.plan_text import plan_text


def text(git: list[JsonObject], cluster: list[JsonObject], base: list[JsonObject]) -> str:
    plan = planned(git, cluster, base)
    return plan_text(plan).replace(plan.id, "ID")


def planned(git: list[JsonObject], cluster: list[JsonObject], base: list[JsonObject]) -> Plan:
    snapshot = desired(*git)
    wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
    return make_plan(LAB, wanted, live_side(*cluster), remembered(*base)).plan


def test_drift_shows_the_field_the_base_and_what_is_reached() -> None:
    both = [vpc(), attachment()]
    assert text(both, [vpc(vlan=1500), attachment()], both) == (
        "lab at r1\n"
        "  ~ VPC/default/blue: drift, by somebody\n"
        "      spec.subnets.default.vlan: 1500 → 1001  (drifted; was 1001)\n"
        "      reaches 1 attachment\n"
        "Plan ID: 1 to update; 1 in-sync\n"
    )


def test_a_conflict_is_held_back_with_its_fields() -> None:
    shown = text([vpc(vlan=1002)], [vpc(vlan=1003)], [vpc()])
    assert "  ! VPC/default/blue: conflict: " in shown
    assert "spec.subnets.default.vlan: 1003 → 1002  (conflict; was 1001)" in shown
    assert shown.endswith("Plan ID: nothing to do; 1 in conflict\n")


def test_a_withheld_prune_is_said_to_be_withheld() -> None:
    shown = text([], [vpc()], [vpc()])
    assert "  (-) VPC/default/blue: no longer in git; prune is off\n" in shown
    assert shown.endswith("Plan ID: nothing to do; 1 would be pruned\n")


def test_a_name_from_a_cluster_cannot_forge_a_line() -> None:
    evil = vpc()
    evil["spec"] = {"mode": "x\nPlan ID: 99 to prune", "subnets": {}}
    shown = text([vpc()], [evil], [vpc()])
    assert [line for line in shown.splitlines() if line.startswith("Plan")] == ["Plan ID: 1 to update"]


def served(servers: int) -> list[JsonObject]:
    """A VPC that so many servers are attached to."""
    links: list[JsonObject] = [
        {"server": {"port": f"web-{number}/enp1s1"}, "switch": {"port": f"leaf-1/E1/{number}"}}
        for number in range(1, servers + 1)
    ]
    return [
        vpc(),
        thing("Switch", "leaf-1"),
        *(thing("Server", f"web-{number}") for number in range(1, servers + 1)),
        *(thing("Connection", f"c{number}", {"unbundled": {"link": link}}) for number, link in enumerate(links, 1)),
        *(
            thing("VPCAttachment", f"at-{number}", {"subnet": "blue/default", "connection": f"c{number}"})
            for number in range(1, servers + 1)
        ),
    ]


def test_a_blast_radius_is_told_in_the_fabrics_terms() -> None:
    """Issue 5, "reasons and authors": attachments, servers, VPCs, switches reached through the object graph."""
    before = served(3)
    shown = text([vpc(vlan=1002), *before[1:]], before, before)
    told = "reaches 3 servers (web-1, web-2, web-3), 1 switch (leaf-1), 3 attachments and 3 other objects\n"
    assert told in shown


def test_a_wide_blast_radius_counts_all_and_names_some() -> None:
    before = served(30)
    shown = text([vpc(vlan=1002), *before[1:]], before, before)
    assert "reaches 30 servers (web-1, web-10, web-11, web-12, web-13, ...), 1 switch (leaf-1), 30 attach" in shown


def test_a_withheld_prune_says_what_it_would_reach() -> None:
    before = served(1)
    shown = text(before[:-1], before, before)
    assert "reaches 1 server (web-1), 1 VPC (blue), 1 switch (leaf-1) and 1 other object\n" in shown


def test_what_an_attachment_leaves_is_reached_as_well_as_what_it_joins() -> None:
    before = [vpc(), vpc("green"), attachment()]
    shown = text([*before[:-1], attachment(vpc_name="green")], before, before)
    assert "reaches 2 VPCs (blue, green)\n" in shown


def test_a_record_of_netbox_says_nothing_of_what_it_reaches() -> None:
    """It shows an object; the blast radius is told where that object is, on the cluster."""
    before = served(1)
    plan = planned([vpc(vlan=1002), *before[1:]], before, before)
    (only,) = plan.changes
    shown = replace(plan, changes=(replace(only, side=SideName.NETBOX, blast_radius=(only.key,), reached={}),))
    assert "reaches" not in plan_text(shown)
