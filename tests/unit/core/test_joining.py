from __future__ import annotations

from dataclasses import replace

from hedgehog_gitops.core.joining import Planning, join, joined
from hedgehog_gitops.core.parts import part_of
from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.core.saved_plan import plan_from_value, plan_value
from hedgehog_gitops.core.settling import Settled
from hedgehog_gitops.core.unknowns import unknowns
from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import (
    Action,
    Agreement,
    Change,
    HeldBack,
    Plan,
    PlanOptions,
    Precondition,
    Verdict,
    agreement,
)
from hedgehog_gitops.model.record import later_key

BLUE = ObjectKey(group=VPC, kind="VPC", namespace="default", name="blue")
RED = BLUE._replace(name="red")
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


def planning(made: Plan, allowed: Plan | None = None) -> Planning:
    """Plans a side as that; as another plan if its deletions are allowed by its own name."""

    def planned(options: PlanOptions) -> Planned:
        return Planned(
            plan=allowed if allowed and options.allow_deletes == "own" else made, settled=Settled(), needs={}
        )

    return planned


STRICT = PlanOptions(strict=True)
GONE = change(SideName.CLUSTER, RED, Action.PRUNE)


def test_strictly_a_plan_of_which_nothing_is_held_back_is_the_plan() -> None:
    sides = {SideName.CLUSTER: planning(CLUSTER), SideName.NETBOX: planning(NETBOX)}
    assert join(sides, STRICT) == join(sides, PlanOptions())


def test_strictly_errors_in_git_hold_back_everything_also_of_objects_that_are_equal() -> None:
    """Issue 5, apply: `--strict` stops all; a prune is withheld, and counts for the plan's name as before."""
    pruning = replace(CLUSTER, changes=(*CLUSTER.changes, GONE), waves=((BLUE,), (RED,)))
    sides = {SideName.CLUSTER: planning(pruning), SideName.NETBOX: planning(NETBOX)}
    made = join(sides, STRICT, errors=2).plan

    assert (made.changes, made.waves, [each.key for each in made.withheld]) == ((), (), [RED])
    words = "--strict: nothing is written while something is held back (git: 2 objects with errors)"
    assert [(each.side, each.key, each.reason) for each in made.blocked] == [
        (SideName.CLUSTER, BLUE, words),
        (SideName.NETBOX, VRF, words),
    ]
    assert made.id != join(sides, PlanOptions()).plan.id


def test_strictly_deletions_may_be_allowed_by_the_name_of_a_plan_that_writes_nothing() -> None:
    """What waits for a prune is held back until the prune is allowed; the name of the plan that says so allows it."""
    waiting = HeldBack(side=SideName.CLUSTER, verdict=Verdict.PENDING, key=BLUE, fields=(), reason="in the way")
    held = replace(plan(), blocked=(waiting,), withheld=(GONE,))
    sides = {SideName.CLUSTER: planning(held, plan(GONE, CLUSTER.changes[0])), SideName.NETBOX: planning(NETBOX)}

    shown = join(sides, STRICT).plan
    assert (shown.changes, {each.key for each in shown.blocked}) == ((), {BLUE, VRF})
    allowed = join(sides, replace(STRICT, allow_deletes=shown.id)).plan
    assert [each.key for each in allowed.changes] == [RED, BLUE, VRF]


def test_a_later_step_of_a_record_is_held_back_as_the_record() -> None:
    late = change(SideName.NETBOX, later_key(VRF), Action.UPDATE)
    made = join({SideName.NETBOX: planning(plan(*NETBOX.changes, late))}, STRICT, errors=1).plan
    assert [each.key for each in made.blocked] == [VRF]
