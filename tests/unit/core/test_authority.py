from __future__ import annotations

from fakes.fabrics import LAB, desired, live_side, owned, remembered, thing
from hedgehog_gitops.core.authority import is_yielded, leaving_alone, without_yielded
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.ownership import managers
from hedgehog_gitops.core.planning import Planned, make_plan
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.plan import Action
from hedgehog_gitops.model.settings import Authority

FABRIC = LAB._replace(authority={"default": Authority.GIT, "Server/spec.description": Authority.CLUSTER})
OURS: JsonObject = {"f:spec": {"f:description": {}, "f:profile": {}}}
PATH = ("spec", "description")


def server(description: str, profile: str = "") -> JsonObject:
    return thing("Server", "web-1", {"description": description, **({"profile": profile} if profile else {})})


def planned(git: JsonObject, live: list[JsonObject], base: list[JsonObject]) -> Planned:
    snapshot = desired(git)
    wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
    return make_plan(FABRIC, wanted, live_side(*live), remembered(*base))


def test_a_field_about_which_another_side_decides_is_not_compared() -> None:
    assert planned(server("git"), [server("theirs")], [server("git")]).plan.is_empty


def test_it_is_set_when_the_object_is_made() -> None:
    (change,) = planned(server("git"), [], []).plan.changes
    assert (change.action, change.manifest) == (Action.CREATE, server("git"))


def test_while_it_is_still_ours_its_live_value_goes_along() -> None:
    live = owned(server("first", "old"), OURS)
    (change,) = planned(server("git", "new"), [live], [server("first", "old")]).plan.changes
    assert change.manifest == server("first", "new")


def test_once_another_owns_it_it_is_left_out() -> None:
    live = owned(server("theirs", "old"), {"f:spec": {"f:profile": {}}})
    live = owned(live, {"f:spec": {"f:description": {}}}, manager="people", operation="Update")
    (change,) = planned(server("git", "new"), [live], [server("first", "old")]).plan.changes
    assert as_object(change.manifest)["spec"] == {"profile": "new"}


def test_a_star_stands_for_any_key() -> None:
    star = ("spec", "subnets", "*", "vlan")
    value: JsonObject = {"spec": {"subnets": {"a": {"vlan": 1, "subnet": "x"}, "b": {"vlan": 2}}}}
    assert is_yielded(("spec", "subnets", "a", "vlan"), (star,))
    assert not is_yielded(("spec", "subnets", "a"), (star,))
    assert without_yielded(value, (star,)) == {"spec": {"subnets": {"a": {"subnet": "x"}, "b": {}}}}


def test_what_nobody_owns_is_not_sent() -> None:
    live = server("theirs")
    assert leaving_alone(server("git"), live, managers(live), (PATH,)) == thing("Server", "web-1", {})
