from __future__ import annotations

from dataclasses import replace

from hedgehog_gitops.core.joining import join, joined
from hedgehog_gitops.core.parts import part_of
from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.core.saved_plan import plan_from_value, plan_value
from hedgehog_gitops.core.settling import Settled
from hedgehog_gitops.core.unknowns import unknowns
from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Action, Agreement, Change, Plan, PlanOptions, Precondition, Verdict, agreement

BLUE = ObjectKey(group=VPC, kind="VPC", namespace="default", name="blue")
VRF = ObjectKey(group="netbox", kind="ipam.vrf", namespace="default", name="VPC/blue")


def change(side: SideName, key: ObjectKey, action: Action = Action.CREATE) -> Change:
    return Change(
        side=side,
        action=action,
        verdict=Verdict.PENDING,
        key=key,
        fields=(),
        reason="new in git",
        precondition=Precondition(),
        manifest=None if action is Action.PRUNE else {},
    )


def plan(*changes: Change, frozen: dict[tuple[str, str], str] | None = None, kept: int = 0) -> Plan:
    return Plan(
        id="own",
        fabric="lab",
        revision="r1",
        config_digest="c",
        changes=changes,
        conflicts=(),
        blocked=(),
        withheld=(),
        kept={"in-sync": kept} if kept else {},
        waves=tuple((each.key,) for each in changes),
        frozen=frozen or {},
    )


CLUSTER = plan(change(SideName.CLUSTER, BLUE), kept=3)
NETBOX = plan(change(SideName.NETBOX, VRF), kept=4)


def test_changes_of_both_sides_stand_in_one_plan_the_clusters_first() -> None:
    """Issue 7, scope: the plan is one plan, cluster and NetBox changes side by side."""
    whole = joined({SideName.CLUSTER: CLUSTER, SideName.NETBOX: NETBOX})

    assert [each.key for each in whole.changes] == [BLUE, VRF]
    assert whole.waves == ((BLUE,), (VRF,))
    assert (dict(whole.kept), dict(whole.sides[SideName.NETBOX])) == ({"in-sync": 7}, {"in-sync": 4})


def test_one_name_covers_what_is_done_on_every_side() -> None:
    whole = joined({SideName.CLUSTER: CLUSTER, SideName.NETBOX: NETBOX})
    less = joined({SideName.CLUSTER: CLUSTER, SideName.NETBOX: plan()})

    assert len({whole.id, less.id, "own"}) == 3


def test_the_plan_of_an_only_side_keeps_its_name() -> None:
    assert joined({SideName.CLUSTER: CLUSTER}).id == CLUSTER.id


def test_a_joined_plan_survives_being_saved() -> None:
    """Issue 7, scope: one saved plan."""
    whole = joined({SideName.CLUSTER: CLUSTER, SideName.NETBOX: NETBOX})
    assert plan_from_value(plan_value(whole)) == whole
    assert [each.side for each in plan_from_value(plan_value(whole)).changes] == [SideName.CLUSTER, SideName.NETBOX]


def test_a_side_that_is_not_known_makes_the_whole_unknown_and_takes_nothing_from_the_other() -> None:
    """Issue 7, 6: a NetBox that is down does not keep the cluster from being synced."""
    down = plan(frozen={("netbox", "dcim.device"): "connection: refused"})
    whole = joined({SideName.CLUSTER: CLUSTER, SideName.NETBOX: down})

    assert agreement(whole) is Agreement.UNKNOWN
    assert [each.key for each in whole.changes] == [BLUE]


def test_deletions_are_allowed_by_the_name_of_the_whole_plan_only() -> None:
    def cluster(options: PlanOptions) -> Planned:
        gone = change(SideName.CLUSTER, BLUE, Action.PRUNE)
        made = plan(gone) if options.allow_deletes == "own" else replace(plan(), withheld=(gone,))
        return Planned(plan=made, settled=Settled(), needs={})

    def netbox(_options: PlanOptions) -> Planned:
        return Planned(plan=NETBOX, settled=Settled(), needs={})

    sides = {SideName.CLUSTER: cluster, SideName.NETBOX: netbox}
    shown = join(sides, PlanOptions(allow_deletes="own"))
    assert [each.key for each in shown.plan.withheld] == [BLUE]

    allowed = join(sides, PlanOptions(allow_deletes=shown.plan.id))
    assert (allowed.plan.withheld, [each.key for each in allowed.plan.changes]) == ((), [BLUE, VRF])
    assert allowed.plan.id == shown.plan.id


def test_the_part_of_one_side_is_what_was_planned_for_it() -> None:
    down = plan(frozen={("netbox", "dcim.device"): "connection: refused"})
    whole = joined({SideName.CLUSTER: CLUSTER, SideName.NETBOX: down})

    assert replace(part_of(whole, SideName.CLUSTER), sides={}, id="own") == CLUSTER
    assert part_of(whole, SideName.NETBOX).frozen == down.frozen


def test_one_reason_for_many_kinds_of_netbox_is_told_once() -> None:
    frozen = {("netbox", "dcim.device"): "timeout", ("netbox", "dcim.cable"): "timeout", (VPC, "VPC"): "timeout"}
    assert [each.names() for each in unknowns(frozen)] == ["VPC", "NetBox (2 kinds)"]
