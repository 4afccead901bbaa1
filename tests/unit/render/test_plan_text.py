from __future__ import annotations

from fakes.fabrics import LAB, attachment, desired, live_side, remembered, vpc
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.planning import Wanted, make_plan
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.render.plan_text import plan_text


def text(git: list[JsonObject], cluster: list[JsonObject], base: list[JsonObject]) -> str:
    snapshot = desired(*git)
    wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
    plan = make_plan(LAB, wanted, live_side(*cluster), remembered(*base)).plan
    return plan_text(plan).replace(plan.id, "ID")


def test_drift_shows_the_field_the_base_and_what_is_reached() -> None:
    both = [vpc(), attachment()]
    assert text(both, [vpc(vlan=1500), attachment()], both) == (
        "lab at r1\n"
        "  ~ VPC/default/blue: drift, by somebody\n"
        "      spec.subnets.default.vlan: 1500 → 1001  (drifted; was 1001)\n"
        "      reaches VPCAttachment/default/at\n"
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
