from __future__ import annotations

from fakes.fabrics import LAB, desired, live_side, owned, thing
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.ownership import MANAGER, ORIGIN_MARK, managers, taken_over
from hedgehog_gitops.core.planning import make_plan
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, path_text
from hedgehog_gitops.model.plan import MISSING, Action, Plan, PlanOptions, Verdict
from hedgehog_gitops.model.settings import Authority, Fabric
from hedgehog_gitops.render.plan_text import plan_text

KUBECTL: JsonObject = {"f:spec": {"f:description": {}, "f:profile": {}}}


def server(**spec: str) -> JsonObject:
    return thing("Server", "web-1", {**spec})


def applied_by_kubectl(value: JsonObject) -> JsonObject:
    return owned(value, KUBECTL, manager="kubectl-client-side-apply", operation="Update")


def plan(git: JsonObject, live: JsonObject, *, adopt: bool = True, fabric: Fabric = LAB) -> Plan:
    snapshot = desired(git)
    wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
    return make_plan(fabric, wanted, live_side(live), {}, PlanOptions(adopt=adopt)).plan


def test_without_being_asked_nothing_of_others_is_taken_over() -> None:
    made = plan(server(description="git"), applied_by_kubectl(server(description="theirs")), adopt=False)
    assert made.changes == ()
    assert [(held.verdict, "--adopt" in held.reason) for held in made.conflicts] == [(Verdict.UNMANAGED, True)]


def test_a_field_of_an_object_of_others_has_its_writer_and_no_past() -> None:
    """Issue 5, reasons and authors: it never was as git says, so it has not drifted."""
    live = applied_by_kubectl(server(description="theirs"))
    (held,) = plan(server(description="git"), live, adopt=False).conflicts
    (change,) = plan(server(description="git"), live).changes
    for (field,) in (held.fields, change.fields):
        assert (field.verdict, field.base) == (Verdict.UNMANAGED, MISSING)
        assert field.manager.startswith("kubectl-client-side-apply")
    told = plan_text(plan(server(description="git"), live))
    assert 'spec.description: "theirs" → "git"  (set by kubectl-client-side-apply' in told


def test_what_an_adoption_removes_is_not_told_as_left_alone_nor_counted_as_in_sync() -> None:
    """Issue 5, scope: a plan says what it does; only what other programs set stays beside an adopted object."""
    live = applied_by_kubectl(server(description="git", profile="old"))
    assert [each.fields for each in plan(server(description="git"), live, adopt=False).beside] != []
    made = plan(server(description="git"), live)
    assert ([path_text(field.path) for field in made.changes[0].fields], made.beside) == (["spec.profile"], ())
    assert made.kept == {}


def test_a_yielded_field_of_an_older_tool_outlives_the_adoption() -> None:
    """Issue 5, scope: it becomes ours with the rest, so an apply without it would remove it."""
    fabric = LAB._replace(authority={"Server/spec.profile": Authority.IGNORE})
    live = applied_by_kubectl(server(description="theirs", profile="kept"))
    (change,) = plan(server(description="git", profile="other"), live, fabric=fabric).changes
    assert change.manifest == server(description="git", profile="kept")
    assert [path_text(field.path) for field in change.fields] == ["spec.description"]


def test_what_the_tool_before_us_pushed_is_taken_over_by_its_mark() -> None:
    """Issue 5, scope: legacy ownership by the origin's annotations, whatever its client called itself."""
    marked: JsonObject = {**KUBECTL, "f:metadata": {"f:annotations": {f"f:{ORIGIN_MARK}": {}}}}
    live = owned(server(description="git", profile="old"), marked, manager="OpenAPI-Generator", operation="Update")
    (change,) = plan(server(description="git"), live).changes
    assert [path_text(field.path) for field in change.fields] == ["spec.profile"]
    plain = owned(server(description="git", profile="old"), KUBECTL, manager="OpenAPI-Generator", operation="Update")
    assert taken_over(plain) is None


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
