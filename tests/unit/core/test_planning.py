from __future__ import annotations

import json
from dataclasses import replace
from typing import ClassVar

import pytest

from fakes.fabrics import LAB, attachment, desired, live_side, owned, remembered, thing, vpc
from fakes.memory_side import key_of
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.planning import DEFAULT_OPTIONS, Planned, make_plan
from hedgehog_gitops.core.saved_plan import plan_from_value, plan_value, why_stale
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveSide
from hedgehog_gitops.model.plain import JsonObject, path_text
from hedgehog_gitops.model.plan import Action, Agreement, PlanOptions, Verdict, agreement
from hedgehog_gitops.model.settings import Authority, Fabric, OnMissing, PruneSettings
from hedgehog_gitops.model.snapshot import Snapshot
from hedgehog_gitops.model.state import BaseRecord

CONNECTION = thing("Connection", "c1", {"external": {"link": {"switch": {"port": "s1/E1/1"}}}})
VPC_KIND = ("vpc.githedgehog.com", "VPC")


def planned_by(
    *,
    fabric: Fabric,
    desired: Snapshot,
    live: LiveSide,
    bases: dict[ObjectKey, BaseRecord],
    refused: dict[ObjectKey, str],
    incomplete: str = "",
    options: PlanOptions = DEFAULT_OPTIONS,
) -> Planned:
    specs = default_specs(desired.manifests)
    wanted = Wanted(snapshot=desired, specs=specs, refused=refused, incomplete=incomplete)
    return make_plan(fabric, wanted, live, bases, options)


def planned(
    git: list[JsonObject],
    cluster: list[JsonObject],
    base: list[JsonObject] | None = None,
    *,
    refused: dict[ObjectKey, str] | None = None,
    unknown: dict[tuple[str, str], str] | None = None,
    incomplete: str = "",
    fabric: Fabric = LAB,
    options: PlanOptions = DEFAULT_OPTIONS,
) -> Planned:
    return planned_by(
        fabric=fabric,
        desired=desired(*git),
        live=live_side(*cluster, unknown=unknown),
        bases=remembered(*(base or [])),
        refused=refused or {},
        incomplete=incomplete,
        options=options,
    )


def test_equal_sides_need_nothing() -> None:
    plan = planned([vpc()], [vpc()], [vpc()]).plan

    assert plan.is_empty
    assert plan.kept == {"in-sync": 1}
    assert agreement(plan) is Agreement.EQUAL


def test_b11_what_the_cluster_filled_in_is_no_difference() -> None:
    stored = vpc(ipv4Namespace="default", vlanNamespace="default")
    assert planned([vpc()], [stored], [vpc()]).plan.is_empty


def test_b10_an_empty_spec_is_created_once_and_then_equal() -> None:
    group = thing("SwitchGroup", "pair")
    created = planned([group], []).plan

    assert [change.action for change in created.changes] == [Action.CREATE]
    assert created.changes[0].manifest == group
    without_spec = {name: entry for name, entry in group.items() if name != "spec"}
    assert planned([group], [without_spec], [group]).plan.is_empty


def test_a_change_in_git_is_an_update_that_names_the_field() -> None:
    (change,) = planned([vpc(vlan=1002)], [vpc(vlan=1001)], [vpc(vlan=1001)]).plan.changes

    assert (change.action, change.verdict) == (Action.UPDATE, Verdict.PENDING)
    assert [(path_text(field.path), field.live, field.desired) for field in change.fields] == [
        ("spec.subnets.default.vlan", 1001, 1002)
    ]
    assert change.precondition.version == "v-blue"
    assert change.precondition.uid == "u-blue"


def test_drift_names_the_other_manager_and_is_put_back() -> None:
    path: JsonObject = {"f:spec": {"f:subnets": {"f:default": {"f:vlan": {}}}}}
    drifted = owned(vpc(vlan=1500), path, manager="kubectl-edit", operation="Update")

    (change,) = planned([vpc()], [drifted], [vpc()]).plan.changes

    assert change.verdict is Verdict.DRIFTED
    assert "kubectl-edit at 2026-01-02T03:04:05Z" in change.reason
    assert change.manifest == vpc()


def test_a_field_that_somebody_added_and_git_never_had_is_theirs_and_told() -> None:
    plan = planned([vpc()], [vpc(defaultIsolated=True)], [vpc()]).plan

    assert plan.is_empty
    assert [(str(each.key), path_text(each.fields[0].path)) for each in plan.beside] == [
        ("VPC/default/blue", "spec.defaultIsolated")
    ]


def test_a_stranger_label_is_other_peoples_business() -> None:
    labelled = vpc()
    labelled["metadata"] = {"name": "blue", "namespace": "default", "labels": {"team": "x"}}
    assert planned([vpc()], [labelled], [vpc()]).plan.is_empty


def test_both_sides_moved_is_a_conflict_that_holds_back_what_needs_it() -> None:
    plan = planned([vpc(vlan=1002), attachment(), CONNECTION], [vpc(vlan=1003)], [vpc(vlan=1001)]).plan

    assert [held.key.kind for held in plan.conflicts] == ["VPC"]
    assert [held.key.kind for held in plan.blocked] == ["VPCAttachment"]
    assert [change.key.kind for change in plan.changes] == ["Connection"]
    assert agreement(plan) is Agreement.DIFFERENT


def test_an_object_that_was_never_ours_is_not_overwritten() -> None:
    plan = planned([vpc(vlan=1002)], [vpc(vlan=1003)]).plan

    assert [held.verdict for held in plan.conflicts] == [Verdict.UNMANAGED]
    assert plan.changes == ()


def test_an_object_that_was_deleted_on_the_cluster_is_missing_and_a_person_is_asked() -> None:
    plan = planned([vpc()], [], [vpc()]).plan

    assert plan.changes == ()
    assert [(held.verdict, "--on-missing" in held.reason) for held in plan.blocked] == [(Verdict.MISSING, True)]


def test_an_object_that_was_deleted_is_made_again_where_that_is_wanted() -> None:
    for plan in (
        planned([vpc()], [], [vpc()], options=PlanOptions(on_missing=OnMissing.RECREATE)).plan,
        planned([vpc()], [], [vpc()], fabric=LAB._replace(on_missing=OnMissing.RECREATE)).plan,
    ):
        (change,) = plan.changes
        assert (change.action, change.verdict) == (Action.CREATE, Verdict.MISSING)
        assert "deleted" in change.reason


def test_an_object_that_was_deleted_stays_deleted_where_that_is_wanted() -> None:
    plan = planned([vpc()], [], [vpc()], options=PlanOptions(on_missing=OnMissing.FORGET)).plan
    assert plan.is_empty
    assert plan.kept == {"missing": 1}


def test_what_git_no_longer_has_is_shown_and_not_pruned() -> None:
    plan = planned([], [vpc()], [vpc()]).plan

    assert [change.action for change in plan.withheld] == [Action.PRUNE]
    assert plan.changes == ()
    assert plan.is_empty


def test_only_what_we_own_is_ever_shown_as_a_prune() -> None:
    plan = planned([], [vpc("theirs")]).plan

    assert plan.withheld == ()
    assert plan.kept == {"unmanaged": 1}


def test_an_object_made_anew_by_others_under_the_same_name_is_not_ours_to_prune() -> None:
    bases = {key: replace(record, uid="another") for key, record in remembered(vpc()).items()}
    plan = planned_by(fabric=LAB, desired=desired(), live=live_side(vpc()), bases=bases, refused={}).plan
    assert plan.withheld == ()


def test_b24_a_desired_state_that_is_not_whole_prunes_nothing_and_agrees_with_nothing() -> None:
    plan = planned([], [vpc()], [vpc()], incomplete="broken file").plan

    assert plan.withheld == ()
    assert agreement(plan) is Agreement.UNKNOWN


def test_b37_an_unknown_kind_is_neither_created_nor_pruned() -> None:
    plan = planned([vpc(), CONNECTION], [], [vpc("gone")], unknown={VPC_KIND: "403"}).plan

    assert [change.key.kind for change in plan.changes] == ["Connection"]
    assert plan.withheld == ()
    assert plan.frozen == {VPC_KIND: "403"}
    assert agreement(plan) is Agreement.UNKNOWN


@pytest.mark.parametrize(
    ("unread", "is_pruned"),
    [("VPCAttachment", False), ("VPCPeering", False), ("Server", True), ("ExternalPeering", True)],
    ids=["a user's kind", "another user's", "a kind that uses no VPC", "a kind that nobody here is about"],
)
def test_b37_what_an_unread_kind_may_still_use_is_not_pruned(unread: str, *, is_pruned: bool) -> None:
    """Issue 5, reads are typed: unknown freezes prune in its scope; the delete would take what attachments stand on."""
    kind = ("wiring.githedgehog.com" if unread == "Server" else VPC_KIND[0], unread)
    fabric = LAB._replace(prune=PruneSettings(enabled=True, max_share=1.0))
    peering = thing("VPCPeering", "p", {"permit": [{"gone": {}, "blue": {}}]})
    cluster = [owned(each, {"f:spec": {}}) for each in (vpc(), vpc("gone", 1002))]
    base = [*cluster, attachment(), peering, thing("Server", "s1")]

    plan = planned([vpc()], cluster, base, unknown={kind: "403"}, fabric=fabric).plan
    allowed = planned(
        [vpc()], cluster, base, unknown={kind: "403"}, fabric=fabric, options=PlanOptions(allow_deletes=plan.id)
    ).plan

    for each in (plan, allowed):
        assert [change.key.name for change in each.changes] == ["gone"] * is_pruned
        assert [change.reason.partition("; ")[2] for change in each.withheld] == (
            [] if is_pruned else [f"a {unread} may still use it, and they could not be read"]
        )


def test_a_plan_that_could_not_see_everything_is_another_plan_than_one_that_could() -> None:
    """Issue 5, 8: what was approved is what is applied, also where something was withheld because it was unknown."""
    unseen = planned([vpc()], [vpc()], [vpc(), attachment()], unknown={(VPC_KIND[0], "VPCAttachment"): "403"}).plan
    seen = planned([vpc()], [vpc()], [vpc(), attachment()]).plan
    assert (unseen.changes, unseen.withheld) == (seen.changes, seen.withheld)
    assert unseen.id != seen.id


def test_b37_an_empty_list_where_we_made_objects_is_doubted_unless_it_is_proven() -> None:
    look = live_side()
    doubted = planned_by(
        fabric=LAB, desired=desired(vpc()), live=look._replace(proven=frozenset()), bases=remembered(vpc()), refused={}
    )
    assert doubted.plan.changes == ()
    assert "although 1 of its objects are ours" in doubted.plan.frozen[VPC_KIND]
    assert agreement(doubted.plan) is Agreement.UNKNOWN
    assert doubted.settled.forget == ()

    proven = planned_by(fabric=LAB, desired=desired(vpc()), live=look, bases=remembered(vpc()), refused={})
    assert proven.plan.frozen == {}


def test_a_create_whose_answer_was_never_heard_is_made_if_it_is_not_there() -> None:
    (record,) = remembered(vpc()).values()
    intended = {record.key: replace(record, uid="")}
    (change,) = planned_by(
        fabric=LAB, desired=desired(vpc()), live=live_side(), bases=intended, refused={}
    ).plan.changes
    assert (change.action, change.verdict) == (Action.CREATE, Verdict.PENDING)


def test_a_create_whose_answer_was_never_heard_is_ours_only_if_we_applied_it() -> None:
    (record,) = remembered(vpc()).values()
    intended = {record.key: replace(record, uid="")}
    field: JsonObject = {"f:spec": {}}
    ours, theirs = owned(vpc(), field), owned(vpc(), field, manager="kubectl-create", operation="Update")
    pruning = LAB._replace(prune=PruneSettings(enabled=True))
    other = thing("VPC", "other", {})
    for live, expected in ((ours, [Action.PRUNE]), (theirs, [])):
        sides = live_side(live, owned(other, field))
        bases = {**intended, **remembered(other)}
        plan = planned_by(fabric=pruning, desired=desired(other), live=sides, bases=bases, refused={}).plan
        assert [change.action for change in plan.changes] == expected


def test_b30_a_missing_kind_that_nobody_uses_is_no_reason_to_know_nothing() -> None:
    plan = planned([CONNECTION], [CONNECTION], [CONNECTION], unknown={VPC_KIND: "CRD missing"}).plan
    assert agreement(plan) is Agreement.EQUAL


def test_an_object_with_an_error_is_held_back_with_its_reason_and_its_users() -> None:
    key = key_of(vpc())
    plan = planned([vpc(), attachment(), CONNECTION], [], refused={key: "DECODE-001 no such field"}).plan

    assert {(held.key.kind, held.reason) for held in plan.blocked} == {
        ("VPC", "DECODE-001 no such field"),
        ("VPCAttachment", "something that it needs is held back"),
    }
    assert [change.key.kind for change in plan.changes] == ["Connection"]


def test_creates_come_in_waves_and_users_come_last() -> None:
    plan = planned([attachment(), vpc(), CONNECTION, thing("IPv4Namespace", "default")], []).plan

    order = [change.key.kind for change in plan.changes]
    assert order.index("IPv4Namespace") < order.index("VPC") < order.index("VPCAttachment")
    assert order.index("Connection") < order.index("VPCAttachment")
    assert [change.key for change in plan.changes] == [key for wave in plan.waves for key in wave]


def test_a_blast_radius_names_what_is_reached() -> None:
    both = [vpc(), attachment()]
    (change,) = planned([vpc(vlan=1002), attachment()], both, both).plan.changes
    assert [str(key) for key in change.blast_radius] == ["VPCAttachment/default/at"]


@pytest.mark.parametrize("authority", [Authority.IGNORE, Authority.CLUSTER, Authority.NETBOX])
def test_a_kind_about_which_git_does_not_decide_is_left_alone(authority: Authority) -> None:
    fabric = LAB._replace(authority={"default": Authority.GIT, "VPC": authority})
    plan = planned_by(fabric=fabric, desired=desired(vpc()), live=live_side(), bases={}, refused={}).plan
    assert plan.changes == ()


@pytest.mark.parametrize("git", [[vpc()], []], ids=["still in git", "taken out of git"])
def test_what_we_made_of_a_kind_that_another_side_decides_by_now_is_left_alone(git: list[JsonObject]) -> None:
    """Its list is not read: that is neither an empty list nor an object that is gone."""
    fabric = LAB._replace(authority={"default": Authority.GIT, "VPC": Authority.CLUSTER})
    made = planned(git, [], [vpc()], fabric=fabric)
    assert made.plan.is_empty
    assert made.settled.forget == ()


def test_the_order_of_the_input_does_not_change_a_byte() -> None:
    things = [vpc(), attachment(), CONNECTION, thing("Server", "s1"), thing("Server", "s2")]
    one = plan_value(planned(things, [vpc(vlan=1002)], [vpc(vlan=1002)]).plan)
    other = plan_value(planned(list(reversed(things)), [vpc(vlan=1002)], [vpc(vlan=1002)]).plan)
    assert json.dumps(one) == json.dumps(other)


def test_a_plan_is_named_after_its_effect_alone() -> None:
    first, second = planned([vpc()], []).plan, planned([vpc(vlan=1002)], []).plan
    assert first.id != second.id
    renamed = planned_by(fabric=LAB, desired=desired(vpc(), revision="r2"), live=live_side(), bases={}, refused={}).plan
    assert renamed.id == first.id


def test_a_plan_is_bound_to_the_versions_that_it_saw() -> None:
    """Issue 5, saved plans: bound to live versions, also where what moved would not change what is written."""
    bases = remembered(vpc(), vpc("goes", 1009))
    cluster = live_side(vpc(), vpc("goes", 1009))
    shown = planned_by(fabric=LAB, desired=desired(vpc(vlan=1002)), live=cluster, bases=bases, refused={}).plan
    for key in (key_of(vpc()), key_of(vpc("goes"))):
        moved = cluster._replace(objects={**cluster.objects, key: cluster.objects[key]._replace(version="later")})
        found = planned_by(fabric=LAB, desired=desired(vpc(vlan=1002)), live=moved, bases=bases, refused={}).plan
        assert [change.key for change in found.changes] == [change.key for change in shown.changes]
        assert found.id != shown.id


@pytest.mark.parametrize(
    "plan",
    [
        planned([vpc(vlan=1002), attachment()], [vpc(vlan=1003)], [vpc(vlan=1001)]).plan,
        planned([vpc(vlan=1002)], [vpc(vlan=1001, defaultIsolated=True)], [vpc()]).plan,
        planned([], [vpc()], [vpc()]).plan,
        planned([vpc()], [], unknown={VPC_KIND: "403"}).plan,
    ],
    ids=["conflict", "beside", "withheld", "frozen"],
)
def test_a_saved_plan_reads_back_whole(plan: object) -> None:
    assert plan_from_value(json.loads(json.dumps(plan_value(plan)))) == plan  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moved", "what"),
    [
        ({"version": "0.0.1"}, "version"),
        ({"config_digest": "other"}, "configuration"),
        ({"revision": "r2"}, "revision"),
        ({"id": "else"}, "effect"),
    ],
)
def test_a_saved_plan_is_stale_once_anything_it_was_made_for_has_moved(moved: dict[str, str], what: str) -> None:
    plan = planned([vpc()], []).plan
    assert why_stale(plan, plan) is None
    stale = why_stale(plan, replace(plan, **moved))  # type: ignore[arg-type]
    assert stale is not None
    assert what in str(stale)


def test_a_file_that_is_no_plan_is_refused() -> None:
    with pytest.raises(ValueError, match="plan/v1"):
        plan_from_value({"schema": "something/else"})


class TestWithoutMemory:
    """The state is lost: managedFields serve alone."""

    OURS: ClassVar[JsonObject] = {"f:spec": {"f:subnets": {"f:default": {"f:subnet": {}, "f:vlan": {}}}}}

    def test_a_field_that_is_still_ours_changed_in_git(self) -> None:
        (change,) = planned([vpc(vlan=1002)], [owned(vpc(), self.OURS)]).plan.changes
        assert change.verdict is Verdict.PENDING

    def test_a_field_that_another_took_is_drift(self) -> None:
        ours: JsonObject = {"f:spec": {"f:subnets": {"f:default": {"f:subnet": {}}}}}
        theirs: JsonObject = {"f:spec": {"f:subnets": {"f:default": {"f:vlan": {}}}}}
        taken = owned(owned(vpc(vlan=1500), ours), theirs, manager="night-shift", operation="Update")

        (change,) = planned([vpc()], [taken]).plan.changes

        assert change.verdict is Verdict.DRIFTED
        assert "night-shift" in change.reason

    def test_an_equal_object_of_ours_is_remembered_again_and_only_once(self) -> None:
        first = planned([vpc()], [owned(vpc(), self.OURS)])
        assert [record.key.name for record in first.settled.records] == ["blue"]

        again = planned_by(
            fabric=LAB,
            desired=desired(vpc()),
            live=live_side(owned(vpc(), self.OURS)),
            bases={record.key: record for record in first.settled.records},
            refused={},
        )
        assert again.settled.records == ()

    def test_an_equal_object_of_others_gets_a_base_so_that_git_can_change_it_and_is_never_pruned(self) -> None:
        theirs = owned(vpc(), self.OURS, manager="kubectl-client-side-apply", operation="Update")
        (record,) = planned([vpc()], [theirs]).settled.records
        bases = {record.key: record}

        moved, gone = desired(vpc(vlan=1002)), desired()
        (change,) = planned_by(fabric=LAB, desired=moved, live=live_side(theirs), bases=bases, refused={}).plan.changes
        withheld = planned_by(fabric=LAB, desired=gone, live=live_side(theirs), bases=bases, refused={}).plan.withheld

        assert (change.action, change.verdict) == (Action.UPDATE, Verdict.PENDING)
        assert withheld == ()


def test_where_live_equals_desired_base_becomes_desired() -> None:
    (record,) = planned([vpc(vlan=1002)], [vpc(vlan=1002)], [vpc(vlan=1001)]).settled.records
    assert record.value["spec"] == {
        "ipv4Namespace": "default",
        "vlanNamespace": "default",
        "subnets": {"default": {"subnet": "10.0.1.0/24", "gateway": "10.0.1.1", "vlan": 1002}},
    }


def test_an_object_gone_on_both_sides_is_forgotten() -> None:
    assert planned([], [], [vpc()]).settled.forget == (key_of(vpc()),)


def test_an_object_whose_kind_is_unknown_is_not_forgotten() -> None:
    assert planned([], [], [vpc()], unknown={VPC_KIND: "500"}).settled.forget == ()


def test_what_differs_and_is_left_out_is_no_agreement() -> None:
    """A run with `--target` may do all that it was asked for, and the sides are not equal for that."""
    options = PlanOptions(excludes=("VPC/blue",))
    wanted = Wanted(snapshot=desired(vpc()), specs=default_specs(desired(vpc()).manifests), refused={})
    apart = make_plan(LAB, wanted, live_side(vpc(vlan=7)), remembered(vpc()), options).plan
    equal = make_plan(LAB, wanted, live_side(vpc()), remembered(vpc()), options).plan
    assert (apart.is_empty, apart.left_out, agreement(apart)) == (True, 1, Agreement.DIFFERENT)
    assert (equal.is_empty, equal.left_out, agreement(equal)) == (True, 0, Agreement.EQUAL)


@pytest.mark.parametrize(("enabled", "left"), [(True, 1), (False, 0)], ids=["prune is on", "prune is off"])
def test_a_prune_that_nobody_asked_for_is_left_out_too(enabled: bool, left: int) -> None:  # noqa: FBT001 - a case
    """Issue 5, apply: `--target` with what git removed left aside is no agreement, if it is to be pruned at all."""
    fabric = LAB._replace(prune=PruneSettings(enabled=enabled))
    options = PlanOptions(targets=("VPC/blue",))
    both = [owned(each, {"f:spec": {}}) for each in (vpc(), vpc("goes", 1002))]
    made = planned([vpc()], both, both, fabric=fabric, options=options).plan
    assert (made.is_empty, made.left_out) == (True, left)
