from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.fabrics import LAB, desired, live_side, owned, remembered, thing, vpc
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.planning import DEFAULT_OPTIONS, Planned, make_plan
from hedgehog_gitops.core.pruning import KEEP
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Action, Agreement, PlanOptions, agreement
from hedgehog_gitops.model.settings import PruneSettings

OURS: JsonObject = {"f:spec": {}}
PRUNING = LAB._replace(prune=PruneSettings(enabled=True, max_objects=3, max_share=0.5))


def servers(count: int) -> list[JsonObject]:
    return [owned(thing("Server", f"s{number}"), OURS) for number in range(count)]


def planned(
    git: list[JsonObject],
    live: list[JsonObject],
    *,
    prune: PruneSettings = PRUNING.prune,
    refused: dict[ObjectKey, str] | None = None,
    incomplete: str = "",
    paths: tuple[str, ...] = (),
    options: PlanOptions = DEFAULT_OPTIONS,
) -> Planned:
    snapshot = desired(*git)
    wanted = Wanted(
        snapshot=snapshot,
        specs=default_specs(snapshot.manifests),
        refused=refused or {},
        incomplete=incomplete,
        paths=paths,
    )
    return make_plan(PRUNING._replace(prune=prune), wanted, live_side(*live), remembered(*live), options)


def test_what_git_no_longer_has_goes() -> None:
    (change,) = planned(servers(3), servers(4)).plan.changes
    assert (change.action, change.key.name, change.manifest) == (Action.PRUNE, "s3", None)
    assert (change.precondition.uid, change.precondition.version) == ("u-s3", "v-s3")


def test_users_go_first() -> None:
    attached = [
        vpc(),
        thing("VPCAttachment", "at", {"subnet": "blue/default", "connection": "c"}),
        thing("VPCAttachment", "left", {"subnet": "green/default", "connection": "c"}),
        vpc("green", 1002),
    ]
    live = [owned(each, OURS) for each in attached]
    order = [change.key.name for change in planned(attached[2:], live).plan.changes]
    assert order == ["at", "blue"]


@pytest.mark.parametrize(
    ("git", "live", "reason"),
    [
        (servers(1), servers(5), "4 objects would go, more than max_objects (3)"),
        (servers(2), servers(5), "3 of 5 Server objects would go, more than max_share allows (2)"),
        ([], servers(2), "git has no object at all"),
        ([thing("SwitchGroup", "g")], servers(1), "git has no Server at all any more"),
    ],
    ids=["too many", "too large a share", "an empty source", "a kind emptied"],
)
def test_a_budget_withholds_everything(git: list[JsonObject], live: list[JsonObject], reason: str) -> None:
    plan = planned(git, live).plan
    assert not [change for change in plan.changes if change.action is Action.PRUNE]
    assert plan.withheld
    assert all(reason in change.reason for change in plan.withheld)


def test_what_a_guard_withholds_is_a_difference_and_what_may_stay_is_none() -> None:
    """Issue 5, prune: a status that says "in sync" while objects should have gone would not be true."""
    keeping = thing("Server", "s0", annotations={KEEP: "true"})
    for git, live, prune, found in (
        (servers(2), servers(8), PRUNING.prune, Agreement.DIFFERENT),
        (servers(2), servers(8), PruneSettings(), Agreement.EQUAL),
        (servers(3)[1:], [owned(keeping, OURS), *servers(3)[1:]], PRUNING.prune, Agreement.EQUAL),
    ):
        plan = planned(git, live, prune=prune).plan
        assert plan.withheld
        assert not plan.changes
        assert agreement(plan) is found


def test_an_allowance_is_for_one_plan_only() -> None:
    plan = planned(servers(1), servers(5)).plan

    allowed = planned(servers(1), servers(5), options=PlanOptions(allow_deletes=plan.id)).plan
    assert [change.action for change in allowed.changes] == [Action.PRUNE] * 4
    assert allowed.id == plan.id

    other = planned(servers(2), servers(6), options=PlanOptions(allow_deletes=plan.id)).plan
    assert other.changes == ()


@pytest.mark.parametrize("options", [DEFAULT_OPTIONS, PlanOptions(allow_deletes="any")], ids=["plain", "allowed"])
def test_a_source_that_is_not_whole_deletes_nothing(options: PlanOptions) -> None:
    assert planned(servers(3), servers(4), incomplete="a file cannot be read", options=options).plan.changes == ()


def test_errors_in_git_withhold_prunes_whatever_is_allowed() -> None:
    key = ObjectKey(group="wiring.githedgehog.com", kind="Server", namespace="default", name="s0")
    first = planned(servers(3), servers(4), refused={key: "DECODE-001"}).plan
    again = planned(servers(3), servers(4), refused={key: "x"}, options=PlanOptions(allow_deletes=first.id)).plan
    assert "have errors" in first.withheld[0].reason
    assert again.changes == ()


def test_prune_is_off_by_default() -> None:
    plan = planned(servers(3), servers(4), prune=PruneSettings()).plan
    assert plan.changes == ()
    assert plan.withheld[0].reason == "no longer in git; prune is off"


def test_an_annotation_keeps_an_object() -> None:
    kept = owned(thing("Server", "s3", annotations={"hedgehog-gitops.io/keep": "true"}), OURS)
    plan = planned(servers(3), [*servers(3), kept], options=PlanOptions(allow_deletes="x")).plan
    assert plan.changes == ()
    assert "hedgehog-gitops.io/keep" in plan.withheld[0].reason


def test_an_object_that_we_never_applied_stays() -> None:
    theirs = owned(thing("Server", "s3"), OURS, manager="kubectl-edit", operation="Update")
    plan = planned(servers(3), [*servers(3), theirs]).plan
    assert (plan.changes, plan.withheld) == ((), ())


@pytest.mark.parametrize(("description", "is_ours"), [("as we meant it", True), ("as somebody else did", False)])
def test_where_nobody_knows_writers_an_unheard_write_is_known_by_its_values(*, description: str, is_ours: bool) -> None:
    meant = thing("Server", "s9", {"description": "as we meant it"})
    found = thing("Server", "s9", {"description": description})
    (key, record), *_ = remembered(meant).items()
    others = servers(3)
    snapshot = desired(*others)
    wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
    bases = {**remembered(*others), key: replace(record, uid="")}
    plan = make_plan(PRUNING, wanted, live_side(*others, found), bases).plan
    assert [change.key.name for change in plan.changes] == (["s9"] if is_ours else [])


def joined() -> list[JsonObject]:
    link: JsonObject = {"server": {"port": "s0/p"}, "switch": {"port": "leaf/E1/1"}}
    return [owned(thing("Server", "s0"), OURS), owned(thing("Connection", "c0", {"unbundled": {"link": link}}), OURS)]


ALL = PruneSettings(enabled=True, max_objects=9, max_share=1.0)
REST = [thing("Server", "other"), thing("Connection", "other")]


def test_what_used_an_excluded_object_is_not_pruned_either() -> None:
    """Git has neither any more: the connection still needs its server."""
    plan = planned(REST, [*REST, *joined()], prune=ALL, options=PlanOptions(excludes=("Server/s0",))).plan
    assert (plan.changes, plan.withheld) == ((), ())


def test_a_target_that_git_no_longer_has_goes_with_what_used_it() -> None:
    live = [*REST, *joined(), owned(thing("Server", "s1"), OURS)]
    plan = planned(REST, live, prune=ALL, options=PlanOptions(targets=("Server/s0",))).plan
    assert [change.key.name for change in plan.changes] == ["c0", "s0"]


@pytest.mark.parametrize("options", [DEFAULT_OPTIONS, PlanOptions(allow_deletes="any")], ids=["plain", "allowed"])
def test_b24_a_home_that_is_there_and_does_not_hold_its_object_deletes_nothing(options: PlanOptions) -> None:
    plan = planned(servers(3), servers(5), paths=("managed/servers/s3.yaml",), options=options).plan
    assert (plan.changes, plan.withheld) == ((), ())
    assert "managed/servers/s3.yaml is there and does not hold Server/default/s3" in str(plan.frozen)


def test_a_dying_object_is_withheld_and_takes_no_part_of_the_budget() -> None:
    since, holders = "2026-01-01T00:00:00Z", ["example.com/hold"]
    dying = [
        owned(thing("Server", f"z{number}", deletionTimestamp=since, finalizers=[*holders]), OURS)
        for number in range(5)
    ]
    plan = planned(servers(9), [*servers(10), *dying]).plan
    assert [change.key.name for change in plan.changes] == ["s9"]
    assert {change.key.name for change in plan.withheld} == {f"z{number}" for number in range(5)}
    assert "finalizers still hold it: example.com/hold" in plan.withheld[0].reason


def test_a_withheld_prune_is_in_the_way_of_what_only_fits_without_it() -> None:
    """Prune is off: the VPC stays, so admission would refuse a namespace in which it does not fit."""
    namespace = thing("IPv4Namespace", "default", {"subnets": ["10.0.0.0/16"]})
    less = thing("IPv4Namespace", "default", {"subnets": ["10.7.0.0/16"]})
    live = [owned(each, OURS) for each in (namespace, vpc())]
    held = planned([less], live, prune=PruneSettings()).plan
    assert [(each.key.kind, each.reason.split()[0]) for each in held.blocked] == [("IPv4Namespace", "UPD-003")]
    assert [finding.rule for finding in held.findings] == ["UPD-003"]
    kept = [*live, owned(vpc("green"), OURS)]
    kept[2]["spec"] = {"subnets": {"default": {"subnet": "10.7.0.0/24", "vlan": 1002}}}
    both = planned([less, kept[2]], kept, prune=PruneSettings(enabled=True, max_share=1.0)).plan
    assert [(change.action.value, change.key.kind) for change in both.changes] == [
        ("prune", "VPC"),
        ("update", "IPv4Namespace"),
    ]


def test_a_prune_waits_for_a_user_that_is_held_back() -> None:
    """The cables swap ports, so neither is written, and the server that one of them leaves cannot go."""

    def cable(name: str, server: str, port: str) -> JsonObject:
        link: JsonObject = {"server": {"port": f"{server}/p"}, "switch": {"port": f"leaf/{port}"}}
        return owned(thing("Connection", name, {"unbundled": {"link": link}}), OURS)

    stay = [owned(thing("Server", name), OURS) for name in ("s1", "s2", "s3")]
    before = [*stay, *servers(1), cable("a", "s0", "E1/1"), cable("b", "s2", "E1/2")]
    after = [*stay, cable("a", "s1", "E1/2"), cable("b", "s2", "E1/1")]
    plan = planned(after, before, prune=PruneSettings(enabled=True, max_share=1.0)).plan
    assert plan.changes == ()
    assert "DEL-004" in plan.withheld[0].reason
