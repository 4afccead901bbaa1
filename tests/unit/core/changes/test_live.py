"""The step that a plan takes, from the live side to git."""

from __future__ import annotations

import json

import pytest

from fakes.fabrics import LAB, desired, live_side, remembered, thing
from hedgehog_gitops.core.changes import live as live_module
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.planning import make_plan
from hedgehog_gitops.core.saved_plan import plan_from_value, plan_value
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Action, Plan
from hedgehog_gitops.model.settings import Authority, Fabric, PruneSettings
from hedgehog_gitops.render.plan_text import plan_text

LINK: JsonObject = {"server": {"port": "srv-1/e1"}, "switch": {"port": "leaf/E1/1"}}
CONNECTION = thing("Connection", "c1", {"unbundled": {"link": LINK}})
ATTACHED = thing("VPCAttachment", "at", {"subnet": "blue/default", "connection": "c1"})
VPC_KIND = ("vpc.githedgehog.com", "VPC")


def vpc(vlan: int, name: str = "blue") -> JsonObject:
    subnet: JsonObject = {"subnet": f"10.0.{len(name)}.0/24", "vlan": vlan}
    return thing("VPC", name, {"subnets": {"default": subnet}})


def planned(
    git: list[JsonObject],
    cluster: list[JsonObject],
    base: list[JsonObject],
    unknown: dict[tuple[str, str], str] | None = None,
    fabric: Fabric = LAB,
) -> Plan:
    snapshot = desired(*git)
    wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
    return make_plan(fabric, wanted, live_side(*cluster, unknown=unknown), remembered(*base)).plan


def test_a_plan_warns_of_the_service_that_it_cuts() -> None:
    before = [vpc(1001), ATTACHED, CONNECTION]
    plan = planned([vpc(1002), ATTACHED, CONNECTION], before, before)
    (finding,) = plan.findings
    assert (finding.rule, finding.severity, finding.origin.path) == (
        "DISRUPT-SUBNET", Severity.WARNING, "fabrics/lab/blue.yaml",
    )  # fmt: skip
    assert len(plan.changes) == 1, "a warning holds nothing back"
    assert plan_from_value(json.loads(json.dumps(plan_value(plan)))) == plan
    text = plan_text(plan)
    assert "  ⚠ DISRUPT-SUBNET VPC/default/blue: " in text
    assert "server srv-1 (VPC blue)" in text
    assert text.splitlines()[-1].endswith("1 to update; 1 warning; 2 in-sync")


def test_an_update_that_admission_refuses_is_held_back_with_what_needs_it() -> None:
    bundled = thing("Connection", "c1", {"bundled": {"links": [LINK]}})
    moved = thing("VPCAttachment", "at", {"subnet": "blue/default", "connection": "c1", "nativeVLAN": True})
    before = [vpc(1001), ATTACHED, CONNECTION]
    plan = planned([vpc(1001), moved, bundled], before, before)
    assert plan.changes == ()
    reasons = {held.key.name: held.reason for held in plan.blocked}
    assert reasons["c1"].startswith("UPD-001 Connection 'c1' is of type unbundled")
    assert reasons["at"] == "something that it needs is held back"
    assert [finding.rule for finding in plan.findings] == ["UPD-001"], "what is not written cuts nothing"


def test_a_prune_that_admission_would_refuse_says_so() -> None:
    before = [vpc(1001), ATTACHED, CONNECTION]
    plan = planned([], before, [vpc(1001)])
    (withheld,) = plan.withheld
    assert withheld.reason.startswith("no longer in git; prune is off; the delete would be refused: DEL-006 VPC 'blue'")
    assert plan.findings == ()


def test_a_prune_that_admission_would_refuse_is_not_done() -> None:
    pruning = LAB._replace(prune=PruneSettings(enabled=True, max_share=1.0))
    group, other = thing("SwitchGroup", "g"), vpc(1005, "red")
    before = [vpc(1001), ATTACHED, CONNECTION, group, other]
    plan = planned([group, other], before, [vpc(1001), group, other], fabric=pruning)
    assert plan.changes == ()
    assert [change.key.name for change in plan.withheld] == ["blue"]
    assert "the delete would be refused: DEL-006" in plan.withheld[0].reason


def test_a_prune_that_is_done_warns_of_the_service_that_it_cuts() -> None:
    pruning = LAB._replace(prune=PruneSettings(enabled=True, max_share=1.0))
    spare = thing("VPCAttachment", "spare", {"subnet": "red/default", "connection": "c1"})
    before = [vpc(1001), vpc(1005, "red"), ATTACHED, spare, CONNECTION]
    plan = planned([vpc(1001), vpc(1005, "red"), spare, CONNECTION], before, before, fabric=pruning)
    assert [(change.action, change.key.name) for change in plan.changes] == [(Action.PRUNE, "at")]
    assert [finding.rule for finding in plan.findings] == ["DISRUPT-ATTACHMENT"]


def test_a_prune_that_would_cut_service_says_so() -> None:
    before = [vpc(1001), ATTACHED, CONNECTION]
    plan = planned([vpc(1001), CONNECTION], before, before)
    (withheld,) = plan.withheld
    assert "it would cut service: DISRUPT-ATTACHMENT" in withheld.reason
    assert "server srv-1" in withheld.reason


def test_a_kind_that_could_not_be_read_is_not_judged() -> None:
    before = [ATTACHED, CONNECTION]
    plan = planned([vpc(1002), ATTACHED, CONNECTION], before, [vpc(1001), *before], {VPC_KIND: "403"})
    assert plan.findings == ()
    assert plan.changes == ()


def test_a_field_about_which_git_does_not_decide_is_no_part_of_the_step() -> None:
    fabric = LAB._replace(authority={"default": Authority.GIT, "VPC/spec.subnets.*.vlan": Authority.CLUSTER})
    before = [vpc(1001), ATTACHED, CONNECTION]
    desired_vpc = thing(
        "VPC", "blue", {"subnets": {"default": {"subnet": "10.0.4.0/24", "vlan": 1009}}, "mode": "l3vni"}
    )
    plan = planned([desired_vpc, ATTACHED, CONNECTION], before, before, fabric=fabric)
    assert [finding.field for finding in plan.findings] == ["spec.mode"]


def test_drift_that_is_set_right_again_is_a_step_too() -> None:
    git = [vpc(1001), ATTACHED, CONNECTION]
    plan = planned(git, [vpc(1500), ATTACHED, CONNECTION], git)
    assert "spec.subnets.default.vlan: 1500 becomes 1001" in plan.findings[0].message


def test_where_all_is_equal_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "judge_step", lambda *_: pytest.fail("judged"))
    git = [vpc(1001), ATTACHED, CONNECTION]
    assert planned(git, git, git).findings == ()
    assert planned(git, [], []).findings == (), "what is only new changes nothing"
