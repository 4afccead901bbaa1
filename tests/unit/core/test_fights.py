from __future__ import annotations

from dataclasses import replace

from fakes.fabrics import LAB, desired, live_side, owned, remembered, vpc
from fakes.memory_side import key_of
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.fights import MOST_OF_A_FIELD, MOST_OF_AN_OBJECT, part, put_back_after
from hedgehog_gitops.core.planning import Planned, make_plan
from hedgehog_gitops.core.saved_plan import plan_from_value, plan_value
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.plain import JsonObject, get_path
from hedgehog_gitops.model.plan import MISSING, Action, Agreement, FieldChange, FieldValue, Verdict, agreement
from hedgehog_gitops.model.state import PutBack
from hedgehog_gitops.render.plan_text import plan_text

VLAN = ("spec", "subnets", "default", "vlan")
THEIRS: JsonObject = {"f:spec": {"f:subnets": {"f:default": {"f:vlan": {}}}}}


def drift(live: FieldValue = 1002, desired: FieldValue = 1001, path: tuple[str, ...] = VLAN) -> FieldChange:
    return FieldChange(
        path=path,
        base=desired,
        desired=desired,
        live=live,
        verdict=Verdict.DRIFTED,
        manager="kubectl-edit at 2026-01-02T03:04:05Z",
    )


def again(git: JsonObject, cluster: JsonObject, base: JsonObject, put_back: tuple[PutBack, ...]) -> Planned:
    snapshot = desired(git)
    bases = {key: replace(record, put_back=put_back) for key, record in remembered(base).items()}
    wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
    return make_plan(LAB, wanted, live_side(cluster), bases)


def by_another(value: JsonObject) -> JsonObject:
    return owned(value, THEIRS, manager="kubectl-edit", operation="Update")


def test_what_was_put_back_once_and_is_there_again_is_a_fight() -> None:
    """Issue 5, fight detection: we wrote A, another B, we A, another B again."""
    assert part((drift(),), ()).free == (drift(),)
    assert part((drift(),), put_back_after((), [drift()])).paused == (drift(),)


def test_another_value_of_either_side_is_no_fight() -> None:
    """Issue 5, fight detection: a change of git's value, or of the other's, ends the pause."""
    known = put_back_after((), [drift()])
    for field in (drift(live=1003), drift(desired=1004), drift(live=MISSING), drift(path=(*VLAN, "x"))):
        assert part((field,), known).free == (field,)


def test_a_field_that_the_other_removes_again_and_again_is_a_fight_too() -> None:
    assert part((drift(live=MISSING),), put_back_after((), [drift(live=MISSING)])).paused


def test_only_what_was_put_back_is_remembered_and_only_the_last_few() -> None:
    pending = replace(drift(), verdict=Verdict.PENDING)
    known = put_back_after((), [pending])
    assert known == ()
    for number in range(2 * MOST_OF_A_FIELD):
        known = put_back_after(known, [drift(live=number)])
    assert len(known) == MOST_OF_A_FIELD
    assert part((drift(live=2 * MOST_OF_A_FIELD - 1),), known).paused
    for number in range(2 * MOST_OF_AN_OBJECT):
        known = put_back_after(known, [drift(path=("spec", str(number)))])
    assert len(known) == MOST_OF_AN_OBJECT
    assert put_back_after(known, [drift(path=("spec", "150"))])[-1].path == ("spec", "150")


def test_a_fight_names_both_writers_and_is_no_agreement() -> None:
    """Issue 5, fight detection: names both writers and pauses that field."""
    plan = again(vpc(), by_another(vpc(vlan=1002)), vpc(), put_back_after((), [drift()])).plan

    assert not plan.changes
    assert agreement(plan) is Agreement.DIFFERENT
    assert (
        "  ≠ VPC/default/blue: fight: kubectl-edit and hedgehog-gitops keep overwriting spec.subnets.default.vlan; "
        "paused; settle who decides (authority) or change git\n" in plan_text(plan)
    )
    assert "nothing to do; 1 paused" in plan_text(plan)
    assert plan_from_value(plan_value(plan)) == plan


def test_the_other_fields_of_the_object_go_on() -> None:
    """Issue 5, fight detection: pauses that field only."""
    git, cluster = vpc(mode="l3vni"), by_another(vpc(vlan=1002))
    planned = again(git, cluster, vpc(), put_back_after((), [drift()]))
    (change,) = planned.plan.changes

    assert (change.action, change.verdict) == (Action.UPDATE, Verdict.PENDING)
    assert [field.path for field in change.fields] == [("spec", "mode")]
    assert change.manifest is not None
    assert get_path(change.manifest, VLAN[:-1]) == {"subnet": "10.0.1.0/24"}, "it is theirs, so it is left out"
    assert [each.fields[0].path for each in planned.plan.paused] == [VLAN]


def test_a_paused_field_that_leaving_out_would_remove_keeps_its_live_value() -> None:
    cluster = owned(by_another(vpc(vlan=1002)), THEIRS)
    (change,) = again(vpc(mode="l3vni"), cluster, vpc(), put_back_after((), [drift()])).plan.changes
    assert change.manifest is not None
    assert get_path(change.manifest, VLAN) == 1002


def test_git_that_moves_on_after_a_fight_is_a_change_and_no_conflict() -> None:
    """Issue 5, fight detection: a change of git's value ends the pause."""
    known = put_back_after((), [drift()])
    (change,) = again(vpc(vlan=1003), by_another(vpc(vlan=1002)), vpc(), known).plan.changes
    assert change.verdict is Verdict.PENDING
    assert [(field.live, field.desired) for field in change.fields] == [(1002, 1003)]


def test_git_that_takes_the_others_value_is_in_sync() -> None:
    plan = again(vpc(vlan=1002), by_another(vpc(vlan=1002)), vpc(), put_back_after((), [drift()])).plan
    assert plan.is_empty


def test_what_is_remembered_of_another_object_of_that_name_does_not_count() -> None:
    key = key_of(vpc())
    bases = {key: replace(remembered(vpc())[key], uid="older", put_back=put_back_after((), [drift()]))}
    wanted = Wanted(snapshot=desired(vpc()), specs=default_specs(desired(vpc()).manifests), refused={})
    assert not make_plan(LAB, wanted, live_side(by_another(vpc(vlan=1002))), bases).plan.paused


def counter(number: int, hour: int = 0, day: int = 2, name: str = "counter") -> FieldChange:
    return replace(drift(live=number), manager=f"{name} at 2026-01-{day:02}T{hour:02}:00:00Z")


def after(*fields: FieldChange) -> tuple[PutBack, ...]:
    known: tuple[PutBack, ...] = ()
    for field in fields:
        known = put_back_after(known, [field])
    return known


def test_a_writer_that_sets_another_value_each_time_is_paused_after_three() -> None:
    """Issue 5, fight detection: A-B-A-C-A-D-A, as a counter does it."""
    fields = [counter(number, hour=number) for number in range(5)]
    assert part((fields[2],), after(*fields[:2])).free == (fields[2],)
    assert part((fields[3],), after(*fields[:3])).paused == (fields[3],)
    assert part((fields[4],), after(*fields[:3])).paused == (fields[4],), "whatever it counts to meanwhile"


def test_what_happens_on_different_days_or_by_different_writers_is_no_fight() -> None:
    days = [counter(number, day=2 + number) for number in range(4)]
    assert part((days[3],), after(*days[:3])).free == (days[3],)
    writers = [counter(number, hour=number, name=f"writer-{number % 2}") for number in range(4)]
    assert part((writers[3],), after(*writers[:3])).free == (writers[3],)
    timeless = [replace(drift(live=number), manager="") for number in range(4)]
    assert part((timeless[3],), after(*timeless[:3])).free == (timeless[3],)


def test_git_ends_the_pause_of_a_counter_and_is_no_conflict() -> None:
    """Issue 5, fight detection: a change of git's value ends the pause."""
    known = after(*(counter(number, hour=number) for number in range(3)))
    moved = replace(counter(3, hour=3), desired=1003, verdict=Verdict.CONFLICT)
    ((field,), paused) = part((moved,), known)
    assert (field.verdict, field.base, paused) == (Verdict.PENDING, 3, ())
