from __future__ import annotations

from fakes.fabrics import LAB, desired, live_side, owned, thing
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.ownership import MANAGER, managers, taken_over
from hedgehog_gitops.core.planning import make_plan
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, path_text
from hedgehog_gitops.model.plan import Action, Plan, PlanOptions, Verdict

KUBECTL: JsonObject = {"f:spec": {"f:description": {}, "f:profile": {}}}


def server(**spec: str) -> JsonObject:
    return thing("Server", "web-1", {**spec})


def applied_by_kubectl(value: JsonObject) -> JsonObject:
    return owned(value, KUBECTL, manager="kubectl-client-side-apply", operation="Update")


def plan(git: JsonObject, live: JsonObject, *, adopt: bool = True) -> Plan:
    snapshot = desired(git)
    wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
    return make_plan(LAB, wanted, live_side(live), {}, PlanOptions(adopt=adopt)).plan


def test_without_being_asked_nothing_of_others_is_taken_over() -> None:
    made = plan(server(description="git"), applied_by_kubectl(server(description="theirs")), adopt=False)
    assert made.changes == ()
    assert [(held.verdict, "--adopt" in held.reason) for held in made.conflicts] == [(Verdict.UNMANAGED, True)]


def test_an_adopted_object_becomes_as_git_says_and_loses_what_the_older_tool_set() -> None:
    live = applied_by_kubectl(server(description="theirs", profile="old"))
    (change,) = plan(server(description="git"), live).changes
    assert change.action is Action.ADOPT
    assert [path_text(field.path) for field in change.fields] == ["spec.description", "spec.profile"]
    assert change.manifest == server(description="git")


def test_an_equal_object_is_adopted_too_so_that_it_is_ours() -> None:
    (change,) = plan(server(description="same"), applied_by_kubectl(server(description="same"))).changes
    assert (change.action, change.fields) == (Action.ADOPT, ())


def test_an_object_of_ours_is_not_adopted_again() -> None:
    ours = owned(server(description="same"), KUBECTL)
    assert plan(server(description="same"), ours).changes == ()


def test_only_the_older_tools_entries_become_ours() -> None:
    live = applied_by_kubectl(server(description="a"))
    live = owned(live, {"f:metadata": {"f:labels": {"f:x": {}}}}, manager="controller", operation="Update")
    live = owned(live, {"f:spec": {"f:profile": {}}})
    entries = taken_over(live)
    assert entries is not None
    moved: JsonObject = {**live, "metadata": {**as_object(live["metadata"]), "managedFields": entries}}
    assert [(each.name, each.operation) for each in managers(moved)] == [("controller", "Update"), (MANAGER, "Apply")]
    assert as_object(as_list(entries)[-1])["fieldsV1"] == KUBECTL
    assert taken_over(moved) is None
